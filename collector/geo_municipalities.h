/* The municipalities that a snapshot knows, and the keys that their visits are counted under. */
#ifndef SPORLOS_COLLECTOR_GEO_MUNICIPALITIES_H
#define SPORLOS_COLLECTOR_GEO_MUNICIPALITIES_H

#include "geo.h"
#include "sporlos/error.h"

#include <stddef.h>
#include <stdint.h>

struct geo_municipality {
    uint16_t number;                /* 0 for 'unknown' and 'abroad' */
    char key[GEO_KEY_BYTES];        /* "unknown", "abroad", "0301" */
    char county_key[GEO_KEY_BYTES]; /* "f03"; the same as key for the two that are no municipality */
    int64_t population;             /* persons; POPULATION_UNKNOWN */
};

struct geo_municipalities {
    struct geo_municipality *items; /* [MUNICIPALITY_UNKNOWN], [MUNICIPALITY_ABROAD], then by number */
    uint16_t count;
};

/* Initialise with the two that are no municipality. */
SP_MUST_CHECK enum sp_error geo_municipalities_init(struct geo_municipalities *municipalities);
void geo_municipalities_fini(struct geo_municipalities *municipalities);

/* Add numbers, 1..9999; one that is there already is left alone. Indices change, so all come before the first use. */
SP_MUST_CHECK enum sp_error geo_municipalities_add(struct geo_municipalities *municipalities, const uint16_t *numbers,
                                                   size_t count);

/* Index of a number; MUNICIPALITY_UNKNOWN if it is not one of them. */
uint16_t geo_municipalities_index(const struct geo_municipalities *municipalities, uint16_t number);

#endif
