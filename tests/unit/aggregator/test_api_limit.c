#include "api_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static struct api_limit *
limit_of(int64_t rate, int64_t burst)
{
    struct api_limit *limit;
    assert_int_equal(api_limit_new(rate, burst, &limit), SP_OK);
    return limit;
}

static int
taken(struct api_limit *limit, const char *who, int64_t now_ms, int tries)
{
    int count = 0;
    int wait_s;
    for (int i = 0; i < tries; i++)
        count += api_limit_take(limit, span_text(who), now_ms, &wait_s);
    return count;
}

static void
test_a_burst_then_the_rate(void **state)
{
    (void)state;
    struct api_limit *limit = limit_of(5, 20);
    assert_int_equal(taken(limit, "a", 1000, 100), 20);
    assert_int_equal(taken(limit, "a", 1000, 100), 0);
    assert_int_equal(taken(limit, "a", 1200, 100), 1);
    assert_int_equal(taken(limit, "a", 3200, 100), 10);
    assert_int_equal(taken(limit, "a", 1000000, 100), 20);
    api_limit_free(limit);
}

static void
test_one_does_not_use_up_what_another_has(void **state)
{
    (void)state;
    struct api_limit *limit = limit_of(5, 20);
    assert_int_equal(taken(limit, "a", 1000, 100), 20);
    assert_int_equal(taken(limit, "b", 1000, 100), 20);
    api_limit_free(limit);
}

static void
test_a_refusal_says_how_long_to_wait_and_that_is_enough(void **state)
{
    (void)state;
    struct api_limit *limit = limit_of(1, 1);
    int wait_s;
    assert_true(api_limit_take(limit, span_text("a"), 0, &wait_s));
    assert_false(api_limit_take(limit, span_text("a"), 1, &wait_s));
    assert_in_range(wait_s, 1, 2);
    assert_true(api_limit_take(limit, span_text("a"), 1 + wait_s * 1000, &wait_s));
    api_limit_free(limit);
}

/* More networks than there is room for: memory stays, and somebody who goes on asking is not forgotten. */
static void
test_a_crowd_does_not_free_the_one_who_floods(void **state)
{
    (void)state;
    struct api_limit *limit = limit_of(1, 10);
    int count = 0;
    for (int i = 0; i < 20000; i++) {
        char who[16];
        snprintf(who, sizeof who, "n%d", i);
        count += taken(limit, "flood", 1000 + i, 1);
        assert_int_equal(taken(limit, who, 1000 + i, 1), 1);
    }
    assert_in_range(count, 10, 40);
    api_limit_free(limit);
}

static void
test_no_rate_is_no_limit(void **state)
{
    (void)state;
    struct api_limit *limit = limit_of(0, 1);
    assert_int_equal(taken(limit, "a", 1000, 5000), 5000);
    api_limit_free(limit);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_burst_then_the_rate),
        cmocka_unit_test(test_one_does_not_use_up_what_another_has),
        cmocka_unit_test(test_a_refusal_says_how_long_to_wait_and_that_is_enough),
        cmocka_unit_test(test_a_crowd_does_not_free_the_one_who_floods),
        cmocka_unit_test(test_no_rate_is_no_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
