#include "geo_names.h"

#include "geo_distance.h"
#include "geo_fold.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct geo_name {
    char folded[GEO_FOLD_MAX];
    const struct gazetteer_place *place;
};

static int
compare(const void *a, const void *b)
{
    const struct geo_name *x = a, *y = b;
    return strcmp(x->folded, y->folded);
}

enum sp_error
geo_names_init(struct geo_names *names, const struct gazetteer *gazetteer)
{
    *names = (struct geo_names){ .gazetteer = gazetteer };
    if (gazetteer->place_count == 0)
        return SP_OK;
    names->items = calloc(gazetteer->place_count, sizeof *names->items);
    if (names->items == NULL)
        return SP_NO_MEMORY;
    for (; names->count < gazetteer->place_count; names->count++) {
        struct geo_name *name = &names->items[names->count];
        name->place = &gazetteer->places[names->count];
        geo_fold(span_text(name->place->name), name->folded);
    }
    qsort(names->items, names->count, sizeof *names->items, compare);
    return SP_OK;
}

void
geo_names_fini(struct geo_names *names)
{
    free(names->items);
    *names = (struct geo_names){ 0 };
}

/* The only place of that name, or one of several in one municipality; NULL if it could be in two. */
static const struct gazetteer_place *
find_unique(const struct geo_names *names, struct span city)
{
    struct geo_name wanted;
    geo_fold(city, wanted.folded);
    if (wanted.folded[0] == '\0' || names->count == 0)
        return NULL;
    const struct geo_name *found = bsearch(&wanted, names->items, names->count, sizeof wanted, compare);
    if (found == NULL)
        return NULL;
    const struct geo_name *first = found, *end = found + 1;
    while (first > names->items && compare(&first[-1], found) == 0)
        first--;
    while (end < names->items + names->count && compare(end, found) == 0)
        end++;
    for (const struct geo_name *name = first; name < end; name++)
        if (name->place->number != found->place->number)
            return NULL;
    return found->place;
}

static double
place_km(const struct gazetteer_place *place, double latitude, double longitude)
{
    return geo_distance_km(place->latitude, place->longitude, latitude, longitude);
}

uint16_t
geo_names_find(const struct geo_names *names, struct span city, double latitude, double longitude, double same_max_km,
               double nearest_max_km)
{
    const struct gazetteer_place *same = find_unique(names, city);
    if (same != NULL && place_km(same, latitude, longitude) <= same_max_km)
        return same->number;
    const struct gazetteer_place *nearest = NULL;
    double bound = nearest_max_km;
    for (size_t i = 0; i < names->gazetteer->place_count; i++) {
        const struct gazetteer_place *place = &names->gazetteer->places[i];
        double km = place_km(place, latitude, longitude);
        if (km <= bound) {
            bound = km;
            nearest = place;
        }
    }
    return nearest == NULL ? 0 : nearest->number;
}
