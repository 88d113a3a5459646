/*
 * GeoJSON in one pass. Members of a Feature come in any order, so its rings are appended as they are met and belong to
 * an area once the whole Feature has been read. Collections may lie at any depth: files of public bodies differ there.
 */
#include "sporlos/geo_polygons.h"

#include "sporlos/json_read.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILE_MAX_BYTES = 512 << 20, /* the most detailed national file is about 100 MB */
    MUNICIPALITY_MAX = 9999,
    RING_MIN = 4, /* positions, the last of which is the first again */
};

enum { DEPTH_POSITION = 1, DEPTH_RING, DEPTH_POLYGON, DEPTH_MULTIPOLYGON }; /* of arrays in coordinates */

struct feature {
    bool is_feature, has_area;
    uint16_t number;   /* 0: none */
    size_t first_ring; /* of its own, if it has an area */
};

/* Room for one more of a growing array. */
static void *
grow(struct json_reader *json, void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return items;
    size_t wanted = *room == 0 ? 256 : *room * 2;
    void *more = realloc(items, wanted * size);
    if (more == NULL) {
        json_read_fail(json, sp_error_text(SP_NO_MEMORY));
        return NULL;
    }
    *room = wanted;
    return more;
}

static bool
add_position(struct json_reader *json, struct geo_polygons *polygons, struct geo_position position)
{
    struct geo_position *positions = grow(json, polygons->positions, polygons->position_count, &polygons->position_room,
                                          sizeof *polygons->positions);
    if (positions == NULL)
        return false;
    polygons->positions = positions;
    positions[polygons->position_count++] = position;
    polygons->rings[polygons->ring_count - 1].count++;
    return true;
}

/* [longitude, latitude, height?] */
static bool
read_position(struct json_reader *json, struct geo_polygons *polygons)
{
    double numbers[2] = { 0 }, ignored;
    size_t count = 0;
    if (!json_read_open(json, '['))
        return false;
    while (json_read_next_item(json))
        if (!json_read_number(json, count < 2 ? &numbers[count++] : &ignored))
            return false;
    if (count < 2)
        return json_read_fail(json, "a position has two numbers");
    if (fabs(numbers[0]) > 180 || fabs(numbers[1]) > 90)
        return json_read_fail(json, "a position that is not in degrees: convert the file to EPSG:4326");
    return add_position(json, polygons, (struct geo_position){ numbers[0], numbers[1] });
}

static bool
add_ring(struct json_reader *json, struct geo_polygons *polygons)
{
    struct geo_ring *rings = grow(json, polygons->rings, polygons->ring_count, &polygons->ring_room, sizeof *rings);
    if (rings == NULL)
        return false;
    polygons->rings = rings;
    rings[polygons->ring_count++] = (struct geo_ring){ .first = polygons->position_count };
    return true;
}

/* Arrays in arrays, depth of them, down to positions. */
static bool
read_arrays(struct json_reader *json, struct geo_polygons *polygons, unsigned depth)
{
    if (depth == DEPTH_POSITION)
        return read_position(json, polygons);
    if (depth == DEPTH_RING && !add_ring(json, polygons))
        return false;
    if (!json_read_open(json, '['))
        return false;
    while (json_read_next_item(json))
        if (!read_arrays(json, polygons, depth - 1))
            return false;
    if (depth == DEPTH_RING && polygons->rings[polygons->ring_count - 1].count < RING_MIN)
        return json_read_fail(json, "a ring has at least four positions");
    return json->error == NULL;
}

/* The brackets that open here tell which geometry it is: its type may come later in the file. */
static bool
read_coordinates(struct json_reader *json, struct geo_polygons *polygons)
{
    unsigned depth = 0;
    for (struct json_reader ahead = *json; json_read_peek(&ahead) == '['; ahead.at++)
        depth++;
    if (depth != DEPTH_POLYGON && depth != DEPTH_MULTIPOLYGON)
        return json_read_skip(json);
    return read_arrays(json, polygons, depth);
}

static bool
read_geometry(struct json_reader *json, struct geo_polygons *polygons, struct feature *feature)
{
    struct span key, type;
    if (json_read_peek(json) != '{')
        return json_read_skip(json); /* null: a feature without a place */
    if (!json_read_open(json, '{'))
        return false;
    while (json_read_next_key(json, &key)) {
        if (span_equal(key, SPAN_LITERAL("coordinates")))
            read_coordinates(json, polygons);
        else if (span_equal(key, SPAN_LITERAL("type")) && json_read_string(json, &type))
            feature->has_area =
                span_equal(type, SPAN_LITERAL("Polygon")) || span_equal(type, SPAN_LITERAL("MultiPolygon"));
        else
            json_read_skip(json);
    }
    return json->error == NULL;
}

/* 301, "301" or "0301" */
static bool
read_number(struct json_reader *json, uint16_t *number)
{
    double value = 0;
    struct span text;
    bool quoted = json_read_peek(json) == '"';
    if (quoted ? !json_read_string(json, &text) : !json_read_number(json, &value))
        return false;
    if (quoted)
        for (size_t i = 0; i < text.length; i++)
            value = text.at[i] >= '0' && text.at[i] <= '9' ? value * 10 + (text.at[i] - '0') : NAN;
    if (!(value >= 1 && value <= MUNICIPALITY_MAX) || value != floor(value))
        return json_read_fail(json, "kommunenummer is not a number of four digits");
    *number = (uint16_t)value;
    return true;
}

