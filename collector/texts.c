#include "texts.h"

#include "network_hash.h"
#include "sporlos/clock.h"

#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { CLASS_COUNT = 6, HEAD_BYTES = 16, BATCH_CELLS_MAX = 4096, BATCHES_MIN = 32 };

_Static_assert(TEXT_KEY_BYTES == sizeof(struct network_hash_key), "the key is one of SipHash");

/* Stands at the first cell of a text. Cells are numbered from 1, so that 0 can mean the empty text. */
struct text {
    uint64_t hash;
    uint32_t next;   /* in its bucket, or in the free list of its class; made anew when the cells are opened */
    uint16_t length; /* 0: given back */
    uint8_t class;   /* it takes 1 << class cells */
    uint8_t kept;
    char bytes[];
};

_Static_assert(offsetof(struct text, bytes) == HEAD_BYTES, "the head of a text is half a cell");
_Static_assert((TEXT_CELL_BYTES << (CLASS_COUNT - 1)) >= TEXT_BYTES_MAX + HEAD_BYTES, "the longest text has a class");

struct texts {
    struct texts_memory memory;
    struct network_hash_key key;
    uint32_t cells_used;
    uint32_t free[CLASS_COUNT];
    uint32_t *buckets;
    uint32_t bucket_mask;
};

static struct text *
text_at(const struct texts *texts, uint32_t id)
{
    return (struct text *)(void *)(texts->memory.cells + (size_t)id * TEXT_CELL_BYTES);
}

/* Texts come from outside: a keyed hash, so that nobody can choose them to collide. */
static uint64_t
hash_of(const struct texts *texts, struct span text)
{
    uint64_t word = 0;
    size_t i = 0;
    struct network_hash_state state = network_hash_begin(&texts->key);
    for (; i + sizeof word <= text.length; i += sizeof word) {
        memcpy(&word, text.at + i, sizeof word);
        network_hash_word(&state, word);
    }
    size_t rest = text.length - i;
    word = 0;
    if (i == 0)
        memcpy(&word, text.at, rest);
    else if (rest > 0) /* in one piece with what was hashed before, which goes out */
        memcpy(&word, text.at + text.length - sizeof word, sizeof word), word >>= 8 * (sizeof word - rest);
    return network_hash_end(&state, word | (uint64_t)text.length << 56); /* seven bytes at most: the highest is free */
}

static uint8_t
class_of(size_t length)
{
    uint8_t class = 0;
    while (((size_t)TEXT_CELL_BYTES << class) < length + HEAD_BYTES)
        class ++;
    return class;
}

static void
put_in_bucket(struct texts *texts, uint32_t id)
{
    struct text *text = text_at(texts, id);
    uint32_t *bucket = &texts->buckets[text->hash & texts->bucket_mask];
    text->next = *bucket;
    *bucket = id;
}

static void
put_in_free_list(struct texts *texts, uint32_t id)
{
    struct text *text = text_at(texts, id);
    text->next = texts->free[text->class];
    texts->free[text->class] = id;
}

/* One text of another process: as whole as it was left. */
static enum sp_error
adopt(struct texts *texts, uint32_t id, uint32_t end)
{
    struct text *text = text_at(texts, id);
    if (text->class >= CLASS_COUNT || end - id < UINT32_C(1) << text->class)
        return SP_MALFORMED;
    text->kept = 0;
    if (text->length == 0) {
        put_in_free_list(texts, id);
        return SP_OK;
    }
    struct span bytes = span_of(text->bytes, text->length);
    if (text->length > TEXT_BYTES_MAX || class_of(text->length) != text->class || hash_of(texts, bytes) != text->hash)
        return SP_MALFORMED;
    put_in_bucket(texts, id);
    texts->cells_used += UINT32_C(1) << text->class;
    return SP_OK;
}

static enum sp_error
adopt_all(struct texts *texts)
{
    uint32_t end = *texts->memory.cell_next;
    if (end < 1 || end > texts->memory.cell_count + 1)
        return SP_MALFORMED;
    for (uint32_t id = 1; id < end; id += UINT32_C(1) << text_at(texts, id)->class) {
        enum sp_error error = adopt(texts, id, end);
        if (error != SP_OK)
            return error;
    }
    return SP_OK;
}

