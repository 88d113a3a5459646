#include "activity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

enum { HOUR_S = 3600, NOON_S = 12 * HOUR_S };

static void
test_writes_that_grow_are_beacons(void **state)
{
    (void)state;
    struct activity *activity;
    assert_int_equal(activity_new(&activity), SP_OK);
    activity_note(activity, "a.example", 7, NOON_S + 600); /* what was written before we looked says nothing */
    assert_int_equal(activity_last_s(activity, "a.example"), 0);
    activity_note(activity, "a.example", 7, NOON_S + 610);
    assert_int_equal(activity_last_s(activity, "a.example"), 0);
    activity_note(activity, "a.example", 8, NOON_S + 620);
    activity_note(activity, "a.example", 8, NOON_S + 630);
    assert_int_equal(activity_last_s(activity, "a.example"), NOON_S + 620);
    assert_int_equal(activity_last_s(activity, "b.example"), 0);
    activity_free(activity);
}

static void
test_what_is_written_when_an_hour_turns_is_none(void **state)
{
    (void)state;
    struct activity *activity;
    assert_int_equal(activity_new(&activity), SP_OK);
    activity_note(activity, "a.example", 7, NOON_S - 10);
    activity_note(activity, "a.example", 9, NOON_S + ACTIVITY_TURN_S - 1);
    assert_int_equal(activity_last_s(activity, "a.example"), 0);
    activity_note(activity, "a.example", 10, NOON_S + ACTIVITY_TURN_S);
    assert_int_equal(activity_last_s(activity, "a.example"), NOON_S + ACTIVITY_TURN_S);
    activity_note(activity, "a.example", 1, NOON_S + 200); /* Redis was emptied */
    assert_int_equal(activity_last_s(activity, "a.example"), NOON_S + ACTIVITY_TURN_S);
    activity_free(activity);
}

static void
test_nobody_notes(void **state)
{
    (void)state;
    assert_int_equal(activity_last_s(NULL, "a.example"), 0);
    activity_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_writes_that_grow_are_beacons),
        cmocka_unit_test(test_what_is_written_when_an_hour_turns_is_none),
        cmocka_unit_test(test_nobody_notes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
