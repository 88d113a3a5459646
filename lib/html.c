#include "sporlos/html.h"

#include "sporlos/utf8.h"

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

/* What moves or hides the text beside it: a page name could pretend to be another (Unicode TR 36, 2.10). */
static bool
is_deceiving(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x200e && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

static const char *
entity(uint32_t code)
{
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* ASCII that stands for itself, which nearly all is. */
static bool
is_plain(char c)
{
    return c >= 0x20 && c < 0x7f && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'';
}

void
html_span(struct html *html, struct span text)
{
    for (size_t i = 0; i < text.length;) {
        size_t first = i;
        while (i < text.length && is_plain(text.at[i]))
            i++;
        html_literal(html, text.at + first, i - first);
        if (i == text.length)
            return;
        uint32_t code = 0;
        size_t bytes = utf8_decode(span_of(text.at + i, text.length - i), &code);
        const char *escaped = bytes == 1 ? entity(code) : NULL;
        if (bytes == 0 || is_deceiving(code))
            html_raw(html, "\xef\xbf\xbd");
        else if (escaped != NULL)
            html_literal(html, escaped, strlen(escaped));
        else
            html_literal(html, text.at + i, bytes);
        i += bytes == 0 ? 1 : bytes;
    }
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

enum { DIGITS_MAX = 20 }; /* of 64 bits */

/* The digits of the number, at least so many, at the end of out; how many they are. printf takes ten times as long. */
static size_t
write_digits(uint64_t number, size_t least, char out[DIGITS_MAX])
{
    size_t count = 0;
    for (; number > 0 || count < least; number /= 10)
        out[DIGITS_MAX - ++count] = (char)('0' + number % 10);
    return count;
}

static uint64_t
size_of(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

void
html_integer(struct html *html, int64_t value)
{
    char digits[DIGITS_MAX];
    size_t count = write_digits(size_of(value), 1, digits);
    if (value < 0)
        html_raw(html, "-");
    html_literal(html, digits + DIGITS_MAX - count, count);
}

void
html_decimal(struct html *html, int64_t thousandths)
{
    char digits[DIGITS_MAX];
    size_t count = write_digits(size_of(thousandths), 4, digits);
    size_t decimals = 3;
    while (decimals > 0 && digits[DIGITS_MAX - 4 + decimals] == '0')
        decimals--;
    if (thousandths < 0)
        html_raw(html, "-");
    html_literal(html, digits + DIGITS_MAX - count, count - 3);
    if (decimals == 0)
        return;
    html_raw(html, ".");
    html_literal(html, digits + DIGITS_MAX - 3, decimals);
}

void
html_number(struct html *html, int64_t value)
{
    char digits[DIGITS_MAX];
    size_t count = write_digits(size_of(value), 1, digits);
    if (value < 0)
        html_raw(html, "\xe2\x88\x92");
    for (size_t left = count; left > 0;) {
        size_t group = (left - 1) % 3 + 1;
        html_literal(html, digits + DIGITS_MAX - left, group);
        left -= group;
        if (left > 0)
            html_raw(html, "\xe2\x80\xaf");
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
