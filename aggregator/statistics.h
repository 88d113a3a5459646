/*
 * Answers: sums of closed leaves with thresholds, witness rule and complementary suppression applied. API, page and
 * exports all ask here; what is hidden is not in the answer, in its order or in its length.
 */
#ifndef SPORLOS_AGGREGATOR_STATISTICS_H
#define SPORLOS_AGGREGATOR_STATISTICS_H

#include "archive.h"

enum {
    STATISTIC_DAYS_MAX = 3660,   /* days a question may span: ten years */
    STATISTIC_ROWS_MAX = 250000, /* rows of an answer: about 15 MB of memory */
};

enum statistic_by {
    BY_RANGE, /* one bucket: the whole range */
    BY_DAY,
    BY_WEEK, /* Monday to Sunday, cut at the range's ends */
    BY_MONTH,
    BY_HOUR, /* table 'hour' only */
};

struct statistic_query {
    const struct site_config *site;
    enum table_id table;
    int32_t from, to; /* day indices in the site's zone, inclusive */
    enum statistic_by by;
};

struct statistic;

/*
 * A row. Rows come bucket by bucket in time; within a bucket the shown by falling value, ties by key, KEY_OTHER and the
 * sums of hidden ones last. A table with KEY_NONE has exactly one row a bucket, shown or hidden.
 */
struct statistic_row {
    int32_t from, to; /* day indices of the bucket, inclusive; BY_HOUR: hour indices (UTC) */
    struct span key;  /* borrowed from the statistic */
    bool shown;       /* false: value, deviation and leaves are 0 and say nothing */
    bool is_rest;     /* the sum of hidden rows: municipality 'ovrige' of a county (key 'r' + two digits) */
    int64_t value;
    double deviation; /* standard deviation of the value's noise, at most */
    bool at_least;    /* visitors: on some day there were more than are told apart (visitor_max) */
    unsigned leaves;  /* births of noise in the value, at most; the same for all keys of a bucket, see statistics.c */
};

/*
 * SP_MALFORMED: from after to, or more than STATISTIC_DAYS_MAX days. SP_TOO_LONG: more than STATISTIC_ROWS_MAX rows.
 * SP_REFUSED: the site's mode does not count the table in a period that could answer (e.g. page BY_DAY in restricted,
 * or a range that is not whole months for a table with months only). *statistic is returned owned.
 */
SP_MUST_CHECK enum sp_error statistic_new(struct archive *archive, const struct statistic_query *query,
                                          struct statistic **statistic);

/*
 * The same, with only the rows that are about one page: of a table by page that of the page, of a table by page and
 * something else those whose page it is ('X /page'). Each row is what statistic_new would give for it.
 */
SP_MUST_CHECK enum sp_error statistic_about_new(struct archive *archive, const struct statistic_query *query,
                                                struct span page, struct statistic **statistic);
/*
 * The same, with only the rows of these keys (borrowed during the call); the others' leaves are passed over, which is
 * quicker. Of municipalities, which hide each other, all rows.
 */
SP_MUST_CHECK enum sp_error statistic_of_new(struct archive *archive, const struct statistic_query *query,
                                             const struct span *keys, size_t count, struct statistic **statistic);
void statistic_free(struct statistic *statistic);

/* Which leaves answered. */
enum period_kind statistic_leaf_kind(const struct statistic *statistic);

size_t statistic_count(const struct statistic *statistic);
const struct statistic_row *statistic_at(const struct statistic *statistic, size_t index);

/* The shown row of that key, of an answer BY_RANGE; NULL: there is none. The first call makes an index. */
const struct statistic_row *statistic_find(struct statistic *statistic, struct span key);

#endif
