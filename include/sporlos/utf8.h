/* UTF-8 (RFC 3629), one character at a time. */
#ifndef SPORLOS_UTF8_H
#define SPORLOS_UTF8_H

#include "sporlos/span.h"

#include <stdint.h>

/*
 * Decode the first character of text into *code. How many bytes it took, 1..4; 0 when text is empty or does not start
 * with a well-formed character (overlong forms, surrogates and what lies above U+10FFFF are malformed).
 */
size_t utf8_decode(struct span text, uint32_t *code);

/*
 * Lower case of a well-formed text, in place and of the same length: ASCII, Latin-1 and Latin Extended-A, which holds
 * the letters of Norwegian and of the Sami languages. Others stay as they are.
 */
void utf8_lower(char *text, size_t length);

#endif
