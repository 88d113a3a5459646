#include "narrowing.h"

#include <stdlib.h>

struct narrowing
narrowing_parse(struct span query)
{
    struct narrowing narrowing = { .is_made = false };
    char value[QUERY_VALUE_MAX];
    if (query_value(query, "list", value) != SP_OK || table_find(span_text(value), &narrowing.table) != SP_OK)
        return narrowing;
    narrowing.is_made = true;
    if (query_value(query, "q", value) == SP_OK)
        memcpy(narrowing.text, value, sizeof value);
    long part = query_value(query, "part", value) == SP_OK ? strtol(value, NULL, 10) : 1;
    narrowing.part = part < 1 ? 0 : (size_t)part - 1;
    return narrowing;
}

void
narrowing_write(struct html *html, const struct narrowing *narrowing, bool is_first)
{
    if (narrowing == NULL || narrowing->text[0] == '\0')
        return;
    if (is_first)
        html_raw(html, "?list=");
    else
        html_raw(html, "&amp;list=");
    html_text(html, table_table[narrowing->table].name);
    html_raw(html, "&amp;q=");
    html_component(html, span_text(narrowing->text));
}

/* A byte of UTF-8 as small letter: A-Z, and what follows 0xc3 from Agrave to Thorn, but for the sign of multiplying. */
static unsigned char
small(const char *text, size_t i)
{
    unsigned char byte = (unsigned char)text[i];
    if (byte >= 'A' && byte <= 'Z')
        return (unsigned char)(byte + 0x20);
    bool is_capital = i > 0 && (unsigned char)text[i - 1] == 0xc3 && byte >= 0x80 && byte <= 0x9e && byte != 0x97;
    return is_capital ? (unsigned char)(byte + 0x20) : byte;
}

bool
narrowing_finds(const struct narrowing *narrowing, struct span name)
{
    size_t length = strlen(narrowing->text);
    for (size_t from = 0; from + length <= name.length; from++) {
        size_t i = 0;
        while (i < length && small(name.at, from + i) == small(narrowing->text, i))
            i++;
        if (i == length)
            return true;
    }
    return false;
}
