/* How the counter table lies in its memory. For counters*.c alone. */
#ifndef SPORLOS_COLLECTOR_COUNTERS_MEMORY_H
#define SPORLOS_COLLECTOR_COUNTERS_MEMORY_H

#include "counters.h"

#include <stdatomic.h>

enum {
    COUNTERS_MAGIC = 0x53504c31, /* 'SPL1' */
    /* 2: another hash of texts, the count of beacons and the undo record checked; 3: what is in force; 4: slots without
       queue and chain, more tables, an undo record of more slots; 5: another hash of leaves; 6: the undo record has the
       state of a slot as it lies there, the number of slots is checked */
    COUNTERS_VERSION = 6,
    /* What lies in the memory is laid out by these: an older program's is not adopted. */
    COUNTERS_LAYOUT = COUNTERS_VERSION << 16 | OBSERVED_LEAVES_MAX << 8 | TABLE_COUNT,
    UNDO_ARMED = 0x554e444f, /* no single byte away from 0 */
    WITNESS_TOKENS_MAX = 4,  /* one less than the most witnesses a mode asks for fits */
    REGION_MIN = 1 << 16,    /* slots among which the first leaves find their places */
    NO_SLOT = UINT32_MAX,
};

/* What a beacon changes of a slot. */
struct slot_state {
    int64_t value;
    uint32_t check; /* of all that must survive; slot_check */
    uint8_t witnessed;
    uint8_t zero[3];
};

/* Of a slot before a beacon. */
struct undo_slot {
    struct slot_state before;
    uint32_t slot;
    uint32_t born; /* it was free */
};

struct undo {
    uint32_t armed; /* UNDO_ARMED while a beacon is being applied, else 0 */
    uint32_t count;
    uint64_t accepted;
    struct undo_slot slots[OBSERVED_LEAVES_MAX];
};

/* At the start of the memory. Up to 'checksum' it never changes after the table was made. */
struct counters_header {
    uint32_t magic;
    uint32_t version;
    uint64_t bytes;
    uint32_t record_max, slot_max, cell_max, zero;
    unsigned char boot[BOOT_BYTES];
    uint64_t leaf_key[2];
    unsigned char text_key[TEXT_KEY_BYTES];
    char source[SOURCE_TEXT_MAX + 7];
    uint64_t checksum; /* SipHash of all above */
    uint64_t accepted;
    uint64_t accepted_not; /* its complement: a number that was overwritten is not reported */
    uint64_t slots;        /* counters_slots, and its complement in the upper half: written at once, checked */
    uint32_t cell_next;    /* the texts' */
    uint32_t retired;
    struct undo undo;
};

/* Where a leaf lies tells nothing: its slot is drawn. What would tell more (queue, chain) is no part of this memory. */
struct slot {
    struct leaf_id id; /* table TABLE_COUNT: free */
    struct slot_state now;
};

/* Tokens of the networks that fed a leaf, until there are enough. */
struct witness {
    uint16_t token[WITNESS_TOKENS_MAX];
    uint16_t window;
    uint8_t count;
};

/*
 * The half of a slot that is in this process alone, locked and left out of core dumps: the tokens, because only these
 * come from addresses, and what tells which leaves grew at the same time. Never sent, gone with the process.
 */
struct slot_company {
    struct witness witness;
    bool changed;            /* since it was last taken; in the queue */
    uint32_t next, previous; /* in the queue */
    uint32_t sibling;        /* next one of the same site and period */
};

/* The leaves of one site and period, chained. */
struct chain {
    uint32_t site; /* TEXT_NONE: empty */
    int32_t period;
    uint32_t kind;
    uint32_t first;
};

struct counters {
    /* in the memory that outlives the process */
    struct counters_header *header;
    struct site_record *records;
    struct slot *slots;
    /* in this process */
    struct slot_company *company; /* of each slot */
    size_t company_bytes;
    uint32_t *index; /* open addressing, linear probing; slot + 1, 0 is empty */
    uint32_t index_mask;
    struct chain *chains; /* the same; never more than 7/8 full */
    uint32_t chain_mask, chain_count;
    uint32_t used;
    uint32_t changed_first, changed_last, changed_count;
    struct texts *texts;
};

