#include "packed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct packed_leaf examples[] = {
    { 1, 0, 1, false },
    { 2, -1, 1, true },
    { 3, 15, 1, true },
    { 4, -16, 2, false },
    { 5, 16, 1, true },      /* two bytes for the value */
    { 6, 8191, 1, false },   /* three */
    { 7, -3, 7, true },      /* a sum of days */
    { 8, 1000, 127, false }, /* of more */
    { 9, 1000, 128, false }, /* no byte holds them */
    { 200, 1000000, 1, true },
    { 201, -1000000, 300, true },
    { INT64_C(1) << 40, (INT64_C(1) << 58), 1, false },
    { (INT64_C(1) << 40) + 1, -(INT64_C(1) << 58), 4000000000U, false },
};
enum { EXAMPLES = sizeof examples / sizeof examples[0] };

static struct packed_writer
pack_examples(void)
{
    struct packed_writer writer = { .bytes = NULL };
    for (int i = 0; i < EXAMPLES; i++)
        assert_int_equal(packed_add(&writer, &examples[i]), SP_OK);
    return writer;
}

static void
test_what_is_packed_is_read_back(void **state)
{
    (void)state;
    struct packed_writer writer = pack_examples();
    struct packed_reader reader = packed_reader(writer.bytes, writer.length);
    struct packed_leaf leaf = { .key = 0 };
    for (int i = 0; i < EXAMPLES; i++) {
        assert_true(packed_next(&reader, &leaf));
        assert_int_equal(leaf.key, examples[i].key);
        assert_int_equal(leaf.value, examples[i].value);
        assert_int_equal(leaf.sources, examples[i].sources);
        assert_int_equal(leaf.witnessed, examples[i].witnessed);
    }
    assert_false(packed_next(&reader, &leaf));
    assert_false(reader.is_broken);
    packed_writer_fini(&writer);
}

/* The quick way is taken for some leaves and not for others; it says the same wherever it is taken, and passes no end.
 */
static void
test_short_leaves_are_told_alike(void **state)
{
    (void)state;
    uint32_t random = 7;
    unsigned quick = 0;
    for (int round = 0; round < 2000; round++) {
        struct packed_writer writer = { .bytes = NULL };
        struct packed_leaf leaf = { .key = 0 };
        for (int i = 0; i < 6; i++) {
            random = random * 1664525 + 1013904223;
            leaf.key += 1 + (random >> 24) % 140;
            leaf.value = (int64_t)(random >> 8 & 0xffff) >> (random % 17);
            leaf.sources = (random & 64) == 0 ? 1 : 1 + (random >> 16) % 140;
            leaf.witnessed = random % 3 == 0;
            assert_int_equal(packed_add(&writer, &leaf), SP_OK);
        }
        unsigned char *exact = malloc(writer.length);
        memcpy(exact, writer.bytes, writer.length);
        struct packed_reader reader = packed_reader(exact, writer.length);
        for (int i = 0; i < 6; i++) {
            const unsigned char *at = reader.at;
            int64_t key = reader.key;
            unsigned number, sources;
            unsigned length = packed_short(at, reader.end, &number, &sources);
            assert_true(packed_next(&reader, &leaf));
            if (length == 0)
                continue;
            quick++;
            assert_ptr_equal(at + length, reader.at);
            assert_int_equal(key + at[0], leaf.key);
            assert_int_equal(packed_value(number), leaf.value);
            assert_int_equal(sources, leaf.sources);
            assert_int_equal(number & 1, leaf.witnessed);
        }
        free(exact);
        packed_writer_fini(&writer);
    }
    assert_in_range(quick, 4000, 11000);
}

static void
test_a_small_leaf_takes_two_bytes(void **state)
{
    (void)state;
    struct packed_writer writer = { .bytes = NULL };
    for (int64_t key = 1; key <= 1000; key++)
        assert_int_equal(packed_add(&writer, &(struct packed_leaf){ key, key % 16, 1, key % 2 == 0 }), SP_OK);
    assert_int_equal(writer.length, 2000);
    packed_writer_fini(&writer);
}

static void
test_what_cannot_be_read_back_is_not_packed(void **state)
{
    (void)state;
    static const struct packed_leaf wrong[] = {
        { 5, 1, 1, false },                /* the key before */
        { 4, 1, 1, false },                /* below it */
        { 6, 1, 0, false },                /* no source */
        { 6, INT64_C(1) << 61, 1, false }, /* too large */
        { 6, INT64_MIN, 1, false },
    };
    struct packed_writer writer = { .bytes = NULL };
    assert_int_equal(packed_add(&writer, &(struct packed_leaf){ 5, 1, 1, false }), SP_OK);
    size_t length = writer.length;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(packed_add(&writer, &wrong[i]), SP_MALFORMED);
    assert_int_equal(writer.length, length);
    packed_writer_fini(&writer);
}

/* Each cut either falls between two leaves or is seen; no byte beyond it is read (the sanitizer watches). */
static void
test_bytes_that_are_cut_off_are_broken(void **state)
{
    (void)state;
    struct packed_writer writer = pack_examples();
    unsigned whole = 0;
    for (size_t length = 0; length <= writer.length; length++) {
        unsigned char *copy = malloc(length + 1);
        memcpy(copy, writer.bytes, length);
        unsigned char *exact = realloc(copy, length == 0 ? 1 : length);
        struct packed_reader reader = packed_reader(exact, length);
        struct packed_leaf leaf;
        while (packed_next(&reader, &leaf))
            ;
        whole += !reader.is_broken;
        free(exact);
    }
    assert_int_equal(whole, EXAMPLES + 1);
    packed_writer_fini(&writer);
}

static void
test_a_number_without_end_is_broken(void **state)
{
    (void)state;
    unsigned char bytes[32];
    memset(bytes, 0xff, sizeof bytes);
    struct packed_reader reader = packed_reader(bytes, sizeof bytes);
    struct packed_leaf leaf;
    assert_false(packed_next(&reader, &leaf));
    assert_true(reader.is_broken);
    reader = packed_reader(NULL, 0);
    assert_false(packed_next(&reader, &leaf));
    assert_false(reader.is_broken);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_packed_is_read_back),
        cmocka_unit_test(test_short_leaves_are_told_alike),
        cmocka_unit_test(test_a_small_leaf_takes_two_bytes),
        cmocka_unit_test(test_what_cannot_be_read_back_is_not_packed),
        cmocka_unit_test(test_bytes_that_are_cut_off_are_broken),
        cmocka_unit_test(test_a_number_without_end_is_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
