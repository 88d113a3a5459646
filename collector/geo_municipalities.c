#include "geo_municipalities.h"

#include "geo.h"
#include "sporlos/gazetteer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_END = 10000 };

enum sp_error
geo_municipalities_init(struct geo_municipalities *municipalities)
{
    static const struct geo_municipality none[MUNICIPALITY_FIRST] = {
        [MUNICIPALITY_UNKNOWN] = { 0, "unknown", "unknown", POPULATION_UNKNOWN },
        [MUNICIPALITY_ABROAD] = { 0, "abroad", "abroad", POPULATION_UNKNOWN },
    };
    *municipalities = (struct geo_municipalities){ .items = malloc(sizeof none) };
    if (municipalities->items == NULL)
        return SP_NO_MEMORY;
    memcpy(municipalities->items, none, sizeof none);
    municipalities->count = MUNICIPALITY_FIRST;
    return SP_OK;
}

void
geo_municipalities_fini(struct geo_municipalities *municipalities)
{
    free(municipalities->items);
    *municipalities = (struct geo_municipalities){ 0 };
}

static int
compare(const void *a, const void *b)
{
    const struct geo_municipality *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static struct geo_municipality
make(unsigned number)
{
    struct geo_municipality made = { .number = (uint16_t)number, .population = POPULATION_UNKNOWN };
    snprintf(made.key, sizeof made.key, "%04u", number % NUMBER_END);
    snprintf(made.county_key, sizeof made.county_key, "f%02u", number % NUMBER_END / 100);
    return made;
}

enum sp_error
geo_municipalities_add(struct geo_municipalities *municipalities, const uint16_t *numbers, size_t count)
{
    size_t room = municipalities->count + count;
    struct geo_municipality *items = room > NUMBER_END ? NULL : realloc(municipalities->items, room * sizeof *items);
    if (items == NULL)
        return SP_NO_MEMORY;
    municipalities->items = items;
    for (size_t i = 0; i < count; i++) {
        if (geo_municipalities_index(municipalities, numbers[i]) != MUNICIPALITY_UNKNOWN)
            continue;
        items[municipalities->count++] = make(numbers[i]);
        qsort(items + MUNICIPALITY_FIRST, municipalities->count - MUNICIPALITY_FIRST, sizeof *items, compare);
    }
    return SP_OK;
}

uint16_t
geo_municipalities_index(const struct geo_municipalities *municipalities, uint16_t number)
{
    struct geo_municipality wanted = { .number = number };
    const struct geo_municipality *found = bsearch(&wanted, municipalities->items + MUNICIPALITY_FIRST,
                                                   municipalities->count - MUNICIPALITY_FIRST, sizeof wanted, compare);
    return found == NULL ? MUNICIPALITY_UNKNOWN : (uint16_t)(found - municipalities->items);
}
