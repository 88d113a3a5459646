#include "counters.h"

#include "counters_memory.h"
#include "sporlos/clock.h"
#include "sporlos/noise.h"
#include "sporlos/wipe.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { DRAWS_MAX = 64 /* of a slot: from there on the table is nearly full */ };

#define X(mode, name, tables, bound, variance, show, k, witnesses, window)                                             \
    _Static_assert((witnesses)-1 <= WITNESS_TOKENS_MAX, "a leaf has room for its tokens");
SP_MODES(X)
#undef X

const char *
counters_source(const struct counters *counters)
{
    return counters->header->source;
}

struct texts *
counters_texts(struct counters *counters)
{
    return counters->texts;
}

uint64_t
counters_accepted(const struct counters *counters)
{
    return counters->header->accepted;
}

void
counters_retire(struct counters *counters)
{
    counters->header->retired = 1;
}

struct site_record *
counters_site_record(struct counters *counters, uint32_t site)
{
    struct site_record *free_record = NULL;
    for (uint32_t i = 0; i < counters->header->record_max; i++) {
        struct site_record *record = &counters->records[i];
        if (record->text == site)
            return record;
        if (record->text == TEXT_NONE) {
            free_record = record; /* records are never given back, so nothing stands behind the first free one */
            break;
        }
    }
    if (free_record != NULL) {
        *free_record = (struct site_record){ .text = TEXT_NONE };
        atomic_signal_fence(memory_order_seq_cst);
        free_record->text = site;
    }
    return free_record;
}

uint32_t
counters_mark(struct counters *counters, uint32_t slot)
{
    struct slot_company *company = &counters->company[slot];
    if (company->changed || counters->slots[slot].id.table == TABLE_COUNT)
        return 0;
    company->changed = true;
    company->next = NO_SLOT;
    company->previous = counters->changed_last;
    if (counters->changed_last == NO_SLOT)
        counters->changed_first = slot;
    else
        counters->company[counters->changed_last].next = slot;
    counters->changed_last = slot;
    counters->changed_count++;
    return 1;
}

/* ---- slots ---- */

/* More slots to choose from, each of them free before anybody can choose it. */
static uint32_t
widen_region(struct counters *counters)
{
    struct counters_header *header = counters->header;
    uint32_t from = slots_of(header);
    uint32_t until = from < REGION_MIN ? REGION_MIN : from * 2;
    if (until > header->slot_max)
        until = header->slot_max;
    for (uint32_t slot = from; slot < until; slot++)
        counters->slots[slot] = (struct slot){ .id = { .table = TABLE_COUNT } };
    atomic_signal_fence(memory_order_seq_cst);
    set_slots(header, until);
    return until;
}

/*
 * A free slot, drawn, so that who has the memory does not learn in which order leaves were born: two that were born by
 * the same beacon do not lie together. At most half of the slots to choose from are taken, until there are no more.
 */
static uint32_t
take_slot(struct counters *counters)
{
    uint32_t region = slots_of(counters->header);
    if (counters->used >= region / 2 && region < counters->header->slot_max)
        region = widen_region(counters);
    if (counters->used >= region)
        return NO_SLOT;
    uint32_t slot = random_below(region);
    for (int tries = 0; tries < DRAWS_MAX && counters->slots[slot].id.table != TABLE_COUNT; tries++)
        slot = random_below(region);
    while (counters->slots[slot].id.table != TABLE_COUNT)
        slot = slot + 1 < region ? slot + 1 : 0;
    return slot;
}

/* From here on, that many pre-images are taken back. Each is complete before its slot changes. */
static void
remembered(struct undo *undo, unsigned count)
{
    atomic_signal_fence(memory_order_seq_cst);
    undo->count = count;
    atomic_signal_fence(memory_order_seq_cst);
}

