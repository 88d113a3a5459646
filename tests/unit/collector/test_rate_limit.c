#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "network_hash.h"
#include "rate_limit.h"

#include <string.h>

enum { START_MS = 1000000 };

static const struct rate rate_10_burst_20 = { 100000000, 2000000000 };

static struct network
v4(uint64_t prefix)
{
    return (struct network){ .family = NETWORK_V4, .prefix = prefix };
}

static struct network
v6(uint64_t prefix)
{
    return (struct network){ .family = NETWORK_V6, .prefix = prefix };
}

/* How many tokens network gets at once. */
static unsigned
drain(struct rate_limit *limit, struct network network, struct rate rate, int64_t now_ms)
{
    unsigned taken = 0;
    while (taken < 100000 && rate_limit_take(limit, &network, rate, now_ms) == 0)
        taken++;
    return taken;
}

static int
set_up(void **state)
{
    struct rate_limit *limit = NULL;
    int failed = rate_limit_new(&limit) != SP_OK;
    *state = limit;
    return failed;
}

static int
tear_down(void **state)
{
    rate_limit_free(*state);
    return 0;
}

/* Of the bytes 0 to 7 under the paper's key; from another implementation, which gives the paper's vector of 2-4. */
static void
test_the_hash_is_siphash_1_3(void **state)
{
    (void)state;
    const struct network_hash_key key = { UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908) };
    assert_true(network_hash(&key, UINT64_C(0x0706050403020100)) == UINT64_C(0x369095118d299a8e));
}

static void
test_a_bucket_holds_its_burst_and_fills_at_its_rate(void **state)
{
    (void)state;
    const struct rate rate = rate_of(10, 20);
    struct rate_bucket bucket = { 0 };
    int64_t now_ms = START_MS;
    for (int i = 0; i < 20; i++)
        assert_int_equal(rate_bucket_take(&bucket, rate, now_ms), 0);
    assert_int_equal(rate_bucket_take(&bucket, rate, now_ms), 1);
    assert_int_equal(rate_bucket_take(&bucket, rate, now_ms + 99), 1);
    assert_int_equal(rate_bucket_take(&bucket, rate, now_ms + 100), 0);
    assert_int_equal(rate_bucket_take(&bucket, rate, now_ms + 100), 1);
    for (int i = 0; i < 1000; i++) /* ten a second for as long as one likes */
        assert_int_equal(rate_bucket_take(&bucket, rate, now_ms + 200 + i * 100), 0);
    now_ms += 200 + 1000 * 100 + 3600 * 1000;
    for (int i = 0; i < 20; i++) /* an hour of quiet is worth no more than the burst */
        assert_int_equal(rate_bucket_take(&bucket, rate, now_ms), 0);
    assert_int_equal(rate_bucket_take(&bucket, rate, now_ms), 1);
}

static void
test_a_refusal_costs_nothing_and_says_how_long(void **state)
{
    (void)state;
    const struct rate rate = { INT64_C(7000000000), INT64_C(7000000000) }; /* one in seven seconds */
    struct rate_bucket bucket = { 0 };
    assert_int_equal(rate_bucket_take(&bucket, rate, START_MS), 0);
    for (int i = 0; i < 100; i++)
        assert_int_equal(rate_bucket_take(&bucket, rate, START_MS), 7);
    assert_int_equal(rate_bucket_take(&bucket, rate, START_MS + 1), 7);
    assert_int_equal(rate_bucket_take(&bucket, rate, START_MS + 6000), 1);
    assert_int_equal(rate_bucket_take(&bucket, rate, START_MS + 6999), 1);
    assert_int_equal(rate_bucket_take(&bucket, rate, START_MS + 7000), 0);
}

static void
test_the_highest_rate_is_kept_within_a_thousandth(void **state)
{
    (void)state;
    const struct rate rate = rate_of(999999, 1000);
    struct rate_bucket bucket = { 0 };
    int64_t taken = 0;
    for (int64_t ms = 0; ms < 1000; ms++)
        for (int i = 0; i < 1100; i++)
            taken += rate_bucket_take(&bucket, rate, START_MS + ms) == 0;
    assert_in_range(taken, 999999, 1002000);
}

static void
test_a_clock_that_starts_at_zero_limits_too(void **state)
{
    assert_int_equal(drain(*state, v4(1), rate_10_burst_20, 0), 20);
}

