/* What the aggregator counts about itself. Written by the draining thread, read by the one that answers. */
#ifndef SPORLOS_AGGREGATOR_METRICS_H
#define SPORLOS_AGGREGATOR_METRICS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* member, Prometheus name (without prefix), type, help */
#define AGGREGATOR_METRICS(X)                                                                                          \
    X(periods_closed, "periods_closed_total", "counter", "Periods moved from Redis to the archive")                    \
    X(periods_unsealed, "periods_closed_unsealed_total", "counter", "of these, without all seals, after a day")        \
    X(periods_expired, "periods_expired_total", "counter", "Periods that a source's leaves were gone from, lost")      \
    X(leaves_archived, "leaves_archived_total", "counter", "Leaves moved from Redis to the archive")                   \
    X(late_leaves, "late_leaves_total", "counter", "Leaves deleted because their period was closed already")           \
    X(malformed_fields, "malformed_fields_total", "counter", "Fields and keys in Redis that could not be read")        \
    X(drain_errors, "drain_errors_total", "counter", "Rounds of draining that failed")                                 \
    X(drain_last_s, "drain_last_success_timestamp_seconds", "gauge", "When a round of draining last went well")        \
    X(drain_duration_ms, "drain_last_duration_milliseconds", "gauge", "How long that round took")                      \
    X(drain_leader, "drain_leader", "gauge", "1 if this process holds the lease to drain")                             \
    X(reports_malformed, "reports_malformed", "gauge", "Orders of reports that cannot be read and are held back")

struct activity;

struct metrics {
    struct activity *activity; /* borrowed; NULL: nobody asks when something last came */
#define X(member, ...) _Atomic int64_t member;
    AGGREGATOR_METRICS(X)
#undef X
};

/* Write all as Prometheus text (exposition format 0.0.4); returns the length, below size. */
size_t metrics_write(const struct metrics *metrics, char *out, size_t size);

#endif
