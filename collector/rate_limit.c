#include "rate_limit.h"

#include "network_hash.h"
#include "sporlos/clock.h"
#include "sporlos/locked_memory.h"

#include <string.h>

enum { WAYS = 4, V6_PROVIDER_SHIFT = 48 - 32 };

#define SECOND_NS INT64_C(1000000000)
#define MILLISECOND_NS INT64_C(1000000)

struct cell {
    uint64_t hash;
    struct rate_bucket bucket; /* full: the cell is free */
};

struct set {
    struct cell cells[WAYS];
};

_Static_assert(sizeof(struct set) == 64, "a set is a cache line");
_Static_assert((RATE_LIMIT_SETS & (RATE_LIMIT_SETS - 1)) == 0, "a set is chosen by a mask");

struct rate_limit {
    struct set sets[RATE_LIMIT_SETS]; /* first: aligned as the page is */
    struct network_hash_key key;
    struct rate_limit_statistics statistics;
};

struct rate
rate_of(int64_t per_s, int64_t burst)
{
    if (per_s == 0)
        return (struct rate){ 0, 0 };
    int64_t token_ns = SECOND_NS / per_s;
    return (struct rate){ token_ns, burst * token_ns };
}

int64_t
rate_bucket_take(struct rate_bucket *bucket, struct rate rate, int64_t now_ms)
{
    int64_t now_ns = now_ms * MILLISECOND_NS;
    int64_t from_ns = bucket->full_ns > now_ns ? bucket->full_ns : now_ns;
    int64_t over_ns = from_ns + rate.token_ns - now_ns - rate.depth_ns;
    if (over_ns > 0)
        return (over_ns + SECOND_NS - 1) / SECOND_NS;
    bucket->full_ns = from_ns + rate.token_ns;
    return 0;
}

enum sp_error
rate_limit_new(struct rate_limit **out)
{
    *out = NULL;
    bool locked = false;
    struct rate_limit *limit = locked_memory_new(sizeof *limit, &locked);
    if (limit == NULL)
        return SP_NO_MEMORY;
    limit->statistics.locked = locked;
    random_bytes(&limit->key, sizeof limit->key);
    *out = limit;
    return SP_OK;
}

void
rate_limit_free(struct rate_limit *limit)
{
    locked_memory_free(limit, sizeof *limit);
}

/* The cell of that number; when it had none, the one of its set that is nearest to full, made full. */
static struct rate_bucket *
find(struct rate_limit *limit, uint64_t number, int64_t now_ms)
{
    uint64_t hash = network_hash(&limit->key, number);
    struct cell *cells = limit->sets[hash & (RATE_LIMIT_SETS - 1)].cells;
    struct cell *fullest = cells;
    for (unsigned i = 0; i < WAYS; i++) {
        if (cells[i].hash == hash)
            return &cells[i].bucket;
        if (cells[i].bucket.full_ns < fullest->bucket.full_ns)
            fullest = &cells[i];
    }
    limit->statistics.evicted += fullest->bucket.full_ns > now_ms * MILLISECOND_NS;
    *fullest = (struct cell){ hash, { 0 } };
    return &fullest->bucket;
}

int64_t
rate_limit_take(struct rate_limit *limit, const struct network *network, struct rate rate, int64_t now_ms)
{
    if (rate.token_ns == 0 || network->trusted)
        return 0;
    uint64_t number = network_number(network->family, network->prefix);
    int64_t wait_s = rate_bucket_take(find(limit, number, now_ms), rate, now_ms);
    if (wait_s > 0 || network->family != NETWORK_V6)
        return wait_s;
    number = network_number(NETWORK_V6_PROVIDER, network->prefix >> V6_PROVIDER_SHIFT);
    rate.token_ns = (rate.token_ns + RATE_LIMIT_V6_PROVIDER_FACTOR - 1) / RATE_LIMIT_V6_PROVIDER_FACTOR;
    return rate_bucket_take(find(limit, number, now_ms), rate, now_ms);
}

struct rate_limit_statistics
rate_limit_statistics(const struct rate_limit *limit)
{
    return limit->statistics;
}
