#include "login_limit.h"

#include "sporlos/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include <stdio.h>

static int64_t now_ms = 1000;

static int64_t
monotonic_ms(void *context)
{
    (void)context;
    return now_ms;
}

static int64_t
wall_s(void *context)
{
    (void)context;
    return now_ms / 1000;
}

static const struct clock_source test_clock = { wall_s, monotonic_ms, NULL };

static const unsigned char one[LOGIN_NETWORK_BYTES] = { 1 }, two[LOGIN_NETWORK_BYTES] = { 2 },
                           unknown[LOGIN_NETWORK_BYTES] = { 0 };

/* A name of its own for each attempt, so that only the network is counted. */
static int64_t
attempt_as(struct login_limit *limit, const unsigned char *network, int number)
{
    char name[16];
    snprintf(name, sizeof name, "n%d", number);
    return login_limit_attempt(limit, network, span_text(name));
}

static int
set_up(void **state)
{
    return login_limit_new((struct login_limit **)state) == SP_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
    login_limit_free(*state);
    now_ms += LOGIN_WINDOW_MS;
    return 0;
}

static void
test_a_network_is_slowed_and_others_are_not(void **state)
{
    struct login_limit *limit = *state;
    for (int i = 0; i < LOGIN_NETWORK_ATTEMPTS; i++)
        assert_int_equal(attempt_as(limit, one, i), 0);
    assert_int_equal(attempt_as(limit, one, 100), LOGIN_WINDOW_MS);
    assert_int_equal(attempt_as(limit, two, 101), 0);
    now_ms += LOGIN_WINDOW_MS;
    assert_int_equal(attempt_as(limit, one, 100), 0);
}

static void
test_what_succeeded_is_not_counted(void **state)
{
    struct login_limit *limit = *state;
    for (int i = 0; i < 5 * LOGIN_NETWORK_ATTEMPTS; i++) {
        assert_int_equal(login_limit_attempt(limit, one, SPAN_LITERAL("kari")), 0);
        login_limit_succeeded(limit, one, SPAN_LITERAL("kari"));
    }
}

static void
test_a_name_waits_longer_with_each_failure_but_is_never_locked(void **state)
{
    struct login_limit *limit = *state;
    unsigned char network[LOGIN_NETWORK_BYTES] = { 0 };
    for (int i = 0; i < LOGIN_NAME_FREE; i++) {
        network[3] = (unsigned char)(i + 1);
        assert_int_equal(login_limit_attempt(limit, network, SPAN_LITERAL("kari")), 0);
    }
    int64_t expected_ms = 1000;
    for (int i = 0; i < 10; i++) {
        network[3] = (unsigned char)(i + 100);
        assert_int_equal(login_limit_attempt(limit, network, SPAN_LITERAL("kari")), expected_ms);
        now_ms += expected_ms - 1;
        assert_int_equal(login_limit_attempt(limit, network, SPAN_LITERAL("kari")), 1);
        now_ms += 1;
        assert_int_equal(login_limit_attempt(limit, network, SPAN_LITERAL("kari")), 0);
        expected_ms = expected_ms * 2 > LOGIN_NAME_WAIT_MAX_MS ? LOGIN_NAME_WAIT_MAX_MS : expected_ms * 2;
    }
    assert_int_equal(login_limit_attempt(limit, network, SPAN_LITERAL("ola")), 0);
}

static void
test_nobody_keeps_another_out_by_trying_his_name(void **state)
{
    struct login_limit *limit = *state;
    unsigned char network[LOGIN_NETWORK_BYTES] = { 0 };
    assert_int_equal(login_limit_attempt(limit, one, SPAN_LITERAL("kari")), 0);
    login_limit_succeeded(limit, one, SPAN_LITERAL("kari"));
    for (int i = 0; i < LOGIN_ATTEMPTS + 50; i++) { /* from everywhere, as fast as it goes */
        network[3] = (unsigned char)(1 + i % 250);
        network[4] = (unsigned char)(i / 250);
        login_limit_attempt(limit, network, i % 2 == 0 ? SPAN_LITERAL("kari") : SPAN_LITERAL("ola"));
    }
    assert_true(login_limit_attempt(limit, two, SPAN_LITERAL("kari")) > 0);
    assert_int_equal(login_limit_attempt(limit, one, SPAN_LITERAL("kari")), 0);
    assert_true(login_limit_attempt(limit, one, SPAN_LITERAL("ola")) > 0);
}

static void
test_a_name_that_nobody_has_waits_as_one_that_somebody_has(void **state)
{
    struct login_limit *limit = *state; /* it does not know which there are; this holds it to that */
    static const char *const names[] = { "kari", "finnes.ikke", "", "et passord i feil felt" };
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        for (int i = 0; i < LOGIN_NAME_FREE; i++)
            assert_int_equal(login_limit_attempt(limit, unknown, span_text(names[n])), 0);
        assert_int_equal(login_limit_attempt(limit, unknown, span_text(names[n])), 1000);
    }
}

static void
test_all_together_are_slowed(void **state)
{
    struct login_limit *limit = *state;
    for (int i = 0; i < LOGIN_ATTEMPTS; i++)
        assert_int_equal(attempt_as(limit, unknown, i), 0);
    assert_true(attempt_as(limit, unknown, LOGIN_ATTEMPTS) > 0);
    assert_true(attempt_as(limit, one, LOGIN_ATTEMPTS) > 0);
    now_ms += LOGIN_WINDOW_MS;
    assert_int_equal(attempt_as(limit, one, LOGIN_ATTEMPTS), 0);
}

int
main(void)
{
    clock_replace(&test_clock);
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_a_network_is_slowed_and_others_are_not),
        TEST(test_what_succeeded_is_not_counted),
        TEST(test_a_name_waits_longer_with_each_failure_but_is_never_locked),
        TEST(test_nobody_keeps_another_out_by_trying_his_name),
        TEST(test_a_name_that_nobody_has_waits_as_one_that_somebody_has),
        TEST(test_all_together_are_slowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
