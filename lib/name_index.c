#include "name_index.h"

#include <stdint.h>
#include <stdlib.h>

enum { SLOTS_FIRST = 16 }; /* a power of two */

struct slot {
    struct span name; /* .at NULL: free */
    size_t number;
};

struct name_index {
    struct slot *slots;
    size_t slot_count; /* a power of two */
    size_t used;
};

enum sp_error
name_index_new(struct name_index **index)
{
    *index = calloc(1, sizeof **index);
    if (*index == NULL)
        return SP_NO_MEMORY;
    (*index)->slots = calloc(SLOTS_FIRST, sizeof *(*index)->slots);
    (*index)->slot_count = SLOTS_FIRST;
    if ((*index)->slots != NULL)
        return SP_OK;
    free(*index);
    *index = NULL;
    return SP_NO_MEMORY;
}

void
name_index_free(struct name_index *index)
{
    if (index == NULL)
        return;
    free(index->slots);
    free(index);
}

/* FNV-1a, 64 bits. */
static uint64_t
name_hash(struct span name)
{
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < name.length; i++) {
        hash ^= (unsigned char)name.at[i];
        hash *= 1099511628211U;
    }
    return hash ^ hash >> 32;
}

/* The slot that holds the name, or the free one where it would be put. At least one slot is always free. */
static struct slot *
find_slot(struct slot *slots, size_t slot_count, struct span name)
{
    size_t i = (size_t)name_hash(name) & (slot_count - 1);
    while (slots[i].name.at != NULL && !span_equal(slots[i].name, name))
        i = (i + 1) & (slot_count - 1);
    return &slots[i];
}

static enum sp_error
name_index_grow(struct name_index *index)
{
    size_t slot_count = index->slot_count * 2;
    struct slot *slots = calloc(slot_count, sizeof *slots);
    if (slots == NULL)
        return SP_NO_MEMORY;
    for (size_t i = 0; i < index->slot_count; i++)
        if (index->slots[i].name.at != NULL)
            *find_slot(slots, slot_count, index->slots[i].name) = index->slots[i];
    free(index->slots);
    index->slots = slots;
    index->slot_count = slot_count;
    return SP_OK;
}

enum sp_error
name_index_put(struct name_index *index, struct span name, size_t number)
{
    if (index->used * 2 >= index->slot_count && name_index_grow(index) != SP_OK)
        return SP_NO_MEMORY;
    struct slot *slot = find_slot(index->slots, index->slot_count, name);
    if (slot->name.at != NULL)
        return SP_FULL;
    *slot = (struct slot){ name, number };
    index->used++;
    return SP_OK;
}

enum sp_error
name_index_find(const struct name_index *index, struct span name, size_t *number)
{
    *number = 0;
    if (name.at == NULL)
        return SP_NOT_FOUND;
    const struct slot *slot = find_slot(index->slots, index->slot_count, name);
    if (slot->name.at == NULL)
        return SP_NOT_FOUND;
    *number = slot->number;
    return SP_OK;
}
