/*
 * One or two automata of aho_corasick.h as one that takes a twentieth of the memory, about 13 bytes a state, so that it
 * stays in the processor's cache. For masks of eight bits.
 *
 * Nearly every step of such an automaton leads to a state that the last two bytes determine. Those are in a table of
 * pairs of classes; only steps to deeper states are kept with the state they go from, in rows laid into each other's
 * gaps (a double array: Aoe 1989, "An efficient digital search algorithm by using a double-array structure").
 */
#ifndef SPORLOS_COLLECTOR_PACKED_WORDS_H
#define SPORLOS_COLLECTOR_PACKED_WORDS_H

#include "aho_corasick.h"

struct packed_words;

/*
 * of: both are borrowed for the time of the call; the second may be NULL. SP_FULL when there are 2^16 states or steps
 * and more, or 254 classes of bytes, SP_MALFORMED for masks of more than eight bits. *packed is owned by the caller.
 */
SP_MUST_CHECK enum sp_error packed_words_new(const struct words *const of[2], struct packed_words **packed);
void packed_words_free(struct packed_words *packed);

/* The masks of all words of both in text, or-ed: as words_find() of each. The same steps for any text of a length. */
unsigned packed_words_find(const struct packed_words *packed, struct span text);

/* Bytes in memory. */
size_t packed_words_size(const struct packed_words *packed);

#endif
