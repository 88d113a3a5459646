#include "api_limit.h"

#include <sodium.h>
#include <stdlib.h>

enum {
    SETS = 512,
    WAYS = 8,
    COST = 1000, /* of a request, in thousandths */
};

struct bucket {
    uint64_t who;   /* a keyed hash; 0: free */
    int64_t left;   /* thousandths of a request */
    int64_t filled; /* ms: when left was right */
};

struct api_limit {
    int64_t rate, burst;
    unsigned char key[crypto_shorthash_KEYBYTES];
    struct bucket buckets[SETS][WAYS];
};

enum sp_error
api_limit_new(int64_t rate, int64_t burst, struct api_limit **limit)
{
    *limit = calloc(1, sizeof **limit);
    if (*limit == NULL || sodium_init() < 0)
        return SP_NO_MEMORY;
    (*limit)->rate = rate;
    (*limit)->burst = burst;
    crypto_shorthash_keygen((*limit)->key);
    return SP_OK;
}

void
api_limit_free(struct api_limit *limit)
{
    free(limit);
}

static uint64_t
hash_of(const struct api_limit *limit, struct span who)
{
    unsigned char bytes[crypto_shorthash_BYTES];
    uint64_t hash;
    crypto_shorthash(bytes, (const unsigned char *)who.at, who.length, limit->key);
    memcpy(&hash, bytes, sizeof hash);
    return hash == 0 ? 1 : hash;
}

/* Theirs, or the one of the set that was filled longest ago. */
static struct bucket *
find(struct api_limit *limit, uint64_t hash, int64_t now_ms)
{
    struct bucket *set = limit->buckets[hash % SETS];
    struct bucket *oldest = &set[0];
    for (int i = 0; i < WAYS; i++) {
        if (set[i].who == hash)
            return &set[i];
        if (set[i].filled < oldest->filled || set[i].who == 0)
            oldest = &set[i];
    }
    *oldest = (struct bucket){ hash, limit->burst * COST, now_ms };
    return oldest;
}

bool
api_limit_take(struct api_limit *limit, struct span who, int64_t now_ms, int *wait_s)
{
    *wait_s = 0;
    if (limit->rate == 0)
        return true;
    struct bucket *bucket = find(limit, hash_of(limit, who), now_ms);
    int64_t full = limit->burst * COST;
    int64_t passed_ms = now_ms > bucket->filled ? now_ms - bucket->filled : 0;
    /* rate requests a second are rate thousandths a millisecond */
    bucket->left = passed_ms > full / limit->rate ? full : bucket->left + passed_ms * limit->rate;
    bucket->left = bucket->left > full ? full : bucket->left;
    bucket->filled = now_ms;
    if (bucket->left >= COST) {
        bucket->left -= COST;
        return true;
    }
    *wait_s = (int)((COST - bucket->left) / limit->rate / 1000) + 1;
    return false;
}
