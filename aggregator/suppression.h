/*
 * Who is shown: the thresholds, the witness rule and complementary suppression, over the cells of one bucket.
 * Pure functions. What they guard against and what they do not: docs/api.md, 'What can be worked out'.
 */
#ifndef SPORLOS_AGGREGATOR_SUPPRESSION_H
#define SPORLOS_AGGREGATOR_SUPPRESSION_H

#include "sporlos/span.h"
#include "sporlos/table.h"

#include <stdbool.h>
#include <stdint.h>

/* The sum of the closed leaves of one key in one bucket. */
struct cell {
    struct span key; /* borrowed; suppress and suppress_rest read those of municipalities only */
    int64_t value;
    unsigned leaves; /* births of noise in value: leaves, each times its sources */
    uint32_t place;  /* the maker's own */
    bool witnessed;  /* one of the leaves has its witness */
    bool shown;      /* set by suppress */
    bool at_least;   /* one of the leaves stopped counting when it was full */
};

enum { COUNTY_COUNT = 100 }; /* two digits */

/* Does the cell pass by itself: its witness, and the threshold of a leaf or of a sum? */
bool cell_passes(enum site_mode mode, const struct cell *cell);

/*
 * Set shown in every cell. Municipalities: where exactly one unit of a county would be hidden, the smallest shown one
 * is hidden with it, so that a county never has shown units and exactly one hidden.
 */
void suppress(enum site_mode mode, enum key_kind kind, struct cell *cells, size_t count);

/*
 * The hidden units of a county together, if there are at least two and their sum passes by itself. False otherwise.
 * rest->key is left empty; *units is how many there are.
 */
bool suppress_rest(enum site_mode mode, const struct cell *cells, size_t count, int county, struct cell *rest,
                   unsigned *units);

/* The county (0-99) that a municipality key lies in; -1 for keys that lie in none. */
int county_of(struct span key);

#endif
