#include "html.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

void
html_fini(struct html *html)
{
    free(html->at);
    *html = (struct html){ 0 };
}

static bool
html_reserve(struct html *html, size_t more)
{
    if (html->failed || more > HTML_PAGE_MAX - html->length) {
        html->failed = true;
        return false;
    }
    if (html->length + more <= html->capacity)
        return true;
    size_t capacity = html->capacity == 0 ? 16384 : html->capacity;
    while (capacity < html->length + more)
        capacity *= 2;
    char *at = realloc(html->at, capacity);
    if (at == NULL) {
        html->failed = true;
        return false;
    }
    html->at = at;
    html->capacity = capacity;
    return true;
}

void
html_literal(struct html *html, const char *at, size_t length)
{
    if (length == 0 || !html_reserve(html, length))
        return;
    memcpy(html->at + html->length, at, length);
    html->length += length;
}

/* Bytes of the well-formed UTF-8 sequence at the start of text (RFC 3629), 0 if there is none. */
static size_t
utf8_length(const unsigned char *text, size_t length)
{
    static const struct {
        unsigned char first, last, low, high;
        size_t bytes;
    } rows[] = {
        { 0x00, 0x7f, 0x00, 0xff, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
        { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
        { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (text[0] < rows[i].first || text[0] > rows[i].last)
            continue;
        if (rows[i].bytes > length || (rows[i].bytes > 1 && (text[1] < rows[i].low || text[1] > rows[i].high)))
            return 0;
        for (size_t k = 2; k < rows[i].bytes; k++)
            if ((text[k] & 0xc0) != 0x80)
                return 0;
        return rows[i].bytes;
    }
    return 0;
}

/* U+202A..202E and U+2066..2069 reorder what stands beside them: a page name could pretend to be another. */
static bool
is_bidi_control(const unsigned char *text, size_t bytes)
{
    return bytes == 3 && text[0] == 0xe2 &&
           ((text[1] == 0x80 && text[2] >= 0xaa && text[2] <= 0xae) ||
            (text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9));
}

static size_t
html_character(struct html *html, const unsigned char *text, size_t length)
{
    size_t bytes = utf8_length(text, length);
    if (bytes == 1) {
        switch (text[0]) {
        case '&':
            html_raw(html, "&amp;");
            return 1;
        case '<':
            html_raw(html, "&lt;");
            return 1;
        case '>':
            html_raw(html, "&gt;");
            return 1;
        case '"':
            html_raw(html, "&quot;");
            return 1;
        case '\'':
            html_raw(html, "&#39;");
            return 1;
        default:
            break;
        }
    }
    bool is_control = bytes == 1 && (text[0] < 0x20 || text[0] == 0x7f);
    if (bytes == 0 || is_control || is_bidi_control(text, bytes))
        html_raw(html, "\xef\xbf\xbd");
    else
        html_literal(html, (const char *)text, bytes);
    return bytes == 0 ? 1 : bytes;
}

void
html_span(struct html *html, struct span text)
{
    for (size_t i = 0; i < text.length;)
        i += html_character(html, (const unsigned char *)text.at + i, text.length - i);
}

void
html_text(struct html *html, const char *text)
{
    html_span(html, span_text(text));
}

void
html_component(struct html *html, struct span text)
{
    static const char hexadecimal[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '.' || c == '_' || c == '~';
        if (plain)
            html_literal(html, text.at + i, 1);
        else
            html_literal(html, (const char[]){ '%', hexadecimal[c >> 4], hexadecimal[c & 15] }, 3);
    }
}

void
html_integer(struct html *html, int64_t value)
{
    char text[24];
    int length = snprintf(text, sizeof text, "%" PRId64, value);
    html_literal(html, text, (size_t)length);
}

void
html_decimal(struct html *html, int64_t thousandths)
{
    uint64_t size = thousandths < 0 ? -(uint64_t)thousandths : (uint64_t)thousandths;
    char text[32];
    int length = snprintf(text, sizeof text, "%s%" PRIu64 ".%03" PRIu64, thousandths < 0 ? "-" : "", size / 1000,
                          size % 1000);
    while (text[length - 1] == '0')
        length--;
    if (text[length - 1] == '.')
        length--;
    html_literal(html, text, (size_t)length);
}

void
html_number(struct html *html, int64_t value)
{
    char digits[24];
    uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
    int count = snprintf(digits, sizeof digits, "%" PRIu64, size);
    if (value < 0)
        html_raw(html, "\xe2\x88\x92");
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            html_raw(html, "\xe2\x80\xaf");
        html_literal(html, digits + i, 1);
    }
}

void
html_format(struct html *html, const char *format, size_t count, const struct span *arguments)
{
    size_t next = 0;
    for (const char *hole; (hole = strstr(format, "{}")) != NULL; format = hole + 2) {
        html_span(html, span_of(format, (size_t)(hole - format)));
        if (next < count)
            html_span(html, arguments[next++]);
    }
    html_text(html, format);
}
