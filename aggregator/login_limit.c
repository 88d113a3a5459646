#include "login_limit.h"

#include "sporlos/clock.h"

#include <sodium.h>
#include <stdlib.h>

enum { ROW_COUNT = 256, FRIEND_COUNT = 256, NAME_WAIT_FIRST_MS = 1000 };

/* Attempts of a network or a name, known by a keyed hash: what was typed as a name may be a password. */
struct attempts {
    uint64_t whose;
    int64_t since_ms, last_ms; /* monotonic */
    unsigned count;            /* 0: none */
};

struct login_limit {
    unsigned char key[crypto_shorthash_KEYBYTES];
    struct attempts all;
    struct attempts by_network[ROW_COUNT], by_name[ROW_COUNT];
    uint64_t friends[FRIEND_COUNT]; /* a name and a network that it logged in from */
    unsigned friend_next;
};

enum sp_error
login_limit_new(struct login_limit **limit)
{
    *limit = calloc(1, sizeof **limit);
    if (*limit == NULL)
        return SP_NO_MEMORY;
    crypto_shorthash_keygen((*limit)->key);
    return SP_OK;
}

void
login_limit_free(struct login_limit *limit)
{
    if (limit != NULL)
        sodium_memzero(limit, sizeof *limit);
    free(limit);
}

static uint64_t
hash(const struct login_limit *limit, struct span text)
{
    uint64_t value;
    crypto_shorthash((unsigned char *)&value, (const unsigned char *)text.at, text.length, limit->key);
    return value;
}

static uint64_t
hash_pair(const struct login_limit *limit, const unsigned char network[LOGIN_NETWORK_BYTES], struct span name)
{
    unsigned char pair[LOGIN_NETWORK_BYTES + sizeof(uint64_t)];
    uint64_t of_name = hash(limit, name);
    memcpy(pair, network, LOGIN_NETWORK_BYTES);
    memcpy(pair + LOGIN_NETWORK_BYTES, &of_name, sizeof of_name);
    return hash(limit, span_of((const char *)pair, sizeof pair));
}

static bool
is_over(const struct attempts *attempts, int64_t now_ms)
{
    return attempts->count == 0 || now_ms - attempts->since_ms >= LOGIN_WINDOW_MS;
}

/* The row of whose, emptied if its window is over; else a free one, else the oldest, begun anew. */
static struct attempts *
row_of(struct attempts rows[ROW_COUNT], uint64_t whose, int64_t now_ms)
{
    struct attempts *spare = &rows[0];
    for (size_t i = 0; i < ROW_COUNT; i++) {
        struct attempts *row = &rows[i];
        if (row->whose == whose && !is_over(row, now_ms))
            return row;
        if (!is_over(spare, now_ms) && (is_over(row, now_ms) || row->since_ms < spare->since_ms))
            spare = row;
    }
    *spare = (struct attempts){ .whose = whose, .since_ms = now_ms };
    return spare;
}

/* With count 0 the row is free again for the next who asks. */
static int64_t
window_wait(const struct attempts *attempts, unsigned most, int64_t now_ms)
{
    if (is_over(attempts, now_ms) || attempts->count < most)
        return 0;
    return attempts->since_ms + LOGIN_WINDOW_MS - now_ms;
}

static int64_t
name_wait(const struct attempts *attempts, int64_t now_ms)
{
    if (attempts->count < LOGIN_NAME_FREE)
        return 0;
    int64_t wait_ms = NAME_WAIT_FIRST_MS;
    for (unsigned i = LOGIN_NAME_FREE; i < attempts->count && wait_ms < LOGIN_NAME_WAIT_MAX_MS; i++)
        wait_ms *= 2;
    wait_ms = wait_ms < LOGIN_NAME_WAIT_MAX_MS ? wait_ms : LOGIN_NAME_WAIT_MAX_MS;
    int64_t rest_ms = attempts->last_ms + wait_ms - now_ms;
    return rest_ms > 0 ? rest_ms : 0;
}

static void
count_attempt(struct attempts *attempts, int64_t now_ms)
{
    if (is_over(attempts, now_ms)) {
        attempts->since_ms = now_ms;
        attempts->count = 0;
    }
    attempts->last_ms = now_ms;
    attempts->count++;
}

static bool
is_friend(const struct login_limit *limit, uint64_t pair)
{
    for (size_t i = 0; i < FRIEND_COUNT; i++)
        if (limit->friends[i] == pair)
            return true;
    return false;
}

/* The server kept nothing of the peer: one guesser among them would slow all. */
static bool
is_unknown(const unsigned char network[LOGIN_NETWORK_BYTES])
{
    return sodium_is_zero(network, LOGIN_NETWORK_BYTES) == 1;
}

int64_t
login_limit_attempt(struct login_limit *limit, const unsigned char network[LOGIN_NETWORK_BYTES], struct span name)
{
    int64_t now_ms = clock_monotonic_ms();
    bool has_network = !is_unknown(network);
    struct attempts *of_name = row_of(limit->by_name, hash(limit, name), now_ms);
    struct attempts *of_network = NULL;
    int64_t wait_ms = 0;
    if (has_network) {
        struct span bytes = span_of((const char *)network, LOGIN_NETWORK_BYTES);
        of_network = row_of(limit->by_network, hash(limit, bytes), now_ms);
        wait_ms = window_wait(of_network, LOGIN_NETWORK_ATTEMPTS, now_ms);
    }
    if (!has_network || !is_friend(limit, hash_pair(limit, network, name))) {
        int64_t of_all_ms = window_wait(&limit->all, LOGIN_ATTEMPTS, now_ms);
        int64_t of_name_ms = name_wait(of_name, now_ms);
        wait_ms = of_all_ms > wait_ms ? of_all_ms : wait_ms;
        wait_ms = of_name_ms > wait_ms ? of_name_ms : wait_ms;
    }
    if (wait_ms > 0)
        return wait_ms;
    count_attempt(&limit->all, now_ms);
    count_attempt(of_name, now_ms);
    if (of_network != NULL)
        count_attempt(of_network, now_ms);
    return 0;
}

static void
take_back(struct attempts *attempts)
{
    if (attempts->count > 0)
        attempts->count--;
}

void
login_limit_succeeded(struct login_limit *limit, const unsigned char network[LOGIN_NETWORK_BYTES], struct span name)
{
    int64_t now_ms = clock_monotonic_ms();
    take_back(&limit->all);
    row_of(limit->by_name, hash(limit, name), now_ms)->count = 0;
    if (is_unknown(network))
        return;
    struct span bytes = span_of((const char *)network, LOGIN_NETWORK_BYTES);
    take_back(row_of(limit->by_network, hash(limit, bytes), now_ms));
    uint64_t pair = hash_pair(limit, network, name);
    if (!is_friend(limit, pair))
        limit->friends[limit->friend_next++ % FRIEND_COUNT] = pair;
}
