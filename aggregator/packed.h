/*
 * The leaves of one site, table and period in few bytes: what questions over years read. Keys are the archive's own
 * numbers, ascending, so that nothing tells who came first. About 3 bytes a leaf, some nanoseconds to read one.
 *
 * For each leaf two LEB128 numbers: the distance from the key before, and value (zigzag) * 4 + (sources is not 1) * 2 +
 * witnessed; then sources, where it is not 1.
 */
#ifndef SPORLOS_AGGREGATOR_PACKED_H
#define SPORLOS_AGGREGATOR_PACKED_H

#include "sporlos/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct packed_leaf {
    int64_t key;
    int64_t value;
    unsigned sources;
    bool witnessed;
};

struct packed_writer {
    unsigned char *bytes; /* owned */
    size_t length, room;
    int64_t key; /* the last */
};

/* All zero is a new writer. SP_MALFORMED when the key is not above the last one or a number is out of range. */
SP_MUST_CHECK enum sp_error packed_add(struct packed_writer *writer, const struct packed_leaf *leaf);
void packed_writer_fini(struct packed_writer *writer);

struct packed_reader {
    const unsigned char *at, *end; /* borrowed */
    int64_t key;                   /* the last */
    bool is_broken;
};

static inline struct packed_reader
packed_reader(const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    return (struct packed_reader){ .at = at, .end = length == 0 ? at : at + length };
}

/* The next number; 0 and is_broken when it is cut off or longer than 63 bits. */
static inline uint64_t
packed_number(struct packed_reader *reader)
{
    if (__builtin_expect(reader->at < reader->end && *reader->at < 0x80, 1))
        return *reader->at++;
    uint64_t number = 0;
    for (unsigned shift = 0; reader->at < reader->end && shift < 63; shift += 7) {
        unsigned char byte = *reader->at++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return number;
    }
    reader->is_broken = true;
    reader->at = reader->end;
    return 0;
}

/* A leaf of a sum, or of a large value: one byte for the key, up to three for the value, one for the sources. */
static inline unsigned
packed_short_sum(const unsigned char *at, const unsigned char *end, unsigned *number, unsigned *sources)
{
    unsigned length = 2;
    if (end - at < 5 || at[0] >= 0x80)
        return 0;
    *number = at[1] & 0x7fU;
    if (at[1] >= 0x80)
        *number |= (at[length++] & 0x7fU) << 7;
    if (length == 3 && at[2] >= 0x80)
        *number |= (unsigned)at[length++] << 14;
    if (length == 4 && at[3] >= 0x80)
        return 0;
    if ((*number & 2) != 0)
        *sources = at[length++];
    return *sources >= 0x80 ? 0 : length;
}

/*
 * Nearly every leaf is short: a key not far from the one before, a small value, a few sources. The length of such a
 * one, its second number and its sources; 0: it is not short, or near the end.
 */
static inline unsigned
packed_short(const unsigned char *at, const unsigned char *end, unsigned *number, unsigned *sources)
{
    *sources = 1;
    if (end - at < 2)
        return 0;
    unsigned both = (unsigned)at[0] | (unsigned)at[1] << 8;
    *number = both >> 8;
    if ((both & 0x8280) == 0)
        return 2;
    if ((both & 0x8280) != 0x8000 || end - at < 3 || at[2] >= 0x80)
        return packed_short_sum(at, end, number, sources);
    *number = (*number & 0x7fU) | (unsigned)at[2] << 7;
    return 3;
}

static inline int64_t
packed_value(uint64_t number)
{
    uint64_t zigzag = number >> 2;
    return (int64_t)(zigzag >> 1) ^ -(int64_t)(zigzag & 1);
}

/* The next leaf; false at the end, and when the bytes are broken (is_broken). */
static inline bool
packed_next(struct packed_reader *reader, struct packed_leaf *leaf)
{
    if (reader->at == reader->end || reader->is_broken)
        return false;
    reader->key = (int64_t)((uint64_t)reader->key + packed_number(reader));
    uint64_t number = packed_number(reader);
    leaf->key = reader->key;
    leaf->value = packed_value(number);
    leaf->sources = (number & 2) == 0 ? 1 : (unsigned)packed_number(reader);
    leaf->witnessed = (number & 1) != 0;
    return !reader->is_broken;
}

#endif
