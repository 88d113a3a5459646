#include "cells.h"

#include <stdlib.h>

struct key_text {
    struct span text; /* .at NULL: not looked up yet */
};

enum { CHUNK_ROOM = 8192 };
#define SUM_MAX ((int64_t)1 << 53)

struct text_chunk {
    struct text_chunk *next;
    size_t used, room;
    char bytes[];
};

static size_t
place_of(const struct cells *self, int64_t key)
{
    /* Fibonacci hashing: numbers that follow each other are spread over the whole index. */
    uint64_t hash = (uint64_t)key * UINT64_C(0x9e3779b97f4a7c15);
    size_t place = (size_t)(hash >> 32) & (self->index_room - 1);
    while (self->index[place] != 0 && self->sums[self->index[place] - 1].key != key)
        place = (place + 1) & (self->index_room - 1);
    return place;
}

static enum sp_error
grow_index(struct cells *self)
{
    size_t room = self->index_room == 0 ? 256 : self->index_room;
    while (room <= self->key_count * 2)
        room *= 2;
    uint32_t *index = calloc(room, sizeof *index);
    if (index == NULL)
        return SP_NO_MEMORY;
    free(self->index);
    self->index = index;
    self->index_room = room;
    for (size_t i = 0; i < self->key_count; i++)
        index[place_of(self, self->sums[i].key)] = (uint32_t)i + 1;
    return SP_OK;
}

static enum sp_error
grow_keys(struct cells *self)
{
    size_t room = self->key_room == 0 ? 64 : self->key_room * 2;
    struct key_sum *sums = realloc(self->sums, room * sizeof *sums);
    if (sums == NULL)
        return SP_NO_MEMORY;
    self->sums = sums;
    struct key_text *texts = realloc(self->texts, room * sizeof *texts);
    if (texts == NULL)
        return SP_NO_MEMORY;
    self->texts = texts;
    self->key_room = room;
    return SP_OK;
}

static enum sp_error
append(struct cells *self, int64_t key)
{
    if (self->key_count == self->key_room && grow_keys(self) != SP_OK)
        return SP_NO_MEMORY;
    self->sums[self->key_count] = (struct key_sum){ .key = key };
    self->texts[self->key_count++] = (struct key_text){ .text = { NULL, 0 } };
    self->next = self->key_count;
    return SP_OK;
}

static enum sp_error
look_up_indexed(struct cells *self, int64_t key)
{
    if (self->key_count * 2 >= self->index_room && grow_index(self) != SP_OK)
        return SP_NO_MEMORY;
    size_t place = place_of(self, key);
    if (self->index[place] != 0) {
        self->next = self->index[place];
        return SP_OK;
    }
    enum sp_error error = append(self, key);
    if (error == SP_OK)
        self->index[place] = (uint32_t)self->key_count;
    return error;
}

/* The sum of that key stands before next, or is put there. The first period's keys rise, and most have no others. */
static enum sp_error
look_up(struct cells *self, int64_t key)
{
    bool is_above = self->key_count == 0 || self->sums[self->key_count - 1].key < key;
    return self->index == NULL && is_above ? append(self, key) : look_up_indexed(self, key);
}

/* Only a broken archive has more: nobody counts that far, and JSON's numbers end there. */
static bool
is_too_much(int64_t value)
{
    return value > SUM_MAX || value < -SUM_MAX;
}

static enum sp_error
add_leaf(struct cells *self, const struct packed_leaf *leaf, int64_t full_at)
{
    if (self->next < self->key_count && self->sums[self->next].key == leaf->key)
        self->next++;
    else if (look_up(self, leaf->key) != SP_OK)
        return SP_NO_MEMORY;
    struct key_sum *sum = &self->sums[self->next - 1];
    sum->value += leaf->value;
    sum->leaves += leaf->sources;
    sum->witnessed |= leaf->witnessed;
    sum->at_least |= leaf->value >= full_at;
    return is_too_much(leaf->value) || is_too_much(sum->value) ? SP_MALFORMED : SP_OK;
}

