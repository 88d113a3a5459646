/* The counter table over its memory: laid out anew, or adopted from a process that ended. */
#include "counters_memory.h"

#include "sporlos/clock.h"
#include "sporlos/limits.h"
#include "sporlos/locked_memory.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TEXT_SHARE = 4,        /* a quarter of the memory is for texts */
    BYTES_A_RECORD = 4096, /* of memory, for one site's record */
    RECORD_MIN = 64,
    RECORD_MAX = 2 * SITE_COUNT_MAX,
    LEAVES_A_CHAIN = 8,
    CHAIN_MIN = 256,
};

static const int64_t VALUE_MAX = INT64_C(1) << 62; /* no leaf gets there; its check does not see the highest bit */

static uint32_t
power_of_two_from(uint32_t n)
{
    uint32_t p = 1;
    while (p < n)
        p *= 2;
    return p;
}

static uint32_t
bounded(uint64_t n, uint32_t min, uint32_t max)
{
    return n < min ? min : n > max ? max : (uint32_t)n;
}

struct counters_geometry
counters_geometry(size_t bytes)
{
    struct counters_geometry g = { .record_max = bounded(bytes / BYTES_A_RECORD, RECORD_MIN, RECORD_MAX) };
    size_t left = bytes - sizeof(struct counters_header) - g.record_max * sizeof(struct site_record);
    g.cell_max = bounded(left / TEXT_SHARE / (TEXT_CELL_BYTES + TEXT_INDEX_BYTES), 64, UINT32_MAX / 4);
    left -= left / TEXT_SHARE;
    /* A leaf, its company, two to three places of the index, an eighth of a chain: all within the bytes promised. */
    size_t leaf = sizeof(struct slot) + sizeof(struct slot_company) + 2 * sizeof(uint32_t) +
                  2 * sizeof(struct chain) / LEAVES_A_CHAIN;
    g.slot_max = bounded(left / leaf, 64, UINT32_MAX / 8);
    g.index_size = power_of_two_from(g.slot_max + g.slot_max / 7 + 1); /* at most 7/8 full: probing stays short */
    g.chain_size = power_of_two_from(bounded(g.slot_max / LEAVES_A_CHAIN, CHAIN_MIN, UINT32_MAX / 8));
    return g;
}

uint32_t
counters_leaves_in(size_t bytes)
{
    return bytes < COUNTERS_BYTES_MIN ? 0 : counters_geometry(bytes).slot_max;
}

static uint64_t
checksum(const struct counters_header *header)
{
    static const unsigned char key[crypto_shorthash_KEYBYTES] = "sporlos counters";
    uint64_t hash = 0;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)header, offsetof(struct counters_header, checksum),
                     key);
    return hash;
}

static void
lay_out(struct counters_header *header, size_t bytes, const unsigned char boot[BOOT_BYTES],
        const struct counters_geometry *g)
{
    unsigned char id[(SOURCE_TEXT_MAX - 1) / 2];
    *header = (struct counters_header){
        .version = COUNTERS_LAYOUT, .bytes = bytes, .accepted_not = UINT64_MAX, .cell_next = 1
    };
    set_slots(header, 0);
    header->record_max = g->record_max;
    header->slot_max = g->slot_max;
    header->cell_max = g->cell_max;
    memcpy(header->boot, boot, sizeof header->boot);
    random_bytes(header->leaf_key, sizeof header->leaf_key);
    random_bytes(header->text_key, sizeof header->text_key);
    random_bytes(id, sizeof id);
    sodium_bin2hex(header->source, SOURCE_TEXT_MAX, id, sizeof id);
    header->magic = COUNTERS_MAGIC;
    header->checksum = checksum(header);
}

/* Made by this program, of this size, during this boot, whole, and not given up. */
static bool
is_ours(const struct counters_header *header, size_t bytes, const unsigned char boot[BOOT_BYTES],
        const struct counters_geometry *g)
{
    return header->magic == COUNTERS_MAGIC && header->version == COUNTERS_LAYOUT && header->bytes == bytes &&
           header->checksum == checksum(header) && memcmp(header->boot, boot, BOOT_BYTES) == 0 &&
           header->record_max == g->record_max && header->slot_max == g->slot_max && header->cell_max == g->cell_max &&
           slots_of(header) <= header->slot_max && header->slots == slots_word(slots_of(header)) &&
           header->undo.count <= OBSERVED_LEAVES_MAX && !header->retired;
}

static enum sp_error
allocate(struct counters *counters, const struct counters_geometry *g)
{
    counters->index_mask = g->index_size - 1;
    counters->chain_mask = g->chain_size - 1;
    counters->index = calloc(g->index_size, sizeof *counters->index);
    counters->chains = calloc(g->chain_size, sizeof *counters->chains);
    counters->company_bytes = g->slot_max * sizeof *counters->company;
    counters->company = locked_memory_new(counters->company_bytes, NULL);
    if (counters->index == NULL || counters->chains == NULL || counters->company == NULL)
        return SP_NO_MEMORY;
    return SP_OK;
}

static void
place(struct counters *counters, void *memory, const struct counters_geometry *g, struct texts_memory *texts)
{
    unsigned char *at = memory;
    counters->header = memory;
    at += sizeof(struct counters_header);
    counters->records = (struct site_record *)(void *)at;
    at += g->record_max * sizeof(struct site_record);
    counters->slots = (struct slot *)(void *)at;
    at += g->slot_max * sizeof(struct slot);
    *texts = (struct texts_memory){ at, g->cell_max, &counters->header->cell_next, counters->header->text_key };
}

