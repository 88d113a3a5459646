/* One record of a city database, in the terms of the rules. */
#ifndef SPORLOS_COLLECTOR_GEO_RECORD_H
#define SPORLOS_COLLECTOR_GEO_RECORD_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <maxminddb.h>
#include <stdbool.h>

struct geo_record {
    struct span country; /* ISO 3166-1 alpha-2; empty: none. Borrows from the file, as city does */
    struct span city;    /* empty: none */
    bool has_position, has_radius;
    double latitude, longitude; /* degrees, unchecked */
    double radius_km;
};

/*
 * Read the record at entry: nested as in GeoLite2 and GeoIP2 (country.iso_code, city.names.en, location.*) or flat as
 * in the npm packages of ip-location-db (country_code, city, latitude, longitude). What is absent or of another type is
 * left out. SP_MALFORMED if the file is corrupt there.
 */
SP_MUST_CHECK enum sp_error geo_record_read(MMDB_entry_s *entry, struct geo_record *record);

#endif
