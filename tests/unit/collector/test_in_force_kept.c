#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#include "in_force_kept.h"

static struct in_force
sample(void)
{
    struct in_force value;
    memset(&value, 0, sizeof value);
    value.version = 7;
    value.mode = MODE_RESTRICTED;
    value.next_mode = MODE_STANDARD;
    value.min_population = 5000;
    value.next_min_population = 6000;
    value.next_from_s = 1795388400;
    for (int table = 0; table < TABLE_COUNT; table++)
        for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
            value.from[table][kind] = table % 2 ? IN_FORCE_NEVER : 1795388400 + 60 * (table * PERIOD_KIND_COUNT + kind);
    value.from[TABLE_TOTAL][PERIOD_DAY] = 0; /* since ever */
    return value;
}

static void
test_what_is_kept_is_what_was_heard(void **state)
{
    (void)state;
    struct in_force value = sample();
    struct in_force read;
    struct kept_in_force kept;
    bool refuses;
    in_force_keep(&kept, &value, false);
    assert_true(in_force_kept(&kept, &read, &refuses));
    assert_memory_equal(&read, &value, sizeof value);
    assert_false(refuses);
    in_force_keep(&kept, &value, true);
    assert_true(in_force_kept(&kept, &read, &refuses));
    assert_true(refuses);
}

static void
test_nothing_was_kept(void **state)
{
    (void)state;
    struct in_force read;
    struct kept_in_force kept;
    bool refuses;
    memset(&kept, 0, sizeof kept);
    assert_false(in_force_kept(&kept, &read, &refuses));
}

static void
test_a_date_never_comes_sooner(void **state)
{
    (void)state;
    struct in_force value = sample();
    struct in_force read;
    struct kept_in_force kept;
    bool refuses;
    value.next_from_s++;
    value.from[TABLE_TOTAL][PERIOD_DAY] = INT64_MAX - 1;
    in_force_keep(&kept, &value, false);
    assert_true(in_force_kept(&kept, &read, &refuses));
    assert_int_equal(read.next_from_s, value.next_from_s + 59);
    assert_int_equal(read.from[TABLE_TOTAL][PERIOD_DAY], IN_FORCE_NEVER);
}

/* Whichever byte another process has written over: nothing was kept, so the site is held until it hears. */
static void
test_no_damage_is_taken_for_a_permission(void **state)
{
    (void)state;
    struct in_force value = sample();
    struct in_force read;
    struct kept_in_force kept;
    bool refuses;
    unsigned char *bytes = (unsigned char *)&kept;
    in_force_keep(&kept, &value, false);
    for (size_t i = 0; i < sizeof kept; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            bytes[i] ^= (unsigned char)(1U << bit);
            assert_false(in_force_kept(&kept, &read, &refuses));
            bytes[i] ^= (unsigned char)(1U << bit);
        }
    }
    assert_true(in_force_kept(&kept, &read, &refuses));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_kept_is_what_was_heard),
        cmocka_unit_test(test_nothing_was_kept),
        cmocka_unit_test(test_a_date_never_comes_sooner),
        cmocka_unit_test(test_no_damage_is_taken_for_a_permission),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
