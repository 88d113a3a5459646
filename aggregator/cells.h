/*
 * Sums by key, a bucket at a time. Keys are the archive's numbers until the bucket is over; only those that are in it
 * get their names then.
 */
#ifndef SPORLOS_AGGREGATOR_CELLS_H
#define SPORLOS_AGGREGATOR_CELLS_H

#include "archive.h"
#include "suppression.h"

struct known_key;

/* All zero is an empty one. */
struct cells {
    struct cell *cells; /* of the current bucket; key is empty until cells_name */
    size_t count, room;

    struct known_key *keys; /* of all buckets, in the order in which they were met */
    size_t key_count, key_room;
    uint32_t *index; /* number of a key -> place in keys + 1; open addressing */
    size_t index_room;
    size_t next; /* where the next key is expected: periods list the same keys in the same order */
    size_t bucket;
};

/* The cell of that key in the current bucket, all zero when it is new; borrowed until the next call. */
SP_MUST_CHECK enum sp_error cells_find(struct cells *self, int64_t key, struct cell **cell);

/* Give each cell of the bucket its key's name, which lives until cells_fini. */
SP_MUST_CHECK enum sp_error cells_name(struct cells *self, struct archive *archive);

/* On to the next bucket: no cells. */
void cells_clear(struct cells *self);

/* Free all but the names. */
void cells_settle(struct cells *self);
void cells_fini(struct cells *self);

#endif
