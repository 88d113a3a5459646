/* Where a leaf is: the index by identity, the chains by site and period, the queue of changed ones. */
#include "counters_memory.h"

static uint32_t
place_of(const struct counters *counters, const struct leaf_id *id)
{
    return place_of_leaf(counters, id, counters_hash(counters, id));
}

uint32_t
counters_find(const struct counters *counters, const struct leaf_id *id)
{
    return counters->index[place_of(counters, id)] - 1; /* an empty place, 0, gives NO_SLOT */
}

/* Empty a place of the index and move up those behind it that probed past it. */
static void
vacate(struct counters *counters, uint32_t place)
{
    uint32_t hole = place;
    for (uint32_t at = (place + 1) & counters->index_mask; counters->index[at] != 0;
         at = (at + 1) & counters->index_mask) {
        const struct leaf_id *id = &counters->slots[counters->index[at] - 1].id;
        uint32_t home = (uint32_t)counters_hash(counters, id) & counters->index_mask;
        if (((at - home) & counters->index_mask) >= ((at - hole) & counters->index_mask)) {
            counters->index[hole] = counters->index[at];
            hole = at;
        }
    }
    counters->index[hole] = 0;
}

static uint32_t
chain_home(const struct counters *counters, uint32_t site, uint32_t kind, int32_t period)
{
    uint64_t x = (uint64_t)site << 32 | (uint32_t)period;
    return (uint32_t)counters_mix(x ^ (uint64_t)kind << 30 ^ counters->header->leaf_key[0]) & counters->chain_mask;
}

static uint32_t
chain_place(const struct counters *counters, uint32_t site, uint32_t kind, int32_t period)
{
    uint32_t at = chain_home(counters, site, kind, period);
    const struct chain *chains = counters->chains;
    while (chains[at].site != TEXT_NONE &&
           (chains[at].site != site || chains[at].kind != kind || chains[at].period != period))
        at = (at + 1) & counters->chain_mask;
    return at;
}

static void
chain_vacate(struct counters *counters, uint32_t place)
{
    uint32_t hole = place;
    struct chain *chains = counters->chains;
    for (uint32_t at = (place + 1) & counters->chain_mask; chains[at].site != TEXT_NONE;
         at = (at + 1) & counters->chain_mask) {
        uint32_t home = chain_home(counters, chains[at].site, chains[at].kind, chains[at].period);
        if (((at - home) & counters->chain_mask) >= ((at - hole) & counters->chain_mask)) {
            chains[hole] = chains[at];
            hole = at;
        }
    }
    chains[hole] = (struct chain){ .site = TEXT_NONE };
    counters->chain_count--;
}

bool
counters_link(struct counters *counters, uint32_t slot)
{
    const struct slot *leaf = &counters->slots[slot];
    struct chain *chain = &counters->chains[chain_place(counters, leaf->id.site, leaf->id.kind, leaf->id.period)];
    if (chain->site == TEXT_NONE) {
        if (counters->chain_count >= counters->chain_mask - counters->chain_mask / 8)
            return false;
        *chain = (struct chain){ leaf->id.site, leaf->id.period, leaf->id.kind, NO_SLOT };
        counters->chain_count++;
    }
    counters->company[slot].sibling = chain->first;
    chain->first = slot;
    counters->index[place_of(counters, &leaf->id)] = slot + 1;
    counters->used++;
    return true;
}

static void
leave_queue(struct counters *counters, const struct slot_company *leaving)
{
    if (!leaving->changed)
        return;
    if (leaving->previous == NO_SLOT)
        counters->changed_first = leaving->next;
    else
        counters->company[leaving->previous].next = leaving->next;
    if (leaving->next == NO_SLOT)
        counters->changed_last = leaving->previous;
    else
        counters->company[leaving->next].previous = leaving->previous;
    counters->changed_count--;
}

/* All of a slot but what points to it in the chain. */
static void
forget(struct counters *counters, uint32_t slot)
{
    struct slot *leaf = &counters->slots[slot];
    leave_queue(counters, &counters->company[slot]);
    vacate(counters, place_of(counters, &leaf->id));
    counters->company[slot] = (struct slot_company){ .changed = false };
    free_slot(leaf);
    counters->used--;
}

void
counters_unlink(struct counters *counters, uint32_t slot)
{
    const struct leaf_id *id = &counters->slots[slot].id;
    uint32_t place = chain_place(counters, id->site, id->kind, id->period);
    uint32_t *link = &counters->chains[place].first;
    while (*link != slot)
        link = &counters->company[*link].sibling;
    *link = counters->company[slot].sibling;
    if (counters->chains[place].first == NO_SLOT)
        chain_vacate(counters, place);
    forget(counters, slot);
}

uint32_t
counters_drop(struct counters *counters, uint32_t site, struct period period)
{
    uint32_t place = chain_place(counters, site, period.kind, period.index);
    uint32_t dropped = 0;
    if (counters->chains[place].site == TEXT_NONE)
        return 0;
    for (uint32_t slot = counters->chains[place].first; slot != NO_SLOT; dropped++) {
        uint32_t next = counters->company[slot].sibling;
        forget(counters, slot);
        slot = next;
    }
    chain_vacate(counters, place);
    return dropped;
}

uint32_t
counters_drop_tables(struct counters *counters, uint32_t site, struct period period, unsigned tables)
{
    const struct chain *chain = &counters->chains[chain_place(counters, site, period.kind, period.index)];
    uint32_t dropped = 0;
    uint32_t slot = chain->site == TEXT_NONE ? NO_SLOT : chain->first;
    while (slot != NO_SLOT) {
        uint32_t next = counters->company[slot].sibling;
        if ((tables & 1U << counters->slots[slot].id.table) != 0) {
            counters_unlink(counters, slot);
            dropped++;
        }
        slot = next;
    }
    return dropped;
}

uint32_t
counters_mark_period(struct counters *counters, uint32_t site, struct period period)
{
    const struct chain *chain = &counters->chains[chain_place(counters, site, period.kind, period.index)];
    uint32_t marked = 0;
    if (chain->site == TEXT_NONE)
        return 0;
    for (uint32_t slot = chain->first; slot != NO_SLOT; slot = counters->company[slot].sibling)
        marked += counters_mark(counters, slot);
    return marked;
}

void
counters_each_period(const struct counters *counters, counters_period_visit *visit, void *context)
{
    for (uint32_t i = 0; i <= counters->chain_mask; i++) {
        const struct chain *chain = &counters->chains[i];
        if (chain->site != TEXT_NONE)
            visit(context, chain->site, (struct period){ (enum period_kind)chain->kind, chain->period });
    }
}
