/*
 * The counter table: every open leaf of this source, with its absolute value, born noisy. Fixed memory, open
 * addressing, no allocation after the start.
 *
 * What makes up the table's truth lies in one piece of memory (journal.h), which may outlive the process: a header, the
 * records of the sites, the slots of the leaves, the cells of the texts. Everything else (indexes, queues) is made anew
 * when it is opened. A beacon is applied under an undo record: a process that dies in the middle leaves it counted
 * whole or not at all.
 */
#ifndef SPORLOS_COLLECTOR_COUNTERS_H
#define SPORLOS_COLLECTOR_COUNTERS_H

#include "growth.h"
#include "in_force_kept.h"
#include "sporlos/keyspace.h"
#include "sporlos/period.h"
#include "sporlos/table.h"
#include "texts.h"

#include <stdbool.h>
#include <stdint.h>

/* Which leaf. 16 bytes without padding, compared and hashed as such. */
struct leaf_id {
    uint32_t site; /* text */
    uint32_t key;  /* text */
    union {
        struct {
            int32_t period;
            uint8_t table; /* enum table_id */
            uint8_t kind;  /* enum period_kind */
            uint16_t zero;
        };
        struct growth row; /* the same */
    };
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

/*
 * Who can say it, of leaves of that kind of period. Asked only when a leaf still lacks witnesses: nearly never, once a
 * leaf is read by more than a few.
 */
struct feeder {
    struct witness_source (*source)(void *context, enum period_kind kind);
    void *context;
};

/* A view with everything and the most tags has 41; a test sends it. */
enum { OBSERVED_LEAVES_MAX = 48 };

/* What a site's flush must not forget when the process ends. Lies in the table's memory. */
struct site_record {
    uint32_t text; /* the site's key; TEXT_NONE: the record is free */
    uint8_t mode;  /* enum site_mode that its leaves were born under */
    uint8_t zero[3];
    uint64_t flush_number;           /* last one used */
    uint64_t flush_acked;            /* last one that Redis said it applied */
    int32_t open[PERIOD_KIND_COUNT]; /* indices of the periods that were open last */
    uint32_t opened;                 /* PERIOD_BIT mask: which of them are set */
    struct kept_in_force in_force;   /* what was heard last (in_force.c) */
};

struct counters;

enum counters_opened {
    COUNTERS_FRESH,   /* a new source */
    COUNTERS_ADOPTED, /* the source of a process that ended */
};

/*
 * Over memory of that many bytes, at least COUNTERS_BYTES_MIN: all zero, or what another process of this boot left.
 * What cannot be adopted is not: SP_MALFORMED, and memory must be zeroed before the next try. boot: 16 bytes that name
 * this boot. Borrows memory.
 */
enum { COUNTERS_BYTES_MIN = 1 << 20, BOOT_BYTES = 16 };
SP_MUST_CHECK enum sp_error counters_open(void *memory, size_t bytes, const unsigned char boot[BOOT_BYTES],
                                          struct counters **counters, enum counters_opened *opened);
void counters_free(struct counters *counters);

/* This source gives everything up: the next process is another one. */
void counters_retire(struct counters *counters);

const char *counters_source(const struct counters *counters); /* 32 hexadecimal digits */
struct texts *counters_texts(struct counters *counters);

/* The record of a site, made if there is none; NULL when there is no room. */
struct site_record *counters_site_record(struct counters *counters, uint32_t site);

/*
 * Add one to each leaf, all or none; those that do not exist are born with the mode's noise. accepted: it is an
 * accepted beacon. SP_FULL: no room for a new leaf, nothing has changed.
 */
SP_MUST_CHECK enum sp_error counters_apply(struct counters *counters, const struct leaf_id *leaves, unsigned count,
                                           enum site_mode mode, bool accepted, const struct feeder *feeder);

/*
 * Let a leaf be born without counting anything, so that nobody can tell one that nothing fed from one that little did.
 * SP_FULL as above; SP_OK when it exists.
 */
SP_MUST_CHECK enum sp_error counters_birth(struct counters *counters, const struct leaf_id *id, enum site_mode mode);

/* Accepted beacons of this source in all. */
uint64_t counters_accepted(const struct counters *counters);

/* A leaf, by its slot, which is its own until it is dropped. */
struct leaf {
    struct leaf_id id;
    int64_t value;
    bool witnessed;
    bool changed; /* since it was last taken */
};
struct leaf counters_leaf(const struct counters *counters, uint32_t slot);
/* Its identity alone, where it lies. */
const struct leaf_id *counters_id(const struct counters *counters, uint32_t slot);
/* One above the highest slot ever used; the dropped ones have table TABLE_COUNT. */
uint32_t counters_slots(const struct counters *counters);

/* Mark for the next flush: one leaf, or those of one period of a site. Returns how many were marked anew. */
uint32_t counters_mark(struct counters *counters, uint32_t slot);
uint32_t counters_mark_period(struct counters *counters, uint32_t site, struct period period);

/* Take up to max changed leaves, oldest change first; they are no longer marked. Returns how many. */
uint32_t counters_take_changed(struct counters *counters, uint32_t *slots, uint32_t max);

/* Forget the leaves of a closed period. Returns how many. */
uint32_t counters_drop(struct counters *counters, uint32_t site, struct period period);

/* Forget those of some tables, bit (1U << enum table_id). Returns how many. */
uint32_t counters_drop_tables(struct counters *counters, uint32_t site, struct period period, unsigned tables);

/* Every (site, period) that has leaves, in no order. */
typedef void counters_period_visit(void *context, uint32_t site, struct period period);
void counters_each_period(const struct counters *counters, counters_period_visit *visit, void *context);

struct counters_statistics {
    uint32_t leaves, leaves_max;
    uint32_t text_cells, text_cells_max;
    uint32_t changed;
    size_t bytes;
};
struct counters_statistics counters_statistics(const struct counters *counters);

/* How many leaves that many bytes hold. */
uint32_t counters_leaves_in(size_t bytes);

#endif
