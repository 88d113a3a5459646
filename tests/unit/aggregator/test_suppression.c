#include "suppression.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct cell
cell(const char *key, int64_t value, unsigned leaves, bool witnessed)
{
    return (struct cell){ .key = span_text(key), .value = value, .leaves = leaves, .witnessed = witnessed };
}

static void
test_a_leaf_and_a_sum_have_their_own_thresholds(void **state)
{
    (void)state;
    static const struct {
        enum site_mode mode;
        unsigned leaves;
        int64_t least; /* privacy.md, 3: show for one leaf, else k + ceil(3 sqrt(m V)) */
    } rows[] = {
        { MODE_STANDARD, 1, 10 },   { MODE_STANDARD, 2, 13 },    { MODE_STANDARD, 28, 33 }, { MODE_RESTRICTED, 1, 20 },
        { MODE_RESTRICTED, 2, 21 }, { MODE_RESTRICTED, 30, 58 }, { MODE_STRICT, 1, 30 },    { MODE_STRICT, 4, 40 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cell just = cell("", rows[i].least, rows[i].leaves, true);
        struct cell below = cell("", rows[i].least - 1, rows[i].leaves, true);
        struct cell unwitnessed = cell("", rows[i].least + 1000, rows[i].leaves, false);
        assert_true(cell_passes(rows[i].mode, &just));
        assert_false(cell_passes(rows[i].mode, &below));
        assert_false(cell_passes(rows[i].mode, &unwitnessed));
    }
    struct cell nothing = cell("", 1000, 0, true);
    assert_false(cell_passes(MODE_STANDARD, &nothing));
}

static void
test_keys_lie_in_their_county(void **state)
{
    (void)state;
    assert_int_equal(county_of(SPAN_LITERAL("0301")), 3);
    assert_int_equal(county_of(SPAN_LITERAL("f56")), 56);
    assert_int_equal(county_of(SPAN_LITERAL("unknown")), -1);
    assert_int_equal(county_of(SPAN_LITERAL("abroad")), -1);
    assert_int_equal(county_of(SPAN_LITERAL("r03")), -1);
    assert_int_equal(county_of(SPAN_LITERAL("")), -1);
}

static void
test_exactly_one_hidden_takes_the_smallest_shown_with_it(void **state)
{
    (void)state;
    struct cell cells[] = {
        cell("4601", 100, 1, true), cell("4602", 3, 1, true),    cell("4603", 12, 1, true),
        cell("4604", 12, 1, true),  cell("5001", 4, 1, true),    cell("5002", 5, 1, true),
        cell("5003", 50, 1, true),  cell("unknown", 2, 1, true), cell("1101", 30, 1, true),
    };
    static const bool shown[] = { true, false, false, true, false, false, true, false, true };
    suppress(MODE_STANDARD, KEY_MUNICIPALITY, cells, 9);
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(cells[i].shown, shown[i]);
    struct cell rest;
    unsigned units;
    assert_true(suppress_rest(MODE_STANDARD, cells, 9, 46, &rest, &units));
    assert_int_equal(rest.value, 15); /* 3 + 12, two leaves: 13 is enough */
    assert_int_equal(units, 2);
    assert_false(suppress_rest(MODE_STANDARD, cells, 9, 50, &rest, &units)); /* 9 is not */
    assert_false(suppress_rest(MODE_STANDARD, cells, 9, 11, &rest, &units));
    assert_int_equal(units, 0);
}

static void
test_a_county_of_one_hidden_unit_has_no_rest(void **state)
{
    (void)state;
    struct cell cells[] = { cell("0301", 500, 1, false) }; /* many, but no witness */
    struct cell rest;
    unsigned units;
    suppress(MODE_STANDARD, KEY_MUNICIPALITY, cells, 1);
    assert_false(cells[0].shown);
    assert_false(suppress_rest(MODE_STANDARD, cells, 1, 3, &rest, &units));
}

static void
test_a_rest_without_any_witness_is_hidden(void **state)
{
    (void)state;
    struct cell cells[] = { cell("4601", 300, 1, false), cell("4602", 300, 1, false) };
    struct cell rest;
    unsigned units;
    suppress(MODE_STANDARD, KEY_MUNICIPALITY, cells, 2);
    assert_false(suppress_rest(MODE_STANDARD, cells, 2, 46, &rest, &units));
}

static void
test_other_keys_have_no_complements(void **state)
{
    (void)state;
    struct cell cells[] = { cell("/ab", 3, 1, true), cell("/cde", 100, 1, true), cell("1234", 90, 1, true) };
    suppress(MODE_STANDARD, KEY_PAGE, cells, 3);
    assert_false(cells[0].shown);
    assert_true(cells[1].shown);
    assert_true(cells[2].shown);
}

/* Attack 5 of privacy.md, 7: no county ever has shown units and exactly one hidden. */
static void
test_no_county_has_exactly_one_hidden_beside_shown_ones(void **state)
{
    (void)state;
    enum { UNITS = 40, ROUNDS = 20000 };
    static char keys[UNITS][8];
    srand(20261122);
    unsigned rests = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct cell cells[UNITS];
        for (int i = 0; i < UNITS; i++) {
            snprintf(keys[i], sizeof keys[i], "%02d%02d", 3 + rand() % 8, i % 100);
            cells[i] = cell(keys[i], rand() % 40 - 5, 1 + (unsigned)rand() % 3, rand() % 4 != 0);
        }
        enum site_mode mode = (enum site_mode)(rand() % MODE_COUNT);
        suppress(mode, KEY_MUNICIPALITY, cells, UNITS);
        for (int county = 0; county < COUNTY_COUNT; county++) {
            unsigned shown = 0;
            unsigned hidden = 0;
            struct cell rest;
            unsigned units;
            for (int i = 0; i < UNITS; i++) {
                if (county_of(cells[i].key) != county)
                    continue;
                assert_true(!cells[i].shown || cell_passes(mode, &cells[i]));
                shown += cells[i].shown;
                hidden += !cells[i].shown;
            }
            assert_false(shown > 0 && hidden == 1);
            if (suppress_rest(mode, cells, UNITS, county, &rest, &units)) {
                assert_int_equal(units, hidden);
                assert_true(units >= 2);
                assert_true(rest.value >= release_threshold(mode, rest.leaves));
                rests++;
            }
        }
    }
    assert_true(rests > 1000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_leaf_and_a_sum_have_their_own_thresholds),
        cmocka_unit_test(test_keys_lie_in_their_county),
        cmocka_unit_test(test_exactly_one_hidden_takes_the_smallest_shown_with_it),
        cmocka_unit_test(test_a_county_of_one_hidden_unit_has_no_rest),
        cmocka_unit_test(test_a_rest_without_any_witness_is_hidden),
        cmocka_unit_test(test_other_keys_have_no_complements),
        cmocka_unit_test(test_no_county_has_exactly_one_hidden_beside_shown_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
