#include "geo_polygons.h"

#include "geo_distance.h"

#include <math.h>
#include <stdbool.h>

/* Does the ring cross the ray from position towards the east an odd number of times? */
static bool
ring_turns(const struct geo_position *ring, size_t count, struct geo_position position)
{
    bool odd = false;
    for (size_t i = 0, last = count - 1; i < count; last = i++) {
        struct geo_position a = ring[i], b = ring[last];
        if ((a.latitude > position.latitude) == (b.latitude > position.latitude))
            continue;
        double share = (position.latitude - a.latitude) / (b.latitude - a.latitude);
        odd ^= position.longitude < a.longitude + share * (b.longitude - a.longitude);
    }
    return odd;
}

static bool
area_holds(const struct geo_polygons *polygons, const struct geo_area *area, struct geo_position position)
{
    if (position.longitude < area->low.longitude || position.longitude > area->high.longitude ||
        position.latitude < area->low.latitude || position.latitude > area->high.latitude)
        return false;
    bool odd = false; /* over all rings, so that holes need no care of their own */
    for (size_t i = 0; i < area->ring_count; i++) {
        const struct geo_ring *ring = &polygons->rings[area->first_ring + i];
        odd ^= ring_turns(polygons->positions + ring->first, ring->count, position);
    }
    return odd;
}

static double
clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

/* Kilometres from position to the segment from a to b, on a plane that touches the globe at position. */
static double
segment_km(struct geo_position position, struct geo_position a, struct geo_position b)
{
    double shrink = cos(position.latitude * (3.14159265358979323846 / 180));
    double x = (a.longitude - position.longitude) * shrink, y = a.latitude - position.latitude;
    double dx = (b.longitude - a.longitude) * shrink, dy = b.latitude - a.latitude;
    double square = dx * dx + dy * dy;
    double share = square > 0 ? clamp(-(x * dx + y * dy) / square, 0, 1) : 0;
    return hypot(x + share * dx, y + share * dy) * GEO_KM_A_DEGREE;
}

/* Kilometres from position to the area's boundary; bound or more if that is known without looking at it. */
static double
area_km(const struct geo_polygons *polygons, const struct geo_area *area, struct geo_position position, double bound)
{
    double latitude = clamp(position.latitude, area->low.latitude, area->high.latitude);
    double longitude = clamp(position.longitude, area->low.longitude, area->high.longitude);
    double least = geo_distance_km(position.latitude, position.longitude, latitude, longitude);
    if (least * 0.9 > bound) /* the corner of a box can look farther than it is */
        return least;
    double km = INFINITY;
    for (size_t i = 0; i < area->ring_count; i++) {
        const struct geo_ring *ring = &polygons->rings[area->first_ring + i];
        const struct geo_position *at = polygons->positions + ring->first;
        for (size_t j = 1; j < ring->count; j++)
            km = fmin(km, segment_km(position, at[j - 1], at[j]));
    }
    return km;
}

uint16_t
geo_polygons_find(const struct geo_polygons *polygons, struct geo_position position, double nearest_max_km)
{
    for (size_t i = 0; i < polygons->area_count; i++)
        if (area_holds(polygons, &polygons->areas[i], position))
            return polygons->areas[i].number;
    uint16_t nearest = 0;
    double bound = nearest_max_km;
    for (size_t i = 0; i < polygons->area_count; i++) {
        double km = area_km(polygons, &polygons->areas[i], position, bound);
        if (km <= bound) {
            bound = km;
            nearest = polygons->areas[i].number;
        }
    }
    return nearest;
}
