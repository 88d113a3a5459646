/* Rules for strings from outside (privacy: strings are data too). Pure. */
#ifndef SPORLOS_TEXT_H
#define SPORLOS_TEXT_H

#include "sporlos/span.h"

#include <stdbool.h>

/* Valid UTF-8 (RFC 3629) without control characters, C1 and the line and paragraph separators included. */
bool text_is_printable(struct span text);

/*
 * Could the path or host point at a person? Five or more digits of any script, joined across whatever is no letter, or
 * eight between two '/'; an '@' of any width or spelling, a URL, or what reads as an address of IPv4 or IPv6. Such a
 * text never gets a name by being common; only a line in the configuration can give it one.
 */
bool text_is_telling(struct span text);

enum {
    WORDS_MAX = 4,
    WORD_CHARACTERS_MAX = 40,
    WORD_BYTES_MAX = 4 * WORD_CHARACTERS_MAX,
};

enum scrubbed {
    SCRUBBED_EMPTY, /* nothing is left of it */
    SCRUBBED_KEPT,
    SCRUBBED_REMOVED, /* refused: it is counted as that, under no text of its own */
};

/*
 * Scrub what people typed: searched words, names of events, campaigns, hosts. Kept is its lower case in normal form C,
 * white space as single spaces, without what is not seen. Refused: what is telling as above, eight digits in
 * all, what looks like a host with three labels or a path, more than WORDS_MAX words or
 * WORD_CHARACTERS_MAX characters, and what is not UTF-8. A kept text scrubs to itself.
 */
enum scrubbed text_scrub(struct span text, char out[WORD_BYTES_MAX], size_t *length);

#endif
