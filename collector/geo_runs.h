/*
 * A run table: from a prefix to a value, by the first prefix of each run of equal values. Of narrow prefixes the first
 * bits tell which few runs it can be, of wide ones (which lie in few places) a sparse copy of the starts: a look-up
 * touches a few cache lines.
 */
#ifndef SPORLOS_COLLECTOR_GEO_RUNS_H
#define SPORLOS_COLLECTOR_GEO_RUNS_H

#include "sporlos/error.h"

#include <stddef.h>
#include <stdint.h>

/* While it is built: appended in order of prefix. */
struct geo_run {
    uint64_t start;
    uint16_t value;
};

struct geo_run_list {
    struct geo_run *items;
    size_t count, room;
};

/* Append a run from start on, unless it has the value of the last one. start is above all before it; 0 comes first. */
SP_MUST_CHECK enum sp_error geo_run_list_append(struct geo_run_list *list, uint64_t start, uint16_t value);
void geo_run_list_fini(struct geo_run_list *list);

/* What a look-up reads: either wide is NULL (prefixes of up to 32 bits) or narrow is. */
struct geo_runs {
    uint32_t *narrow;
    uint64_t *wide;
    uint16_t *value;
    uint32_t count;         /* at least 1: the run that starts at 0 */
    uint32_t *narrow_index; /* the run that the first prefix with these first bits lies in; one more behind the last */
    uint32_t index_count;
    unsigned index_shift;  /* how many bits of a narrow prefix come behind its first ones */
    uint64_t *wide_blocks; /* every GEO_BLOCK_RUNS'th start */
    uint32_t block_count;
};

enum { GEO_BLOCK_RUNS = 64, GEO_INDEX_BITS = 16 };

/* Initialise from a list that is not empty; bits (1..64) is the length of the prefixes. */
SP_MUST_CHECK enum sp_error geo_runs_init(struct geo_runs *runs, const struct geo_run_list *list, unsigned bits);
void geo_runs_fini(struct geo_runs *runs);

/* The value at prefix. */
uint16_t geo_runs_find(const struct geo_runs *runs, uint64_t prefix);

/* Bytes of the arrays. */
size_t geo_runs_bytes(const struct geo_runs *runs);

/* The first prefix of a run. */
uint64_t geo_runs_start(const struct geo_runs *runs, uint32_t run);

#endif
