#include "dashboard/range.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

static void
expect_days(const char *query, struct day_range now, struct day_range then)
{
    struct selection selection = selection_parse(span_text(query));
    struct day_range days = selection_days(selection, civil_day(2026, 11, 21));
    struct day_range compared = selection_compared(selection, days);
    assert_int_equal(days.from, now.from);
    assert_int_equal(days.to, now.to);
    assert_int_equal(compared.from, then.from);
    assert_int_equal(compared.to, then.to);
}

#define DAYS(y1, m1, d1, y2, m2, d2) ((struct day_range){ civil_day(y1, m1, d1), civil_day(y2, m2, d2) })

static void
test_choices_mean_days(void **state)
{
    (void)state;
    expect_days("", DAYS(2026, 10, 25, 2026, 11, 21), DAYS(2026, 9, 27, 2026, 10, 24));
    expect_days("period=nonsense&compare=x", DAYS(2026, 10, 25, 2026, 11, 21), DAYS(2026, 9, 27, 2026, 10, 24));
    expect_days("period=7d", DAYS(2026, 11, 15, 2026, 11, 21), DAYS(2026, 11, 8, 2026, 11, 14));
    expect_days("period=28d&compare=year", DAYS(2026, 10, 25, 2026, 11, 21), DAYS(2025, 10, 26, 2025, 11, 22));
    expect_days("period=month%3A2026-10", DAYS(2026, 10, 1, 2026, 10, 31), DAYS(2026, 9, 1, 2026, 9, 30));
    expect_days("period=month:2024-02&compare=year", DAYS(2024, 2, 1, 2024, 2, 29), DAYS(2023, 2, 1, 2023, 2, 28));
    expect_days("period=month:2026-13", DAYS(2026, 10, 25, 2026, 11, 21), DAYS(2026, 9, 27, 2026, 10, 24));
    expect_days("period=12m", DAYS(2025, 11, 1, 2026, 10, 31), DAYS(2024, 11, 1, 2025, 10, 31));
    expect_days("period=90d", DAYS(2026, 8, 24, 2026, 11, 21), DAYS(2026, 5, 26, 2026, 8, 23));
    expect_days("period=yesterday", DAYS(2026, 11, 21, 2026, 11, 21), DAYS(2026, 11, 14, 2026, 11, 14));
}

/* 21 November 2026 is a Saturday. */
static void
test_weeks_begin_on_mondays(void **state)
{
    (void)state;
    struct selection week = selection_parse(SPAN_LITERAL("period=week"));
    struct selection before = selection_parse(SPAN_LITERAL("period=lastweek"));
    expect_days("period=week", DAYS(2026, 11, 16, 2026, 11, 21), DAYS(2026, 11, 9, 2026, 11, 14));
    expect_days("period=week&compare=year", DAYS(2026, 11, 16, 2026, 11, 21), DAYS(2025, 11, 17, 2025, 11, 22));
    expect_days("period=lastweek", DAYS(2026, 11, 9, 2026, 11, 15), DAYS(2026, 11, 2, 2026, 11, 8));
    assert_int_equal(selection_days(before, civil_day(2026, 11, 15)).to, civil_day(2026, 11, 15));
    assert_int_equal(selection_days(before, civil_day(2026, 11, 14)).to, civil_day(2026, 11, 8));
    assert_int_equal(selection_days(week, civil_day(2026, 11, 16)).from, civil_day(2026, 11, 16));
}

static void
test_days_of_ones_own(void **state)
{
    (void)state;
    expect_days("period=custom&from=2026-09-10&to=2026-10-05", DAYS(2026, 9, 10, 2026, 10, 5),
                DAYS(2026, 8, 15, 2026, 9, 9));
    expect_days("period=custom&from=2026-09-10&to=2026-09-10", DAYS(2026, 9, 10, 2026, 9, 10),
                DAYS(2026, 9, 3, 2026, 9, 3));
    expect_days("period=custom&from=2026-09-10&to=2026-10-05&compare=year", DAYS(2026, 9, 10, 2026, 10, 5),
                DAYS(2025, 9, 11, 2025, 10, 6));
    /* whole months are months, however they were asked for */
    expect_days("period=custom&from=2026-09-01&to=2026-10-31", DAYS(2026, 9, 1, 2026, 10, 31),
                DAYS(2026, 7, 1, 2026, 8, 31));
    expect_days("period=custom&from=2024-02-01&to=2024-02-29&compare=year", DAYS(2024, 2, 1, 2024, 2, 29),
                DAYS(2023, 2, 1, 2023, 2, 28));
}

static void
test_what_is_no_day_is_none(void **state)
{
    (void)state;
    static const char *const queries[] = {
        "period=custom",
        "period=custom&from=&to=",
        "period=custom&from=2026-02-30&to=2026-11",
        "period=custom&from=2026-11-03T05&to=03.11.2026",
        "period=custom&from=2026-11-03%00&to=-2026-11-03",
        "period=custom&from=20261103&to=99999-01-01",
    };
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        struct selection selection = selection_parse(span_text(queries[i]));
        assert_int_equal(selection.kind, RANGE_CUSTOM);
        assert_int_equal(selection.from, NO_DAY);
        assert_int_equal(selection.to, NO_DAY);
        assert_false(selection_is_months(selection));
    }
    assert_int_equal(selection_parse(SPAN_LITERAL("period=7d&from=2026-11-03")).from, 0); /* of no other period */
}

