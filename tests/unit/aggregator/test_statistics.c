#include "statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "archive_file.h"
#include "sites.h"

static struct archive_file file;
static struct archive *archive;
static struct site_config standard, restricted;

static int
set_up(void **state)
{
    (void)state;
    const char *why;
    standard = test_site("example.no", MODE_STANDARD);
    restricted = test_site("barn.no", MODE_RESTRICTED);
    if (!archive_file_make(&file))
        return -1;
    return archive_open(file.url, ARCHIVE_WRITE, &archive, &why) == SP_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    archive_close(archive);
    archive_file_remove(&file);
    return 0;
}

static int32_t
date(int year, int month, int day)
{
    return civil_day(year, month, day);
}

static struct period
day(int32_t index)
{
    return (struct period){ PERIOD_DAY, index };
}

static void
keep(const struct site_config *site, struct period period, const struct given *given, size_t count)
{
    assert_int_equal(archive_file_keep(archive, site, period, given, count), SP_OK);
}

static void
keep_one(const struct site_config *site, struct period period, enum table_id table, const char *key, int64_t value,
         bool witnessed)
{
    const struct given given = { period, table, key, value, 1, witnessed };
    keep(site, period, &given, 1);
}

static struct statistic *
ask(const struct site_config *site, enum table_id table, int32_t from, int32_t to, enum statistic_by by)
{
    const struct statistic_query query = { site, table, from, to, by };
    struct statistic *statistic;
    assert_int_equal(statistic_new(archive, &query, &statistic), SP_OK);
    return statistic;
}

static enum sp_error
ask_error(const struct site_config *site, enum table_id table, int32_t from, int32_t to, enum statistic_by by)
{
    const struct statistic_query query = { site, table, from, to, by };
    struct statistic *statistic;
    enum sp_error error = statistic_new(archive, &query, &statistic);
    assert_null(statistic);
    return error;
}

static void
expect_row(const struct statistic *statistic, size_t index, int32_t from, int32_t to, const char *key, int64_t value)
{
    assert_true(index < statistic_count(statistic));
    const struct statistic_row *row = statistic_at(statistic, index);
    assert_int_equal(row->from, from);
    assert_int_equal(row->to, to);
    assert_true(span_equal(row->key, span_text(key)));
    assert_true(row->shown);
    assert_int_equal(row->value, value);
}

static void
expect_hidden(const struct statistic *statistic, size_t index)
{
    const struct statistic_row *row = statistic_at(statistic, index);
    assert_false(row->shown);
    assert_int_equal(row->value, 0);
    assert_int_equal(row->leaves, 0);
    assert_true(row->deviation == 0);
}

static void
test_each_day_has_one_row_shown_or_hidden(void **state)
{
    (void)state;
    int32_t first = date(2026, 11, 2);
    keep_one(&standard, day(first), TABLE_TOTAL, "", 10, true);
    keep_one(&standard, day(first + 1), TABLE_TOTAL, "", 9, true);    /* below the threshold */
    keep_one(&standard, day(first + 2), TABLE_TOTAL, "", 500, false); /* one network */
    keep(&standard, day(first + 3), NULL, 0);                         /* closed, nothing was counted */
    struct statistic *statistic = ask(&standard, TABLE_TOTAL, first - 1, first + 4, BY_DAY);
    assert_int_equal(statistic_count(statistic), 6);
    expect_row(statistic, 1, first, first, "", 10);
    assert_int_equal(statistic_at(statistic, 1)->leaves, 1);
    assert_true(fabs(statistic_at(statistic, 1)->deviation - sqrt(3)) < 1e-9);
    for (size_t i = 0; i < 6; i++)
        if (i != 1)
            expect_hidden(statistic, i);
    statistic_free(statistic);
}

