#include "text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void
text_fini(struct text *text)
{
    free(text->at);
    *text = (struct text){ .at = NULL };
}

struct span
text_span(const struct text *text)
{
    return span_of(text->at, text->length);
}

void
text_add(struct text *text, struct span bytes)
{
    if (text->failed || bytes.length == 0)
        return;
    if (text->room - text->length < bytes.length) {
        size_t room = text->room < 2048 ? 4096 : text->room * 2;
        while (room - text->length < bytes.length)
            room *= 2;
        char *at = realloc(text->at, room);
        text->failed = at == NULL;
        if (text->failed)
            return;
        text->at = at;
        text->room = room;
    }
    memcpy(text->at + text->length, bytes.at, bytes.length);
    text->length += bytes.length;
}

void
text_add_integer(struct text *text, int64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    text_add(text, span_text(digits));
}

void
text_add_decimal(struct text *text, double value, char point)
{
    /* By integers: the decimal point of printf belongs to the locale. */
    char digits[40];
    int64_t thousandths = llround(value * 1000);
    int64_t size = thousandths < 0 ? -thousandths : thousandths;
    snprintf(digits, sizeof digits, "%s%" PRId64 "%c%03d", thousandths < 0 ? "-" : "", size / 1000, point,
             (int)(size % 1000));
    text_add(text, span_text(digits));
}
