#include "text.h"

#include <stdint.h>

enum { TELLING_DIGITS = 5, IPV4_DOTS = 3, IPV6_COLONS = 2 };

/* Length of the well-formed UTF-8 sequence at s, 0 if none; its code point in *code. RFC 3629, section 4. */
static size_t
utf8_sequence(const unsigned char *s, size_t left, uint32_t *code)
{
    size_t length = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    *code = length == 1 ? s[0] : (uint32_t)(s[0] & (0x7f >> length));
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (s[i] & 0x3f);
    }
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (*code < least[length] || (*code >= 0xd800 && *code <= 0xdfff) || *code > 0x10ffff)
        return 0;
    return length;
}

static bool
is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

bool
text_is_printable(struct span text)
{
    for (size_t i = 0; i < text.length;) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte >= 0x20 && byte < 0x7f) { /* nearly every byte of nearly every path */
            i++;
            continue;
        }
        uint32_t code = 0;
        size_t length = utf8_sequence((const unsigned char *)text.at + i, text.length - i, &code);
        if (length == 0 || is_control(code))
            return false;
        i += length;
    }
    return true;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Four numbers joined by dots, or hexadecimal digits with two colons among them. Short ones have few digits in a row.
 */
static bool
holds_address(struct span text)
{
    int dots = 0;
    int colons = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        char lower = (char)(c | 0x20);
        bool joins = c == '.' && i > 0 && is_digit(text.at[i - 1]) && i + 1 < text.length && is_digit(text.at[i + 1]);
        dots = joins ? dots + 1 : is_digit(c) ? dots : 0;
        colons = c == ':' ? colons + 1 : is_digit(c) || (lower >= 'a' && lower <= 'f') ? colons : 0;
        if (dots == IPV4_DOTS || colons == IPV6_COLONS)
            return true;
    }
    return false;
}

bool
text_is_telling(struct span text)
{
    int run = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (c == '@')
            return true;
        if (is_digit(c)) {
            if (++run >= TELLING_DIGITS)
                return true;
        } else if (c != ' ' && c != '.' && c != '-' && c != '/') {
            run = 0;
        }
    }
    return holds_address(text);
}
