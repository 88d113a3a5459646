/*
 * What was heard last of what is in force, as it lies in a site's record: a process that adopts the journal may send on
 * what its predecessor was allowed to count, also when Redis has lost it and the aggregator is away.
 */
#ifndef SPORLOS_COLLECTOR_IN_FORCE_KEPT_H
#define SPORLOS_COLLECTOR_IN_FORCE_KEPT_H

#include "sporlos/in_force.h"

/* Dates in minutes since the epoch: every offset of a time zone is whole minutes. All zero: nothing. */
struct kept_in_force {
    uint64_t check; /* of all that follows */
    int64_t version;
    int32_t min_population, next_min_population; /* persons */
    uint8_t mode, next_mode;                     /* enum site_mode */
    uint8_t refuses; /* what was heard after it was not obeyed: nothing of the site may be sent */
    uint8_t zero;
    int32_t next_from;
    int32_t from[TABLE_COUNT][PERIOD_KIND_COUNT];
    int32_t query_from;
    char query[PARAMETER_MAX];
};

void in_force_keep(struct kept_in_force *kept, const struct in_force *value, bool refuses);

/* False, and nothing touched: nothing was kept, or it is damaged. */
bool in_force_kept(const struct kept_in_force *kept, struct in_force *value, bool *refuses);

#endif
