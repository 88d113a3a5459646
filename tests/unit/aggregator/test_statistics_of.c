/* Answers about some keys: each row is what the whole answer says of that key. */
#include "statistics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "archive_file.h"
#include "draw.h"
#include "sites.h"

enum { DAYS = 75, PAGES = 40, KEYS_MAX = 8 };

static struct archive_file file;
static struct archive *archive;
static struct site_config site;
static char pages[PAGES][16];

static int32_t
first_day(void)
{
    return civil_day(2026, 3, 20);
}

static void
keep(struct period period, enum table_id table, const char (*keys)[24], size_t count)
{
    struct given given[PAGES * 7];
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (draw(4) != 0)
            given[used++] =
                (struct given){ period, table, keys[i], (int64_t)draw(30) - 4, 1 + draw(20) / 19, draw(2) == 0 };
    assert_int_equal(archive_file_keep(archive, &site, period, given, used), SP_OK);
}

static void
keep_all(void)
{
    static char keys[PAGES * 7][24];
    for (int32_t i = 0; i < DAYS; i++) {
        for (int page = 0; page < PAGES; page++)
            snprintf(keys[page], sizeof keys[page], "%.15s", pages[page]);
        keep((struct period){ PERIOD_DAY, first_day() + i }, TABLE_PAGE, keys, PAGES);
    }
    for (int step = 0; step < 7; step++)
        for (int page = 0; page < PAGES; page++)
            snprintf(keys[step * PAGES + page], sizeof keys[0], "%d %.15s", step, pages[page]);
    keep((struct period){ PERIOD_MONTH, civil_month(civil_day(2026, 4, 1)) }, TABLE_PAGE_ENGAGEMENT, keys, PAGES * 7);
}

static int
set_up(void **state)
{
    (void)state;
    const char *why;
    site = test_site("example.no", MODE_STANDARD);
    draw_state = 5;
    for (int page = 0; page < PAGES; page++)
        snprintf(pages[page], sizeof pages[page], "/side-%d", page);
    if (!archive_file_make(&file) || archive_open(file.url, ARCHIVE_WRITE, &archive, &why) != SP_OK)
        return -1;
    keep_all();
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    archive_close(archive);
    archive_file_remove(&file);
    return 0;
}

static bool
is_one_of(struct span key, const struct span *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal(key, keys[i]))
            return true;
    return false;
}

/* The rows of all that are about the keys, and nothing else, in the same order. How many. */
static size_t
expect_same(const struct statistic *some, const struct statistic *all, const struct span *keys, size_t count)
{
    size_t at = 0;
    for (size_t i = 0; i < statistic_count(all); i++) {
        const struct statistic_row *row = statistic_at(all, i);
        if (!is_one_of(row->key, keys, count))
            continue;
        assert_true(at < statistic_count(some));
        const struct statistic_row *found = statistic_at(some, at++);
        assert_true(span_equal(found->key, row->key));
        assert_int_equal(found->from, row->from);
        assert_int_equal(found->to, row->to);
        assert_int_equal(found->shown, row->shown);
        assert_int_equal(found->value, row->value);
        assert_int_equal(found->leaves, row->leaves);
        assert_true(found->deviation == row->deviation);
        assert_int_equal(found->at_least, row->at_least);
    }
    assert_int_equal(at, statistic_count(some));
    return at;
}

static void
test_rows_of_some_keys_are_those_of_the_whole_answer(void **state)
{
    (void)state;
    static const enum statistic_by bys[] = { BY_RANGE, BY_DAY, BY_WEEK, BY_MONTH };
    size_t rows = 0;
    for (int round = 0; round < 200; round++) {
        struct span keys[KEYS_MAX] = { SPAN_LITERAL("/aldri-sett") };
        size_t count = 1 + draw(KEYS_MAX - 1);
        for (size_t i = 1; i < count; i++)
            keys[i] = span_text(pages[draw(PAGES)]); /* one may come twice */
        int32_t from = first_day() + (int32_t)draw(DAYS);
        const struct statistic_query query = { &site, TABLE_PAGE, from, from + (int32_t)draw(70), bys[draw(4)] };
        struct statistic *some, *all;
        assert_int_equal(statistic_new(archive, &query, &all), SP_OK);
        assert_int_equal(statistic_of_new(archive, &query, keys, count, &some), SP_OK);
        rows += expect_same(some, all, keys, count);
        statistic_free(some);
        statistic_free(all);
    }
    assert_true(rows > 500);
}

