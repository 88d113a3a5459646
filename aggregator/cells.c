#include "cells.h"

#include <stdlib.h>

struct known_key {
    int64_t id;
    size_t cell;   /* index into cells of its sum ... */
    size_t bucket; /* ... if this is the current bucket */
    char *text;    /* owned; NULL: not looked up yet */
    size_t length;
};

static size_t
place_of(const struct cells *self, int64_t id)
{
    /* Fibonacci hashing: numbers that follow each other are spread over the whole index. */
    uint64_t hash = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);
    size_t place = (size_t)(hash >> 32) & (self->index_room - 1);
    while (self->index[place] != 0 && self->keys[self->index[place] - 1].id != id)
        place = (place + 1) & (self->index_room - 1);
    return place;
}

static enum sp_error
grow_index(struct cells *self)
{
    size_t room = self->index_room == 0 ? 256 : self->index_room * 2;
    uint32_t *index = calloc(room, sizeof *index);
    if (index == NULL)
        return SP_NO_MEMORY;
    free(self->index);
    self->index = index;
    self->index_room = room;
    for (size_t i = 0; i < self->key_count; i++)
        index[place_of(self, self->keys[i].id)] = (uint32_t)i + 1;
    return SP_OK;
}

static enum sp_error
know_key(struct cells *self, int64_t id, size_t *known)
{
    if (self->key_count * 2 >= self->index_room && grow_index(self) != SP_OK)
        return SP_NO_MEMORY;
    size_t place = place_of(self, id);
    if (self->index[place] != 0) {
        *known = self->index[place] - 1;
        return SP_OK;
    }
    if (self->key_count == self->key_room) {
        size_t room = self->key_room == 0 ? 64 : self->key_room * 2;
        struct known_key *keys = realloc(self->keys, room * sizeof *keys);
        if (keys == NULL)
            return SP_NO_MEMORY;
        self->keys = keys;
        self->key_room = room;
    }
    *known = self->key_count++;
    self->keys[*known] = (struct known_key){ .id = id, .bucket = SIZE_MAX };
    self->index[place] = (uint32_t)*known + 1;
    return SP_OK;
}

static enum sp_error
add_cell(struct cells *self, struct known_key *known)
{
    if (self->count == self->room) {
        size_t room = self->room == 0 ? 64 : self->room * 2;
        struct cell *cells = realloc(self->cells, room * sizeof *cells);
        if (cells == NULL)
            return SP_NO_MEMORY;
        self->cells = cells;
        self->room = room;
    }
    known->bucket = self->bucket;
    known->cell = self->count++;
    self->cells[known->cell] = (struct cell){ .key = { "", 0 } };
    return SP_OK;
}

enum sp_error
cells_find(struct cells *self, int64_t key, struct cell **cell)
{
    size_t place = self->next;
    *cell = NULL;
    if (place >= self->key_count || self->keys[place].id != key) {
        enum sp_error error = know_key(self, key, &place);
        if (error != SP_OK)
            return error;
    }
    self->next = place + 1 < self->key_count ? place + 1 : 0;
    struct known_key *known = &self->keys[place];
    if (known->bucket != self->bucket && add_cell(self, known) != SP_OK)
        return SP_NO_MEMORY;
    *cell = &self->cells[known->cell];
    return SP_OK;
}

/* Those that have no name yet, as the archive is asked for them. */
struct unnamed {
    struct cells *cells;
    int64_t *ids;
    size_t *places;
    size_t count;
};

static enum sp_error
take_name(void *context, size_t index, struct span name)
{
    const struct unnamed *unnamed = context;
    struct known_key *known = &unnamed->cells->keys[unnamed->places[index]];
    known->text = malloc(name.length + 1);
    if (known->text == NULL)
        return SP_NO_MEMORY;
    if (name.length > 0)
        memcpy(known->text, name.at, name.length);
    known->length = name.length;
    return SP_OK;
}

static enum sp_error
look_up(struct cells *self, struct archive *archive)
{
    struct unnamed unnamed = { self, malloc((self->count + 1) * sizeof *unnamed.ids),
                               malloc((self->count + 1) * sizeof *unnamed.places), 0 };
    enum sp_error error = unnamed.ids == NULL || unnamed.places == NULL ? SP_NO_MEMORY : SP_OK;
    for (size_t i = 0; error == SP_OK && i < self->key_count; i++) {
        if (self->keys[i].bucket != self->bucket || self->keys[i].text != NULL)
            continue;
        unnamed.ids[unnamed.count] = self->keys[i].id;
        unnamed.places[unnamed.count++] = i;
    }
    if (error == SP_OK)
        error = archive_key_names(archive, unnamed.ids, unnamed.count, take_name, &unnamed);
    free(unnamed.ids);
    free(unnamed.places);
    return error;
}

enum sp_error
cells_name(struct cells *self, struct archive *archive)
{
    enum sp_error error = look_up(self, archive);
    for (size_t i = 0; error == SP_OK && i < self->key_count; i++) {
        const struct known_key *known = &self->keys[i];
        if (known->bucket == self->bucket)
            self->cells[known->cell].key = span_of(known->text, known->length);
    }
    return error;
}

void
cells_clear(struct cells *self)
{
    self->count = 0;
    self->bucket++;
}

void
cells_settle(struct cells *self)
{
    free(self->cells);
    free(self->index);
    self->cells = NULL;
    self->index = NULL;
    self->count = self->room = self->index_room = 0;
}

void
cells_fini(struct cells *self)
{
    cells_settle(self);
    for (size_t i = 0; i < self->key_count; i++)
        free(self->keys[i].text);
    free(self->keys);
    *self = (struct cells){ .cells = NULL };
}
