#include "counters.h"

#include "sporlos/clock.h"
#include "sporlos/noise.h"

#include <sodium.h>
#include <stdlib.h>

enum {
    WITNESS_TOKENS_MAX = 4, /* one less than the most witnesses a mode asks for fits */
    COUNTERS_BYTES_MIN = 1 << 20,
    TEXT_SHARE = 4, /* a quarter of the memory is for texts */
    NO_SLOT = UINT32_MAX,
};

#define X(mode, name, tables, bound, variance, show, k, witnesses, window)                                             \
    _Static_assert((witnesses)-1 <= WITNESS_TOKENS_MAX, "a leaf has room for its tokens");
SP_MODES(X)
#undef X

struct slot {
    struct leaf_id id;
    int64_t value;
    uint32_t next; /* in the queue of changed ones, or in the free list */
    uint8_t changed;
    uint8_t witnessed;
    uint16_t zero;
};

/*
 * Apart from the slots, because these alone come from addresses: RAM of this process, locked and left out of core
 * dumps, and never sent.
 */
struct witness {
    uint16_t token[WITNESS_TOKENS_MAX];
    uint16_t window;
    uint16_t count;
};

struct counters {
    struct slot *slots;
    struct witness *witnesses;
    uint32_t *index; /* open addressing, linear probing; slot + 1, 0 is empty */
    uint32_t index_mask;
    uint32_t slot_max;
    uint32_t slot_next; /* first one never used */
    uint32_t free;      /* list of dropped ones */
    uint32_t used;
    uint32_t changed_first, changed_last, changed_count;
    uint64_t key[2];
    struct texts *texts;
    size_t bytes;
};

static uint32_t
power_of_two_below(uint64_t n)
{
    uint32_t p = 1;
    while ((uint64_t)p * 2 <= n)
        p *= 2;
    return p;
}

static enum sp_error
allocate(struct counters *counters, size_t bytes)
{
    size_t per_leaf = sizeof(struct slot) + sizeof(struct witness) + 2 * sizeof(uint32_t);
    uint64_t leaf_max = (bytes - bytes / TEXT_SHARE) / per_leaf;
    counters->slot_max = (uint32_t)(leaf_max < NO_SLOT / 4 ? leaf_max : NO_SLOT / 4);
    counters->index_mask = power_of_two_below(2 * (uint64_t)counters->slot_max) - 1;
    /* Above 7/8 full, linear probing gets slow; the index is a power of two, so leaves give way. */
    uint32_t fill_max = counters->index_mask - counters->index_mask / 8;
    if (counters->slot_max > fill_max)
        counters->slot_max = fill_max;
    counters->slots = calloc(counters->slot_max, sizeof *counters->slots);
    counters->index = calloc((size_t)counters->index_mask + 1, sizeof *counters->index);
    counters->witnesses = sodium_allocarray(counters->slot_max, sizeof *counters->witnesses);
    if (counters->slots == NULL || counters->index == NULL || counters->witnesses == NULL)
        return SP_NO_MEMORY;
    /* A text of 16 to 48 bytes takes two cells of 32 bytes and 4 bytes of index each. */
    return texts_new((uint32_t)(bytes / TEXT_SHARE / (32 + 2 * sizeof(uint32_t))), &counters->texts);
}

enum sp_error
counters_new(size_t bytes, struct counters **out)
{
    *out = NULL;
    if (bytes < COUNTERS_BYTES_MIN)
        return SP_MALFORMED;
    struct counters *counters = calloc(1, sizeof *counters);
    if (counters == NULL)
        return SP_NO_MEMORY;
    counters->changed_first = counters->changed_last = counters->free = NO_SLOT;
    counters->bytes = bytes;
    random_bytes(counters->key, sizeof counters->key);
    enum sp_error error = allocate(counters, bytes);
    if (error != SP_OK) {
        counters_free(counters);
        return error;
    }
    *out = counters;
    return SP_OK;
}

void
counters_free(struct counters *counters)
{
    if (counters == NULL)
        return;
    texts_free(counters->texts);
    sodium_free(counters->witnesses);
    free(counters->slots);
    free(counters->index);
    free(counters);
}

