#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "texts.h"

#include <sodium.h>
#include <stdio.h>

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
    struct texts *texts;
    uint32_t a;
    uint32_t b;
    assert_int_equal(texts_new(64, &texts), SP_OK);
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
}

static void
test_full_and_swept(void **state)
{
    (void)state;
    struct texts *texts;
    char text[512];
    uint32_t ids[256];
    unsigned n = 0;
    assert_int_equal(texts_new(128, &texts), SP_OK);
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
}

static void
test_every_length(void **state)
{
    (void)state;
    struct texts *texts;
    char text[513];
    uint32_t id;
    assert_int_equal(texts_new(8192, &texts), SP_OK);
    for (size_t length = 1; length <= 512; length++) {
        memset(text, 'a', length);
        assert_int_equal(texts_intern(texts, span_of(text, length), &id), SP_OK);
        assert_int_equal(texts_get(texts, id).length, length);
    }
    assert_int_equal(texts_intern(texts, span_of(text, 513), &id), SP_TOO_LONG);
    texts_free(texts);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_text_same_number),
        cmocka_unit_test(test_full_and_swept),
        cmocka_unit_test(test_every_length),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
