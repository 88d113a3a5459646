#include "export.h"

#include <stdlib.h>

#include "../buckets.h"
#include "../hash_map.h"

/* A category of the second dimension: a key that some bucket shows. */
struct category {
    size_t number;
    struct span key; /* borrowed from the statistic */
    UT_hash_handle hh;
};

struct cube {
    const struct export *export;
    bool keyed;
    struct bucket *buckets; /* owned: the first dimension, also where nothing is shown */
    size_t times;
    struct category *keys; /* a hash, in the order in which they were met */
    size_t key_count;
    const struct statistic_row **cells; /* times x key_count; NULL: not shown */
};

static enum sp_error
add_category(struct cube *cube, struct span key)
{
    struct category *found;
    HASH_FIND(hh, cube->keys, key.at, key.length, found);
    if (found != NULL)
        return SP_OK;
    found = calloc(1, sizeof *found);
    if (found == NULL)
        return SP_NO_MEMORY;
    found->number = cube->key_count;
    found->key = key;
    HASH_ADD_KEYPTR(hh, cube->keys, found->key.at, found->key.length, found);
    if (!HASH_HAS(found)) {
        free(found);
        return SP_NO_MEMORY;
    }
    cube->key_count++;
    return SP_OK;
}

static enum sp_error
count_sides(struct cube *cube)
{
    const struct statistic *statistic = cube->export->statistic;
    enum sp_error error = buckets_new(cube->export->query, &cube->buckets, &cube->times);
    for (size_t i = 0; error == SP_OK && cube->keyed && i < statistic_count(statistic); i++)
        error = add_category(cube, statistic_at(statistic, i)->key);
    if (!cube->keyed)
        cube->key_count = 1;
    return error;
}

static enum sp_error
place_rows(struct cube *cube)
{
    const struct statistic *statistic = cube->export->statistic;
    if (cube->key_count > 0 && cube->times > JSON_STAT_CELLS_MAX / cube->key_count)
        return SP_TOO_LONG;
    cube->cells = calloc(cube->times * cube->key_count + 1, sizeof *cube->cells);
    if (cube->cells == NULL)
        return SP_NO_MEMORY;
    size_t time = 0;
    for (size_t i = 0; i < statistic_count(statistic); i++) {
        const struct statistic_row *row = statistic_at(statistic, i);
        size_t number = 0;
        while (cube->buckets[time].from != row->from)
            time++;
        if (cube->keyed) {
            struct category *category;
            HASH_FIND(hh, cube->keys, row->key.at, row->key.length, category);
            number = category->number;
        }
        if (row->shown)
            cube->cells[time * cube->key_count + number] = row;
    }
    return SP_OK;
}

static void
write_time(struct json *json, const struct cube *cube)
{
    json_name(json, "time");
    json_object(json);
    json_name(json, "label");
    json_text(json, span_text(statistic_by_name(cube->export->query->by)));
    json_name(json, "category");
    json_object(json);
    json_name(json, "index");
    json_array(json);
    for (size_t i = 0; i < cube->times; i++) {
        char moment[MOMENT_TEXT_MAX];
        export_moment(cube->export->query, cube->buckets[i].from, moment);
        json_text(json, span_text(moment));
    }
    json_array_end(json);
    json_object_end(json);
    json_object_end(json);
}

static void
write_labels(struct json *json, const struct cube *cube)
{
    json_name(json, "label");
    json_object(json);
    for (const struct category *at = cube->keys; at != NULL; at = at->hh.next) {
        json_key(json, at->key);
        json_text(json, export_label(cube->export, at->key));
    }
    json_object_end(json);
}

static void
write_keys(struct json *json, const struct cube *cube)
{
    json_name(json, table_table[cube->export->query->table].name);
    json_object(json);
    json_name(json, "label");
    json_text(json, span_text(table_table[cube->export->query->table].name));
    json_name(json, "category");
    json_object(json);
    json_name(json, "index");
    json_array(json);
    for (const struct category *at = cube->keys; at != NULL; at = at->hh.next)
        json_text(json, at->key);
    json_array_end(json);
    if (cube->keys != NULL)
        write_labels(json, cube);
    json_object_end(json);
    json_object_end(json);
}

/* The names of the dimensions: as 'id', and as roles. */
static void
write_names(struct json *json, const struct cube *cube)
{
    enum table_id table = cube->export->query->table;
    json_name(json, "id");
    json_array(json);
    json_text(json, SPAN_LITERAL("time"));
    if (cube->keyed)
        json_text(json, span_text(table_table[table].name));
    json_array_end(json);
    json_name(json, "size");
    json_array(json);
    json_integer(json, (int64_t)cube->times);
    if (cube->keyed)
        json_integer(json, (int64_t)cube->key_count);
    json_array_end(json);
    json_name(json, "role");
    json_object(json);
    json_name(json, "time");
    json_literal(json, "[\"time\"]");
    if (table_table[table].key == KEY_MUNICIPALITY) {
        json_name(json, "geo");
        json_literal(json, "[\"municipality\"]");
    }
    json_object_end(json);
}

static void
write_values(struct json *json, const struct cube *cube)
{
    size_t count = cube->times * cube->key_count;
    json_name(json, "value");
    json_array(json);
    for (size_t i = 0; i < count; i++) {
        if (cube->cells[i] == NULL)
            json_null(json);
        else
            json_integer(json, cube->cells[i]->value);
    }
    json_array_end(json);
    json_name(json, "status");
    json_object(json);
    for (size_t i = 0; i < count; i++) {
        char number[24];
        if (cube->cells[i] != NULL && !cube->cells[i]->at_least)
            continue;
        snprintf(number, sizeof number, "%zu", i);
        json_key(json, span_text(number));
        json_text(json, cube->cells[i] == NULL ? SPAN_LITERAL(":") : SPAN_LITERAL(">"));
    }
    json_object_end(json);
}

static void
write_cube(struct json *json, const struct cube *cube)
{
    const struct table *table = &table_table[cube->export->query->table];
    json_object(json);
    json_name(json, "version");
    json_text(json, SPAN_LITERAL("2.0"));
    json_name(json, "class");
    json_text(json, SPAN_LITERAL("dataset"));
    json_name(json, "label");
    json_text(json, span_text(table->words[LANGUAGE_EN]));
    json_name(json, "source");
    json_text(json, span_text(cube->export->query->site->name));
    write_names(json, cube);
    json_name(json, "dimension");
    json_object(json);
    write_time(json, cube);
    if (cube->keyed)
        write_keys(json, cube);
    json_object_end(json);
    write_values(json, cube);
    json_name(json, "extension");
    json_object(json);
    export_json_meta(json, cube->export);
    json_object_end(json);
    json_object_end(json);
}

enum sp_error
export_json_stat(struct json *json, const struct export *export)
{
    struct cube cube = { .export = export, .keyed = table_table[export->query->table].key != KEY_NONE };
    enum sp_error error = count_sides(&cube);
    if (error == SP_OK)
        error = place_rows(&cube);
    if (error == SP_OK)
        write_cube(json, &cube);
    struct category *at;
    struct category *next;
    HASH_ITER(hh, cube.keys, at, next)
    {
        HASH_DEL(cube.keys, at);
        free(at);
    }
    free(cube.cells);
    free(cube.buckets);
    return error;
}
