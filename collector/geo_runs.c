#include "geo_runs.h"

#include <stdbool.h>
#include <stdlib.h>

enum { NARROW_BITS = 32 };

enum sp_error
geo_run_list_append(struct geo_run_list *list, uint64_t start, uint16_t value)
{
    if (list->count > 0 && list->items[list->count - 1].value == value)
        return SP_OK;
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 1024 : list->room * 2;
        struct geo_run *items = realloc(list->items, room * sizeof *items);
        if (items == NULL)
            return SP_NO_MEMORY;
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = (struct geo_run){ start, value };
    return SP_OK;
}

void
geo_run_list_fini(struct geo_run_list *list)
{
    free(list->items);
    *list = (struct geo_run_list){ 0 };
}

static bool
allocate(struct geo_runs *runs, bool narrow)
{
    runs->value = calloc(runs->count, sizeof *runs->value);
    if (narrow) {
        runs->narrow = calloc(runs->count, sizeof *runs->narrow);
        runs->narrow_index = calloc(runs->index_count + 1, sizeof *runs->narrow_index);
        return runs->value != NULL && runs->narrow != NULL && runs->narrow_index != NULL;
    }
    runs->wide = calloc(runs->count, sizeof *runs->wide);
    runs->wide_blocks = calloc(runs->block_count, sizeof *runs->wide_blocks);
    return runs->value != NULL && runs->wide != NULL && runs->wide_blocks != NULL;
}

static void
fill_index(struct geo_runs *runs)
{
    uint32_t run = 0;
    for (uint32_t first = 0; first < runs->index_count; first++) {
        while (run + 1 < runs->count && runs->narrow[run + 1] <= (uint64_t)first << runs->index_shift)
            run++;
        runs->narrow_index[first] = run;
    }
    runs->narrow_index[runs->index_count] = runs->count - 1;
}

enum sp_error
geo_runs_init(struct geo_runs *runs, const struct geo_run_list *list, unsigned bits)
{
    bool narrow = bits <= NARROW_BITS;
    unsigned index_bits = bits < GEO_INDEX_BITS ? bits : GEO_INDEX_BITS;
    *runs = (struct geo_runs){ .count = (uint32_t)list->count,
                               .index_count = UINT32_C(1) << index_bits,
                               .index_shift = bits - index_bits,
                               .block_count = (uint32_t)((list->count + GEO_BLOCK_RUNS - 1) / GEO_BLOCK_RUNS) };
    if (list->count > UINT32_MAX || !allocate(runs, narrow)) {
        geo_runs_fini(runs);
        return SP_NO_MEMORY;
    }
    for (size_t i = 0; i < list->count; i++) {
        runs->value[i] = list->items[i].value;
        if (narrow)
            runs->narrow[i] = (uint32_t)list->items[i].start;
        else
            runs->wide[i] = list->items[i].start;
        if (!narrow && i % GEO_BLOCK_RUNS == 0)
            runs->wide_blocks[i / GEO_BLOCK_RUNS] = list->items[i].start;
    }
    if (narrow)
        fill_index(runs);
    return SP_OK;
}

void
geo_runs_fini(struct geo_runs *runs)
{
    free(runs->narrow);
    free(runs->wide);
    free(runs->value);
    free(runs->narrow_index);
    free(runs->wide_blocks);
    *runs = (struct geo_runs){ 0 };
}

/*
 * Index of the last of starts that is not above key; starts[0] never is. Compilers make a conditional move of the
 * choice, where a branch would be mispredicted every other time.
 */
static inline size_t
last_narrow(const uint32_t *starts, size_t count, uint32_t key)
{
    const uint32_t *base = starts;
    while (count > 1) {
        size_t half = count / 2;
        const uint32_t *upper = base + half;
        base = *upper <= key ? upper : base;
        count -= half;
    }
    return (size_t)(base - starts);
}

static inline size_t
last_wide(const uint64_t *starts, size_t count, uint64_t key)
{
    const uint64_t *base = starts;
    while (count > 1) {
        size_t half = count / 2;
        const uint64_t *upper = base + half;
        base = *upper <= key ? upper : base;
        count -= half;
    }
    return (size_t)(base - starts);
}

static inline size_t
block_length(const struct geo_runs *runs, size_t first)
{
    size_t rest = runs->count - first;
    return rest < GEO_BLOCK_RUNS ? rest : GEO_BLOCK_RUNS;
}

uint16_t
geo_runs_find(const struct geo_runs *runs, uint64_t prefix)
{
    size_t first;
    if (runs->wide != NULL) {
        first = last_wide(runs->wide_blocks, runs->block_count, prefix) * GEO_BLOCK_RUNS;
        return runs->value[first + last_wide(runs->wide + first, block_length(runs, first), prefix)];
    }
    uint64_t bits = prefix >> runs->index_shift;
    if (bits >= runs->index_count) /* longer than the prefixes of the table: behind all of them */
        return runs->value[runs->count - 1];
    first = runs->narrow_index[bits];
    size_t count = runs->narrow_index[bits + 1] - first + 1;
    return runs->value[first + last_narrow(runs->narrow + first, count, (uint32_t)prefix)];
}

size_t
geo_runs_bytes(const struct geo_runs *runs)
{
    size_t start = runs->wide != NULL ? sizeof *runs->wide : sizeof *runs->narrow;
    size_t finder = runs->wide != NULL ? runs->block_count * sizeof *runs->wide_blocks
                                       : (runs->index_count + 1) * sizeof *runs->narrow_index;
    return runs->count * (start + sizeof *runs->value) + finder;
}

uint64_t
geo_runs_start(const struct geo_runs *runs, uint32_t run)
{
    return runs->wide != NULL ? runs->wide[run] : runs->narrow[run];
}
