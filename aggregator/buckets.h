/* How a question divides time, and which leaves answer it. */
#ifndef SPORLOS_AGGREGATOR_BUCKETS_H
#define SPORLOS_AGGREGATOR_BUCKETS_H

#include "statistics.h"

struct bucket {
    int32_t from, to; /* inclusive; days, or hours BY_HOUR */
};

/* Which leaves answer? It follows from the question alone. False: the site has none that could. */
bool buckets_choose_kind(const struct statistic_query *query, enum period_kind *kind);

/* The buckets of the question in order, without gaps; at least one. Returned owned: free. */
SP_MUST_CHECK enum sp_error buckets_new(const struct statistic_query *query, struct bucket **buckets, size_t *count);

/* Where a period begins on the scale of the buckets, and the period of that kind (day: days) that holds a place on it.
 */
int32_t position_of(struct period period);
int32_t period_holding(enum period_kind kind, int32_t position);

#endif
