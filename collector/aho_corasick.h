/*
 * Many words found in one pass over a text (Aho, Corasick 1975, "Efficient string matching: an aid to bibliographic
 * search"), as a deterministic automaton: one look-up a byte, whatever the words and the text are.
 */
#ifndef SPORLOS_COLLECTOR_AHO_CORASICK_H
#define SPORLOS_COLLECTOR_AHO_CORASICK_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdint.h>

enum { WORD_BYTES_MAX = 250 };

struct word {
    struct span text;      /* 1..WORD_BYTES_MAX bytes; borrowed for the time of words_new() */
    bool at_start, at_end; /* of the text only */
    bool hides;    /* shorter words that end where this one does, at_end apart, do not count: "cubot" hides "bot" */
    uint64_t mask; /* what it adds to what is found */
};

struct words;

/*
 * fold: ASCII letters of words and texts are equal in either case. SP_MALFORMED for a word of no or too many bytes,
 * SP_FULL for more than 2^16 states. *words is owned by the caller.
 */
SP_MUST_CHECK enum sp_error words_new(const struct word *list, size_t count, bool fold, struct words **words);
void words_free(struct words *words);

/* The masks of all words in text, or-ed. */
uint64_t words_find(const struct words *words, struct span text);

/* Bytes in memory. */
size_t words_size(const struct words *words);

/*
 * The automaton step by step, for packed_words.h. A state is a number, 0 before anything is read; a sign is a byte,
 * WORDS_START before the first one or WORDS_END after the last. A state is as deep as the signs at the end of what was
 * read that begin a word.
 */
enum { WORDS_START = 256, WORDS_END };
uint32_t words_step(const struct words *words, uint32_t state, unsigned sign);
unsigned words_depth(const struct words *words, uint32_t state);
uint64_t words_mask(const struct words *words, uint32_t state);
unsigned words_class(const struct words *words, unsigned char byte); /* bytes of one class are treated alike */
size_t words_longest(const struct words *words);                     /* bytes */

#endif
