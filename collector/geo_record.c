#include "geo_record.h"

struct reading {
    MMDB_entry_s *entry;
    bool corrupt;
};

static const char *const nested_country[] = { "country", "iso_code", NULL };
static const char *const nested_city[] = { "city", "names", "en", NULL };
static const char *const nested_latitude[] = { "location", "latitude", NULL };
static const char *const nested_longitude[] = { "location", "longitude", NULL };
static const char *const nested_radius[] = { "location", "accuracy_radius", NULL };
static const char *const flat_country[] = { "country_code", NULL };
static const char *const flat_city[] = { "city", NULL };
static const char *const flat_latitude[] = { "latitude", NULL };
static const char *const flat_longitude[] = { "longitude", NULL };

static bool
get(struct reading *reading, const char *const *path, MMDB_entry_data_s *data)
{
    int status = MMDB_aget_value(reading->entry, data, path);
    if (status == MMDB_SUCCESS)
        return data->has_data;
    if (status != MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR && status != MMDB_INVALID_LOOKUP_PATH_ERROR)
        reading->corrupt = true;
    return false;
}

static bool
get_text(struct reading *reading, const char *const *path, struct span *text)
{
    MMDB_entry_data_s data;
    if (!get(reading, path, &data) || data.type != MMDB_DATA_TYPE_UTF8_STRING)
        return false;
    *text = span_of(data.utf8_string, data.data_size);
    return true;
}

static bool
get_real(struct reading *reading, const char *const *path, double *value)
{
    MMDB_entry_data_s data;
    if (!get(reading, path, &data))
        return false;
    if (data.type == MMDB_DATA_TYPE_DOUBLE)
        *value = data.double_value;
    else if (data.type == MMDB_DATA_TYPE_FLOAT)
        *value = (double)data.float_value;
    else if (data.type == MMDB_DATA_TYPE_UINT16)
        *value = data.uint16;
    else if (data.type == MMDB_DATA_TYPE_UINT32)
        *value = data.uint32;
    else
        return false;
    return true;
}

enum sp_error
geo_record_read(MMDB_entry_s *entry, struct geo_record *record)
{
    *record = (struct geo_record){ 0 };
    struct reading reading = { .entry = entry };
    bool flat = get_text(&reading, flat_country, &record->country);
    if (flat || get_text(&reading, nested_country, &record->country)) {
        get_text(&reading, flat ? flat_city : nested_city, &record->city);
        record->has_position = get_real(&reading, flat ? flat_latitude : nested_latitude, &record->latitude) &&
                               get_real(&reading, flat ? flat_longitude : nested_longitude, &record->longitude);
        record->has_radius = !flat && get_real(&reading, nested_radius, &record->radius_km);
    }
    return reading.corrupt ? SP_MALFORMED : SP_OK;
}
