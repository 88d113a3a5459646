/*
 * The counter table: every open leaf of this source, with its absolute value, born noisy. Fixed memory, open
 * addressing, no allocation after the start.
 */
#ifndef SPORLOS_COLLECTOR_COUNTERS_H
#define SPORLOS_COLLECTOR_COUNTERS_H

#include "sporlos/period.h"
#include "sporlos/table.h"
#include "texts.h"

#include <stdbool.h>
#include <stdint.h>

/* Which leaf. 16 bytes without padding, compared and hashed as such. */
struct leaf_id {
    uint32_t site; /* text */
    uint32_t key;  /* text */
    int32_t period;
    uint8_t table; /* enum table_id */
    uint8_t kind;  /* enum period_kind */
    uint16_t zero;
};
_Static_assert(sizeof(struct leaf_id) == 16, "a leaf's identity has no padding");

/*
 * Who fed it: a keyed digest of the truncated network, for counting distinct ones. window names the stretch of time in
 * which networks are counted as distinct (low bits of a day or month index); another window starts the count anew.
 */
struct witness_source {
    uint64_t digest;
    uint16_t window;
};

struct counters;

/* bytes: memory for leaves and texts together, at least 1 MiB. */
SP_MUST_CHECK enum sp_error counters_new(size_t bytes, struct counters **counters);
void counters_free(struct counters *counters);
struct texts *counters_texts(struct counters *counters);

/*
 * Add one to a leaf, which is born (with the mode's noise) if it does not exist. SP_FULL: no room for a new leaf,
 * nothing was counted; leaves that exist never meet it.
 */
SP_MUST_CHECK enum sp_error counters_add(struct counters *counters, const struct leaf_id *id, enum site_mode mode,
                                         struct witness_source source);

/* Is there room for that many new leaves, so that the next so many counters_add succeed? */
bool counters_have_room(const struct counters *counters, uint32_t leaves);
/* Does the leaf exist? */
bool counters_has(const struct counters *counters, const struct leaf_id *id);

/* A leaf, by its slot, which is its own until it is dropped. */
struct leaf {
    struct leaf_id id;
    int64_t value;
    bool witnessed;
    bool changed; /* since it was last taken */
};
struct leaf counters_leaf(const struct counters *counters, uint32_t slot);
uint32_t counters_slots(
    const struct counters *counters); /* one above the highest ever used; the dropped ones have table TABLE_COUNT */

/* Mark for the next flush: one leaf, or all of a site. Returns how many were marked anew. */
uint32_t counters_mark(struct counters *counters, uint32_t slot);
uint32_t counters_mark_site(struct counters *counters, uint32_t site);

/* Take up to max changed leaves, oldest change first; they are no longer marked. Returns how many. */
uint32_t counters_take_changed(struct counters *counters, uint32_t *slots, uint32_t max);

/* Forget the leaves of a closed period. Returns how many. */
uint32_t counters_drop(struct counters *counters, uint32_t site, struct period period);

struct counters_statistics {
    uint32_t leaves, leaves_max;
    uint32_t text_cells, text_cells_max;
    uint32_t changed;
    size_t bytes;
};
struct counters_statistics counters_statistics(const struct counters *counters);

#endif
