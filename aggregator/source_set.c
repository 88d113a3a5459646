#include "source_set.h"

#include <stdlib.h>
#include <string.h>

void
source_set_fini(struct source_set *set)
{
    free(set->ids);
    *set = (struct source_set){ NULL, 0, 0 };
}

/* Where id is, or would be put. */
static size_t
source_place(const struct source_set *set, const char *id)
{
    size_t low = 0;
    size_t high = set->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(set->ids[middle], id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool
source_set_has(const struct source_set *set, const char *id)
{
    size_t place = source_place(set, id);
    return place < set->count && strcmp(set->ids[place], id) == 0;
}

bool
source_is_valid(struct span id)
{
    if (id.length != SOURCE_TEXT_MAX - 1)
        return false;
    for (size_t i = 0; i < id.length; i++)
        if (!(id.at[i] >= '0' && id.at[i] <= '9') && !(id.at[i] >= 'a' && id.at[i] <= 'f'))
            return false;
    return true;
}

static bool
source_set_grow(struct source_set *set)
{
    if (set->count < set->room)
        return true;
    size_t room = set->room == 0 ? 8 : set->room * 2;
    char(*ids)[SOURCE_TEXT_MAX] = realloc(set->ids, room * sizeof *ids);
    if (ids == NULL)
        return false;
    set->ids = ids;
    set->room = room;
    return true;
}

enum sp_error
source_set_add(struct source_set *set, struct span id)
{
    if (!source_is_valid(id))
        return SP_MALFORMED;
    char text[SOURCE_TEXT_MAX] = { 0 };
    memcpy(text, id.at, id.length);
    size_t place = source_place(set, text);
    if (place < set->count && strcmp(set->ids[place], text) == 0)
        return SP_OK;
    if (!source_set_grow(set))
        return SP_NO_MEMORY;
    memmove(&set->ids[place + 1], &set->ids[place], (set->count - place) * sizeof *set->ids);
    memcpy(set->ids[place], text, sizeof text);
    set->count++;
    return SP_OK;
}
