#include "seals.h"

#include <stdlib.h>

struct seal {
    struct site *site;
    struct period period;
    enum seal_state state;
};

/* A handful a site, in the order in which they ended; those of one site need not stand together. */
struct seals {
    struct seal *items;
    size_t count, capacity;
};

enum sp_error
seals_new(struct seals **out)
{
    *out = calloc(1, sizeof **out);
    return *out == NULL ? SP_NO_MEMORY : SP_OK;
}

void
seals_free(struct seals *seals)
{
    if (seals == NULL)
        return;
    free(seals->items);
    free(seals);
}

static struct seal *
find(const struct seals *seals, const struct site *site, struct period period)
{
    for (size_t i = 0; i < seals->count; i++) {
        if (seals->items[i].site == site && period_equal(seals->items[i].period, period))
            return &seals->items[i];
    }
    return NULL;
}

enum sp_error
seals_add(struct seals *seals, struct site *site, struct period period)
{
    if (find(seals, site, period) != NULL)
        return SP_OK;
    if (seals->count == seals->capacity) {
        size_t capacity = seals->capacity == 0 ? 64 : seals->capacity * 2;
        struct seal *items = realloc(seals->items, capacity * sizeof *items);
        if (items == NULL)
            return SP_NO_MEMORY;
        seals->items = items;
        seals->capacity = capacity;
    }
    seals->items[seals->count++] = (struct seal){ site, period, SEAL_DUE };
    return SP_OK;
}

static void
add_open(void *context, struct site *site)
{
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        if ((site->kinds & PERIOD_BIT(kind)) != 0 && seals_add(context, site, site->open[kind]) != SP_OK)
            return;
    }
}

void
seals_add_open(struct seals *seals, struct sites *sites)
{
    sites_each(sites, add_open, seals);
}

void
seals_set(struct seals *seals, struct site *site, struct period period, enum seal_state state)
{
    struct seal *seal = find(seals, site, period);
    if (seal != NULL)
        seal->state = state;
}

void
seals_remove(struct seals *seals, struct site *site, struct period period)
{
    struct seal *seal = find(seals, site, period);
    if (seal == NULL)
        return;
    *seal = seals->items[--seals->count];
}

void
seals_reopen(struct seals *seals, struct site *site)
{
    for (size_t i = 0; i < seals->count; i++) {
        if (seals->items[i].site == site)
            seals->items[i].state = SEAL_DUE;
    }
}

static bool
matches(const struct seal *seal, const struct site *site, enum seal_state state)
{
    return seal->state == state && (site == NULL || seal->site == site);
}

size_t
seals_next(const struct seals *seals, enum seal_state state, size_t *cursor, struct site **site, struct period *out,
           size_t max)
{
    size_t count = 0;
    size_t i = *cursor;
    *site = NULL;
    /* From the cursor on, the first site and whatever follows of it without a gap. */
    for (; i < seals->count && count < max; i++) {
        if (seals->items[i].state != state)
            continue;
        if (!matches(&seals->items[i], *site, state))
            break;
        *site = seals->items[i].site;
        out[count++] = seals->items[i].period;
    }
    *cursor = i;
    return count;
}

size_t
seals_count(const struct seals *seals)
{
    return seals->count;
}
