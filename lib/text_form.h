/* Forms of a text that two spellings of the same share. Pure; nothing is allocated, nothing is left behind. */
#ifndef SPORLOS_TEXT_FORM_H
#define SPORLOS_TEXT_FORM_H

#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

enum { TEXT_POINTS_MAX = 1024 };

/* Code points. Whoever has one wipes it. */
struct text_points {
    size_t count;
    uint32_t at[TEXT_POINTS_MAX];
};

/* Length of the well-formed UTF-8 sequence at s, 0 if none; its code point in *code. RFC 3629, section 4. */
size_t utf8_sequence(const unsigned char *s, size_t left, uint32_t *code);

/* Decode. False for what is not UTF-8, and beyond TEXT_POINTS_MAX. */
bool text_points_read(struct text_points *points, struct span text);

/*
 * How a searched word is kept: lower case, normal form C (UAX #15), without control and format characters, white space
 * as one space between words. False when it grows beyond TEXT_POINTS_MAX.
 */
bool text_points_compose(struct text_points *points);

/*
 * How a text is looked through: lower case, compatibility decomposed (a full-width or superscript digit is a digit),
 * every decimal digit of any script as ASCII, without marks, control and format characters. False as above.
 */
bool text_points_plain(struct text_points *points);

#endif
