/*
 * How much one network, and one site, may send. Token buckets in the form of one number each: the instant at which the
 * bucket is full again (generic cell rate algorithm, ITU-T I.371; the same as a token bucket of that rate and burst).
 *
 * The table of networks has a fixed size: sets of four cells, one cache line a set. A network falls into its set by a
 * hash under a key of this process. A full bucket is the same as none, so the cell of the fullest bucket is the one
 * to give up, and nothing is ever swept. Only that hash is kept: no network can be read out of the table.
 */
#ifndef SPORLOS_COLLECTOR_RATE_LIMIT_H
#define SPORLOS_COLLECTOR_RATE_LIMIT_H

#include "sporlos/client_address.h"

enum {
    RATE_LIMIT_SETS = 16384, /* of four networks each: 1 MiB */
    /*
     * Whoever rents a /32 of IPv6 has 65536 networks of 48 bits, so each /32 has a bucket too. In most cases it is a
     * provider with thousands of customers: so many times the rate and the burst of one network.
     */
    RATE_LIMIT_V6_PROVIDER_FACTOR = 32,
};

struct rate_limit;

/* A rate, and how much of it may come at once. All zero: without limit. */
struct rate {
    int64_t token_ns; /* between two tokens */
    int64_t depth_ns; /* from an empty bucket to a full one */
};

/* per_s 0 to 1 000 000 (0: without limit), burst 1 to 1 000 000 000. */
struct rate rate_of(int64_t per_s, int64_t burst);

/* One bucket. All zero: full. */
struct rate_bucket {
    int64_t full_ns; /* the instant of the monotonic clock at which it is full again */
};

/*
 * Take one token. 0, or, with the bucket as it was, after how many seconds it has one again (1 or more, for
 * Retry-After).
 */
int64_t rate_bucket_take(struct rate_bucket *bucket, struct rate rate, int64_t now_ms);

/* In memory that is locked where the system allows it, left out of core files and empty in a child. */
SP_MUST_CHECK enum sp_error rate_limit_new(struct rate_limit **limit);
void rate_limit_free(struct rate_limit *limit);

/*
 * Take one token of network and, for IPv6, one of its /32; returns as rate_bucket_take. An address that is itself a
 * trusted proxy is never limited: one that does not say for whom it speaks would put all visitors into one bucket.
 * Addresses of no known family share one.
 */
int64_t rate_limit_take(struct rate_limit *limit, const struct network *network, struct rate rate, int64_t now_ms);

struct rate_limit_statistics {
    uint64_t evicted; /* buckets given up for another network's before they were full */
    bool locked;      /* the table is never swapped out */
};
struct rate_limit_statistics rate_limit_statistics(const struct rate_limit *limit);

#endif
