/* The periods that a site has open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sites.h"

#include <sodium.h>
#include <stdlib.h>

enum { NOON = 1782813600 /* 2026-06-30T10:00:00Z, the last day of a month in Oslo */ };

static void
not_expected(void *context, struct site *site, struct period period)
{
    (void)context;
    (void)site;
    fail_msg("a period of kind %d ended", (int)period.kind);
}

static void
test_archived_period_is_left(void **state)
{
    static const unsigned char boot[BOOT_BYTES] = "boot";
    void *memory = calloc(1, COUNTERS_BYTES_MIN);
    struct counters *counters;
    enum counters_opened opened;
    struct sites *sites;
    struct site_config one = { .mode = MODE_STANDARD, .key = "site.example" };
    struct config config = { .sites = &one, .site_count = 1 };
    (void)state;
    assert_non_null(memory);
    assert_int_equal(zone_init(&one.zone, "Europe/Oslo"), SP_OK);
    assert_int_equal(counters_open(memory, COUNTERS_BYTES_MIN, boot, &counters, &opened), SP_OK);
    assert_int_equal(sites_new(counters, &sites), SP_OK);
    assert_int_equal(sites_apply(sites, &config, NOON), SP_OK);
    struct site *site = sites_find(sites, SPAN_LITERAL("site.example"));
    assert_true(site_turn(site, NOON, not_expected, NULL));
    struct period day = site->open[PERIOD_DAY];
    struct period month = site->open[PERIOD_MONTH];

    site_pass(site, (struct period){ PERIOD_DAY, day.index - 1 }); /* one that is over anyway */
    assert_true(period_equal(site->open[PERIOD_DAY], day));
    site_pass(site, day);
    assert_int_equal(site->open[PERIOD_DAY].index, day.index + 1);
    assert_int_equal(site->record->open[PERIOD_DAY], day.index + 1);
    assert_true(period_equal(site->open[PERIOD_MONTH], month));
    assert_true(site_turn(site, NOON, not_expected, NULL)); /* its leaves can be born */
    assert_int_equal(site->open[PERIOD_DAY].index, day.index + 1);
    assert_false(site_turn(site, NOON + 1, not_expected, NULL));

    sites_free(sites);
    counters_free(counters);
    free(memory);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_archived_period_is_left) };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