static void
test_networks_have_a_bucket_each(void **state)
{
    assert_int_equal(drain(*state, v4(0xc00002), rate_10_burst_20, START_MS), 20);
    assert_int_equal(drain(*state, v4(0xc00003), rate_10_burst_20, START_MS), 20);
    assert_int_equal(drain(*state, v4(0xc00002), rate_10_burst_20, START_MS), 0);
    assert_int_equal(drain(*state, v6(0xc00002), rate_10_burst_20, START_MS), 20);
    assert_int_equal(drain(*state, v4(0xc00002), rate_10_burst_20, START_MS + 1000), 10);
}

static void
test_networks_of_no_family_share_one_bucket(void **state)
{
    const struct network none = { .family = NETWORK_NONE };
    assert_int_equal(drain(*state, none, rate_10_burst_20, START_MS), 20);
}

static void
test_trusted_proxies_and_rate_0_are_without_limit(void **state)
{
    struct network proxy = v4(0x7f0000);
    proxy.trusted = 1;
    assert_int_equal(drain(*state, proxy, rate_10_burst_20, START_MS), 100000);
    assert_int_equal(drain(*state, v4(0xc00002), rate_of(0, 20), START_MS), 100000);
}

/* Who rents a /32 of IPv6 cannot get round the limit by walking through its 65536 networks. */
static void
test_a_provider_of_ipv6_has_a_bucket_of_its_own(void **state)
{
    unsigned taken = 0;
    for (uint64_t i = 0; i < 65536; i++) {
        const struct network one = v6(UINT64_C(0x20010db80000) | i);
        taken += rate_limit_take(*state, &one, rate_10_burst_20, START_MS) == 0;
    }
    assert_int_equal(taken, 20 * RATE_LIMIT_V6_PROVIDER_FACTOR);
    assert_int_equal(drain(*state, v6(UINT64_C(0x20010db90000)), rate_10_burst_20, START_MS), 20); /* the next /32 */
    assert_int_equal(drain(*state, v6(UINT64_C(0x20010db81234)), rate_10_burst_20, START_MS + 1000), 20);
}

/* A million networks pass through; memory is what it was, and one that keeps on sending stays limited. */
static void
test_a_flood_of_networks_does_not_free_the_one_that_sends_most(void **state)
{
    const struct network greedy = v4(0xc00002);
    drain(*state, greedy, rate_10_burst_20, START_MS);
    unsigned taken = 0;
    for (uint64_t i = 0; i < 1000000; i++) {
        const struct network one = v4(i + 0x1000000);
        assert_int_equal(rate_limit_take(*state, &one, rate_10_burst_20, START_MS), 0);
        taken += rate_limit_take(*state, &greedy, rate_10_burst_20, START_MS) == 0;
    }
    assert_int_equal(taken, 0);
    assert_in_range(rate_limit_statistics(*state).evicted, 1000000 - RATE_LIMIT_SETS * 4 - 1, 1000000);
}

static void
test_ten_thousand_networks_are_told_apart(void **state)
{
    for (uint64_t i = 0; i < 10000; i++)
        assert_int_equal(drain(*state, v4(i), rate_10_burst_20, START_MS), 20);
    unsigned forgotten = 0;
    for (uint64_t i = 0; i < 10000; i++) {
        const struct network one = v4(i);
        forgotten += rate_limit_take(*state, &one, rate_10_burst_20, START_MS) == 0;
    }
    assert_in_range(forgotten, 0, 50); /* sets of four in 16384: hardly any has five of ten thousand */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_hash_is_siphash_1_3),
        cmocka_unit_test(test_a_bucket_holds_its_burst_and_fills_at_its_rate),
        cmocka_unit_test(test_a_refusal_costs_nothing_and_says_how_long),
        cmocka_unit_test(test_the_highest_rate_is_kept_within_a_thousandth),
        cmocka_unit_test_setup_teardown(test_a_clock_that_starts_at_zero_limits_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_networks_have_a_bucket_each, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_networks_of_no_family_share_one_bucket, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_trusted_proxies_and_rate_0_are_without_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_provider_of_ipv6_has_a_bucket_of_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_flood_of_networks_does_not_free_the_one_that_sends_most, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_ten_thousand_networks_are_told_apart, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
