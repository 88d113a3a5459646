/*
 * Who drains: one key in Redis, held for 30 s at a time. It only spares several aggregators the same work; that nothing
 * is taken twice is the archive's doing.
 */
#ifndef SPORLOS_AGGREGATOR_LEASE_H
#define SPORLOS_AGGREGATOR_LEASE_H

#include "redis_link.h"

enum {
    LEASE_S = 30,          /* it lapses this long after its holder was last heard of */
    LEASE_HOLDER_MAX = 33, /* bytes with the terminator: 32 hexadecimal digits */
};

struct lease {
    char holder[LEASE_HOLDER_MAX]; /* who we are */
};

/* A new random holder. */
void lease_init(struct lease *lease);

/* Take it, or hold it for longer. *held: it is ours now. SP_UNAVAILABLE without Redis. */
SP_MUST_CHECK enum sp_error lease_take(const struct lease *lease, struct redis_link *link, bool *held);

/* Give it back, if it is ours. */
void lease_release(const struct lease *lease, struct redis_link *link);

#endif