enum sp_error
texts_open(const struct texts_memory *memory, struct texts **out)
{
    *out = NULL;
    struct texts *texts = calloc(1, sizeof *texts);
    if (texts == NULL)
        return SP_NO_MEMORY;
    uint32_t buckets = 64;
    while (buckets < memory->cell_count)
        buckets *= 2;
    texts->memory = *memory;
    memcpy(&texts->key, memory->key, sizeof texts->key);
    texts->bucket_mask = buckets - 1;
    texts->buckets = calloc(buckets, sizeof *texts->buckets);
    enum sp_error error = texts->buckets == NULL ? SP_NO_MEMORY : adopt_all(texts);
    if (error != SP_OK) {
        texts_free(texts);
        return error;
    }
    *out = texts;
    return SP_OK;
}

void
texts_free(struct texts *texts)
{
    if (texts == NULL)
        return;
    free(texts->buckets);
    free(texts);
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

bool
texts_has(const struct texts *texts, uint32_t id)
{
    if (id == TEXT_NONE)
        return true;
    if (id >= *texts->memory.cell_next)
        return false;
    /* A number in the middle of a text would show bytes of it as a head: only what its bucket knows is one. */
    uint64_t hash = text_at(texts, id)->hash;
    for (uint32_t at = texts->buckets[hash & texts->bucket_mask]; at != 0; at = text_at(texts, at)->next) {
        if (at == id)
            return true;
    }
    return false;
}

/* A fresh text is whole, with length 0, before cell_next counts it in, so that who dies here leaves nothing half-made.
 */
static uint32_t
cut(struct texts *texts, uint8_t class)
{
    uint32_t count = UINT32_C(1) << class;
    uint32_t *next = texts->memory.cell_next;
    uint32_t id = *next;
    if (texts->memory.cell_count + 1 - id < count)
        return TEXT_NONE;
    *text_at(texts, id) = (struct text){ .class = class };
    atomic_signal_fence(memory_order_seq_cst);
    *next += count;
    return id;
}

/* Fresh texts in a drawn order: a text's number must not tell after which other it came. */
static void
cut_batch(struct texts *texts, uint8_t class)
{
    uint32_t ids[BATCH_CELLS_MAX];
    uint32_t cells = texts->memory.cell_count / BATCHES_MIN;
    uint32_t wanted = (cells > BATCH_CELLS_MAX ? BATCH_CELLS_MAX : cells) >> class;
    uint32_t count = 0;
    do
        ids[count] = cut(texts, class);
    while (ids[count] != TEXT_NONE && ++count < wanted);
    for (; count > 0; count--) {
        uint32_t drawn = random_below(count);
        put_in_free_list(texts, ids[drawn]);
        ids[drawn] = ids[count - 1];
    }
}

/* Cells for a text of that class. TEXT_NONE: none left. */
static uint32_t
take_cells(struct texts *texts, uint8_t class)
{
    if (texts->free[class] == TEXT_NONE)
        cut_batch(texts, class);
    uint32_t id = texts->free[class];
    if (id != TEXT_NONE) {
        texts->free[class] = text_at(texts, id)->next;
        texts->cells_used += UINT32_C(1) << class;
    }
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
        id = take_cells(texts, class_of(text.length));
        if (id == TEXT_NONE)
            return SP_FULL;
        struct text *fresh = text_at(texts, id);
        fresh->hash = hash;
        fresh->kept = 0;
        memcpy(fresh->bytes, text.at, text.length);
        atomic_signal_fence(memory_order_seq_cst);
        fresh->length = (uint16_t)text.length;
        put_in_bucket(texts, id);
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
    uint16_t length = text->length;
    text->length = 0;
    atomic_signal_fence(memory_order_seq_cst);
    sodium_memzero(text->bytes, length);
    put_in_free_list(texts, id);
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
    return texts->memory.cell_count;
}
