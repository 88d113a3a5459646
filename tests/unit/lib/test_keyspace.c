#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sporlos/keyspace.h"
#include "sporlos/limits.h"

#include <string.h>

#define SOURCE "0123456789abcdef0123456789abcdef"

static const struct period day = { PERIOD_DAY, 20779 }; /* 2026-11-22 */

static void
test_each_key_has_the_documented_form(void **state)
{
    (void)state;
    char key[KEYSPACE_KEY_MAX];
    size_t length = keyspace_leaf(key, "a.no", TABLE_PAGE, day, SOURCE);
    assert_int_equal(length, strlen(key));
    assert_string_equal(key, "sp1:{a.no}:leaf:page:2026-11-22:" SOURCE);
    length = keyspace_witness(key, "a.no", TABLE_VISITS, (struct period){ PERIOD_MONTH, 682 });
    assert_int_equal(length, strlen(key));
    assert_string_equal(key, "sp1:{a.no}:witness:visits:2026-11");
    length = keyspace_period(key, "a.no", "sealed", (struct period){ PERIOD_HOUR, 20779 * 24 + 13 });
    assert_int_equal(length, strlen(key));
    assert_string_equal(key, "sp1:{a.no}:sealed:2026-11-22T13");
    length = keyspace_site(key, "a.no", "flush");
    assert_int_equal(length, strlen(key));
    assert_string_equal(key, "sp1:{a.no}:flush");
    length = keyspace_audit(key, SOURCE);
    assert_int_equal(length, strlen(key));
    assert_string_equal(key, "sp1:audit:" SOURCE);
}

static void
test_the_longest_names_fit(void **state)
{
    (void)state;
    char site[SITE_NAME_MAX];
    char key[KEYSPACE_KEY_MAX];
    memset(site, 'a', sizeof site - 1);
    site[sizeof site - 1] = '\0';
    for (int table = 0; table < TABLE_COUNT; table++) {
        struct period hour = { PERIOD_HOUR, 20779 * 24 };
        size_t length = keyspace_leaf(key, site, (enum table_id)table, hour, SOURCE);
        assert_int_equal(length, strlen(key));
        length = keyspace_witness(key, site, (enum table_id)table, hour);
        assert_int_equal(length, strlen(key));
    }
}

static void
test_what_does_not_fit_is_no_key(void **state)
{
    (void)state;
    char site[KEYSPACE_KEY_MAX + 1];
    char key[KEYSPACE_KEY_MAX];
    memset(site, 'a', sizeof site - 1);
    site[sizeof site - 1] = '\0';
    assert_int_equal(keyspace_leaf(key, site, TABLE_PAGE, day, SOURCE), 0);
    assert_int_equal(keyspace_witness(key, site, TABLE_PAGE, day), 0);
    assert_int_equal(keyspace_period(key, site, "closed", day), 0);
    assert_int_equal(keyspace_site(key, site, "flush"), 0);
    assert_int_equal(keyspace_audit(key, site), 0);
    site[KEYSPACE_KEY_MAX - strlen("sp1:{}:open") - 1] = '\0';
    assert_int_equal(keyspace_site(key, site, "open"), KEYSPACE_KEY_MAX - 1);
    strcat(site, "a");
    assert_int_equal(keyspace_site(key, site, "open"), 0);
}

static void
test_nothing_stays_in_redis_longer_than_promised(void **state)
{
    (void)state;
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
        assert_in_range(keyspace_ttl_s((enum period_kind)kind), 1, KEYSPACE_TTL_MAX_S);
    assert_int_equal(KEYSPACE_TTL_MAX_S, 92 * 86400);
    assert_true(KEYSPACE_TTL_CLOSED_S <= KEYSPACE_TTL_MAX_S && KEYSPACE_TTL_SOURCE_S <= KEYSPACE_TTL_MAX_S);
}

/* A leaf is written from the first moment of its period on; its TTL must outlive the period and the patience. */
static void
test_leaves_outlive_their_period_and_the_patience_of_the_drain(void **state)
{
    (void)state;
    static const int longest_s[PERIOD_KIND_COUNT] = {
        [PERIOD_HOUR] = 3600,
        [PERIOD_DAY] = 25 * 3600,
        [PERIOD_MONTH] = 31 * 86400 + 3600,
    };
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
        assert_true(keyspace_ttl_s((enum period_kind)kind) > longest_s[kind] + PERIOD_SEAL_PATIENCE_S + PERIOD_GRACE_S);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_key_has_the_documented_form),
        cmocka_unit_test(test_the_longest_names_fit),
        cmocka_unit_test(test_what_does_not_fit_is_no_key),
        cmocka_unit_test(test_nothing_stays_in_redis_longer_than_promised),
        cmocka_unit_test(test_leaves_outlive_their_period_and_the_patience_of_the_drain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
