/* Under which names of hosts anybody can register one: the ICANN part of Mozilla's Public Suffix List. */
#ifndef SPORLOS_COLLECTOR_SUFFIXES_H
#define SPORLOS_COLLECTOR_SUFFIXES_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

/* Of any rule, with the label that a wildcard stands for. A list with a longer one is refused. */
enum { SUFFIX_LABELS_MAX = 4, SUFFIX_BYTES_MAX = 64 };

/* FNV-1a from right to left, so that the hash of a suffix is a step on the way to that of the whole. */
#define SUFFIX_HASH_SEED UINT32_C(2166136261)
static inline uint32_t
suffix_hash_step(uint32_t hash, char byte)
{
    return (hash ^ (unsigned char)byte) * UINT32_C(16777619);
}
uint32_t suffix_hash(struct span text);

/* What the list says of one name; 0 of one that is not in it. */
enum suffix_rule {
    SUFFIX_SELF = 1,      /* it is a suffix */
    SUFFIX_BELOW = 2,     /* so is each name one label longer: *.kawasaki.jp; libpsl too takes it for both */
    SUFFIX_EXCEPTION = 4, /* it is none, in spite of SUFFIX_BELOW above it: !city.kawasaki.jp */
};

struct suffixes;

/* The list as the build found it, in a form that is fast to look up: 128 KB. Returned owned. SP_FULL: a rule is
 * longer than the limits above, or there are too many. */
SP_MUST_CHECK enum sp_error suffixes_new(struct suffixes **suffixes);
void suffixes_free(struct suffixes *suffixes);

/* The rules for a name of A-labels, lower case: bits of enum suffix_rule. hash is its suffix_hash. Allocates nothing.
 */
unsigned suffixes_find(const struct suffixes *suffixes, struct span name, uint32_t hash);

#endif
