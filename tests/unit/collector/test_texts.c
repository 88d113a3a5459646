#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "texts.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

struct memory {
    unsigned char *cells;
    uint32_t next;
    unsigned char key[TEXT_KEY_BYTES];
};

static struct texts *
open_texts(struct memory *memory, uint32_t cell_count)
{
    struct texts *texts;
    if (memory->cells == NULL)
        *memory = (struct memory){ calloc((size_t)cell_count + 1, TEXT_CELL_BYTES), 1, "a key of a test" };
    const struct texts_memory parts = { memory->cells, cell_count, &memory->next, memory->key };
    assert_int_equal(texts_open(&parts, &texts), SP_OK);
    return texts;
}

static struct span
nth(char *out, unsigned n, size_t length)
{
    memset(out, 'x', length);
    snprintf(out, 16, "%u", n);
    out[strlen(out)] = 'x';
    return span_of(out, length);
}

static void
test_same_text_same_number(void **state)
{
    (void)state;
    struct memory memory = { NULL, 0, "" };
    uint32_t a;
    uint32_t b;
    struct texts *texts = open_texts(&memory, 64);
    assert_int_equal(texts_intern(texts, SPAN_LITERAL("/sorg"), &a), SP_OK);
    assert_int_equal(texts_intern(texts, SPAN_LITERAL("/sorg"), &b), SP_OK);
    assert_int_equal(a, b);
    assert_int_equal(texts_find(texts, SPAN_LITERAL("/sorg")), a);
    assert_int_equal(texts_find(texts, SPAN_LITERAL("/sor")), TEXT_NONE);
    assert_true(span_equal(texts_get(texts, a), SPAN_LITERAL("/sorg")));
    assert_int_equal(texts_intern(texts, SPAN_LITERAL(""), &b), SP_OK);
    assert_int_equal(b, TEXT_NONE);
    assert_int_equal(texts_get(texts, TEXT_NONE).length, 0);
    texts_free(texts);
    free(memory.cells);
}

static void
test_a_number_tells_no_order(void **state)
{
    (void)state;
    enum { TEXTS = 1000 };
    struct memory memory = { NULL, 0, "" };
    struct texts *texts = open_texts(&memory, 1 << 17);
    uint32_t before = 0;
    unsigned rises = 0;
    for (unsigned n = 0; n < TEXTS; n++) {
        char bytes[TEXT_BYTES_MAX];
        uint32_t id;
        assert_int_equal(texts_intern(texts, nth(bytes, n, 20), &id), SP_OK);
        rises += id > before;
        before = id;
    }
    assert_in_range(rises, TEXTS / 2 - 75, TEXTS / 2 + 75); /* sd of rises is sqrt(n/12), 9: eight of them */
    texts_free(texts);
    free(memory.cells);
}

static void
test_full_and_swept(void **state)
{
    (void)state;
    struct memory memory = { NULL, 0, "" };
    char text[512];
    uint32_t ids[256];
    unsigned n = 0;
    struct texts *texts = open_texts(&memory, 128);
    while (texts_intern(texts, nth(text, n, 40), &ids[n]) == SP_OK)
        n++;
    assert_int_equal(n, 64); /* 40 bytes take two cells */
    assert_int_equal(texts_cells_used(texts), 128);
    assert_int_equal(texts_intern(texts, nth(text, 3, 40), &ids[200]), SP_OK); /* a known one still has its number */
    assert_int_equal(ids[200], ids[3]);
    for (unsigned i = 0; i < n; i += 2)
        texts_keep(texts, ids[i]);
    texts_sweep(texts);
    assert_int_equal(texts_cells_used(texts), 64);
    for (unsigned i = 0; i < n; i++)
        assert_int_equal(texts_find(texts, nth(text, i, 40)), i % 2 == 0 ? ids[i] : TEXT_NONE);
    for (unsigned i = 1000; i < 1032; i++)
        assert_int_equal(texts_intern(texts, nth(text, i, 40), &ids[0]), SP_OK); /* the room is used again */
    assert_int_equal(texts_intern(texts, nth(text, 2000, 40), &ids[0]), SP_FULL);
    texts_free(texts);
    free(memory.cells);
}

static void
test_every_length(void **state)
{
    (void)state;
    struct memory memory = { NULL, 0, "" };
    char text[513];
    uint32_t id;
    struct texts *texts = open_texts(&memory, 8192);
    for (size_t length = 1; length <= 512; length++) {
        memset(text, 'a', length);
        assert_int_equal(texts_intern(texts, span_of(text, length), &id), SP_OK);
        assert_int_equal(texts_get(texts, id).length, length);
    }
    assert_int_equal(texts_intern(texts, span_of(text, 513), &id), SP_TOO_LONG);
    texts_free(texts);
    free(memory.cells);
}

/* Another process opens the same cells: it knows the same texts by the same numbers, and what was given back is free.
 */
static void
test_adopted(void **state)
{
    (void)state;
    struct memory memory = { NULL, 0, "" };
    struct texts *texts = open_texts(&memory, 4096);
    char text[512];
    uint32_t ids[100];
    uint32_t again;
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(texts_intern(texts, nth(text, i, 20 + i * 4), &ids[i]), SP_OK);
    for (unsigned i = 0; i < 100; i += 3)
        texts_keep(texts, ids[i]);
    texts_sweep(texts);
    uint32_t used = texts_cells_used(texts);
    texts_free(texts);
    texts = open_texts(&memory, 4096);
    assert_int_equal(texts_cells_used(texts), used);
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(texts_find(texts, nth(text, i, 20 + i * 4)), i % 3 == 0 ? ids[i] : TEXT_NONE);
        assert_int_equal(texts_has(texts, ids[i]), i % 3 == 0);
    }
    assert_false(texts_has(texts, ids[3] + 1)); /* in the middle of one */
    assert_false(texts_has(texts, 1 << 20));
    for (unsigned i = 1; i < 100; i += 3)
        assert_int_equal(texts_intern(texts, nth(text, i, 20 + i * 4), &again), SP_OK);
    texts_free(texts);
    free(memory.cells);
}

/* Whatever is written over the cells: refused or consistent, never a crash. */
static void
test_damaged(void **state)
{
    (void)state;
    unsigned refused = 0;
    for (int round = 0; round < 2000; round++) {
        struct memory memory = { NULL, 0, "" };
        struct texts *texts = open_texts(&memory, 128);
        char text[512];
        uint32_t id;
        for (unsigned i = 0; i < 30; i++)
            assert_int_equal(texts_intern(texts, nth(text, i, 20 + i), &id), SP_OK);
        texts_free(texts);
        memory.cells[32 + randombytes_uniform(64 * TEXT_CELL_BYTES)] ^= (unsigned char)(1 + randombytes_uniform(255));
        const struct texts_memory parts = { memory.cells, 128, &memory.next, memory.key };
        if (texts_open(&parts, &texts) == SP_OK) {
            assert_int_not_equal(texts_intern(texts, SPAN_LITERAL("/new"), &id), SP_TOO_LONG);
            texts_free(texts);
        } else {
            refused++;
        }
        free(memory.cells);
    }
    assert_true(refused > 500);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_text_same_number),
        cmocka_unit_test(test_a_number_tells_no_order),
        cmocka_unit_test(test_full_and_swept),
        cmocka_unit_test(test_every_length),
        cmocka_unit_test(test_adopted),
        cmocka_unit_test(test_damaged),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
