#include "connection_limit.h"

#include "network_hash.h"
#include "sporlos/clock.h"

#include <stdlib.h>

struct cell {
    uint64_t hash;
    uint32_t open; /* 0: the cell is free */
};

struct connection_limit {
    struct network_hash_key key;
    uint32_t mask; /* cells - 1 */
    uint32_t networks, networks_max;
    struct cell cells[]; /* linear probing, at most half full */
};

enum sp_error
connection_limit_new(uint32_t connection_max, struct connection_limit **out)
{
    uint32_t cells = 16;
    while (cells / 2 < connection_max && cells < UINT32_MAX / 4)
        cells *= 2;
    struct connection_limit *limit = calloc(1, sizeof *limit + (size_t)cells * sizeof limit->cells[0]);
    *out = limit;
    if (limit == NULL)
        return SP_NO_MEMORY;
    random_bytes(&limit->key, sizeof limit->key);
    limit->mask = cells - 1;
    limit->networks_max = cells / 2;
    return SP_OK;
}

void
connection_limit_free(struct connection_limit *limit)
{
    if (limit == NULL)
        return;
    explicit_bzero(limit->cells, ((size_t)limit->mask + 1) * sizeof limit->cells[0]);
    free(limit);
}

static bool
is_counted(const struct network *network)
{
    return !network->trusted && network->family != NETWORK_NONE;
}

/* The cell of that hash, or the free one where it belongs. There always is one: the table is at most half full. */
static uint32_t
find(const struct connection_limit *limit, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & limit->mask;
    while (limit->cells[at].open != 0 && limit->cells[at].hash != hash)
        at = (at + 1) & limit->mask;
    return at;
}

static uint64_t
hash_of(const struct connection_limit *limit, const struct network *network)
{
    return network_hash(&limit->key, network_number(network->family, network->prefix));
}

bool
connection_limit_open(struct connection_limit *limit, const struct network *network, uint32_t max)
{
    if (!is_counted(network))
        return true;
    uint64_t hash = hash_of(limit, network);
    struct cell *cell = &limit->cells[find(limit, hash)];
    if (cell->open == 0 ? limit->networks == limit->networks_max : max != 0 && cell->open >= max)
        return false;
    limit->networks += cell->open == 0;
    cell->hash = hash;
    cell->open++;
    return true;
}

/* Free the cell at hole, and move back what stands behind it only because it was taken (Knuth 6.4, algorithm R). */
static void
remove_at(struct connection_limit *limit, uint32_t hole)
{
    limit->networks--;
    for (uint32_t at = (hole + 1) & limit->mask; limit->cells[at].open != 0; at = (at + 1) & limit->mask) {
        uint32_t home = (uint32_t)limit->cells[at].hash & limit->mask;
        if (((at - home) & limit->mask) < ((at - hole) & limit->mask))
            continue;
        limit->cells[hole] = limit->cells[at];
        hole = at;
    }
    limit->cells[hole] = (struct cell){ 0, 0 };
}

void
connection_limit_close(struct connection_limit *limit, const struct network *network)
{
    if (!is_counted(network))
        return;
    uint32_t at = find(limit, hash_of(limit, network));
    if (limit->cells[at].open > 0 && --limit->cells[at].open == 0)
        remove_at(limit, at);
}

uint32_t
connection_limit_networks(const struct connection_limit *limit)
{
    return limit->networks;
}