struct texts *
counters_texts(struct counters *counters)
{
    return counters->texts;
}

/*
 * Identities are our own small numbers, so mixing with a secret key is enough: texts, which outsiders choose, were
 * hashed with SipHash when they got their number. Finalizer: MurmurHash3's fmix64.
 */
static uint64_t
mix(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x *= UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ x >> 33;
}

static uint64_t
hash_of(const struct counters *counters, const struct leaf_id *id)
{
    uint64_t half[2];
    memcpy(half, id, sizeof half);
    return mix(mix(half[0] ^ counters->key[0]) + (half[1] ^ counters->key[1]));
}

static bool
same(const struct leaf_id *a, const struct leaf_id *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

/* Where in the index the leaf is, or the empty place where it would go. */
static uint32_t
place_of(const struct counters *counters, const struct leaf_id *id, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & counters->index_mask;
    while (counters->index[at] != 0 && !same(&counters->slots[counters->index[at] - 1].id, id))
        at = (at + 1) & counters->index_mask;
    return at;
}

uint32_t
counters_mark(struct counters *counters, uint32_t slot)
{
    struct slot *leaf = &counters->slots[slot];
    if (leaf->changed || leaf->id.table == TABLE_COUNT)
        return 0;
    leaf->changed = 1;
    leaf->next = NO_SLOT;
    if (counters->changed_last == NO_SLOT)
        counters->changed_first = slot;
    else
        counters->slots[counters->changed_last].next = slot;
    counters->changed_last = slot;
    counters->changed_count++;
    return 1;
}

static uint32_t
take_slot(struct counters *counters)
{
    uint32_t slot = counters->free;
    if (slot != NO_SLOT)
        counters->free = counters->slots[slot].next;
    else if (counters->slot_next < counters->slot_max)
        slot = counters->slot_next++;
    return slot;
}

static uint32_t
give_birth(struct counters *counters, const struct leaf_id *id, enum site_mode mode, uint32_t place)
{
    uint32_t slot = take_slot(counters);
    if (slot == NO_SLOT)
        return NO_SLOT;
    counters->slots[slot] = (struct slot){ .id = *id, .value = noise_draw(mode), .next = NO_SLOT };
    counters->witnesses[slot] = (struct witness){ .count = 0 };
    counters->index[place] = slot + 1;
    counters->used++;
    return slot;
}

/* One more network that fed the leaf, if it is not one of those already seen in this window. */
static void
witness(struct counters *counters, uint32_t slot, uint64_t leaf_hash, enum site_mode mode, struct witness_source source)
{
    struct witness *seen = &counters->witnesses[slot];
    uint16_t token = (uint16_t)mix(leaf_hash ^ source.digest);
    if (seen->window != source.window)
        *seen = (struct witness){ .window = source.window };
    for (uint16_t i = 0; i < seen->count; i++) {
        if (seen->token[i] == token)
            return;
    }
    if (seen->count + 1 < mode_table[mode].witnesses) {
        seen->token[seen->count++] = token;
        return;
    }
    counters->slots[slot].witnessed = 1;
    sodium_memzero(seen, sizeof *seen);
}

enum sp_error
counters_add(struct counters *counters, const struct leaf_id *id, enum site_mode mode, struct witness_source source)
{
    uint64_t hash = hash_of(counters, id);
    uint32_t place = place_of(counters, id, hash);
    uint32_t slot = counters->index[place] - 1; /* NO_SLOT when it is empty */
    if (slot == NO_SLOT && (slot = give_birth(counters, id, mode, place)) == NO_SLOT)
        return SP_FULL;
    counters->slots[slot].value++;
    if (!counters->slots[slot].witnessed)
        witness(counters, slot, hash, mode, source);
    counters_mark(counters, slot);
    return SP_OK;
}

bool
counters_have_room(const struct counters *counters, uint32_t leaves)
{
    return counters->slot_max - counters->used >= leaves;
}

struct leaf
counters_leaf(const struct counters *counters, uint32_t slot)
{
    const struct slot *leaf = &counters->slots[slot];
    return (struct leaf){ leaf->id, leaf->value, leaf->witnessed != 0, leaf->changed != 0 };
}

bool
counters_has(const struct counters *counters, const struct leaf_id *id)
{
    return counters->index[place_of(counters, id, hash_of(counters, id))] != 0;
}

uint32_t
counters_slots(const struct counters *counters)
{
    return counters->slot_next;
}

uint32_t
counters_mark_site(struct counters *counters, uint32_t site)
{
    uint32_t marked = 0;
    for (uint32_t slot = 0; slot < counters->slot_next; slot++) {
        if (counters->slots[slot].id.site == site)
            marked += counters_mark(counters, slot);
    }
    return marked;
}

uint32_t
counters_take_changed(struct counters *counters, uint32_t *slots, uint32_t max)
{
    uint32_t taken = 0;
    while (taken < max && counters->changed_first != NO_SLOT) {
        uint32_t slot = counters->changed_first;
        counters->changed_first = counters->slots[slot].next;
        counters->slots[slot].changed = 0;
        slots[taken++] = slot;
    }
    if (counters->changed_first == NO_SLOT)
        counters->changed_last = NO_SLOT;
    counters->changed_count -= taken;
    return taken;
}

/* Empty a place of the index and move up those behind it that probed past it. */
static void
vacate(struct counters *counters, uint32_t place)
{
    uint32_t hole = place;
    for (uint32_t at = (place + 1) & counters->index_mask; counters->index[at] != 0;
         at = (at + 1) & counters->index_mask) {
        const struct leaf_id *id = &counters->slots[counters->index[at] - 1].id;
        uint32_t home = (uint32_t)hash_of(counters, id) & counters->index_mask;
        if (((at - home) & counters->index_mask) >= ((at - hole) & counters->index_mask)) {
            counters->index[hole] = counters->index[at];
            hole = at;
        }
    }
    counters->index[hole] = 0;
}

static bool
belongs(const struct slot *leaf, uint32_t site, struct period period)
{
    return leaf->id.table != TABLE_COUNT && leaf->id.site == site && leaf->id.kind == period.kind &&
           leaf->id.period == period.index;
}

static void
drop(struct counters *counters, uint32_t slot)
{
    struct slot *leaf = &counters->slots[slot];
    vacate(counters, place_of(counters, &leaf->id, hash_of(counters, &leaf->id)));
    sodium_memzero(&counters->witnesses[slot], sizeof counters->witnesses[slot]);
    *leaf = (struct slot){ .id = { .table = TABLE_COUNT }, .next = counters->free };
    counters->free = slot;
    counters->used--;
}

/* Take dropped leaves out of the queue of changed ones before their links are used otherwise. */
static void
unqueue(struct counters *counters, uint32_t site, struct period period)
{
    uint32_t *link = &counters->changed_first;
    counters->changed_last = NO_SLOT;
    while (*link != NO_SLOT) {
        struct slot *leaf = &counters->slots[*link];
        if (belongs(leaf, site, period)) {
            leaf->changed = 0;
            counters->changed_count--;
            *link = leaf->next;
        } else {
            counters->changed_last = *link;
            link = &leaf->next;
        }
    }
}

uint32_t
counters_drop(struct counters *counters, uint32_t site, struct period period)
{
    uint32_t dropped = 0;
    unqueue(counters, site, period);
    for (uint32_t slot = 0; slot < counters->slot_next; slot++) {
        if (belongs(&counters->slots[slot], site, period)) {
            drop(counters, slot);
            dropped++;
        }
    }
    return dropped;
}

struct counters_statistics
counters_statistics(const struct counters *counters)
{
    return (struct counters_statistics){
        .leaves = counters->used,
        .leaves_max = counters->slot_max,
        .text_cells = texts_cells_used(counters->texts),
        .text_cells_max = texts_cells_all(counters->texts),
        .changed = counters->changed_count,
        .bytes = counters->bytes,
    };
}
