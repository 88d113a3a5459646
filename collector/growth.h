/*
 * Which leaves grow when something is counted: the table of tables as a site counts it now, in the order of what is
 * counted. Made when that changes, so that a beacon goes through the rows that concern it and no others.
 */
#ifndef SPORLOS_COLLECTOR_GROWTH_H
#define SPORLOS_COLLECTOR_GROWTH_H

#include "sporlos/period.h"
#include "sporlos/table.h"

#include <stdint.h>

/* A table, and a period that it is counted in: what is the same of the identity of each of its leaves (counters.h). */
struct growth {
    int32_t period; /* the open one; growths_open */
    uint8_t table;  /* enum table_id */
    uint8_t kind;   /* enum period_kind */
    uint16_t zero;
};

enum { GROWTH_MAX = TABLE_COUNT * PERIOD_KIND_COUNT };
_Static_assert(GROWTH_MAX <= UINT8_MAX, "a row's number is a byte");

struct growths {
    struct growth rows[GROWTH_MAX];
    uint8_t first[COUNTED_COUNT + 1]; /* by enum counted; the last is the end */
};

/* periods: a PERIOD_BIT mask for each table. */
void growths_read(struct growths *growths, const uint8_t periods[TABLE_COUNT]);
/* Another period is open: of a kind, or after growths_read of every kind. */
void growths_open(struct growths *growths, struct period open);

#endif
