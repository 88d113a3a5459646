/* How long a jump of the wall clock is remembered. */
#include "clock_jump.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { WALL = 1800000000, SETTLE = 90 };

static void
test_no_jump_is_none(void **state)
{
    struct clock_jump jump = { 0 };
    (void)state;
    assert_int_equal(clock_jump_see(&jump, WALL, 5000, SETTLE), 0); /* whatever both show at first */
    assert_int_equal(clock_jump_see(&jump, WALL + 86400, 5000 + 86400 * 1000LL, SETTLE), 0);
    assert_int_equal(clock_jump_see(&jump, WALL + 86400 + CLOCK_JUMP_S - 1, 5000 + 86400 * 1000LL, SETTLE), 0);
    assert_int_equal(clock_jump_see(&jump, WALL, 6000 + 86400 * 1000LL, SETTLE), 0); /* back */
}

static void
test_a_jump_is_remembered_until_all_have_spoken(void **state)
{
    struct clock_jump jump = { 0 };
    (void)state;
    clock_jump_see(&jump, WALL, 0, SETTLE);
    assert_int_equal(clock_jump_see(&jump, WALL + 3600, 0, SETTLE), 3600);
    assert_int_equal(clock_jump_see(&jump, WALL + 3689, 89000, SETTLE), 3600);
    assert_int_equal(clock_jump_see(&jump, WALL + 3690, 90000, SETTLE), 0);
}

static void
test_jumps_add_up(void **state)
{
    struct clock_jump jump = { 0 };
    (void)state;
    clock_jump_see(&jump, WALL, 0, SETTLE);
    assert_int_equal(clock_jump_see(&jump, WALL + 100, 0, SETTLE), 100);
    assert_int_equal(clock_jump_see(&jump, WALL + 280, 80000, SETTLE), 200); /* and for 90 s from here */
    assert_int_equal(clock_jump_see(&jump, WALL + 369, 169000, SETTLE), 200);
    assert_int_equal(clock_jump_see(&jump, WALL + 370, 170000, SETTLE), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_jump_is_none),
        cmocka_unit_test(test_a_jump_is_remembered_until_all_have_spoken),
        cmocka_unit_test(test_jumps_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
