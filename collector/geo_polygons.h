/* Which boundary holds a position. */
#ifndef SPORLOS_COLLECTOR_GEO_POLYGONS_H
#define SPORLOS_COLLECTOR_GEO_POLYGONS_H

#include "sporlos/geo_polygons.h"

/*
 * The number of the municipality that holds the position by the even-odd rule, else of the one whose boundary is
 * nearest and at most nearest_max_km away; 0 if there is none.
 */
uint16_t geo_polygons_find(const struct geo_polygons *polygons, struct geo_position position, double nearest_max_km);

#endif
