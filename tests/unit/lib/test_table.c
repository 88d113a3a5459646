#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sporlos/table.h"

#include <math.h>

static void
test_names_are_unique_and_fit_into_a_key(void **state)
{
    (void)state;
    for (int i = 0; i < TABLE_COUNT; i++) {
        const char *name = table_table[i].name;
        assert_true(strlen(name) > 0 && strlen(name) <= 20);
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(name, table_table[j].name);
    }
    for (int i = 0; i < MODE_COUNT; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(mode_table[i].name, mode_table[j].name);
}

static void
test_tables_are_found_by_name_only(void **state)
{
    (void)state;
    enum table_id table;
    for (int i = 0; i < TABLE_COUNT; i++) {
        assert_int_equal(table_find(span_text(table_table[i].name), &table), SP_OK);
        assert_int_equal(table, i);
    }
    static const char *const others[] = { "", "tota", "totals", "Total", "referrers" };
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(table_find(span_text(others[i]), &table), SP_NOT_FOUND);
}

static void
test_restricted_periods_are_among_those_of_standard(void **state)
{
    (void)state;
    for (int i = 0; i < TABLE_COUNT; i++) {
        unsigned standard = table_periods((enum table_id)i, MODE_STANDARD);
        unsigned restricted = table_periods((enum table_id)i, MODE_RESTRICTED);
        assert_int_equal(restricted & ~standard, 0);
        assert_int_equal(table_periods((enum table_id)i, MODE_STRICT), standard);
        assert_int_not_equal(standard, 0);
        assert_int_equal(restricted & PERIODS_HOUR, 0);
    }
}

/* The list of docs/privacy.md, section 2, written down a second time on purpose: adding a row must break this. */
static void
test_restricted_counts_the_closed_list_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned periods;
        enum key_kind key;
    } closed[] = {
        { "total", PERIODS_DAY, KEY_NONE },    { "visits", PERIODS_DAY, KEY_NONE },
        { "page", PERIODS_MONTH, KEY_PAGE },   { "municipality", PERIODS_MONTH, KEY_MUNICIPALITY },
        { "declined", PERIODS_DAY, KEY_NONE }, { "dropped", PERIODS_DAY, KEY_REASON },
    };
    unsigned found = 0;
    for (int i = 0; i < TABLE_COUNT; i++) {
        unsigned periods = table_periods((enum table_id)i, MODE_RESTRICTED);
        bool listed = false;
        for (size_t j = 0; j < sizeof closed / sizeof closed[0]; j++) {
            if (strcmp(closed[j].name, table_table[i].name) != 0)
                continue;
            listed = true;
            assert_int_equal(periods, closed[j].periods);
            assert_int_equal(table_table[i].key, closed[j].key);
        }
        assert_true(listed || periods == PERIODS_NEVER);
        found += listed;
    }
    assert_int_equal(found, sizeof closed / sizeof closed[0]);
}

static void
test_modes_have_the_numbers_of_the_design(void **state)
{
    (void)state;
    static const struct mode expected[MODE_COUNT] = {
        [MODE_STANDARD] = { "standard", TABLES_STANDARD, 5, 3, 10, 5, 3, WINDOW_PERIOD },
        [MODE_RESTRICTED] = { "restricted", TABLES_RESTRICTED, 12, 9, 20, 8, 4, WINDOW_DAY },
        [MODE_STRICT] = { "strict", TABLES_STANDARD, 20, 25, 30, 10, 4, WINDOW_DAY },
    };
    for (int i = 0; i < MODE_COUNT; i++) {
        const struct mode *mode = &mode_table[i];
        assert_string_equal(mode->name, expected[i].name);
        assert_int_equal(mode->tables, expected[i].tables);
        assert_int_equal(mode->bound, expected[i].bound);
        assert_int_equal(mode->variance, expected[i].variance);
        assert_int_equal(mode->show, expected[i].show);
        assert_int_equal(mode->k, expected[i].k);
        assert_int_equal(mode->witnesses, expected[i].witnesses);
        assert_int_equal(mode->window, expected[i].window);
        assert_true(mode->show - mode->bound >= mode->k); /* what is shown is at least k people's views */
    }
}

static void
test_one_leaf_is_shown_from_the_threshold_of_its_mode(void **state)
{
    (void)state;
    assert_int_equal(release_threshold(MODE_STANDARD, 1), 10);
    assert_int_equal(release_threshold(MODE_RESTRICTED, 1), 20);
    assert_int_equal(release_threshold(MODE_STRICT, 1), 30);
    assert_int_equal(release_threshold(MODE_STANDARD, 2), 5 + 8);   /* 3 sqrt 6 = 7.35 */
    assert_int_equal(release_threshold(MODE_STANDARD, 12), 5 + 18); /* 3 sqrt 36, exactly */
    assert_int_equal(release_threshold(MODE_RESTRICTED, 4), 8 + 18);
}

static void
test_a_sum_is_shown_from_k_and_three_standard_deviations(void **state)
{
    (void)state;
    for (int i = 0; i < MODE_COUNT; i++) {
        int64_t previous = 0;
        for (unsigned m = 2; m <= 100000; m++) {
            int64_t extra = release_threshold((enum site_mode)i, m) - mode_table[i].k;
            int64_t square = INT64_C(9) * m * mode_table[i].variance;
            /* extra = ceil(sqrt(square)), without rounding */
            assert_true(extra * extra >= square && (extra - 1) * (extra - 1) < square && extra >= previous);
            assert_true(fabs((double)extra - 3 * sqrt((double)m * mode_table[i].variance)) <= 1);
            previous = extra;
        }
        int64_t largest = release_threshold((enum site_mode)i, 4294967295U) - mode_table[i].k;
        int64_t square = INT64_C(9) * 4294967295 * mode_table[i].variance;
        assert_true(largest * largest >= square && (largest - 1) * (largest - 1) < square);
    }
}

static void
test_every_table_has_words_in_three_languages(void **state)
{
    (void)state;
    for (int i = 0; i < TABLE_COUNT; i++)
        for (int j = 0; j < LANGUAGE_COUNT; j++)
            assert_true(strlen(table_table[i].words[j]) > 10);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_unique_and_fit_into_a_key),
        cmocka_unit_test(test_tables_are_found_by_name_only),
        cmocka_unit_test(test_restricted_periods_are_among_those_of_standard),
        cmocka_unit_test(test_restricted_counts_the_closed_list_and_nothing_else),
        cmocka_unit_test(test_modes_have_the_numbers_of_the_design),
        cmocka_unit_test(test_one_leaf_is_shown_from_the_threshold_of_its_mode),
        cmocka_unit_test(test_a_sum_is_shown_from_k_and_three_standard_deviations),
        cmocka_unit_test(test_every_table_has_words_in_three_languages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
