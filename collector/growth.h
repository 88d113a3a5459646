/*
 * Which leaves grow when something is counted: the table of tables as a site counts it now, in the order of what is
 * counted. Made when that changes, so that a beacon goes through the rows that concern it and no others.
 */
#ifndef SPORLOS_COLLECTOR_GROWTH_H
#define SPORLOS_COLLECTOR_GROWTH_H

#include "sporlos/table.h"

#include <stdint.h>

/* A table, and one of the periods that it is counted in: a part of the identity of each leaf (counters.h). */
struct growth {
    uint8_t table; /* enum table_id */
    uint8_t kind;  /* enum period_kind */
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

#endif
