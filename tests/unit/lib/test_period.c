#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sporlos/period.h"

#include <stdlib.h>

static struct zone
zone_of(const char *name)
{
    struct zone zone;
    assert_int_equal(zone_init(&zone, name), SP_OK);
    return zone;
}

/* Seconds since the epoch of a moment in UTC. */
static int64_t
utc(int year, int month, int day, int hour, int minute)
{
    return (int64_t)civil_day(year, month, day) * 86400 + hour * 3600 + minute * 60;
}

static struct period
day_of(int year, int month, int day)
{
    return (struct period){ PERIOD_DAY, civil_day(year, month, day) };
}

static struct period
month_of(int year, int month)
{
    return (struct period){ PERIOD_MONTH, (year - 1970) * 12 + month - 1 };
}

static void
assert_text(struct period period, const char *expected)
{
    char text[PERIOD_TEXT_MAX];
    assert_string_equal(period_format(period, text), expected);
}

static void
test_a_day_with_clocks_put_forward_has_23_hours(void **state)
{
    (void)state;
    struct zone oslo = zone_of("Europe/Oslo");
    struct period day = day_of(2026, 3, 29);
    assert_int_equal(period_start(day, &oslo), utc(2026, 3, 28, 23, 0));
    assert_int_equal(period_end(day, &oslo), utc(2026, 3, 29, 22, 0));
    assert_true(period_equal(period_at(PERIOD_DAY, &oslo, utc(2026, 3, 29, 21, 59)), day));
    assert_true(period_equal(period_at(PERIOD_DAY, &oslo, utc(2026, 3, 29, 22, 0)), day_of(2026, 3, 30)));
}

static void
test_a_day_with_clocks_put_back_has_25_hours(void **state)
{
    (void)state;
    struct zone oslo = zone_of("Europe/Oslo");
    struct period day = day_of(2026, 10, 25);
    assert_int_equal(period_start(day, &oslo), utc(2026, 10, 24, 22, 0));
    assert_int_equal(period_end(day, &oslo), utc(2026, 10, 25, 23, 0));
    assert_true(period_equal(period_at(PERIOD_DAY, &oslo, utc(2026, 10, 24, 21, 59)), day_of(2026, 10, 24)));
    assert_true(period_equal(period_at(PERIOD_DAY, &oslo, utc(2026, 10, 25, 22, 59)), day));
}

static void
test_the_hour_that_comes_twice_is_two_hours(void **state)
{
    (void)state;
    struct zone oslo = zone_of("Europe/Oslo");
    struct period first = period_at(PERIOD_HOUR, &oslo, utc(2026, 10, 25, 0, 30));  /* 02:30 summer time */
    struct period second = period_at(PERIOD_HOUR, &oslo, utc(2026, 10, 25, 1, 30)); /* 02:30 winter time */
    assert_int_equal(second.index - first.index, 1);
    assert_int_equal(period_end(first, &oslo), period_start(second, &oslo));
    assert_text(first, "2026-10-25T00");
    assert_text(second, "2026-10-25T01");
}

static void
test_months_and_years_turn_at_local_midnight(void **state)
{
    (void)state;
    struct zone oslo = zone_of("Europe/Oslo");
    assert_true(period_equal(period_at(PERIOD_MONTH, &oslo, utc(2026, 12, 31, 22, 59)), month_of(2026, 12)));
    assert_true(period_equal(period_at(PERIOD_MONTH, &oslo, utc(2026, 12, 31, 23, 0)), month_of(2027, 1)));
    assert_true(period_equal(period_at(PERIOD_DAY, &oslo, utc(2026, 12, 31, 23, 0)), day_of(2027, 1, 1)));
    assert_int_equal(period_end(month_of(2026, 12), &oslo), utc(2026, 12, 31, 23, 0));
    assert_int_equal(period_start(month_of(2026, 7), &oslo), utc(2026, 6, 30, 22, 0));
}