static bool
read_properties(struct json_reader *json, struct feature *feature)
{
    struct span key;
    if (json_read_peek(json) != '{')
        return json_read_skip(json);
    json_read_open(json, '{');
    while (json_read_next_key(json, &key)) {
        if (span_equal(key, SPAN_LITERAL("kommunenummer")))
            read_number(json, &feature->number);
        else
            json_read_skip(json);
    }
    return json->error == NULL;
}

static void
add_area(struct json_reader *json, struct geo_polygons *polygons, const struct feature *feature)
{
    struct geo_area *areas = grow(json, polygons->areas, polygons->area_count, &polygons->area_room, sizeof *areas);
    if (areas == NULL)
        return;
    polygons->areas = areas;
    struct geo_area area = { .number = feature->number,
                             .first_ring = feature->first_ring,
                             .ring_count = polygons->ring_count - feature->first_ring,
                             .low = { INFINITY, INFINITY },
                             .high = { -INFINITY, -INFINITY } };
    for (size_t i = polygons->rings[feature->first_ring].first; i < polygons->position_count; i++) {
        struct geo_position at = polygons->positions[i];
        area.low.longitude = fmin(area.low.longitude, at.longitude);
        area.low.latitude = fmin(area.low.latitude, at.latitude);
        area.high.longitude = fmax(area.high.longitude, at.longitude);
        area.high.latitude = fmax(area.high.latitude, at.latitude);
    }
    areas[polygons->area_count++] = area;
}

static bool read_value(struct json_reader *json, struct geo_polygons *polygons);

static bool
read_object(struct json_reader *json, struct geo_polygons *polygons)
{
    struct feature feature = { .first_ring = polygons->ring_count };
    struct span key, type;
    json_read_open(json, '{');
    while (json_read_next_key(json, &key)) {
        if (span_equal(key, SPAN_LITERAL("type")) && json_read_peek(json) == '"')
            feature.is_feature = json_read_string(json, &type) && span_equal(type, SPAN_LITERAL("Feature"));
        else if (span_equal(key, SPAN_LITERAL("properties")))
            read_properties(json, &feature);
        else if (span_equal(key, SPAN_LITERAL("geometry")))
            read_geometry(json, polygons, &feature);
        else
            read_value(json, polygons);
    }
    if (json->error == NULL && feature.is_feature && feature.has_area && feature.number != 0 &&
        polygons->ring_count > feature.first_ring)
        add_area(json, polygons, &feature);
    return json->error == NULL;
}

/* Recursion ends where json_read_open() refuses to go deeper. */
static bool
read_value(struct json_reader *json, struct geo_polygons *polygons)
{
    char first = json_read_peek(json);
    if (first == '{')
        return read_object(json, polygons);
    if (first != '[')
        return json_read_skip(json);
    json_read_open(json, '[');
    while (json_read_next_item(json))
        read_value(json, polygons);
    return json->error == NULL;
}

static enum sp_error
fail(const char *path, enum sp_error error, const char *what, char *why, size_t why_size)
{
    snprintf(why, why_size, "%s: %s", path, what);
    return error;
}

/* The whole file as a terminated text, returned owned. */
static enum sp_error
read_text(const char *path, char **text, size_t *length, char *why, size_t why_size)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return fail(path, SP_IO, strerror(errno), why, why_size);
    enum sp_error error = SP_OK;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    char *bytes = NULL;
    rewind(file);
    if (size < 0)
        error = fail(path, SP_IO, "not a file that can be read twice", why, why_size);
    else if (size > FILE_MAX_BYTES)
        error = fail(path, SP_TOO_LONG, "larger than 512 MiB: simplify the boundaries", why, why_size);
    else if ((bytes = malloc((size_t)size + 1)) == NULL)
        error = fail(path, SP_NO_MEMORY, sp_error_text(SP_NO_MEMORY), why, why_size);
    else {
        *length = fread(bytes, 1, (size_t)size, file);
        bytes[*length] = '\0';
        if (ferror(file))
            error = fail(path, SP_IO, "cannot be read", why, why_size);
    }
    fclose(file);
    if (error != SP_OK)
        free(bytes);
    else
        *text = bytes;
    return error;
}

void
geo_polygons_free(struct geo_polygons *polygons)
{
    if (polygons == NULL)
        return;
    free(polygons->areas);
    free(polygons->rings);
    free(polygons->positions);
    free(polygons);
}

enum sp_error
geo_polygons_read(const char *path, struct geo_polygons **polygons, char *why, size_t why_size)
{
    *polygons = NULL;
    char *text;
    size_t length = 0;
    enum sp_error error = read_text(path, &text, &length, why, why_size);
    if (error != SP_OK)
        return error;
    struct geo_polygons *made = calloc(1, sizeof *made);
    struct json_reader json = json_read_over(text, length);
    if (made == NULL)
        error = fail(path, SP_NO_MEMORY, sp_error_text(SP_NO_MEMORY), why, why_size);
    else if (!read_value(&json, made) || !json_read_finish(&json)) {
        snprintf(why, why_size, "%s:%u: %s", path, json_read_line(&json), json.error);
        error = SP_MALFORMED;
    } else if (made->area_count == 0)
        error = fail(path, SP_MALFORMED, "holds no Feature with kommunenummer and a Polygon", why, why_size);
    free(text);
    if (error == SP_OK)
        *polygons = made;
    else
        geo_polygons_free(made);
    return error;
}
