/* Places of the gazetteer by name, for databases without boundaries beside them. */
#ifndef SPORLOS_COLLECTOR_GEO_NAMES_H
#define SPORLOS_COLLECTOR_GEO_NAMES_H

#include "sporlos/error.h"
#include "sporlos/gazetteer.h"
#include "sporlos/span.h"

struct geo_name;

struct geo_names {
    const struct gazetteer *gazetteer; /* borrowed */
    struct geo_name *items;            /* by folded name */
    size_t count;
};

SP_MUST_CHECK enum sp_error geo_names_init(struct geo_names *names, const struct gazetteer *gazetteer);
void geo_names_fini(struct geo_names *names);

/*
 * The number of the municipality of a position that a database calls city: that of the place of this name (geo_fold()),
 * where the gazetteer knows one municipality only with such a place and that is at most same_max_km away; else that of
 * the nearest place, at most nearest_max_km away; 0 if there is none.
 */
uint16_t geo_names_find(const struct geo_names *names, struct span city, double latitude, double longitude,
                        double same_max_km, double nearest_max_km);

#endif