static void
test_a_sum_holds_hidden_leaves_too(void **state)
{
    (void)state;
    int32_t first = date(2026, 11, 2);
    keep_one(&standard, day(first), TABLE_TOTAL, "", 10, true);
    keep_one(&standard, day(first + 1), TABLE_TOTAL, "", -2, false);
    keep_one(&standard, day(first + 2), TABLE_TOTAL, "", 6, false);
    struct statistic *statistic = ask(&standard, TABLE_TOTAL, first, first + 2, BY_RANGE);
    assert_int_equal(statistic_count(statistic), 1);
    expect_row(statistic, 0, first, first + 2, "", 14); /* 3 leaves: 5 + 9 = 14 is just enough */
    statistic_free(statistic);
    statistic = ask(&standard, TABLE_TOTAL, first + 1, first + 2, BY_RANGE);
    expect_hidden(statistic, 0); /* no witness, and too few */
    statistic_free(statistic);
}

static void
test_a_leaf_of_two_sources_needs_the_threshold_of_two(void **state)
{
    (void)state;
    int32_t first = date(2026, 11, 2);
    const struct given twelve = { day(first), TABLE_TOTAL, "", 12, 2, true };
    const struct given thirteen = { day(first + 1), TABLE_TOTAL, "", 13, 2, true };
    keep(&standard, day(first), &twelve, 1);
    keep(&standard, day(first + 1), &thirteen, 1);
    struct statistic *statistic = ask(&standard, TABLE_TOTAL, first, first + 1, BY_DAY);
    expect_hidden(statistic, 0);
    expect_row(statistic, 1, first + 1, first + 1, "", 13);
    assert_int_equal(statistic_at(statistic, 1)->leaves, 2);
    statistic_free(statistic);
}

static void
test_weeks_are_cut_at_the_ends_of_the_range(void **state)
{
    (void)state;
    int32_t wednesday = date(2026, 11, 4);
    for (int32_t i = 0; i < 14; i++)
        keep_one(&standard, day(wednesday + i), TABLE_TOTAL, "", 100 + i, true);
    struct statistic *statistic = ask(&standard, TABLE_TOTAL, wednesday, wednesday + 13, BY_WEEK);
    assert_int_equal(statistic_count(statistic), 3);
    expect_row(statistic, 0, wednesday, wednesday + 4, "", 510);
    expect_row(statistic, 1, wednesday + 5, wednesday + 11, "", 756);
    expect_row(statistic, 2, wednesday + 12, wednesday + 13, "", 225);
    statistic_free(statistic);
}

static void
test_months_are_cut_at_the_ends_of_the_range(void **state)
{
    (void)state;
    int32_t last_of_october = date(2026, 10, 31);
    keep_one(&standard, day(last_of_october), TABLE_TOTAL, "", 30, true);
    keep_one(&standard, day(last_of_october + 1), TABLE_TOTAL, "", 40, true);
    struct statistic *statistic = ask(&standard, TABLE_TOTAL, last_of_october - 1, last_of_october + 2, BY_MONTH);
    assert_int_equal(statistic_count(statistic), 2);
    expect_row(statistic, 0, last_of_october - 1, last_of_october, "", 30);
    expect_row(statistic, 1, last_of_october + 1, last_of_october + 2, "", 40);
    statistic_free(statistic);
}

