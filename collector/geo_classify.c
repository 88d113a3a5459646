#include "geo_classify.h"

#include "geo.h"
#include "geo_distance.h"

#include <math.h>

/* Kilometres. The first covers what lies in the sea; the second is half of Norway's widest gap between places. */
static const double polygon_nearest_max_km = 20;
static const double place_nearest_max_km = 60;
static const double same_name_max_km = 60;

static bool
is_abroad(const struct geo_classifier *classifier, const struct geo_record *record)
{
    (void)classifier;
    return !span_equal(record->country, SPAN_LITERAL("NO")); /* Svalbard, SJ, has no municipalities */
}

static bool
has_no_city(const struct geo_classifier *classifier, const struct geo_record *record)
{
    (void)classifier;
    return record->city.length == 0;
}

static bool
has_bad_position(const struct geo_classifier *classifier, const struct geo_record *record)
{
    (void)classifier;
    double latitude = record->latitude, longitude = record->longitude;
    if (!record->has_position || !(fabs(latitude) <= 90) || !(fabs(longitude) <= 180))
        return true; /* a NaN is not <= either */
    return latitude == 0 && longitude == 0;
}

static bool
is_too_wide(const struct geo_classifier *classifier, const struct geo_record *record)
{
    return record->has_radius && record->radius_km > (double)classifier->config->geo.max_radius_km;
}

static bool
is_placeholder(const struct geo_classifier *classifier, const struct geo_record *record)
{
    for (size_t i = 0; i < classifier->config->geo.placeholder_count; i++) {
        const struct geo_point *point = &classifier->config->geo.placeholders[i];
        if (point->only_without_radius && record->has_radius)
            continue;
        double km = geo_distance_km(point->latitude, point->longitude, record->latitude, record->longitude);
        if (km * 1000 <= point->radius_m)
            return true;
    }
    return false;
}

static const struct rule {
    bool (*applies)(const struct geo_classifier *classifier, const struct geo_record *record);
    uint16_t index;
} rules[] = {
    { is_abroad, MUNICIPALITY_ABROAD },
    { has_no_city, MUNICIPALITY_UNKNOWN }, /* then the position is only the middle of something large */
    { has_bad_position, MUNICIPALITY_UNKNOWN },
    { is_too_wide, MUNICIPALITY_UNKNOWN },
    { is_placeholder, MUNICIPALITY_UNKNOWN }, /* a city name there is the database's way to say 'Norway' */
};

static uint16_t
find_number(const struct geo_classifier *classifier, const struct geo_record *record)
{
    if (classifier->polygons != NULL)
        return geo_polygons_find(classifier->polygons, (struct geo_position){ record->longitude, record->latitude },
                                 polygon_nearest_max_km);
    if (classifier->names == NULL)
        return 0;
    return geo_names_find(classifier->names, record->city, record->latitude, record->longitude, same_name_max_km,
                          place_nearest_max_km);
}

uint16_t
geo_classify(const struct geo_classifier *classifier, const struct geo_record *record)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].applies(classifier, record))
            return rules[i].index;
    return geo_municipalities_index(classifier->municipalities, find_number(classifier, record));
}