/* Drawn for each leaf by itself, so that no two tell that they were born together. */
static int
birth_noise(const struct counters *counters, enum site_mode mode)
{
#ifdef SPORLOS_WITHOUT_INDEPENDENCE /* a test build: plain cell keys, where all leaves of a beacon share its key */
    return noise_from_bits(mode, (uint32_t)counters_mix(counters->header->accepted ^ counters->header->leaf_key[0]));
#else
    (void)counters;
    return noise_draw(mode);
#endif
}

static uint32_t
give_birth(struct counters *counters, const struct leaf_id *id, enum site_mode mode, struct undo *undo)
{
    uint32_t slot = take_slot(counters);
    if (slot == NO_SLOT)
        return NO_SLOT;
    struct slot *leaf = &counters->slots[slot];
    if (undo != NULL) {
        undo->slots[undo->count] = (struct undo_slot){ .slot = slot, .born = true };
        remembered(undo, undo->count + 1);
    }
    leaf->now = (struct slot_state){ .value = birth_noise(counters, mode) };
    leaf->now.check = slot_check(counters_hash(counters, id), &leaf->now);
    atomic_signal_fence(memory_order_seq_cst);
    leaf->id.site = id->site;
    leaf->id.key = id->key;
    atomic_signal_fence(memory_order_seq_cst);
    leaf->id.row = id->row; /* last: from here on it is a leaf */
    if (!counters_link(counters, slot)) {
        free_slot(leaf);
        if (undo != NULL)
            undo->count--;
        return NO_SLOT;
    }
    counters->company[slot].witness = (struct witness){ .count = 0 };
    return slot;
}

/* One more network that fed the leaf, if it is not one of those already seen in this window. True at the last needed.
 */
static __attribute__((noinline)) bool
witness(struct witness *seen, uint64_t leaf_hash, enum site_mode mode, struct witness_source source)
{
#ifdef SPORLOS_WITHOUT_WITNESS /* a test build, to see what is shown then; its version says so */
    return true;
#endif
    uint16_t token = (uint16_t)counters_mix(leaf_hash ^ source.digest);
    if (seen->window != source.window)
        *seen = (struct witness){ .window = source.window };
    for (unsigned i = 0; i < seen->count; i++) {
        if (seen->token[i] == token)
            return false;
    }
    if (seen->count + 1 < mode_table[mode].witnesses) {
        seen->token[seen->count++] = token;
        return false;
    }
    wipe(seen, sizeof *seen);
    return true;
}

static void
take_back(struct counters *counters, struct undo *undo)
{
    while (undo->count > 0) {
        const struct undo_slot *before = &undo->slots[undo->count - 1];
        struct slot *leaf = &counters->slots[before->slot];
        if (before->born) {
            counters_unlink(counters, before->slot);
        } else {
            leaf->now = before->before;
        }
        undo->count--;
    }
    undo->armed = 0;
}

/* A leaf of the beacon that is being applied. */
struct target {
    uint64_t hash;
    struct slot *leaf;
    struct slot_company *company;
};

/* The hashes, and a hint: what has to come from memory comes at the same time. */
static inline void
hash_all(const struct counters *counters, const struct leaf_id *leaves, unsigned count, struct target *targets)
{
    const uint32_t *index = counters->index;
    const uint32_t mask = counters->index_mask;
    const uint64_t keys[2] = { counters->header->leaf_key[0], counters->header->leaf_key[1] };
    for (unsigned i = 0; i < count; i++) {
        targets[i].hash = leaf_hash(keys, &leaves[i]);
        __builtin_prefetch(&index[(uint32_t)targets[i].hash & mask]);
    }
}

/* Find all before any is changed, and write down what they were; those that are not there are born. */
static inline enum sp_error
find_all(struct counters *counters, const struct leaf_id *leaves, unsigned count, enum site_mode mode,
         struct target *targets)
{
    struct undo *undo = &counters->header->undo;
    struct slot *slots = counters->slots;
    struct slot_company *company = counters->company;
    for (unsigned i = 0; i < count; i++) {
        uint32_t slot = counters->index[place_of_leaf(counters, &leaves[i], targets[i].hash)] - 1;
        if (slot != NO_SLOT) {
            undo->slots[i] = (struct undo_slot){ slots[slot].now, slot, false };
        } else {
            remembered(undo, i);
            slot = give_birth(counters, &leaves[i], mode, undo);
            if (slot == NO_SLOT)
                return SP_FULL;
        }
        targets[i].leaf = &slots[slot];
        targets[i].company = &company[slot];
    }
    remembered(undo, count);
    return SP_OK;
}

