/* The search tree of one open MaxMind DB file, walked in the order of its networks. */
#ifndef SPORLOS_COLLECTOR_GEO_WALK_H
#define SPORLOS_COLLECTOR_GEO_WALK_H

#include "geo_classify.h"
#include "geo_memo.h"
#include "geo_runs.h"

#include <maxminddb.h>

struct geo_walk {
    const MMDB_s *mmdb;                      /* borrowed */
    const struct geo_classifier *classifier; /* borrowed */
    struct geo_memo memo;
    bool has_country, has_position; /* some record did: then it is a city database */
    uint64_t visits;                /* of nodes in this walk: in a tree each is visited once */
    uint64_t alias;                 /* node of the IPv4 networks in an IPv6 tree, which several prefixes lead to */
    unsigned bits;                  /* of the prefixes */
    struct geo_run_list *list;
};

/*
 * Append the runs of the IPv4 networks (/24) or the IPv6 ones (/48) to list. A prefix gets the value of its first
 * address; one without a record is abroad. *found tells whether the file holds any record of that family.
 * SP_MALFORMED if the file is corrupt, SP_NO_MEMORY.
 */
SP_MUST_CHECK enum sp_error geo_walk_v4(struct geo_walk *walk, struct geo_run_list *list, bool *found);
SP_MUST_CHECK enum sp_error geo_walk_v6(struct geo_walk *walk, struct geo_run_list *list, bool *found);

#endif
