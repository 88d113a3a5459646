/*
 * One pass counts the rows of each kind, so that each array is allocated once; a second pass cuts the text where the
 * commas are and lets the names point into it.
 */
#include "sporlos/gazetteer.h"

#include "row_file.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(offsetof(struct gazetteer_county, number) == 0, "row_compare()");
_Static_assert(offsetof(struct gazetteer_municipality, number) == 0, "row_compare()");

/* name,latitude,longitude,population of a municipality or a place. NULL, or what is wrong. */
static const char *
parse_place(char *fields[ROW_FIELDS_MAX], struct gazetteer_place *place)
{
    if (!row_number(fields[1], MUNICIPALITY_DIGITS, &place->number))
        return "the number of a kommune has four digits";
    place->name = fields[2];
    if (*place->name == '\0' || strchr(place->name, '"') != NULL)
        return "a name that is empty or has a double quote";
    if (!row_degrees(fields[3], 90, &place->latitude))
        return "latitude is not decimal degrees";
    if (!row_degrees(fields[4], 180, &place->longitude))
        return "longitude is not decimal degrees";
    return row_population(fields[5], &place->population) ? NULL : "population is not a number of persons";
}

static const char *
add_county(struct gazetteer *gazetteer, char *fields[ROW_FIELDS_MAX])
{
    struct gazetteer_county *county = &gazetteer->counties[gazetteer->county_count];
    if (!row_number(fields[1], COUNTY_DIGITS, &county->number))
        return "the number of a fylke has two digits";
    county->name = fields[2];
    if (*county->name == '\0' || strchr(county->name, '"') != NULL)
        return "a name that is empty or has a double quote";
    gazetteer->county_count++;
    return NULL;
}

static const char *
add_municipality(struct gazetteer *gazetteer, char *fields[ROW_FIELDS_MAX])
{
    static char nowhere[] = "0";
    bool has_point = *fields[3] != '\0' || *fields[4] != '\0';
    if (!has_point)
        fields[3] = fields[4] = nowhere;
    struct gazetteer_place place;
    const char *wrong = parse_place(fields, &place);
    if (wrong != NULL)
        return wrong;
    gazetteer->municipalities[gazetteer->municipality_count++] =
        (struct gazetteer_municipality){ .number = place.number,
                                         .has_point = has_point,
                                         .name = place.name,
                                         .latitude = place.latitude,
                                         .longitude = place.longitude,
                                         .population = place.population };
    return NULL;
}

static const char *
add_place(struct gazetteer *gazetteer, char *fields[ROW_FIELDS_MAX])
{
    const char *wrong = parse_place(fields, &gazetteer->places[gazetteer->place_count]);
    gazetteer->place_count += wrong == NULL;
    return wrong;
}

static const struct row_kind {
    const char *name;
    size_t fields;
    const char *(*add)(struct gazetteer *gazetteer, char *fields[ROW_FIELDS_MAX]); /* NULL, or what is wrong */
} row_kinds[] = {
    { "fylke", 3, add_county },
    { "kommune", 6, add_municipality },
    { "place", 6, add_place },
};
enum { ROW_KIND_COUNT = sizeof row_kinds / sizeof row_kinds[0] };

static enum sp_error
read_rows(struct row_file *file, struct gazetteer *gazetteer)
{
    char *line;
    while ((line = row_file_next(file)) != NULL) {
        char *fields[ROW_FIELDS_MAX];
        size_t count = row_split(line, fields);
        size_t kind = 0;
        while (kind < ROW_KIND_COUNT && strcmp(fields[0], row_kinds[kind].name) != 0)
            kind++;
        if (kind == ROW_KIND_COUNT)
            return row_file_fail_line(file, "a row starts with fylke, kommune or place");
        if (count != row_kinds[kind].fields)
            return row_file_fail_line(file, "wrong number of fields");
        const char *wrong = row_kinds[kind].add(gazetteer, fields);
        if (wrong != NULL)
            return row_file_fail_line(file, wrong);
    }
    return SP_OK;
}

/* Room for as many rows of each kind as lines that begin like one. */
static bool
allocate(struct gazetteer *gazetteer)
{
    size_t rows[ROW_KIND_COUNT] = { 1, 1, 1 };
    for (const char *at = gazetteer->text; at != NULL; at = strchr(at, '\n')) {
        at += *at == '\n';
        for (size_t i = 0; i < ROW_KIND_COUNT; i++)
            rows[i] += *at == row_kinds[i].name[0];
    }
    gazetteer->counties = calloc(rows[0], sizeof gazetteer->counties[0]);
    gazetteer->municipalities = calloc(rows[1], sizeof gazetteer->municipalities[0]);
    gazetteer->places = calloc(rows[2], sizeof gazetteer->places[0]);
    return gazetteer->counties != NULL && gazetteer->municipalities != NULL && gazetteer->places != NULL;
}

static enum sp_error
check_rows(const struct row_file *file, struct gazetteer *gazetteer)
{
    if (gazetteer->municipality_count == 0)
        return row_file_fail(file, SP_MALFORMED, "has no kommune row");
    uint16_t twice =
        rows_sort(gazetteer->municipalities, gazetteer->municipality_count, sizeof gazetteer->municipalities[0]);
    if (twice != 0)
        return row_file_fail_number(file, MUNICIPALITY_DIGITS, twice, "stands twice");
    twice = rows_sort(gazetteer->counties, gazetteer->county_count, sizeof gazetteer->counties[0]);
    if (twice != 0)
        return row_file_fail_number(file, COUNTY_DIGITS, twice, "stands twice");
    for (size_t i = 0; i < gazetteer->place_count; i++)
        if (gazetteer_municipality(gazetteer, gazetteer->places[i].number) == NULL)
            return row_file_fail_number(file, MUNICIPALITY_DIGITS, gazetteer->places[i].number,
                                        "has a place but no kommune row");
    return SP_OK;
}

enum sp_error
gazetteer_read(const char *path, struct gazetteer **gazetteer, char why[GAZETTEER_WHY_MAX])
{
    *gazetteer = NULL;
    why[0] = '\0';
    struct row_file file = { .path = path, .why = why };
    struct gazetteer *made = calloc(1, sizeof *made);
    if (made == NULL)
        return row_file_fail(&file, SP_NO_MEMORY, sp_error_text(SP_NO_MEMORY));
    enum sp_error error = row_file_open(&file, &made->text);
    if (error == SP_OK && !allocate(made))
        error = row_file_fail(&file, SP_NO_MEMORY, sp_error_text(SP_NO_MEMORY));
    if (error == SP_OK)
        error = read_rows(&file, made);
    if (error == SP_OK)
        error = check_rows(&file, made);
    if (error == SP_OK)
        *gazetteer = made;
    else
        gazetteer_free(made);
    return error;
}

void
gazetteer_free(struct gazetteer *gazetteer)
{
    if (gazetteer == NULL)
        return;
    free(gazetteer->counties);
    free(gazetteer->municipalities);
    free(gazetteer->places);
    free(gazetteer->text);
    free(gazetteer);
}

const struct gazetteer_municipality *
gazetteer_municipality(const struct gazetteer *gazetteer, uint16_t number)
{
    return bsearch(&number, gazetteer->municipalities, gazetteer->municipality_count,
                   sizeof gazetteer->municipalities[0], row_compare);
}

const struct gazetteer_county *
gazetteer_county(const struct gazetteer *gazetteer, uint16_t number)
{
    return bsearch(&number, gazetteer->counties, gazetteer->county_count, sizeof gazetteer->counties[0], row_compare);
}