static void
test_the_months_with_a_change_of_clocks_differ_by_an_hour(void **state)
{
    (void)state;
    struct zone oslo = zone_of("Europe/Oslo");
    static const int hours[12] = { 744, 672, 743, 720, 744, 720, 744, 744, 720, 745, 720, 744 };
    for (int month = 1; month <= 12; month++) {
        struct period period = month_of(2026, month);
        assert_int_equal((period_end(period, &oslo) - period_start(period, &oslo)) / 3600, hours[month - 1]);
    }
}

static void
test_every_moment_lies_in_the_period_that_it_is_said_to(void **state)
{
    (void)state;
    static const char *const zones[] = { "Europe/Oslo",         "UTC",
                                         "America/Santiago",    "Pacific/Auckland",
                                         "Australia/Lord_Howe", "Asia/Kathmandu",
                                         "Pacific/Kiritimati",  "America/St_Johns" };
    for (size_t z = 0; z < sizeof zones / sizeof zones[0]; z++) {
        struct zone zone = zone_of(zones[z]);
        int64_t previous_end = period_start(period_at(PERIOD_DAY, &zone, utc(2025, 12, 1, 0, 17)), &zone);
        for (int64_t moment = utc(2025, 12, 1, 0, 17); moment < utc(2027, 2, 1, 0, 0); moment += 5 * 3600 + 7) {
            for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
                struct period period = period_at((enum period_kind)kind, &zone, moment);
                assert_true(period_start(period, &zone) <= moment);
                assert_true(moment < period_end(period, &zone));
            }
            struct period day = period_at(PERIOD_DAY, &zone, moment);
            /* no gap: the day is the one that was asked for last, or begins where that one ended */
            assert_true(period_start(day, &zone) == previous_end || period_end(day, &zone) == previous_end);
            previous_end = period_end(day, &zone);
        }
    }
}

static void
test_southern_summer_time_turns_the_other_way(void **state)
{
    (void)state;
    struct zone auckland = zone_of("Pacific/Auckland");
    struct period forward = day_of(2026, 9, 27);
    struct period back = day_of(2026, 4, 5);
    assert_int_equal(period_end(forward, &auckland) - period_start(forward, &auckland), 23 * 3600);
    assert_int_equal(period_end(back, &auckland) - period_start(back, &auckland), 25 * 3600);
    assert_int_equal(period_start(day_of(2026, 1, 1), &auckland), utc(2025, 12, 31, 11, 0));
}

static void
test_a_day_without_midnight_begins_at_its_first_moment(void **state)
{
    (void)state;
    struct zone santiago = zone_of("America/Santiago"); /* 2026-09-06 00:00 -> 01:00 */
    struct period day = day_of(2026, 9, 6);
    assert_int_equal(period_start(day, &santiago), utc(2026, 9, 6, 4, 0));
    assert_int_equal(period_end(day_of(2026, 9, 5), &santiago), utc(2026, 9, 6, 4, 0));
    assert_int_equal(period_end(day, &santiago) - period_start(day, &santiago), 23 * 3600);
    assert_true(period_equal(period_at(PERIOD_DAY, &santiago, utc(2026, 9, 6, 4, 0)), day));
    assert_true(period_equal(period_at(PERIOD_DAY, &santiago, utc(2026, 9, 6, 3, 59)), day_of(2026, 9, 5)));
}

static void
test_a_day_with_two_midnights_begins_at_the_first(void **state)
{
    (void)state;
    struct zone havana = zone_of("America/Havana"); /* 2026-11-01 01:00 -> 00:00 */
    struct period day = day_of(2026, 11, 1);
    assert_int_equal(period_start(day, &havana), utc(2026, 11, 1, 4, 0));
    assert_int_equal(period_end(day, &havana) - period_start(day, &havana), 25 * 3600);
    assert_true(period_equal(period_at(PERIOD_DAY, &havana, utc(2026, 11, 1, 4, 30)), day));
    /* asked again after a moment in winter: the answer must not depend on what was asked before */
    assert_true(period_equal(period_at(PERIOD_DAY, &havana, utc(2026, 12, 1, 12, 0)), day_of(2026, 12, 1)));
    assert_int_equal(period_start(day, &havana), utc(2026, 11, 1, 4, 0));
}

