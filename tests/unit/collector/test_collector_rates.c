/* What the whole collector makes of the limits of networks and sites (rate_limit.c has tests of its own). */
#include "collector_views.h"

#include <sodium.h>

static const char limited[] = "collector: {network_rate: 10, network_burst: 20}\n"
                              "sites:\n"
                              "  site.example: {mode: standard, pages: [\"/\"]}\n";

#define BEACON "s=site.example&u=/"

static unsigned
accepted_of(struct collector_fixture *fixture, unsigned count, const char *address, const char *headers)
{
    unsigned accepted = 0;
    for (unsigned i = 0; i < count; i++)
        accepted += collector_fixture_send(fixture, address, headers, BEACON).verdict == VERDICT_ACCEPTED;
    return accepted;
}

static void
test_a_network_over_its_rate_is_dropped_under_that_reason(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, limited);
    assert_int_equal(accepted_of(&fixture, 120, "192.0.2.1", STANDARD), 20);
    assert_int_equal(accepted_of(&fixture, 1, "192.0.2.200", STANDARD), 0); /* the same network */
    assert_int_equal(accepted_of(&fixture, 20, "198.51.100.1", STANDARD), 20);
    struct outcome outcome = collector_fixture_send(&fixture, "192.0.2.1", STANDARD, BEACON);
    assert_int_equal(outcome.verdict, VERDICT_RATE);
    assert_int_equal(outcome.retry_s, 1);
    assert_int_equal(outcome.origin.length, strlen("https://site.example")); /* so that the page may read it */
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "dropped", "2026-11-22", "rate"), 97, 107);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "total", "2026-11-22", ""), 35, 45);
    fixture.now_s += 1;
    assert_int_equal(accepted_of(&fixture, 20, "192.0.2.1", STANDARD), 10);
    collector_fixture_fini(&fixture);
}

static void
test_over_its_rate_a_network_learns_nothing_of_sites(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, limited);
    accepted_of(&fixture, 20, "192.0.2.1", STANDARD);
    static const char *const bodies[] = { "s=other.example&u=/", "u=/", "", "s=site.example&u=/" };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        assert_int_equal(
            collector_fixture_send(&fixture, "192.0.2.1", "Origin: https://evil.example\r\n" AGENT, bodies[i]).verdict,
            VERDICT_RATE);
    collector_fixture_fini(&fixture);
}

static void
test_a_site_over_its_rate_is_limited_whoever_sends(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, "collector: {site_rate: 5, site_burst: 30}\n"
                                     "sites:\n"
                                     "  site.example: {mode: standard, pages: [\"/\"]}\n"
                                     "  barn.example: {mode: restricted, pages: [\"/\"]}\n");
    for (int i = 0; i < 50; i++) /* what is not counted does not empty the bucket */
        assert_int_equal(collector_fixture_send(&fixture, "192.0.2.1", STANDARD "DNT: 1\r\n", BEACON).verdict,
                         VERDICT_DECLINED);
    assert_int_equal(accepted_of(&fixture, 20, "192.0.2.1", STANDARD), 20);
    assert_int_equal(accepted_of(&fixture, 20, "198.51.100.1", STANDARD), 10);
    struct outcome outcome = collector_fixture_send(&fixture, "203.0.113.1", STANDARD, BEACON);
    assert_int_equal(outcome.verdict, VERDICT_RATE);
    assert_int_equal(outcome.retry_s, 1);
    view(&fixture, "192.0.2.1", CHILDREN, "s=barn.example&u=/"); /* another site's bucket */
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "dropped", "2026-11-22", "rate"), 6, 16);
    fixture.now_s += 1;
    assert_int_equal(accepted_of(&fixture, 20, "192.0.2.1", STANDARD), 5);
    collector_fixture_fini(&fixture);
}

static void
test_no_field_of_a_beacon_chooses_the_network(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, limited);
    static const char *const bodies[] = { BEACON "&ip=198.51.100.7", BEACON "&uip=198.51.100.7&client_ip=198.51.100.7",
                                          BEACON "&x-forwarded-for=198.51.100.7&network=198.51.100.0", BEACON };
    for (unsigned i = 0; i < 20; i++)
        view(&fixture, "192.0.2.1", STANDARD "X-Forwarded-For: 198.51.100.7\r\nForwarded: for=198.51.100.7\r\n",
             bodies[i % 4]);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(
            collector_fixture_send(&fixture, "192.0.2.1", STANDARD "X-Real-IP: 198.51.100.7\r\n", bodies[i]).verdict,
            VERDICT_RATE);
    assert_int_equal(accepted_of(&fixture, 20, "198.51.100.7", STANDARD), 20); /* untouched */
    collector_fixture_fini(&fixture);
}

static void
test_reload_changes_rates(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    const char *why = NULL;
    collector_fixture_init(&fixture, limited);
    assert_int_equal(accepted_of(&fixture, 100, "192.0.2.1", STANDARD), 20);
    fixture_text(&fixture.files, "sporlos.yaml",
                 "collector: {network_rate: 0}\n"
                 "sites:\n"
                 "  site.example: {mode: standard, pages: [\"/\"]}\n");
    assert_int_equal(fixture_load(&fixture.files, NULL), SP_OK);
    assert_int_equal(collector_reload(fixture.collector, fixture.files.config, &why), SP_OK);
    fixture.files.config = NULL;
    assert_int_equal(accepted_of(&fixture, 2000, "192.0.2.1", STANDARD), 2000);
    collector_fixture_fini(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_network_over_its_rate_is_dropped_under_that_reason),
        cmocka_unit_test(test_over_its_rate_a_network_learns_nothing_of_sites),
        cmocka_unit_test(test_a_site_over_its_rate_is_limited_whoever_sends),
        cmocka_unit_test(test_no_field_of_a_beacon_chooses_the_network),
        cmocka_unit_test(test_reload_changes_rates),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