static void
test_what_is_about_a_page_is_found_by_its_keys(void **state)
{
    (void)state;
    const struct statistic_query query = { &site, TABLE_PAGE_ENGAGEMENT, civil_day(2026, 4, 1), civil_day(2026, 4, 30),
                                           BY_RANGE };
    struct statistic *some, *all;
    size_t rows = 0;
    assert_int_equal(statistic_new(archive, &query, &all), SP_OK);
    for (int page = 0; page < PAGES; page++) {
        char texts[7][24];
        struct span keys[7];
        for (int step = 0; step < 7; step++) {
            snprintf(texts[step], sizeof texts[step], "%d %.15s", step, pages[page]);
            keys[step] = span_text(texts[step]);
        }
        assert_int_equal(statistic_about_new(archive, &query, span_text(pages[page]), &some), SP_OK);
        rows += expect_same(some, all, keys, 7);
        statistic_free(some);
    }
    assert_int_equal(rows, statistic_count(all));
    assert_int_equal(statistic_about_new(archive, &query, SPAN_LITERAL("/aldri-sett"), &some), SP_OK);
    assert_int_equal(statistic_count(some), 0);
    statistic_free(some);
    statistic_free(all);
}

/* What of a county is hidden with what depends on all of them. */
static void
test_municipalities_are_never_answered_in_part(void **state)
{
    (void)state;
    struct period month = { PERIOD_MONTH, civil_month(civil_day(2026, 5, 1)) };
    const struct given given[] = { { month, TABLE_MUNICIPALITY, "0301", 100, 1, true },
                                   { month, TABLE_MUNICIPALITY, "0302", 50, 1, true },
                                   { month, TABLE_MUNICIPALITY, "0303", 2, 1, false } };
    assert_int_equal(archive_file_keep(archive, &site, month, given, 3), SP_OK);
    const struct statistic_query query = { &site, TABLE_MUNICIPALITY, civil_day(2026, 5, 1), civil_day(2026, 5, 31),
                                           BY_RANGE };
    const struct span keys[] = { SPAN_LITERAL("0301"), SPAN_LITERAL("0302") };
    struct statistic *some;
    assert_int_equal(statistic_of_new(archive, &query, keys, 2, &some), SP_OK);
    assert_int_equal(statistic_count(some), 2); /* Oslo, and the others together: 0302 is hidden beside 0303 */
    assert_null(statistic_find(some, keys[1]));
    assert_int_equal(statistic_find(some, keys[0])->value, 100);
    statistic_free(some);
}

static void
test_what_is_refused_of_all_is_refused_of_some(void **state)
{
    (void)state;
    const struct span key = SPAN_LITERAL("/side-1");
    const struct statistic_query wrong = { &site, TABLE_PAGE, first_day() + 1, first_day(), BY_RANGE };
    const struct statistic_query uncounted = { &site, TABLE_PAGE_ENGAGEMENT, first_day(), first_day() + 1, BY_RANGE };
    struct statistic *some;
    assert_int_equal(statistic_of_new(archive, &wrong, &key, 1, &some), SP_MALFORMED);
    assert_null(some);
    assert_int_equal(statistic_of_new(archive, &uncounted, &key, 1, &some), SP_REFUSED);
    assert_null(some);
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_rows_of_some_keys_are_those_of_the_whole_answer),
        T(test_what_is_about_a_page_is_found_by_its_keys),
        T(test_municipalities_are_never_answered_in_part),
        T(test_what_is_refused_of_all_is_refused_of_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