_Static_assert(sizeof(struct counters_header) % 8 == 0, "what follows the header is aligned");
_Static_assert(sizeof(struct site_record) % 8 == 0 && sizeof(struct slot) % 8 == 0, "and what follows that");

enum sp_error
counters_open(void *memory, size_t bytes, const unsigned char boot[BOOT_BYTES], struct counters **out,
              enum counters_opened *opened)
{
    *out = NULL;
    if (bytes < COUNTERS_BYTES_MIN)
        return SP_MALFORMED;
    struct counters_geometry g = counters_geometry(bytes);
    struct texts_memory texts;
    struct counters *counters = calloc(1, sizeof *counters);
    if (counters == NULL)
        return SP_NO_MEMORY;
    counters->changed_first = counters->changed_last = NO_SLOT;
    place(counters, memory, &g, &texts);
    *opened = counters->header->magic == 0 ? COUNTERS_FRESH : COUNTERS_ADOPTED;
    enum sp_error error = SP_OK;
    if (*opened == COUNTERS_FRESH)
        lay_out(counters->header, bytes, boot, &g);
    else if (!is_ours(counters->header, bytes, boot, &g))
        error = SP_MALFORMED;
    if (error == SP_OK)
        error = allocate(counters, &g);
    if (error == SP_OK)
        error = texts_open(&texts, &counters->texts);
    if (error == SP_OK && *opened == COUNTERS_ADOPTED)
        error = counters_adopt(counters);
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
    locked_memory_free(counters->company, counters->company_bytes);
    free(counters->index);
    free(counters->chains);
    free(counters);
}

/* A beacon was being applied when the process ended: take back what it had done. */
static enum sp_error
undo_beacon(struct counters *counters)
{
    struct undo *undo = &counters->header->undo;
    if (undo->armed != UNDO_ARMED && undo->armed != 0)
        return SP_MALFORMED;
    for (uint32_t i = undo->armed == 0 ? 0 : undo->count; i-- > 0;) {
        const struct undo_slot *before = &undo->slots[i];
        if (before->slot >= slots_of(counters->header))
            return SP_MALFORMED;
        struct slot *leaf = &counters->slots[before->slot];
        if (before->born) {
            *leaf = (struct slot){ .id = { .table = TABLE_COUNT } };
        } else {
            leaf->now = before->before;
        }
    }
    if (undo->armed != 0) {
        counters->header->accepted = undo->accepted;
        counters->header->accepted_not = ~undo->accepted;
    }
    atomic_signal_fence(memory_order_seq_cst); /* all is taken back before the record is given up */
    undo->armed = 0;
    atomic_signal_fence(memory_order_seq_cst);
    *undo = (struct undo){ 0 }; /* it says which leaves grew together */
    return SP_OK;
}

static bool
is_sound(const struct counters *counters, const struct slot *leaf)
{
    return leaf->id.table < TABLE_COUNT && leaf->id.kind < PERIOD_KIND_COUNT && leaf->id.zero == 0 &&
           leaf->id.site != TEXT_NONE && leaf->now.witnessed <= 1 && leaf->now.value > -VALUE_MAX &&
           leaf->now.value < VALUE_MAX &&
           leaf->now.check == slot_check(counters_hash(counters, &leaf->id), &leaf->now) &&
           texts_has(counters->texts, leaf->id.site) && texts_has(counters->texts, leaf->id.key) &&
           counters_find(counters, &leaf->id) == NO_SLOT;
}

/* A slot that says it is free, and would be whole with another table: not freed (counters_unlink), but overwritten. */
static bool
was_a_leaf(const struct counters *counters, const struct slot *slot)
{
    struct leaf_id id = slot->id;
    for (uint8_t table = 0; slot->id.site != TEXT_NONE && table < TABLE_COUNT; table++) {
        id.table = table;
        if (slot->now.check == slot_check(counters_hash(counters, &id), &slot->now))
            return true;
    }
    return false;
}

static bool
is_given_up(const struct counters *counters, const struct slot *slot)
{
    return slot->now.check == check_given_up(slot_check(counters_hash(counters, &slot->id), &slot->now));
}

static enum sp_error
adopt_slot(struct counters *counters, uint32_t slot)
{
    struct slot *leaf = &counters->slots[slot];
    if (leaf->id.table == TABLE_COUNT && was_a_leaf(counters, leaf))
        return SP_MALFORMED;
    if (leaf->id.table == TABLE_COUNT || is_given_up(counters, leaf)) {
        clear_slot(leaf);
        return SP_OK;
    }
    if (!is_sound(counters, leaf) || !counters_link(counters, slot))
        return SP_MALFORMED;
    counters_mark(counters, slot); /* whether Redis has it, nobody here knows */
    return SP_OK;
}

static bool
records_are_sound(const struct counters *counters)
{
    for (uint32_t i = 0; i < counters->header->record_max; i++) {
        const struct site_record *record = &counters->records[i];
        if (!texts_has(counters->texts, record->text) || record->mode >= MODE_COUNT ||
            record->flush_acked > record->flush_number)
            return false;
    }
    return true;
}

enum sp_error
counters_adopt(struct counters *counters)
{
    enum sp_error error = undo_beacon(counters);
    if (counters->header->accepted_not != ~counters->header->accepted)
        error = SP_MALFORMED;
    for (uint32_t slot = 0; error == SP_OK && slot < slots_of(counters->header); slot++)
        error = adopt_slot(counters, slot);
    return error == SP_OK && !records_are_sound(counters) ? SP_MALFORMED : error;
}
