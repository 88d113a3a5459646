/* The numbers by which distinct networks are told apart, and for how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>

#include "witness_window.h"

#define NOON 1795348800 /* 2026-11-22T12:00Z */

enum { DAY_S = 24 * 3600 };

static const struct network first = { .prefix = 0xc00002, .family = NETWORK_V4 };
static const struct network second = { .prefix = 0xc63364, .family = NETWORK_V4 };

static struct witness_windows *
open_windows(void)
{
    struct witness_windows *windows;
    assert_int_equal(witness_windows_new(&windows), SP_OK);
    return windows;
}

static void
test_one_network_is_one_source_all_day_and_all_month(void **state)
{
    (void)state;
    struct witness_windows *windows = open_windows();
    struct witness_sources morning = witness_windows_sources(windows, &first, NOON - 12 * 3600, MODE_STANDARD);
    struct witness_sources night = witness_windows_sources(windows, &first, NOON + 12 * 3600 - 1, MODE_STANDARD);
    assert_memory_equal(&morning.by_day.digest, &night.by_day.digest, sizeof morning.by_day.digest);
    struct witness_sources next = witness_windows_sources(windows, &first, NOON + DAY_S, MODE_STANDARD);
    assert_int_not_equal(next.by_day.digest, night.by_day.digest);
    assert_int_not_equal(next.by_day.window, night.by_day.window);
    assert_int_equal(next.by_month.digest, night.by_month.digest);
    assert_int_equal(next.by_month.window, night.by_month.window);
    struct witness_sources december = witness_windows_sources(windows, &first, NOON + 9 * DAY_S, MODE_STANDARD);
    assert_int_not_equal(december.by_month.digest, next.by_month.digest);
    assert_int_not_equal(december.by_month.window, next.by_month.window);
    witness_windows_free(windows);
}

static void
test_networks_days_months_and_processes_have_nothing_in_common(void **state)
{
    (void)state;
    struct witness_windows *windows = open_windows();
    struct witness_windows *others = open_windows();
    struct witness_sources one = witness_windows_sources(windows, &first, NOON, MODE_STANDARD);
    struct witness_sources two = witness_windows_sources(windows, &second, NOON, MODE_STANDARD);
    struct witness_sources elsewhere = witness_windows_sources(others, &first, NOON, MODE_STANDARD);
    assert_int_not_equal(one.by_day.digest, two.by_day.digest);
    assert_int_not_equal(one.by_month.digest, two.by_month.digest);
    assert_int_not_equal(one.by_day.digest, one.by_month.digest);
    assert_int_not_equal(one.by_day.digest, elsewhere.by_day.digest);
    witness_windows_free(windows);
    witness_windows_free(others);
}

static void
test_where_witnesses_come_on_one_day_months_are_fed_by_it(void **state)
{
    (void)state;
    struct witness_windows *windows = open_windows();
    struct witness_sources sources = witness_windows_sources(windows, &first, NOON, MODE_RESTRICTED);
    assert_int_equal(sources.by_month.digest, sources.by_day.digest);
    assert_int_equal(sources.by_month.window, sources.by_day.window);
    witness_windows_free(windows);
}

static void
test_a_sender_is_its_network_in_either_window(void **state)
{
    (void)state;
    struct witness_windows *windows = open_windows();
    struct witness_sources sources = witness_windows_sources(windows, &first, NOON, MODE_STANDARD);
    struct sender sender = { .windows = windows, .network = &first, .now_s = NOON, .mode = MODE_STANDARD };
    assert_int_equal(sender_source(&sender, PERIOD_HOUR).digest, sources.by_day.digest);
    assert_int_equal(sender_source(&sender, PERIOD_DAY).digest, sources.by_day.digest);
    assert_int_equal(sender_source(&sender, PERIOD_MONTH).digest, sources.by_month.digest);
    assert_int_equal(sender_sources(&sender)->by_month.window, sources.by_month.window);
    witness_windows_free(windows);
}

/* Keys end with their window, whether anybody asks for a digest in the next one or not. */
static void
test_keys_are_gone_when_their_day_is_over(void **state)
{
    (void)state;
    struct witness_windows *windows = open_windows();
    struct witness_sources today = witness_windows_sources(windows, &first, NOON, MODE_STANDARD);
    witness_windows_turn(windows, NOON);
    assert_int_equal(witness_windows_sources(windows, &first, NOON, MODE_STANDARD).by_day.digest, today.by_day.digest);
    witness_windows_turn(windows, NOON + DAY_S);
    assert_int_not_equal(witness_windows_sources(windows, &first, NOON, MODE_STANDARD).by_day.digest,
                         today.by_day.digest); /* not even when the clock goes back */
    witness_windows_free(windows);
}

/* One subscriber may hold many /48: networks of one /32 are one source. */
static void
test_ipv6_counts_by_its_first_32_bits(void **state)
{
    (void)state;
    struct witness_windows *windows = open_windows();
    const struct network home = { .prefix = 0x20010db80001, .family = NETWORK_V6 };
    const struct network away = { .prefix = 0x20010db8ffff, .family = NETWORK_V6 };
    const struct network other = { .prefix = 0x20010db90001, .family = NETWORK_V6 };
    uint64_t digest = witness_windows_sources(windows, &home, NOON, MODE_STANDARD).by_day.digest;
    assert_int_equal(witness_windows_sources(windows, &away, NOON, MODE_STANDARD).by_day.digest, digest);
    assert_int_not_equal(witness_windows_sources(windows, &other, NOON, MODE_STANDARD).by_day.digest, digest);
    witness_windows_free(windows);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sender_is_its_network_in_either_window),
        cmocka_unit_test(test_keys_are_gone_when_their_day_is_over),
        cmocka_unit_test(test_one_network_is_one_source_all_day_and_all_month),
        cmocka_unit_test(test_networks_days_months_and_processes_have_nothing_in_common),
        cmocka_unit_test(test_where_witnesses_come_on_one_day_months_are_fed_by_it),
        cmocka_unit_test(test_ipv6_counts_by_its_first_32_bits),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
