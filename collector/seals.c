#include "seals.h"

#include <stdlib.h>

struct seal {
    struct site *site;
    struct period period;
    enum seal_state state;
    struct seal *next, *previous; /* of all */
    struct seal *sibling;         /* of the same site */
};

/* A handful a site, in the order in which they ended. */
struct seals {
    struct seal *first, *last;
    struct seal *walk; /* where the walk goes on */
    size_t count;
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
    while (seals->first != NULL) {
        struct seal *next = seals->first->next;
        free(seals->first);
        seals->first = next;
    }
    free(seals);
}

static struct seal *
find(const struct site *site, struct period period)
{
    struct seal *seal = site->seals;
    while (seal != NULL && !period_equal(seal->period, period))
        seal = seal->sibling;
    return seal;
}

enum sp_error
seals_add(struct seals *seals, struct site *site, struct period period)
{
    if (find(site, period) != NULL)
        return SP_OK;
    struct seal *seal = malloc(sizeof *seal);
    if (seal == NULL)
        return SP_NO_MEMORY;
    *seal = (struct seal){ site, period, SEAL_ENDED, NULL, seals->last, site->seals };
    site->seals = seal;
    if (seals->last == NULL)
        seals->first = seal;
    else
        seals->last->next = seal;
    seals->last = seal;
    seals->count++;
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
    struct seal *seal = find(site, period);
    (void)seals;
    if (seal != NULL)
        seal->state = state;
}

void
seals_remove(struct seals *seals, struct site *site, struct period period)
{
    struct seal *seal = find(site, period);
    if (seal == NULL)
        return;
    struct seal **link = &site->seals;
    while (*link != seal)
        link = &(*link)->sibling;
    *link = seal->sibling;
    if (seals->walk == seal)
        seals->walk = seal->next;
    if (seal->previous == NULL)
        seals->first = seal->next;
    else
        seal->previous->next = seal->next;
    if (seal->next == NULL)
        seals->last = seal->previous;
    else
        seal->next->previous = seal->previous;
    seals->count--;
    free(seal);
}

void
seals_each_of(struct seals *seals, struct site *site, seals_visit *visit, void *context)
{
    (void)seals;
    for (const struct seal *seal = site->seals; seal != NULL; seal = seal->sibling)
        visit(context, site, seal->period);
}

void
seals_reopen(struct seals *seals, struct site *site)
{
    (void)seals;
    for (struct seal *seal = site->seals; seal != NULL; seal = seal->sibling)
        seal->state = SEAL_ENDED;
}

void
seals_begin_round(struct seals *seals)
{
    for (struct seal *seal = seals->first; seal != NULL; seal = seal->next) {
        if (seal->state == SEAL_ENDED)
            seal->state = SEAL_DUE;
    }
}

void
seals_rewind(struct seals *seals)
{
    seals->walk = seals->first;
}

size_t
seals_next(struct seals *seals, enum seal_state state, struct site **site, struct period *out, size_t max)
{
    size_t count = 0;
    *site = NULL;
    for (; seals->walk != NULL && count < max; seals->walk = seals->walk->next) {
        if (seals->walk->state != state)
            continue;
        if (*site != NULL && seals->walk->site != *site)
            break;
        *site = seals->walk->site;
        out[count++] = seals->walk->period;
    }
    return count;
}

size_t
seals_count(const struct seals *seals)
{
    return seals->count;
}

size_t
seals_unsealed(const struct seals *seals)
{
    size_t count = 0;
    for (const struct seal *seal = seals->first; seal != NULL; seal = seal->next)
        count += seal->state != SEAL_DONE;
    return count;
}