/* Samoa went over the date line: 2011-12-30 was left out. */
static void
test_a_day_that_never_was_is_empty(void **state)
{
    (void)state;
    struct zone apia = zone_of("Pacific/Apia");
    int64_t leap = utc(2011, 12, 30, 10, 0);
    assert_int_equal(period_end(day_of(2011, 12, 29), &apia), leap);
    assert_int_equal(period_start(day_of(2011, 12, 30), &apia), leap);
    assert_int_equal(period_end(day_of(2011, 12, 30), &apia), leap);
    assert_int_equal(period_start(day_of(2011, 12, 31), &apia), leap);
    assert_true(period_equal(period_at(PERIOD_DAY, &apia, leap), day_of(2011, 12, 31)));
}

static void
test_zones_by_turns_do_not_disturb_each_other(void **state)
{
    (void)state;
    struct zone oslo = zone_of("Europe/Oslo");
    struct zone auckland = zone_of("Pacific/Auckland");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(period_start(day_of(2026, 7, 1), &oslo), utc(2026, 6, 30, 22, 0));
        assert_int_equal(period_start(day_of(2026, 7, 1), &auckland), utc(2026, 6, 30, 12, 0));
    }
}

static void
test_zone_names_are_checked(void **state)
{
    (void)state;
    struct zone zone;
    assert_int_equal(zone_init(&zone, "Europe/Atlantis"), SP_NOT_FOUND);
    assert_int_equal(zone_init(&zone, "Europe"), SP_NOT_FOUND);      /* a folder */
    assert_int_equal(zone_init(&zone, "leapseconds"), SP_NOT_FOUND); /* a file of another kind */
    assert_int_equal(zone_init(&zone, "UTC"), SP_OK);
    static const char *const malformed[] = { "",     "/etc/passwd",
                                             "../x", "Europe/../../x",
                                             "a b",  ":UTC",
                                             "1",    "Europe/Oslooooooooooooooooooooooooooooooooooooooooooooooo" };
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        assert_int_equal(zone_init(&zone, malformed[i]), SP_MALFORMED);
        assert_string_equal(zone.name, "");
    }
}

static void
test_formats_are_read_back(void **state)
{
    (void)state;
    static const char *const texts[] = { "2026-11-22T13", "2026-11-22", "2026-11",    "2024-02-29",
                                         "1970-01-01T00", "1970-01",    "2000-02-29", "9999-12-31" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct period period;
        assert_int_equal(period_parse(span_text(texts[i]), &period), SP_OK);
        assert_text(period, texts[i]);
    }
    struct period hour;
    assert_int_equal(period_parse(SPAN_LITERAL("1970-01-02T03"), &hour), SP_OK);
    assert_int_equal(hour.kind, PERIOD_HOUR);
    assert_int_equal(hour.index, 27);
}

static void
test_what_is_no_period_is_malformed(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",           "2026",          "2026-",        "2026-1",         "2026-13",       "2026-00",
        "2026/11",    "2026-11-",      "2026-11-2",    "2026-11-31",     "2026-02-29",    "2100-02-29",
        "2026-11-00", "2026-11-22T",   "2026-11-22T1", "2026-11-22T24",  "2026-11-22 13", "2026-11-22T13:00",
        "2026-11 22", "2026-11-22T-1", "1969-12",      " 2026-11",       "2026-11 ",      "x026-11",
        "2026_11-22", "2026-11/22",    "+202-11",      "2026-11-22T130", "2026-1a",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct period period;
        /* from the heap's end: a reader beyond the text is seen */
        size_t length = strlen(texts[i]);
        char *copy = malloc(length == 0 ? 1 : length);
        memcpy(copy, texts[i], length);
        if (period_parse(span_of(copy, length), &period) != SP_MALFORMED)
            fail_msg("'%s' was taken for a period", texts[i]);
        assert_int_equal(period.index, 0);
        free(copy);
    }
}

