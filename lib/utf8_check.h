/* Checks of the raw bytes of a text file, before any parser sees them. */
#ifndef UTF8_CHECK_H
#define UTF8_CHECK_H

#include "sporlos/span.h"

/* Whether text is well-formed UTF-8 (Unicode 15, table 3-7). If not, *at is the offset of the first bad byte. */
bool utf8_valid(struct span text, size_t *at);

/* Whether text has no control characters but line feed, carriage return and tab. If not, *at is the first. */
bool text_without_controls(struct span text, size_t *at);

/* Whether a tab stands before the first other character of some line; *at is the first. */
bool tab_in_indentation(struct span text, size_t *at);

/* Line and column (in characters) of the byte at offset at, from 1. */
void text_position(struct span text, size_t at, int *line, int *column);

#endif
