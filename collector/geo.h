/*
 * From a truncated address to a municipality: a run table over /24 and /48 prefixes, compiled when the program loads
 * its data (geo_compile.h). The table holds nothing finer than a municipality.
 */
#ifndef SPORLOS_COLLECTOR_GEO_H
#define SPORLOS_COLLECTOR_GEO_H

#include "sporlos/client_address.h"
#include "sporlos/config.h"

#include <stdint.h>

struct geo; /* one immutable snapshot */

enum {
    MUNICIPALITY_UNKNOWN = 0, /* value of a network that no rule could place */
    MUNICIPALITY_ABROAD = 1,
    MUNICIPALITY_FIRST = 2, /* index of the first real one */
    GEO_KEY_BYTES = 8,      /* of a key, its NUL and what is behind */
};

/*
 * Compile the configured files into a snapshot, returned owned. No databases: every network is unknown. On failure *why
 * says which file and what (text owned by the snapshot machinery, valid until the next call).
 */
SP_MUST_CHECK enum sp_error geo_new(const struct config *config, struct geo **geo, const char **why);
void geo_free(struct geo *geo);

/* Index of the municipality of a truncated network: below geo_count. */
uint16_t geo_lookup(const struct geo *geo, const struct network *network);

/* How many indices there are, UNKNOWN and ABROAD included. */
uint16_t geo_count(const struct geo *geo);

/*
 * The key that a visit from that index is counted under: "unknown", "abroad", four digits, or, where population is
 * known to be below min_population or not known at all, "f" and the county's two digits. min_population 0 merges none.
 * Static for the life of the snapshot; GEO_KEY_BYTES can be read.
 */
const char *geo_key(const struct geo *geo, uint16_t index, int64_t min_population);

struct geo_statistics {
    uint32_t runs_v4, runs_v6;
    size_t bytes;         /* of the run table */
    int64_t build_epoch;  /* of the oldest database, seconds since the epoch; 0 without databases */
    double unknown_share; /* of Norwegian /24 networks */
};
struct geo_statistics geo_statistics(const struct geo *geo);

#endif
