#include "utf8_check.h"

/* Bytes of the character at text[i], 0 if it is none. */
static size_t
utf8_length(struct span text, size_t i)
{
    /* lead byte up to, bytes, least and greatest second byte */
    static const struct {
        unsigned char from, to, length, low, high;
    } rows[] = {
        { 0x00, 0x7F, 1, 0, 0 },       { 0xC2, 0xDF, 2, 0x80, 0xBF }, { 0xE0, 0xE0, 3, 0xA0, 0xBF },
        { 0xE1, 0xEC, 3, 0x80, 0xBF }, { 0xED, 0xED, 3, 0x80, 0x9F }, { 0xEE, 0xEF, 3, 0x80, 0xBF },
        { 0xF0, 0xF0, 4, 0x90, 0xBF }, { 0xF1, 0xF3, 4, 0x80, 0xBF }, { 0xF4, 0xF4, 4, 0x80, 0x8F },
    };
    const unsigned char *bytes = (const unsigned char *)text.at + i;
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        if (bytes[0] < rows[row].from || bytes[0] > rows[row].to)
            continue;
        size_t length = rows[row].length;
        if (text.length - i < length || (length > 1 && (bytes[1] < rows[row].low || bytes[1] > rows[row].high)))
            return 0;
        for (size_t j = 2; j < length; j++)
            if ((bytes[j] & 0xC0) != 0x80)
                return 0;
        return length;
    }
    return 0;
}

bool
utf8_valid(struct span text, size_t *at)
{
    for (*at = 0; *at < text.length;) {
        size_t length = utf8_length(text, *at);
        if (length == 0)
            return false;
        *at += length;
    }
    return true;
}

bool
text_without_controls(struct span text, size_t *at)
{
    for (*at = 0; *at < text.length; ++*at) {
        unsigned char c = (unsigned char)text.at[*at];
        if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F)
            return false;
    }
    return true;
}

bool
tab_in_indentation(struct span text, size_t *at)
{
    bool indentation = true;
    for (*at = 0; *at < text.length; ++*at) {
        char c = text.at[*at];
        if (c == '\t' && indentation)
            return true;
        indentation = c == '\n' || (indentation && c == ' ');
    }
    return false;
}

void
text_position(struct span text, size_t at, int *line, int *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < at && i < text.length; i++) {
        if (text.at[i] == '\n') {
            ++*line;
            *column = 1;
        } else if (((unsigned char)text.at[i] & 0xC0) != 0x80) {
            ++*column;
        }
    }
}
