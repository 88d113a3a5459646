/*
 * Municipalities as circles on the outline of Norway (without Svalbard and Jan Mayen), their areas in proportion to
 * their numbers.
 */
#ifndef SPORLOS_AGGREGATOR_MAP_H
#define SPORLOS_AGGREGATOR_MAP_H

#include "messages.h"

#include <stddef.h>

struct map_point {
    double latitude, longitude; /* degrees */
    int64_t value;              /* > 0 */
    struct span name;           /* borrowed */
};

/* Place a point on the picture, in its units: transverse Mercator at 15 degrees east. False where it is off it. */
bool map_place(double latitude, double longitude, double *x, double *y);

/* Radius of a circle in the picture's units; the greatest value has MAP_RADIUS_MAX. */
enum { MAP_RADIUS_MAX = 24, MAP_RADIUS_MIN = 2 };
double map_radius(int64_t value, int64_t greatest);

/* Write the picture. points come by falling value, so that small circles lie on top of large ones. */
void map_render(struct html *html, enum language language, const struct map_point *points, size_t count);

#endif
