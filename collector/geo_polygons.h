/*
 * Boundaries of municipalities: GeoJSON (RFC 7946) with a Feature for each area whose properties hold 'kommunenummer',
 * as a text or a number, and whose geometry is a Polygon or a MultiPolygon in degrees. Held only while the run table is
 * compiled.
 */
#ifndef SPORLOS_COLLECTOR_GEO_POLYGONS_H
#define SPORLOS_COLLECTOR_GEO_POLYGONS_H

#include "sporlos/error.h"

#include <stddef.h>
#include <stdint.h>

struct geo_position {
    double longitude, latitude; /* degrees */
};

struct geo_ring {
    size_t first, count; /* of its positions */
};

/* An area and the box round it. */
struct geo_area {
    uint16_t number; /* of the municipality */
    size_t first_ring, ring_count;
    struct geo_position low, high;
};

struct geo_polygons {
    struct geo_area *areas;
    struct geo_ring *rings;
    struct geo_position *positions;
    size_t area_count, area_room, ring_count, ring_room, position_count, position_room;
};

/* Read the file at path, returned owned. SP_IO, SP_MALFORMED or SP_NO_MEMORY, and why says 'file:line: what'. */
SP_MUST_CHECK enum sp_error geo_polygons_read(const char *path, struct geo_polygons **polygons, char *why,
                                              size_t why_size);
void geo_polygons_free(struct geo_polygons *polygons);

/*
 * The number of the municipality that holds the position by the even-odd rule, else of the one whose boundary is
 * nearest and at most nearest_max_km away; 0 if there is none.
 */
uint16_t geo_polygons_find(const struct geo_polygons *polygons, struct geo_position position, double nearest_max_km);

#endif
