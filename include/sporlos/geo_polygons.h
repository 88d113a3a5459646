/*
 * Boundaries of municipalities: GeoJSON (RFC 7946) with a Feature for each area whose properties hold 'kommunenummer',
 * as a text or a number, and whose geometry is a Polygon or a MultiPolygon in degrees. The collector holds them while
 * its run table is compiled, the aggregator while it takes the numbers.
 */
#ifndef SPORLOS_GEO_POLYGONS_H
#define SPORLOS_GEO_POLYGONS_H

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

#endif