static unsigned
at_least(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

/* Short leaves of the very keys that are expected: what nearly all are after the first period. */
static void
add_expected(struct cells *self, struct packed_reader *reader, unsigned *most)
{
    const unsigned char *at = reader->at;
    struct key_sum *sum = self->sums + self->next;
    const struct key_sum *end = self->sums + self->key_count;
    int64_t key = reader->key;
    unsigned number, sources, length;
    for (; sum < end && (length = packed_short(at, reader->end, &number, &sources)) > 0 && sum->key == key + at[0];
         sum++) {
        key += at[0];
        at += length;
        sum->value += packed_value(number);
        sum->leaves += sources;
        sum->witnessed |= number & 1;
        *most = at_least(*most, sources);
    }
    reader->at = at;
    reader->key = key;
    self->next = (size_t)(sum - self->sums);
}

static enum sp_error
add_all(struct cells *self, struct packed_reader *reader, int64_t full_at, unsigned *most)
{
    struct packed_leaf leaf;
    for (;;) {
        if (full_at == INT64_MAX)
            add_expected(self, reader, most);
        if (!packed_next(reader, &leaf))
            return SP_OK;
        *most = at_least(*most, leaf.sources);
        enum sp_error error = add_leaf(self, &leaf, full_at);
        if (error != SP_OK)
            return error;
    }
}

/* Past short leaves below that key. */
static void
pass_over(struct packed_reader *reader, int64_t below, unsigned *most)
{
    const unsigned char *at = reader->at;
    int64_t key = reader->key;
    unsigned number, sources, length;
    while ((length = packed_short(at, reader->end, &number, &sources)) > 0 && key + at[0] < below) {
        key += at[0];
        at += length;
        *most = at_least(*most, sources);
    }
    reader->at = at;
    reader->key = key;
}

static enum sp_error
add_wanted(struct cells *self, struct packed_reader *reader, int64_t full_at, unsigned *most)
{
    struct packed_leaf leaf;
    const int64_t *wanted = self->wanted;
    const int64_t *end = wanted + self->wanted_count;
    for (;;) {
        pass_over(reader, wanted < end ? *wanted : INT64_MAX, most);
        if (!packed_next(reader, &leaf))
            return SP_OK;
        *most = at_least(*most, leaf.sources);
        while (wanted < end && *wanted < leaf.key)
            wanted++;
        enum sp_error error = wanted < end && *wanted == leaf.key ? add_leaf(self, &leaf, full_at) : SP_OK;
        if (error != SP_OK)
            return error;
    }
}

enum sp_error
cells_add(struct cells *self, struct span leaves, int64_t full_at, unsigned *sources)
{
    struct packed_reader reader = packed_reader(leaves.at, leaves.length);
    enum sp_error error = (self->wanted == NULL ? add_all : add_wanted)(self, &reader, full_at, sources);
    return error == SP_OK && reader.is_broken ? SP_MALFORMED : error;
}

/* ---- names ---- */

/* Room for so many bytes, which stay where they are until the end; NULL: no memory. */
static char *
text_room(struct cells *self, size_t length)
{
    struct text_chunk *chunk = self->chunks;
    if (chunk == NULL || chunk->room - chunk->used < length) {
        size_t room = length > CHUNK_ROOM ? length : CHUNK_ROOM;
        chunk = malloc(sizeof *chunk + room);
        if (chunk == NULL)
            return NULL;
        *chunk = (struct text_chunk){ .next = self->chunks, .room = room };
        self->chunks = chunk;
    }
    chunk->used += length;
    return chunk->bytes + (chunk->used - length);
}

/* Keys that have no name yet, as the archive is asked for them. */
struct unnamed {
    struct cells *cells;
    int64_t *keys;
    size_t *places;
    size_t count;
};

static enum sp_error
take_name(void *context, size_t index, struct span name)
{
    const struct unnamed *unnamed = context;
    char *text = text_room(unnamed->cells, name.length);
    if (text == NULL)
        return SP_NO_MEMORY;
    if (name.length > 0)
        memcpy(text, name.at, name.length);
    unnamed->cells->texts[unnamed->places[index]].text = span_of(text, name.length);
    return SP_OK;
}

enum sp_error
cells_name(struct cells *self, struct archive *archive, bool shown_only)
{
    struct unnamed unnamed = { .cells = self,
                               .keys = malloc((self->count + 1) * sizeof *unnamed.keys),
                               .places = malloc((self->count + 1) * sizeof *unnamed.places) };
    enum sp_error error = unnamed.keys == NULL || unnamed.places == NULL ? SP_NO_MEMORY : SP_OK;
    for (size_t i = 0; error == SP_OK && i < self->count; i++) {
        size_t place = self->cells[i].place;
        if ((shown_only && !self->cells[i].shown) || self->texts[place].text.at != NULL)
            continue;
        unnamed.keys[unnamed.count] = self->sums[place].key;
        unnamed.places[unnamed.count++] = place;
    }
    if (error == SP_OK)
        error = archive_key_names(archive, unnamed.keys, unnamed.count, take_name, &unnamed);
    for (size_t i = 0; error == SP_OK && i < self->count; i++)
        if (self->texts[self->cells[i].place].text.at != NULL)
            self->cells[i].key = self->texts[self->cells[i].place].text;
    free(unnamed.keys);
    free(unnamed.places);
    return error;
}

enum sp_error
cells_make(struct cells *self)
{
    self->count = 0;
    if (self->room < self->key_count) {
        struct cell *cells = realloc(self->cells, self->key_room * sizeof *cells);
        if (cells == NULL)
            return SP_NO_MEMORY;
        self->cells = cells;
        self->room = self->key_room;
    }
    for (size_t i = 0; i < self->key_count; i++) {
        struct key_sum *sum = &self->sums[i];
        if (sum->leaves > 0)
            self->cells[self->count++] = (struct cell){
                .key = { "", 0 },
                .place = (uint32_t)i,
                .value = sum->value,
                .leaves = sum->leaves,
                .witnessed = sum->witnessed,
                .at_least = sum->at_least,
            };
        *sum = (struct key_sum){ .key = sum->key };
    }
    self->next = 0;
    return SP_OK;
}

void
cells_settle(struct cells *self)
{
    free(self->cells);
    free(self->sums);
    free(self->index);
    self->cells = NULL;
    self->sums = NULL;
    self->index = NULL;
    self->count = self->room = self->index_room = 0;
}

void
cells_fini(struct cells *self)
{
    cells_settle(self);
    while (self->chunks != NULL) {
        struct text_chunk *chunk = self->chunks;
        self->chunks = chunk->next;
        free(chunk);
    }
    free(self->texts);
    *self = (struct cells){ .cells = NULL };
}
