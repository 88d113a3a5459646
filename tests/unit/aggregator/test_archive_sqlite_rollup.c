#include "archive_sqlite_rollup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "archive_file.h"
#include "draw.h"
#include "sites.h"
#include "statistics.h"

enum { DAYS = 150, PAGES = 12 };

static struct archive_file file;
static struct archive *archive;
static struct site_config site;

static int
set_up(void **state)
{
    (void)state;
    const char *why;
    site = test_site("example.no", MODE_STANDARD);
    draw_state = 11;
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
first_day(void)
{
    return civil_day(2026, 1, 10); /* so that the first month is not whole */
}

/* Some pages, some of two sources; a leaf of total. */
static void
keep_day(int32_t index)
{
    static const char *const pages[PAGES] = { "/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h", "/i", "/j", "/k", "/l" };
    struct given given[PAGES + 2];
    struct period day = { PERIOD_DAY, index };
    size_t count = 0;
    for (int i = 0; i < PAGES; i++)
        if (draw(3) != 0)
            given[count++] =
                (struct given){ day, TABLE_PAGE, pages[i], (int64_t)draw(12) - 3, 1 + draw(8) / 7, draw(9) == 0 };
    given[count++] = (struct given){ day, TABLE_TOTAL, "", (int64_t)draw(100), 1, true };
    given[count++] = (struct given){ day, TABLE_VISITORS, "", (int64_t)draw(100), 1, true };
    assert_int_equal(archive_file_keep(archive, &site, day, given, count), SP_OK);
}

static void
sql(const char *text)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(file.path, &db), SQLITE_OK);
    char *message = NULL;
    if (sqlite3_exec(db, text, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", text, message);
    sqlite3_close(db);
}

static int64_t
number(const char *text)
{
    sqlite3 *db;
    sqlite3_stmt *query;
    assert_int_equal(sqlite3_open(file.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &query, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    sqlite3_close(db);
    return value;
}

/* Everything that a row says, of many ranges, as one text. */
static char *
answers(void)
{
    static const enum table_id tables[] = { TABLE_PAGE, TABLE_TOTAL, TABLE_VISITORS };
    static const enum statistic_by bys[] = { BY_RANGE, BY_MONTH, BY_WEEK };
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    for (int32_t from = -20; from < DAYS; from += 13) {
        for (int32_t to = from; to < DAYS + 20; to += 17) {
            for (int i = 0; i < 9; i++) {
                const struct statistic_query query = { &site, tables[i / 3], first_day() + from, first_day() + to,
                                                       bys[i % 3] };
                struct statistic *statistic;
                enum sp_error error = statistic_new(archive, &query, &statistic);
                fprintf(out, "%d %d %d: %d\n", from, to, i, error);
                for (size_t r = 0; error == SP_OK && r < statistic_count(statistic); r++) {
                    const struct statistic_row *row = statistic_at(statistic, r);
                    fprintf(out, "%d %d %.*s %d %lld %.6f %u\n", row->from, row->to, (int)row->key.length, row->key.at,
                            row->shown, (long long)row->value, row->deviation, row->leaves);
                }
                statistic_free(statistic);
            }
        }
    }
    fclose(out);
    return text;
}

static void
test_answers_are_the_same_with_sums_and_without(void **state)
{
    (void)state;
    for (int32_t i = 0; i < DAYS; i++)
        keep_day(first_day() + i);
    assert_int_equal(number("SELECT count(DISTINCT month) FROM rollup"),
                     5); /* January to May, the 8th of June is open */
    assert_int_equal(number("SELECT count(DISTINCT monday) FROM rollup_week"), 22); /* 10 January is a Saturday */
    char *with = answers();
    assert_true(strstr(with, "/a") != NULL);
    static const char *const fewer[] = { "DELETE FROM rollup WHERE month % 2 = 0",
                                         "DELETE FROM rollup_week WHERE monday % 2 = 0", "DELETE FROM rollup",
                                         "DELETE FROM rollup_week" };
    for (size_t i = 0; i < sizeof fewer / sizeof fewer[0]; i++) {
        sql(fewer[i]);
        char *without = answers();
        assert_string_equal(with, without);
        free(without);
    }
    free(with);
}

/* They are read: a wrong one shows in 28 days that begin on any day, and in a month beside them it does not. */
static void
test_four_weeks_are_answered_from_sums_of_weeks(void **state)
{
    (void)state;
    for (int32_t i = 0; i < DAYS; i++)
        keep_day(first_day() + i);
    struct statistic_query query = { .site = &site, .table = TABLE_TOTAL, .by = BY_RANGE };
    sql("DELETE FROM packed WHERE period BETWEEN 20500 AND 20540"); /* nothing but the sums is left of these days */
    int32_t monday = 20500 + (7 - civil_weekday(20500)) % 7;
    for (int32_t days = 7; days <= 28; days += 7) {
        struct statistic *statistic;
        query.from = monday;
        query.to = monday + days - 1;
        assert_int_equal(statistic_new(archive, &query, &statistic), SP_OK);
        char text[160];
        snprintf(text, sizeof text,
                 "SELECT sum(value) FROM leaf JOIN statistic ON statistic.id = statistic WHERE name = 'total' "
                 "AND period BETWEEN %d AND %d",
                 query.from, query.to);
        assert_int_equal(statistic_at(statistic, 0)->value, number(text));
        statistic_free(statistic);
    }
}

/* Days close in any order, and some never. */
static void
test_a_day_that_closes_late_is_in_the_sum_of_its_month(void **state)
{
    (void)state;
    for (int32_t i = 0; i < DAYS; i++)
        if (i % 7 != 3)
            keep_day(first_day() + i);
    sql("CREATE TABLE seen AS SELECT month, statistic, leaves FROM rollup");
    sql("CREATE TABLE seen_week AS SELECT monday, leaves FROM rollup_week WHERE statistic = 1");
    int64_t weeks = number("SELECT count(*) FROM seen_week");
    for (int32_t i = 3; i < DAYS; i += 14)
        keep_day(first_day() + i);
    assert_int_equal(number("SELECT count(*) FROM rollup JOIN seen USING (month, statistic) "
                            "WHERE rollup.leaves = seen.leaves AND statistic = 1"),
                     0);
    int64_t unchanged = number("SELECT count(*) FROM rollup_week JOIN seen_week USING (monday) "
                               "WHERE statistic = 1 AND rollup_week.leaves = seen_week.leaves");
    assert_true(unchanged <= weeks / 2 + 1); /* a day of every other week was late */
    char *with = answers();
    sql("DELETE FROM rollup; DELETE FROM rollup_week");
    char *without = answers();
    assert_string_equal(with, without);
    free(with);
    free(without);
}

static void
test_a_month_whose_last_day_is_open_has_no_sum(void **state)
{
    (void)state;
    for (int32_t i = 0; i <= 20; i++)
        keep_day(first_day() + i); /* to the 30th of January */
    assert_int_equal(number("SELECT count(*) FROM rollup"), 0);
    keep_day(first_day() + 21);
    assert_int_equal(number("SELECT count(*) FROM rollup"), 3);
}

static void
test_a_week_whose_last_day_is_open_has_no_sum(void **state)
{
    (void)state;
    int32_t monday = first_day() + 2;
    assert_int_equal(civil_weekday(monday), 0);
    for (int32_t i = 0; i < 6; i++)
        keep_day(monday + i);
    assert_int_equal(number("SELECT count(*) FROM rollup_week"), 0);
    keep_day(monday + 6);
    assert_int_equal(number("SELECT count(*) FROM rollup_week"), 3);
    assert_int_equal(number("SELECT min(monday) FROM rollup_week"), monday);
}

/* An archive as that version of its schema left it. */
static void
expect_upgrade(const char *downgrade)
{
    const char *why;
    for (int32_t i = 0; i < DAYS; i++)
        keep_day(first_day() + i);
    char *before = answers();
    int64_t packed = number("SELECT count(*) FROM packed");
    int64_t weeks = number("SELECT count(*) FROM rollup_week");
    archive_close(archive);
    sql(downgrade);
    assert_int_equal(archive_open(file.url, ARCHIVE_READ, &archive, &why), SP_REFUSED);
    assert_int_equal(archive_open(file.url, ARCHIVE_WRITE, &archive, &why), SP_OK);
    char *after = answers();
    assert_string_equal(before, after);
    assert_int_equal(number("SELECT count(*) FROM packed"), packed);
    assert_int_equal(number("SELECT count(DISTINCT month) FROM rollup"), 5);
    assert_int_equal(number("SELECT count(*) FROM rollup_week"), weeks);
    free(before);
    free(after);
}

static void
test_an_older_archive_gets_packed_leaves_and_sums_when_it_is_opened(void **state)
{
    (void)state;
    expect_upgrade("DROP TABLE packed; DROP TABLE rollup; DROP TABLE rollup_week; DROP TABLE host; "
                   "PRAGMA user_version = 2");
}

static void
test_the_archive_before_gets_sums_of_weeks_when_it_is_opened(void **state)
{
    (void)state;
    expect_upgrade("DROP TABLE rollup_week; DROP INDEX rollup_of_statistic; PRAGMA user_version = 5");
}

static void
test_a_broken_row_is_an_error_and_no_number(void **state)
{
    (void)state;
    for (int32_t i = 0; i < 10; i++)
        keep_day(first_day() + i);
    sql("UPDATE packed SET leaves = x'ff' WHERE period = (SELECT max(period) FROM packed)");
    const struct statistic_query query = { &site, TABLE_PAGE, first_day(), first_day() + 20, BY_RANGE };
    struct statistic *statistic;
    assert_int_equal(statistic_new(archive, &query, &statistic), SP_MALFORMED);
    assert_null(statistic);
}

/* The number is that of a leaf with the value 2^57: no sum of such is told, whichever way it is added. */
static void
test_a_value_that_nobody_can_have_counted_is_an_error(void **state)
{
    (void)state;
    for (int32_t i = 0; i < 10; i++)
        keep_day(first_day() + i);
    sql("UPDATE packed SET leaves = x'0180808080808080808010' WHERE statistic = "
        "(SELECT id FROM statistic WHERE name = 'total') AND period % 2 = 0");
    const struct statistic_query query = { &site, TABLE_TOTAL, first_day(), first_day() + 1, BY_RANGE };
    struct statistic *statistic;
    assert_int_equal(statistic_new(archive, &query, &statistic), SP_MALFORMED);
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_answers_are_the_same_with_sums_and_without),
        T(test_a_day_that_closes_late_is_in_the_sum_of_its_month),
        T(test_four_weeks_are_answered_from_sums_of_weeks),
        T(test_a_month_whose_last_day_is_open_has_no_sum),
        T(test_a_week_whose_last_day_is_open_has_no_sum),
        T(test_the_archive_before_gets_sums_of_weeks_when_it_is_opened),
        T(test_an_older_archive_gets_packed_leaves_and_sums_when_it_is_opened),
        T(test_a_broken_row_is_an_error_and_no_number),
        T(test_a_value_that_nobody_can_have_counted_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
