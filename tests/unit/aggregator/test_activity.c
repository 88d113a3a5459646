#include "activity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
/* after those: */
#include <cmocka.h>

#define A "0123456789abcdef0123456789abcdef"
#define B "fedcba9876543210fedcba9876543210"
#define SITE "a.example"

enum { HOUR_S = 3600, NOON_S = 12 * HOUR_S, DAY = 20777 };

static struct activity *activity;

static int
set_up(void **state)
{
    (void)state;
    return activity_new(&activity) == SP_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    activity_free(activity);
    return 0;
}

static void
note(int32_t day, const char *source, int64_t value, int64_t now_s)
{
    activity_note(activity, SITE, (struct activity_count){ day, source, value }, now_s);
}

/* Of a site that is not restricted: the minute. */
static int64_t
last_s(void)
{
    struct activity_told told = activity_tell(activity, SITE, MODE_STRICT, NOON_S);
    assert_false(told.by_hour);
    return told.last_s;
}

static void
test_a_count_that_grows_is_a_view(void **state)
{
    (void)state;
    note(DAY, A, -3, NOON_S); /* what was counted before we looked says nothing */
    note(DAY, A, -3, NOON_S + 60);
    assert_int_equal(last_s(), 0);
    note(DAY, A, -2, NOON_S + 119);
    assert_int_equal(last_s(), NOON_S + 60);
    note(DAY, A, -2, NOON_S + 240);
    assert_int_equal(last_s(), NOON_S + 60);
    assert_int_equal(activity_tell(activity, "b.example", MODE_STRICT, NOON_S).last_s, 0);
}

static void
test_a_counter_that_begins_is_no_view(void **state)
{
    (void)state;
    note(DAY, A, 5, NOON_S);
    note(DAY, B, 50, NOON_S + 60);      /* another collector */
    note(DAY + 1, A, 100, NOON_S + 60); /* another day */
    note(DAY, A, 6, NOON_S + 60);       /* which is not gone back from */
    assert_int_equal(last_s(), 0);
    note(DAY + 1, A, 101, NOON_S + 120);
    assert_int_equal(last_s(), NOON_S + 120);
}

static void
test_a_count_that_was_lost_and_comes_back_is_no_view(void **state)
{
    (void)state;
    note(DAY, A, 5, NOON_S);
    note(DAY, A, 2, NOON_S + 60); /* an old dump */
    note(DAY, A, 5, NOON_S + 120);
    assert_int_equal(last_s(), 0);
    note(DAY, A, 6, NOON_S + 180);
    assert_int_equal(last_s(), NOON_S + 180);
}

static struct activity_told
children(int64_t now_s)
{
    return activity_tell(activity, SITE, MODE_RESTRICTED, now_s);
}

static void
test_of_a_restricted_site_only_hours_that_are_over_are_told(void **state)
{
    (void)state;
    assert_true(children(NOON_S).by_hour); /* also before anything is known */
    activity_note_archived(activity, SITE, true);
    note(DAY, A, 0, NOON_S);
    note(DAY, A, 1, NOON_S + 61);
    note(DAY, A, 2, NOON_S + 62);
    assert_int_equal(children(NOON_S + HOUR_S - 1).last_s, 0);
    assert_int_equal(children(NOON_S + HOUR_S).last_s, NOON_S);
    assert_true(children(NOON_S + HOUR_S).by_hour);
    note(DAY, A, 3, NOON_S + 3 * HOUR_S + 5);
    note(DAY, A, 4, NOON_S + 3 * HOUR_S + 6);
    assert_int_equal(children(NOON_S + 3 * HOUR_S + 7).last_s, NOON_S); /* the view has changed nothing */
    assert_int_equal(children(NOON_S + 4 * HOUR_S).last_s, NOON_S + 3 * HOUR_S);
    assert_int_equal(last_s(), NOON_S + 3 * HOUR_S); /* any other site: the minute */
}

static void
test_a_restricted_site_without_a_day_is_being_set_up(void **state)
{
    (void)state;
    note(DAY, A, 0, NOON_S);
    note(DAY, A, 1, NOON_S + 61);
    assert_int_equal(children(NOON_S + 90).last_s, 0);
    activity_note_archived(activity, SITE, false);
    assert_false(activity_is_archived(activity, SITE));
    assert_false(children(NOON_S + 90).by_hour);
    assert_int_equal(children(NOON_S + 90).last_s, NOON_S + 60);
    activity_note_archived(activity, SITE, true);
    assert_true(activity_is_archived(activity, SITE));
    assert_true(children(NOON_S + 90).by_hour);
    assert_int_equal(children(NOON_S + 90).last_s, 0);
}

static void
test_sources_without_end_are_not_remembered(void **state)
{
    (void)state;
    char source[33];
    for (int i = 0; i < 300; i++) {
        snprintf(source, sizeof source, "%032x", (unsigned)i);
        note(DAY, source, 0, NOON_S);
    }
    note(DAY, source, 1, NOON_S + 60);
    assert_int_equal(last_s(), 0);
    note(DAY, "00000000000000000000000000000007", 1, NOON_S + 60);
    assert_int_equal(last_s(), NOON_S + 60);
}

static void
test_nobody_notes(void **state)
{
    (void)state;
    assert_int_equal(activity_tell(NULL, SITE, MODE_STANDARD, NOON_S).last_s, 0);
    assert_true(activity_tell(NULL, SITE, MODE_RESTRICTED, NOON_S).by_hour);
    activity_free(NULL);
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_a_count_that_grows_is_a_view),
        T(test_a_counter_that_begins_is_no_view),
        T(test_a_count_that_was_lost_and_comes_back_is_no_view),
        T(test_of_a_restricted_site_only_hours_that_are_over_are_told),
        T(test_a_restricted_site_without_a_day_is_being_set_up),
        T(test_sources_without_end_are_not_remembered),
        T(test_nobody_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
