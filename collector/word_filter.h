/*
 * Can a text hold one of many words? Wrong in one direction only: 'no' is certain, 'yes' is seldom wrong for texts like
 * those that the filter was made for. Two look-ups for two bytes, of 8 KB in all, whatever the words are.
 *
 * A text is looked at in pairs of bytes. Wherever a word stands in it, two pairs that follow each other lie in the
 * word, or over one of its ends; of these one is chosen for either way in which pairs can fall on the word. As in
 * Hyperscan's FDR (Wang et al. 2019, "Hyperscan: a fast multi-pattern regex matcher for modern CPUs", 4.3) words share
 * eight buckets, a bit each: a text may hold a word when a pair has the bit as first, and the next one has it as
 * second.
 */
#ifndef SPORLOS_COLLECTOR_WORD_FILTER_H
#define SPORLOS_COLLECTOR_WORD_FILTER_H

#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

enum { WORD_FILTER_PAIRS = 1 << 12 };

struct word_filter {
    uint8_t pairs[WORD_FILTER_PAIRS][2]; /* buckets that a pair is the first of, and the second */
};

/*
 * Words of at least one byte, in any case of ASCII letters. common: what most texts are like, so that pairs are chosen
 * that they lack. Both are borrowed for the time of the call.
 */
void word_filter_init(struct word_filter *filter, const struct span *words, size_t word_count,
                      const char *const *common, size_t common_count);

/* Reads nothing behind text. A text shorter than 16 bytes is not looked at: true. */
bool word_filter_passes(const struct word_filter *filter, struct span text);

#endif
