/* How a statistic is made: for statistics.c, which makes the rows, and statistics_read.c, which reads the leaves. */
#ifndef SPORLOS_AGGREGATOR_STATISTICS_PARTS_H
#define SPORLOS_AGGREGATOR_STATISTICS_PARTS_H

#include "buckets.h"
#include "cells.h"
#include "statistics.h"

struct statistic {
    struct statistic_row *rows;
    size_t row_count, row_room;
    struct cells cells;              /* the sums of the current bucket, and the keys' texts, which rows borrow */
    char rest_keys[COUNTY_COUNT][3]; /* likewise */
    uint32_t *index;                 /* of a key's hash -> row + 1, open addressing; NULL: not made yet */
    size_t index_room;

    /* while it is made */
    struct archive *archive;
    const struct statistic_query *query;
    struct span page; /* .at NULL: all */
    int64_t *wanted;  /* owned: the archive's numbers of the keys asked for, rising; NULL: all */
    enum period_kind kind;
    int32_t closed_first, closed_last; /* periods of kind */
    struct bucket *buckets;
    size_t bucket_count;
    size_t bucket;         /* the current one */
    unsigned extra_births; /* beyond one a period, within the bucket */
    int32_t next_day;      /* not read yet, beside what is summed up */
};

/* Read the leaves of the question's range into the cells; each bucket that they leave behind is finished. */
SP_MUST_CHECK enum sp_error statistic_read(struct statistic *self);

/* All leaves of the current bucket have been seen: decide who is shown, make the rows, go on to the next. */
SP_MUST_CHECK enum sp_error statistic_finish_bucket(struct statistic *self);

#endif
