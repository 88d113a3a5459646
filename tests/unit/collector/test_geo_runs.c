#include "geo_runs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static uint64_t
next_random(void)
{
    static uint64_t state = UINT64_C(88172645463325252);
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static uint16_t
linear(const struct geo_run_list *list, uint64_t prefix)
{
    size_t run = 0;
    while (run + 1 < list->count && list->items[run + 1].start <= prefix)
        run++;
    return list->items[run].value;
}

/* Of every length round the block size, at every start, one before and one after. */
static void
assert_equal_to_linear(unsigned bits)
{
    uint64_t mask = (UINT64_C(1) << bits) - 1;
    for (size_t runs = 1; runs < 4 * GEO_BLOCK_RUNS; runs += runs < 4 ? 1 : 3) {
        struct geo_run_list list = { 0 };
        uint64_t start = 0;
        for (size_t i = 0; i < runs; i++) {
            assert_int_equal(geo_run_list_append(&list, start, (uint16_t)(i % 7)), SP_OK);
            start += 1 + next_random() % (mask / runs);
        }
        assert_int_equal(list.count, runs);
        struct geo_runs table;
        assert_int_equal(geo_runs_init(&table, &list, bits), SP_OK);
        for (size_t i = 0; i < runs; i++)
            for (uint64_t step = 0; step < 3; step++) {
                uint64_t prefix = (list.items[i].start + step + mask) & mask; /* -1, 0, +1 */
                assert_int_equal(geo_runs_find(&table, prefix), linear(&list, prefix));
            }
        assert_int_equal(geo_runs_find(&table, mask), linear(&list, mask));
        assert_int_equal(geo_runs_find(&table, mask + 1), linear(&list, mask)); /* behind all */
        assert_int_equal(geo_runs_start(&table, (uint32_t)runs - 1), list.items[runs - 1].start);
        geo_runs_fini(&table);
        geo_run_list_fini(&list);
    }
}

static void
test_narrow_tables_find_as_a_linear_search_does(void **state)
{
    (void)state;
    assert_equal_to_linear(24);
    assert_equal_to_linear(32);
}

static void
test_wide_tables_find_as_a_linear_search_does(void **state)
{
    (void)state;
    assert_equal_to_linear(48);
}

static void
test_equal_neighbours_are_one_run(void **state)
{
    (void)state;
    struct geo_run_list list = { 0 };
    assert_int_equal(geo_run_list_append(&list, 0, 5), SP_OK);
    assert_int_equal(geo_run_list_append(&list, 9, 5), SP_OK);
    assert_int_equal(geo_run_list_append(&list, 10, 6), SP_OK);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.items[1].start, 10);
    geo_run_list_fini(&list);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_narrow_tables_find_as_a_linear_search_does),
        cmocka_unit_test(test_wide_tables_find_as_a_linear_search_does),
        cmocka_unit_test(test_equal_neighbours_are_one_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
