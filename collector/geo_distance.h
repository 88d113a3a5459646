/* Distances on the ground between positions that are near each other. */
#ifndef SPORLOS_COLLECTOR_GEO_DISTANCE_H
#define SPORLOS_COLLECTOR_GEO_DISTANCE_H

#include <math.h>

#define GEO_KM_A_DEGREE 111.195 /* of latitude: a sphere of radius 6371.0 km */

/* Kilometres; flat-earth in between, so good to a part in a thousand over 100 km and of no use across the globe. */
static inline double
geo_distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b)
{
    double shrink = cos((latitude_a + latitude_b) / 2 * (3.14159265358979323846 / 180));
    return hypot((longitude_a - longitude_b) * shrink, latitude_a - latitude_b) * GEO_KM_A_DEGREE;
}

#endif
