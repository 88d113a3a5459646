/*
 * Sums by key, a bucket at a time. Keys are the archive's numbers until the bucket is over; only those that somebody
 * will see get their names then.
 */
#ifndef SPORLOS_AGGREGATOR_CELLS_H
#define SPORLOS_AGGREGATOR_CELLS_H

#include "archive.h"
#include "packed.h"
#include "suppression.h"

/* What of a key has been summed up in the current bucket. */
struct key_sum {
    int64_t key;
    int64_t value;
    unsigned leaves; /* as in struct cell; 0: the key is not in the bucket */
    bool witnessed, at_least;
};

struct key_text;
struct text_chunk;

/* All zero is an empty one. */
struct cells {
    struct key_sum *sums;   /* one a key, of all buckets, in the order in which they were met */
    struct key_text *texts; /* the same keys' names, where they were asked for */
    struct text_chunk *chunks;
    size_t key_count, key_room;
    uint32_t *index; /* number of a key -> place in sums + 1; open addressing; NULL as long as sums are by rising key */
    size_t index_room;
    size_t next;           /* where the next key is expected: periods list the same keys in the same order */
    const int64_t *wanted; /* borrowed, rising: other keys are passed over; NULL: none is */
    size_t wanted_count;

    struct cell *cells; /* of the bucket that is over: cells_make */
    size_t count, room;
};

/*
 * Add the leaves of one period (packed.h) to the sums of the current bucket. A leaf of full_at or more is marked as 'at
 * least'. *sources is raised to the most that any leaf has, wanted or not: what a row says of its noise must not depend
 * on which rows were asked for. SP_MALFORMED when the bytes are broken.
 */
SP_MUST_CHECK enum sp_error cells_add(struct cells *self, struct span leaves, int64_t full_at, unsigned *sources);

/* The bucket is over: a cell for each key that is in it, its name empty; and all sums zero again. */
SP_MUST_CHECK enum sp_error cells_make(struct cells *self);

/* Give the cells, or those that are shown, their names, which live until cells_fini. */
SP_MUST_CHECK enum sp_error cells_name(struct cells *self, struct archive *archive, bool shown_only);

/* Free all but the names. */
void cells_settle(struct cells *self);
void cells_fini(struct cells *self);

#endif
