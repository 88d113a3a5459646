/*
 * Which municipality a record of a city database stands for: ordered rules, of which 'unknown' is the usual answer to
 * doubt (docs/municipality.md).
 */
#ifndef SPORLOS_COLLECTOR_GEO_CLASSIFY_H
#define SPORLOS_COLLECTOR_GEO_CLASSIFY_H

#include "geo_municipalities.h"
#include "geo_names.h"
#include "geo_polygons.h"
#include "geo_record.h"
#include "sporlos/config.h"

/* What the rules need; everything is borrowed. */
struct geo_classifier {
    const struct config *config;
    const struct geo_municipalities *municipalities;
    const struct geo_polygons *polygons; /* NULL: none, names decide */
    const struct geo_names *names;       /* NULL: none, then a record without polygons is unknown */
};

/* Index of the record's municipality, MUNICIPALITY_UNKNOWN or MUNICIPALITY_ABROAD. */
uint16_t geo_classify(const struct geo_classifier *classifier, const struct geo_record *record);

#endif
