/*
 * Under which names of hosts anybody can register one: the ICANN part of Mozilla's Public Suffix List, as the build
 * found it (suffixes_generate.c), in a table that lies in the program itself.
 */
#ifndef SPORLOS_COLLECTOR_SUFFIXES_H
#define SPORLOS_COLLECTOR_SUFFIXES_H

#include "sporlos/span.h"

#include <stdint.h>

enum {
    SUFFIX_LABELS_MAX = 4, /* of any rule, with the label that a wildcard stands for */
    SUFFIX_BYTES_MAX = 64, /* of any rule's name, with a NUL */
    SUFFIX_SLOTS = 16384   /* twice the rules and a bit, so that a name that is not there is soon known */
};

/* What the list says of one name; 0 of one that is not in it. */
enum suffix_rule {
    SUFFIX_SELF = 1,      /* it is a suffix */
    SUFFIX_BELOW = 2,     /* so is each name one label longer: *.kawasaki.jp; libpsl too takes it for both */
    SUFFIX_EXCEPTION = 4, /* it is none, in spite of SUFFIX_BELOW above it: !city.kawasaki.jp */
};

/* FNV-1a from right to left, so that the hash of a suffix is a step on the way to that of the whole. */
#define SUFFIX_HASH_SEED UINT32_C(2166136261)
static inline uint32_t
suffix_hash_step(uint32_t hash, char byte)
{
    return (hash ^ (unsigned char)byte) * UINT32_C(16777619);
}

static inline uint32_t
suffix_hash(struct span text)
{
    uint32_t hash = SUFFIX_HASH_SEED;
    while (text.length > 0)
        hash = suffix_hash_step(hash, text.at[--text.length]);
    return hash;
}

/* Where a name of that hash is looked for first. */
static inline uint32_t
suffix_slot_of(uint32_t hash)
{
    return (hash ^ hash >> 15) % SUFFIX_SLOTS;
}

/* The rules for a name of A-labels, lower case: bits of enum suffix_rule. hash is its suffix_hash. Allocates nothing.
 */
unsigned suffixes_find(struct span name, uint32_t hash);

#endif
