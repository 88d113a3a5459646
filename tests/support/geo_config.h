/* A configuration for tests of the municipality table: the rules as they are by default, no files. */
#ifndef SPORLOS_TESTS_GEO_CONFIG_H
#define SPORLOS_TESTS_GEO_CONFIG_H

#include "sporlos/config.h"

static struct geo_point geo_config_placeholders[] = {
    { 59.9463, 10.7541, 50, false },  /* GeoLite2's Norway */
    { 62, 10, 50, false },            /* the middle of the country */
    { 59.9122, 10.7313, 50, true },   /* DB-IP's Oslo */
    { 59.8990, 10.6290, 1000, true }, /* DB-IP's Fornebu */
};

/* Borrows databases, which a test fills. */
static inline struct config
geo_config(char **databases, size_t count)
{
    return (struct config){ .geo = { .databases = { .items = databases, .count = count },
                                     .max_radius_km = 50,
                                     .placeholders = geo_config_placeholders,
                                     .placeholder_count =
                                         sizeof geo_config_placeholders / sizeof geo_config_placeholders[0] } };
}

#endif
