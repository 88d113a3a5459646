/* Texts of three letters in both cases, so that words of them overlap in every way. Of rand(): srand() repeats them. */
#ifndef SPORLOS_TESTS_RANDOM_TEXT_H
#define SPORLOS_TESTS_RANDOM_TEXT_H

#include <stddef.h>
#include <stdlib.h>

/* One to most bytes, without a terminator; how many. */
static inline size_t
random_text(char *text, size_t most)
{
    size_t length = (size_t)rand() % most + 1;
    for (size_t i = 0; i < length; i++)
        text[i] = "abcABC"[rand() % 6];
    return length;
}

#endif