static void
test_whole_months_come_from_month_leaves_and_nothing_else_does(void **state)
{
    (void)state;
    int32_t first = date(2026, 10, 1);
    int32_t last = date(2026, 10, 31);
    keep_one(&standard, (struct period){ PERIOD_MONTH, civil_month(first) }, TABLE_PAGE, "/a", 77, true);
    for (int32_t i = first; i <= last; i++)
        keep_one(&standard, day(i), TABLE_PAGE, "/a", 20, true);
    static const struct {
        int32_t cut;
        enum statistic_by by;
        enum period_kind kind;
        int64_t value;
    } rows[] = {
        { 0, BY_RANGE, PERIOD_MONTH, 77 }, { 0, BY_MONTH, PERIOD_MONTH, 77 }, { 1, BY_RANGE, PERIOD_DAY, 600 },
        { 1, BY_MONTH, PERIOD_DAY, 600 },  { 0, BY_DAY, PERIOD_DAY, 20 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct statistic *statistic = ask(&standard, TABLE_PAGE, first + rows[i].cut, last, rows[i].by);
        assert_int_equal(statistic_leaf_kind(statistic), rows[i].kind);
        assert_int_equal(statistic_at(statistic, 0)->value, rows[i].value);
        statistic_free(statistic);
    }
}

static void
test_restricted_answers_whole_months_only(void **state)
{
    (void)state;
    int32_t first = date(2026, 10, 1);
    int32_t last = date(2026, 10, 31);
    keep_one(&restricted, (struct period){ PERIOD_MONTH, civil_month(first) }, TABLE_PAGE, "/sorg", 20, true);
    struct statistic *statistic = ask(&restricted, TABLE_PAGE, first, last, BY_MONTH);
    assert_int_equal(statistic_count(statistic), 1);
    expect_row(statistic, 0, first, last, "/sorg", 20);
    statistic_free(statistic);
    assert_int_equal(ask_error(&restricted, TABLE_PAGE, first, last, BY_DAY), SP_REFUSED);
    assert_int_equal(ask_error(&restricted, TABLE_PAGE, first, last, BY_WEEK), SP_REFUSED);
    assert_int_equal(ask_error(&restricted, TABLE_PAGE, first, last - 1, BY_RANGE), SP_REFUSED);
    assert_int_equal(ask_error(&restricted, TABLE_PAGE, first + 1, last, BY_MONTH), SP_REFUSED);
    assert_int_equal(ask_error(&restricted, TABLE_HOUR, first, first, BY_HOUR), SP_REFUSED);
    assert_int_equal(ask_error(&standard, TABLE_HOUR, first, first, BY_DAY), SP_REFUSED);
    assert_int_equal(ask_error(&standard, TABLE_TOTAL, first, first, BY_HOUR), SP_REFUSED);
    assert_int_equal(ask_error(&standard, TABLE_TOTAL, last, first, BY_DAY), SP_MALFORMED);
    assert_int_equal(ask_error(&standard, TABLE_TOTAL, 0, STATISTIC_DAYS_MAX, BY_RANGE), SP_MALFORMED);
}

static void
test_a_day_has_as_many_hours_as_its_clock(void **state)
{
    (void)state;
    int32_t autumn = date(2026, 10, 25); /* 25 hours in Oslo */
    int32_t spring = date(2026, 3, 29);  /* 23 */
    int32_t first = autumn * 24 - 2;     /* midnight in Oslo is 22 UTC */
    keep_one(&standard, (struct period){ PERIOD_HOUR, first }, TABLE_HOUR, "", 33, true);
    struct statistic *statistic = ask(&standard, TABLE_HOUR, autumn, autumn, BY_HOUR);
    assert_int_equal(statistic_count(statistic), 25);
    expect_row(statistic, 0, first, first, "", 33);
    for (size_t i = 1; i < 25; i++)
        expect_hidden(statistic, i);
    statistic_free(statistic);
    statistic = ask(&standard, TABLE_HOUR, spring, spring, BY_HOUR);
    assert_int_equal(statistic_count(statistic), 23);
    statistic_free(statistic);
}

static void
test_only_the_shown_are_listed_and_ranked(void **state)
{
    (void)state;
    int32_t first = date(2026, 11, 2);
    const struct given given[] = {
        { day(first), TABLE_PAGE, "/few", 9, 1, true },      { day(first), TABLE_PAGE, "/b", 40, 1, true },
        { day(first), TABLE_PAGE, "/alone", 900, 1, false }, { day(first), TABLE_PAGE, KEY_OTHER, 300, 1, true },
        { day(first), TABLE_PAGE, "/a", 40, 1, true },       { day(first), TABLE_PAGE, "/top", 50, 1, true },
    };
    keep(&standard, day(first), given, 6);
    struct statistic *statistic = ask(&standard, TABLE_PAGE, first, first, BY_DAY);
    assert_int_equal(statistic_count(statistic), 4);
    expect_row(statistic, 0, first, first, "/top", 50);
    expect_row(statistic, 1, first, first, "/a", 40);
    expect_row(statistic, 2, first, first, "/b", 40);
    expect_row(statistic, 3, first, first, KEY_OTHER, 300);
    statistic_free(statistic);
}

static void
test_hidden_municipalities_stand_together(void **state)
{
    (void)state;
    int32_t first = date(2026, 11, 2);
    const struct given given[] = {
        { day(first), TABLE_MUNICIPALITY, "4601", 90, 1, true },
        { day(first), TABLE_MUNICIPALITY, "4602", 6, 1, true },
        { day(first), TABLE_MUNICIPALITY, "4603", 11, 1, true },
        { day(first), TABLE_MUNICIPALITY, "0301", 70, 1, true },
        { day(first), TABLE_MUNICIPALITY, "5001", 4, 1, true },
        { day(first), TABLE_MUNICIPALITY, "abroad", 15, 1, true },
        { day(first), TABLE_MUNICIPALITY, "unknown", 3, 1, true },
    };
    keep(&standard, day(first), given, 7);
    struct statistic *statistic = ask(&standard, TABLE_MUNICIPALITY, first, first, BY_DAY);
    assert_int_equal(statistic_count(statistic), 4);
    expect_row(statistic, 0, first, first, "4601", 90);
    expect_row(statistic, 1, first, first, "0301", 70);
    expect_row(statistic, 2, first, first, "abroad", 15);
    expect_row(statistic, 3, first, first, "r46", 17);
    assert_true(statistic_at(statistic, 3)->is_rest);
    assert_false(statistic_at(statistic, 0)->is_rest);
    statistic_free(statistic);
}

/* Its leaves are rounded up, so that three hidden municipalities look like four. */
static void
test_a_rest_does_not_tell_how_many_are_hidden(void **state)
{
    (void)state;
    int32_t first = date(2026, 11, 2);
    const struct given given[] = {
        { day(first), TABLE_MUNICIPALITY, "4601", 9, 1, true }, { day(first), TABLE_MUNICIPALITY, "4602", 9, 1, true },
        { day(first), TABLE_MUNICIPALITY, "4603", 9, 1, true }, { day(first), TABLE_MUNICIPALITY, "5001", 9, 1, true },
        { day(first), TABLE_MUNICIPALITY, "5006", 9, 1, true }, { day(first), TABLE_MUNICIPALITY, "5007", 9, 1, true },
        { day(first), TABLE_MUNICIPALITY, "5014", 9, 1, true }, { day(first), TABLE_MUNICIPALITY, "1103", 9, 1, true },
        { day(first), TABLE_MUNICIPALITY, "1106", 9, 1, true }, { day(first), TABLE_MUNICIPALITY, "0301", 70, 1, true },
    };
    keep(&standard, day(first), given, 10);
    struct statistic *statistic = ask(&standard, TABLE_MUNICIPALITY, first, first, BY_DAY);
    assert_int_equal(statistic_count(statistic), 4);
    expect_row(statistic, 0, first, first, "0301", 70);
    expect_row(statistic, 1, first, first, "r11", 18);
    expect_row(statistic, 2, first, first, "r46", 27);
    expect_row(statistic, 3, first, first, "r50", 36);
    unsigned one = statistic_at(statistic, 0)->leaves;
    assert_int_equal(statistic_at(statistic, 1)->leaves, 2 * one);
    assert_int_equal(statistic_at(statistic, 2)->leaves, 4 * one);
    assert_int_equal(statistic_at(statistic, 3)->leaves, 4 * one);
    assert_true(statistic_at(statistic, 2)->deviation == statistic_at(statistic, 3)->deviation);
    statistic_free(statistic);
}

/* The number of leaves would say on which hidden days a page was read at all. */
static void
test_what_stands_beside_a_value_does_not_tell_hidden_leaves(void **state)
{
    (void)state;
    int32_t first = date(2026, 11, 2);
    const struct given both[] = { { day(first), TABLE_PAGE, "/every", 60, 1, true },
                                  { day(first), TABLE_PAGE, "/once", 60, 1, true } };
    const struct given one[] = { { day(first + 1), TABLE_PAGE, "/every", 1, 1, false } };
    keep(&standard, day(first), both, 2);
    keep(&standard, day(first + 1), one, 1);
    struct statistic *statistic = ask(&standard, TABLE_PAGE, first, first + 1, BY_RANGE);
    assert_int_equal(statistic_count(statistic), 2);
    assert_int_equal(statistic_at(statistic, 0)->leaves, 2);
    assert_int_equal(statistic_at(statistic, 1)->leaves, 2);
    assert_true(statistic_at(statistic, 0)->deviation == statistic_at(statistic, 1)->deviation);
    statistic_free(statistic);
}

static uint32_t
draw(uint32_t *random, uint32_t below)
{
    *random = *random * 1664525U + 1013904223U;
    return (*random >> 8) % below;
}

/* Random archives: no hidden value, key or unit shows in any answer. */
static void
test_random_archives_show_nothing_hidden(void **state)
{
    (void)state;
    enum { DAYS = 30, UNITS = 25 };
    int32_t first = date(2026, 10, 1);
    static struct given given[DAYS][UNITS];
    static char keys[UNITS][8];
    uint32_t random = 7;
    for (int unit = 0; unit < UNITS; unit++)
        snprintf(keys[unit], sizeof keys[unit], "%02d%02d", 3 + unit % 5, unit);
    for (int i = 0; i < DAYS; i++) {
        size_t count = 0;
        for (int unit = 0; unit < UNITS; unit++)
            if (draw(&random, 3) != 0)
                given[i][count++] = (struct given){
                    day(first + i),       TABLE_MUNICIPALITY, keys[unit], (int64_t)draw(&random, 16) - 3, 1,
                    draw(&random, 3) != 0
                };
        keep(&standard, day(first + i), given[i], count);
    }
    static const enum statistic_by bys[] = { BY_DAY, BY_WEEK, BY_MONTH, BY_RANGE };
    for (size_t b = 0; b < 4; b++) {
        struct statistic *statistic = ask(&standard, TABLE_MUNICIPALITY, first + 1, first + DAYS - 1, bys[b]);
        for (size_t r = 0; r < statistic_count(statistic); r++) {
            const struct statistic_row *row = statistic_at(statistic, r);
            assert_true(row->shown);
            int64_t sum = 0;
            unsigned leaves = 0;
            bool witnessed = false;
            for (int i = row->from - first; i <= row->to - first; i++) {
                for (int unit = 0; unit < UNITS; unit++) {
                    const struct given *leaf = &given[i][unit];
                    if (leaf->key == NULL || !span_equal(span_text(leaf->key), row->key))
                        continue;
                    sum += leaf->value;
                    leaves++;
                    witnessed = witnessed || leaf->witnessed;
                }
            }
            if (row->is_rest)
                continue;
            assert_int_equal(row->value, sum);
            assert_true(witnessed && sum >= release_threshold(MODE_STANDARD, leaves));
            assert_true(row->leaves >= leaves);
        }
        statistic_free(statistic);
    }
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_each_day_has_one_row_shown_or_hidden),
        T(test_a_sum_holds_hidden_leaves_too),
        T(test_a_leaf_of_two_sources_needs_the_threshold_of_two),
        T(test_weeks_are_cut_at_the_ends_of_the_range),
        T(test_months_are_cut_at_the_ends_of_the_range),
        T(test_whole_months_come_from_month_leaves_and_nothing_else_does),
        T(test_restricted_answers_whole_months_only),
        T(test_a_day_has_as_many_hours_as_its_clock),
        T(test_only_the_shown_are_listed_and_ranked),
        T(test_hidden_municipalities_stand_together),
        T(test_a_rest_does_not_tell_how_many_are_hidden),
        T(test_what_stands_beside_a_value_does_not_tell_hidden_leaves),
        T(test_random_archives_show_nothing_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