static void
test_the_calendar_agrees_with_a_walk_day_by_day(void **state)
{
    (void)state;
    static const int lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int32_t index = civil_day(1895, 1, 1);
    int weekday = 1; /* 1895-01-01 was a Tuesday */
    for (int year = 1895; year <= 2405; year++) {
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        for (int month = 1; month <= 12; month++) {
            int length = lengths[month - 1] + (leap && month == 2);
            assert_int_equal(month_first_day((year - 1970) * 12 + month - 1), index);
            for (int day = 1; day <= length; day++, index++, weekday = (weekday + 1) % 7) {
                int y, m, d;
                civil_date(index, &y, &m, &d);
                assert_true(y == year && m == month && d == day && civil_day(y, m, d) == index);
                assert_int_equal(civil_weekday(index), weekday);
                assert_int_equal(civil_month(index), (year - 1970) * 12 + month - 1);
            }
        }
    }
    assert_int_equal(civil_day(1970, 1, 1), 0);
    assert_int_equal(civil_day(2026, 11, 22), 20779);
}

static void
test_moments_before_1970_are_rounded_downwards(void **state)
{
    (void)state;
    struct zone zone = zone_of("UTC");
    assert_int_equal(period_at(PERIOD_HOUR, &zone, -1).index, -1);
    assert_int_equal(period_at(PERIOD_HOUR, &zone, -3600).index, -1);
    assert_int_equal(period_at(PERIOD_HOUR, &zone, -3601).index, -2);
    assert_int_equal(period_at(PERIOD_DAY, &zone, -1).index, -1);
    assert_int_equal(period_at(PERIOD_MONTH, &zone, -1).index, -1);
    assert_text((struct period){ PERIOD_HOUR, -1 }, "1969-12-31T23");
    assert_text((struct period){ PERIOD_MONTH, -1 }, "1969-12");
    assert_int_equal(period_end((struct period){ PERIOD_DAY, -1 }, &zone), 0);
}

static void
test_clocks_are_right_on_days_of_23_and_25_hours(void **state)
{
    (void)state;
    struct zone zone;
    assert_int_equal(zone_init(&zone, "Europe/Oslo"), SP_OK);
    static const struct {
        int month, day, utc_hour, clock;
    } rows[] = { { 3, 29, 0, 60 },   { 3, 29, 1, 180 },  { 3, 29, 12, 840 }, { 10, 25, 0, 120 },
                 { 10, 25, 1, 120 }, { 10, 25, 2, 180 }, { 10, 25, 12, 780 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t utc_s = civil_day(2026, rows[i].month, rows[i].day) * INT64_C(86400) + rows[i].utc_hour * 3600 + 5 * 60;
        assert_int_equal(zone_minute_of_day(&zone, utc_s), rows[i].clock + 5);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_day_with_clocks_put_forward_has_23_hours),
        cmocka_unit_test(test_a_day_with_clocks_put_back_has_25_hours),
        cmocka_unit_test(test_the_hour_that_comes_twice_is_two_hours),
        cmocka_unit_test(test_clocks_are_right_on_days_of_23_and_25_hours),
        cmocka_unit_test(test_months_and_years_turn_at_local_midnight),
        cmocka_unit_test(test_the_months_with_a_change_of_clocks_differ_by_an_hour),
        cmocka_unit_test(test_every_moment_lies_in_the_period_that_it_is_said_to),
        cmocka_unit_test(test_southern_summer_time_turns_the_other_way),
        cmocka_unit_test(test_a_day_without_midnight_begins_at_its_first_moment),
        cmocka_unit_test(test_a_day_with_two_midnights_begins_at_the_first),
        cmocka_unit_test(test_a_day_that_never_was_is_empty),
        cmocka_unit_test(test_zones_by_turns_do_not_disturb_each_other),
        cmocka_unit_test(test_zone_names_are_checked),
        cmocka_unit_test(test_formats_are_read_back),
        cmocka_unit_test(test_what_is_no_period_is_malformed),
        cmocka_unit_test(test_the_calendar_agrees_with_a_walk_day_by_day),
        cmocka_unit_test(test_moments_before_1970_are_rounded_downwards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
