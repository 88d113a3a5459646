#include "texts.h"

#include "sporlos/clock.h"

#include <sodium.h>
#include <stdlib.h>

enum { CELL_BYTES = 32, TEXT_BYTES_MAX = 512, CLASS_COUNT = 6, HEAD_BYTES = 16 };

/* Stands at the first cell of a text. Cells are numbered from 1, so that 0 can mean the empty text. */
struct text {
    uint64_t hash;
    uint32_t next; /* in its bucket, or in the free list of its class */
    uint16_t length;
    uint8_t class; /* it takes 1 << class cells */
    uint8_t kept;
    char bytes[];
};

_Static_assert(offsetof(struct text, bytes) == HEAD_BYTES, "the head of a text is half a cell");

struct texts {
    unsigned char (*cells)[CELL_BYTES];
    uint32_t cell_count;
    uint32_t cell_next; /* first one never used */
    uint32_t cells_used;
    uint32_t free[CLASS_COUNT];
    uint32_t *buckets;
    uint32_t bucket_mask;
    unsigned char key[crypto_shorthash_KEYBYTES];
};

static struct text *
text_at(const struct texts *texts, uint32_t id)
{
    return (struct text *)(void *)texts->cells[id];
}

enum sp_error
texts_new(uint32_t cell_count, struct texts **out)
{
    *out = NULL;
    struct texts *texts = calloc(1, sizeof *texts);
    if (texts == NULL)
        return SP_NO_MEMORY;
    uint32_t buckets = 64;
    while (buckets < cell_count)
        buckets *= 2;
    texts->cell_count = cell_count;
    texts->cell_next = 1;
    texts->bucket_mask = buckets - 1;
    texts->cells = calloc((size_t)cell_count + 1, CELL_BYTES);
    texts->buckets = calloc(buckets, sizeof *texts->buckets);
    if (texts->cells == NULL || texts->buckets == NULL) {
        texts_free(texts);
        return SP_NO_MEMORY;
    }
    random_bytes(texts->key, sizeof texts->key);
    *out = texts;
    return SP_OK;
}

void
texts_free(struct texts *texts)
{
    if (texts == NULL)
        return;
    free(texts->cells);
    free(texts->buckets);
    free(texts);
}

/* Texts come from outside: a keyed hash, so that nobody can choose them to collide. */
static uint64_t
hash_of(const struct texts *texts, struct span text)
{
    uint64_t hash = 0;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)text.at, text.length, texts->key);
    return hash;
}

static uint32_t
find(const struct texts *texts, struct span text, uint64_t hash)
{
    for (uint32_t id = texts->buckets[hash & texts->bucket_mask]; id != 0; id = text_at(texts, id)->next) {
        const struct text *found = text_at(texts, id);
        if (found->hash == hash && span_equal(span_of(found->bytes, found->length), text))
            return id;
    }
    return TEXT_NONE;
}

uint32_t
texts_find(const struct texts *texts, struct span text)
{
    if (text.length == 0 || text.length > TEXT_BYTES_MAX)
        return TEXT_NONE;
    return find(texts, text, hash_of(texts, text));
}

static uint8_t
class_of(size_t length)
{
    uint8_t class = 0;
    while (((size_t)CELL_BYTES << class) < length + HEAD_BYTES)
        class ++;
    return class;
}

/* Cells for a text of that class: one given back, else fresh ones. 0: none left. */
static uint32_t
take_cells(struct texts *texts, uint8_t class)
{
    uint32_t id = texts->free[class];
    uint32_t count = UINT32_C(1) << class;
    if (id != 0) {
        texts->free[class] = text_at(texts, id)->next;
    } else {
        if (texts->cell_count - (texts->cell_next - 1) < count)
            return 0;
        id = texts->cell_next;
        texts->cell_next += count;
    }
    texts->cells_used += count;
    return id;
}

enum sp_error
texts_intern(struct texts *texts, struct span text, uint32_t *out)
{
    *out = TEXT_NONE;
    if (text.length == 0)
        return SP_OK;
    if (text.length > TEXT_BYTES_MAX)
        return SP_TOO_LONG;
    uint64_t hash = hash_of(texts, text);
    uint32_t id = find(texts, text, hash);
    if (id == TEXT_NONE) {
        uint8_t class = class_of(text.length);
        id = take_cells(texts, class);
        if (id == 0)
            return SP_FULL;
        uint32_t *bucket = &texts->buckets[hash & texts->bucket_mask];
        struct text *fresh = text_at(texts, id);
        fresh->hash = hash;
        fresh->next = *bucket;
        fresh->length = (uint16_t)text.length;
        fresh->class = class;
        fresh->kept = 0;
        memcpy(fresh->bytes, text.at, text.length);
        *bucket = id;
    }
    *out = id;
    return SP_OK;
}

struct span
texts_get(const struct texts *texts, uint32_t id)
{
    if (id == TEXT_NONE)
        return SPAN_LITERAL("");
    const struct text *text = text_at(texts, id);
    return span_of(text->bytes, text->length);
}

void
texts_keep(struct texts *texts, uint32_t id)
{
    if (id != TEXT_NONE)
        text_at(texts, id)->kept = 1;
}

static void
give_back(struct texts *texts, uint32_t id)
{
    struct text *text = text_at(texts, id);
    sodium_memzero(text->bytes, text->length);
    text->length = 0;
    text->next = texts->free[text->class];
    texts->free[text->class] = id;
    texts->cells_used -= UINT32_C(1) << text->class;
}

void
texts_sweep(struct texts *texts)
{
    for (uint32_t i = 0; i <= texts->bucket_mask; i++) {
        uint32_t *link = &texts->buckets[i];
        while (*link != 0) {
            uint32_t id = *link;
            struct text *text = text_at(texts, id);
            if (text->kept) {
                text->kept = 0;
                link = &text->next;
            } else {
                *link = text->next;
                give_back(texts, id);
            }
        }
    }
}

uint32_t
texts_cells_used(const struct texts *texts)
{
    return texts->cells_used;
}

uint32_t
texts_cells_all(const struct texts *texts)
{
    return texts->cell_count;
}
