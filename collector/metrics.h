/* What the collector says of itself to those who run it: Prometheus text (exposition format 0.0.4). Never of one site.
 */
#ifndef SPORLOS_COLLECTOR_METRICS_H
#define SPORLOS_COLLECTOR_METRICS_H

#include "counters.h"
#include "flush.h"
#include "geo.h"
#include "peer.h"
#include "policy.h"
#include "rate_limit.h"
#include "sporlos/http_server.h"
#include "sporlos/locked_memory.h"

struct metrics {
    uint64_t verdicts[VERDICT_COUNT];
    uint64_t unknown_fields; /* of beacons */
    uint64_t coarse;         /* beacons counted under coarse keys, because the table was full */
    uint64_t reloads, reloads_refused;
    uint64_t visitor_sets_missing; /* beacons of a site whose set could not be made */
};

/* The sets of visitors of all sites together. */
struct visitors_total {
    uint32_t sets, full, unlocked; /* how many, at their visitor_max, that could be swapped out */
    uint64_t tokens, bytes, uncounted;
};

struct metrics_view {
    const struct metrics *metrics;
    struct http_server_statistics server;
    struct counters_statistics counters;
    struct flush_statistics flush;
    struct geo_statistics geo;
    struct peer_statistics peers;
    struct rate_limit_statistics rate;
    struct visitors_total visitors;
    struct locked_memory_refused unlocked;
    uint32_t names, sites;
    uint64_t upgrades_refused;
    int64_t uptime_s;
};

/* Write all of them into out; returns the length, or 0 when size is too small. */
size_t metrics_write(const struct metrics_view *view, char *out, size_t size);

#endif