/* How many of each fit in that many bytes. */
struct counters_geometry {
    uint32_t record_max, slot_max, cell_max, index_size, chain_size;
};
struct counters_geometry counters_geometry(size_t bytes);

/*
 * Identities are our own small numbers, so mixing with a secret key is enough: texts, which outsiders choose, were
 * hashed with SipHash when they got their number. Here the finalizer of MurmurHash3 (fmix64).
 */
static inline uint64_t
counters_mix(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    x *= UINT64_C(0xc4ceb9fe1a85ec53);
    return x ^ x >> 33;
}

/* Both halves in one product, folded: the step of Wang Yi's wyhash. */
static inline uint64_t
leaf_hash(const uint64_t keys[2], const struct leaf_id *id)
{
    uint64_t half[2];
    memcpy(half, id, sizeof half);
    __extension__ const unsigned __int128 product = (unsigned __int128)(half[0] ^ keys[0]) * (half[1] ^ keys[1]);
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

static inline uint64_t
counters_hash(const struct counters *counters, const struct leaf_id *id)
{
    return leaf_hash(counters->header->leaf_key, id);
}

static inline bool
same_leaf(const struct leaf_id *a, const struct leaf_id *b)
{
    uint64_t left[2];
    uint64_t right[2];
    memcpy(left, a, sizeof left);
    memcpy(right, b, sizeof right);
    return ((left[0] ^ right[0]) | (left[1] ^ right[1])) == 0;
}

/*
 * Of a slot whose identity has that hash. Not against malice, which could compute it: against memory that was
 * overwritten.
 */
static inline uint32_t
slot_check(uint64_t hash, const struct slot_state *state)
{
    return (uint32_t)((hash ^ ((uint64_t)state->value << 1 | state->witnessed)) * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

/* What the check of a leaf becomes that is given up: damage to its table alone does not look like that. */
static inline uint32_t
check_given_up(uint32_t check)
{
    return ~check;
}

/* Of a leaf that was given up, or of a free slot, all that is left. Not all at once: that may pass through a table. */
static inline void
clear_slot(struct slot *slot)
{
    slot->id.table = TABLE_COUNT;
    atomic_signal_fence(memory_order_seq_cst);
    slot->id.site = slot->id.key = TEXT_NONE;
    slot->id.period = 0;
    slot->id.kind = 0;
    slot->now = (struct slot_state){ .value = 0 };
}

/* Whoever dies on the way leaves a slot that is free, or a leaf that was given up. */
static inline void
free_slot(struct slot *slot)
{
    slot->now.check = check_given_up(slot->now.check);
    atomic_signal_fence(memory_order_seq_cst);
    clear_slot(slot);
}

static inline uint64_t
slots_word(uint32_t count)
{
    return count | (uint64_t)~count << 32;
}

/* Slots below that number are leaves or free; those from it on were never touched. */
static inline void
set_slots(struct counters_header *header, uint32_t count)
{
    header->slots = slots_word(count);
}

static inline uint32_t
slots_of(const struct counters_header *header)
{
    return (uint32_t)header->slots;
}

/* Where in the index the leaf of that hash is, or the empty place where it would go. */
static inline uint32_t
place_of_leaf(const struct counters *counters, const struct leaf_id *id, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & counters->index_mask;
    while (counters->index[at] != 0 && !same_leaf(&counters->slots[counters->index[at] - 1].id, id))
        at = (at + 1) & counters->index_mask;
    return at;
}

/* Put a slot whose id and value are set into index and chain. False: no chain is free, nothing has changed. */
bool counters_link(struct counters *counters, uint32_t slot);
/* Take a linked slot out of index, chain and queue, and free it. */
void counters_unlink(struct counters *counters, uint32_t slot);
/* The slot of a leaf, or NO_SLOT. */
uint32_t counters_find(const struct counters *counters, const struct leaf_id *id);

/* Check, repair and index what another process left; every leaf is marked as changed. */
SP_MUST_CHECK enum sp_error counters_adopt(struct counters *counters);

#endif
