/*
 * Municipalities as circles on the outline of Norway (without Svalbard and Jan Mayen), their areas in proportion to
 * their numbers. Those of a county are one link, so that a keyboard meets counties, not hundreds of circles; what is
 * under the pointer, or the county in focus, is named in the sea.
 */
#ifndef SPORLOS_AGGREGATOR_MAP_H
#define SPORLOS_AGGREGATOR_MAP_H

#include "messages.h"

#include <stddef.h>

struct map_point {
    double latitude, longitude; /* degrees */
    int64_t value;              /* > 0 */
    struct span name;           /* borrowed */
    unsigned county;            /* 1-99 */
    struct span county_name;    /* borrowed; may be empty */
    int64_t county_value;       /* what is shown of the county, all in all */
};

struct map {
    const struct map_point *points; /* by falling value */
    size_t count;
    enum language language;
    void (*address)(struct html *html, void *context, unsigned county); /* write ' href="..."' of a county */
    void *context;
};

/* Place a point on the picture, in its units: transverse Mercator at 15 degrees east. False where it is off it. */
bool map_place(double latitude, double longitude, double *x, double *y);

/* Radius of a circle in the picture's units; the greatest value has MAP_RADIUS_MAX. */
enum { MAP_RADIUS_MAX = 24, MAP_RADIUS_MIN = 2 };
double map_radius(int64_t value, int64_t greatest);

/* Write the picture. Counties come by their greatest circle, and within a county small circles on top of large ones. */
void map_render(struct html *html, const struct map *map);

#endif