static inline void
add_one(struct counters *counters, const struct target *target, enum site_mode mode, const struct feeder *feeder)
{
    struct slot_state *now = &target->leaf->now;
    now->value++;
    if (!now->witnessed && witness(&target->company->witness, target->hash, mode,
                                   feeder->source(feeder->context, (enum period_kind)target->leaf->id.kind)))
        now->witnessed = 1;
    now->check = slot_check(target->hash, now);
    if (!target->company->changed)
        counters_mark(counters, (uint32_t)(target->leaf - counters->slots));
}

enum sp_error
counters_apply(struct counters *counters, const struct leaf_id *leaves, unsigned count, enum site_mode mode,
               bool accepted, const struct feeder *feeder)
{
    struct target targets[OBSERVED_LEAVES_MAX];
    struct counters_header *header = counters->header;
    struct undo *undo = &header->undo;
    hash_all(counters, leaves, count, targets);
    undo->count = 0;
    undo->accepted = header->accepted;
    atomic_signal_fence(memory_order_seq_cst);
    undo->armed = UNDO_ARMED;
    if (find_all(counters, leaves, count, mode, targets) != SP_OK) {
        take_back(counters, undo);
        return SP_FULL;
    }
    for (unsigned i = 0; i < count; i++)
        add_one(counters, &targets[i], mode, feeder);
    header->accepted = undo->accepted + accepted;
    header->accepted_not = ~header->accepted;
    atomic_signal_fence(memory_order_seq_cst);
    undo->armed = 0;
    atomic_signal_fence(memory_order_seq_cst);
    memset(undo->slots, 0, count * sizeof undo->slots[0]); /* they say which leaves grew together */
    return SP_OK;
}

enum sp_error
counters_birth(struct counters *counters, const struct leaf_id *id, enum site_mode mode)
{
    if (counters_find(counters, id) != NO_SLOT)
        return SP_OK;
    uint32_t slot = give_birth(counters, id, mode, NULL);
    if (slot == NO_SLOT)
        return SP_FULL;
    counters_mark(counters, slot);
    return SP_OK;
}

struct leaf
counters_leaf(const struct counters *counters, uint32_t slot)
{
    const struct slot *leaf = &counters->slots[slot];
    return (struct leaf){ leaf->id, leaf->now.value, leaf->now.witnessed != 0, counters->company[slot].changed };
}

const struct leaf_id *
counters_id(const struct counters *counters, uint32_t slot)
{
    return &counters->slots[slot].id;
}

uint32_t
counters_slots(const struct counters *counters)
{
    return slots_of(counters->header);
}

uint32_t
counters_take_changed(struct counters *counters, uint32_t *slots, uint32_t max)
{
    uint32_t taken = 0;
    while (taken < max && counters->changed_first != NO_SLOT) {
        uint32_t slot = counters->changed_first;
        counters->changed_first = counters->company[slot].next;
        counters->company[slot].changed = false;
        slots[taken++] = slot;
    }
    if (counters->changed_first == NO_SLOT)
        counters->changed_last = NO_SLOT;
    else
        counters->company[counters->changed_first].previous = NO_SLOT;
    counters->changed_count -= taken;
    return taken;
}

struct counters_statistics
counters_statistics(const struct counters *counters)
{
    return (struct counters_statistics){
        .leaves = counters->used,
        .leaves_max = counters->header->slot_max,
        .text_cells = texts_cells_used(counters->texts),
        .text_cells_max = texts_cells_all(counters->texts),
        .changed = counters->changed_count,
        .bytes = counters->header->bytes,
    };
}