static void
test_ones_own_days_stand_in_addresses(void **state)
{
    (void)state;
    struct html html = { 0 };
    selection_write(&html, selection_parse(SPAN_LITERAL("period=custom&to=2026-10-05&compare=none&from=2026-09-10")),
                    true);
    assert_true(span_equal(span_of(html.at, html.length),
                           SPAN_LITERAL("?period=custom&amp;from=2026-09-10&amp;to=2026-10-05&amp;compare=none")));
    html_fini(&html);
}

static void
test_twelve_months_end_with_a_month_that_just_ended(void **state)
{
    (void)state;
    struct selection selection = selection_parse(SPAN_LITERAL("period=12m"));
    assert_int_equal(selection_days(selection, civil_day(2026, 10, 31)).to, civil_day(2026, 10, 31));
    assert_int_equal(selection_days(selection, civil_day(2026, 10, 30)).to, civil_day(2026, 9, 30));
}

static void
test_values_of_forms(void **state)
{
    (void)state;
    char out[QUERY_VALUE_MAX];
    const struct span form = SPAN_LITERAL("aa=1&a=x+y%26%C3%A6&a=2&empty=&bad=%4&nul=%00");
    assert_int_equal(query_value(form, "a", out), SP_OK);
    assert_string_equal(out, "x y&\u00e6");
    assert_int_equal(query_value(form, "empty", out), SP_OK);
    assert_string_equal(out, "");
    assert_int_equal(query_value(form, "bad", out), SP_MALFORMED);
    assert_int_equal(query_value(form, "nul", out), SP_MALFORMED);
    assert_int_equal(query_value(form, "none", out), SP_NOT_FOUND);
    assert_int_equal(query_value(span_of(NULL, 0), "a", out), SP_NOT_FOUND);
    char longest[QUERY_VALUE_MAX + 3] = "a=";
    memset(longest + 2, 'x', QUERY_VALUE_MAX - 1);
    assert_int_equal(query_value(span_text(longest), "a", out), SP_OK);
    longest[QUERY_VALUE_MAX + 1] = 'x';
    assert_int_equal(query_value(span_text(longest), "a", out), SP_TOO_LONG);
    assert_string_equal(out, "");
}

static void
test_a_name_that_stands_there_more_than_once(void **state)
{
    (void)state;
    char out[QUERY_VALUE_MAX];
    struct span rest = SPAN_LITERAL("site=a&b=1&site=%zz&&sites=x&site=*");
    assert_int_equal(query_next(&rest, "site", out), SP_OK);
    assert_string_equal(out, "a");
    assert_int_equal(query_next(&rest, "site", out), SP_MALFORMED);
    assert_string_equal(out, "");
    assert_int_equal(query_next(&rest, "site", out), SP_OK);
    assert_string_equal(out, "*");
    assert_int_equal(query_next(&rest, "site", out), SP_NOT_FOUND);
    assert_int_equal(query_next(&rest, "site", out), SP_NOT_FOUND);
}

static void
test_whether_a_query_can_be_read(void **state)
{
    (void)state;
    static const char *const whole[] = { "", "&", "&&a", "a=1&b=%C3%A6&c", "period=28d", "x=%25&=&==" };
    static const char *const broken[] = { "%", "a=%4", "a=1&b=%zz", "a=%00", "a=%E6", "a=\xff", "a=%C3&b=%A6" };
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (!query_is_whole(span_text(whole[i])))
            fail_msg("%s", whole[i]);
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        if (query_is_whole(span_text(broken[i])))
            fail_msg("%s", broken[i]);
    char longest[QUERY_VALUE_MAX + 3] = "a=";
    memset(longest + 2, 'x', QUERY_VALUE_MAX - 1);
    assert_true(query_is_whole(span_text(longest)));
    longest[QUERY_VALUE_MAX + 1] = 'x';
    assert_false(query_is_whole(span_text(longest)));
}

static void
test_a_choice_is_written_as_it_is_read(void **state)
{
    (void)state;
    static const char *const values[] = { "7d",       "28d", "90d",           "yesterday", "week",
                                          "lastweek", "12m", "month:2026-10", "custom" };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char query[64] = "period=";
        strcat(query, values[i]);
        struct html html = { 0 };
        selection_write_period(&html, selection_parse(span_text(query)));
        assert_true(span_equal(span_of(html.at, html.length), span_text(values[i])));
        html_fini(&html);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choices_mean_days),
        cmocka_unit_test(test_weeks_begin_on_mondays),
        cmocka_unit_test(test_days_of_ones_own),
        cmocka_unit_test(test_what_is_no_day_is_none),
        cmocka_unit_test(test_ones_own_days_stand_in_addresses),
        cmocka_unit_test(test_twelve_months_end_with_a_month_that_just_ended),
        cmocka_unit_test(test_values_of_forms),
        cmocka_unit_test(test_a_name_that_stands_there_more_than_once),
        cmocka_unit_test(test_whether_a_query_can_be_read),
        cmocka_unit_test(test_a_choice_is_written_as_it_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
