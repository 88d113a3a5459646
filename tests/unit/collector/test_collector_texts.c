/* What the whole collector makes of visitors and of texts from outside. */
#include "collector_views.h"

#include <sodium.h>

static const char yaml[] = "collector: {network_rate: 0}\n"
                           "sites:\n"
                           "  site.example: {mode: standard, pages: [\"/\", \"/om\"]}\n"
                           "  barn.example: {mode: restricted, pages: [\"/\", \"/sorg\", \"/foreldre/*\"], fold: "
                           "{\"/alder/*/sorg\": \"/sorg\"}}\n";

#define NONE INT64_MIN

/* ---- visitors ---- */

#define OTHER_AGENT "Origin: https://site.example\r\nUser-Agent: Mozilla/5.0 Safari/605.1\r\n"

static int64_t
visitors_on(struct collector_fixture *fixture, const char *day)
{
    return collector_fixture_leaf(fixture, "site.example", "visitors", day, "");
}

static void
test_a_visitor_is_counted_once_a_local_day(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    struct metrics_view metrics = { 0 };
    collector_fixture_init(&fixture, yaml);
    int64_t born = visitors_on(&fixture, "2026-11-22");
    assert_in_range(born + 5, 0, 10);
    for (int i = 0; i < 3; i++) {
        view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/");
        view(&fixture, "192.0.2.200", STANDARD, "s=site.example&u=/om"); /* the same network */
        view(&fixture, "192.0.2.1", OTHER_AGENT, "s=site.example&u=/om");
        view(&fixture, "198.51.100.1", STANDARD, "s=site.example&u=/&n=1");
    }
    assert_int_equal(visitors_on(&fixture, "2026-11-22"), born + 3);
    collector_view(fixture.collector, &metrics);
    assert_int_equal(metrics.visitors.sets, 1);
    assert_int_equal(metrics.visitors.tokens, 3);
    fixture.now_s = 1795388400; /* midnight in Oslo, 23:00 UTC */
    collector_turn(fixture.collector);
    collector_view(fixture.collector, &metrics);
    assert_int_equal(metrics.visitors.tokens, 0); /* wiped without a view */
    born = visitors_on(&fixture, "2026-11-23");
    view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/");
    assert_int_equal(visitors_on(&fixture, "2026-11-23"), born + 1);
    collector_fixture_fini(&fixture);
}

static void
test_nobody_else_is_a_visitor(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    struct metrics_view metrics = { 0 };
    collector_fixture_init(&fixture, yaml);
    int64_t born = visitors_on(&fixture, "2026-11-22");
    view(&fixture, "192.0.2.1", CHILDREN AGENT, "s=barn.example&u=/sorg");
    collector_fixture_send(&fixture, "192.0.2.1", STANDARD "Sec-GPC: 1\r\n", "s=site.example&u=/");
    collector_fixture_send(&fixture, "192.0.2.1", "Origin: https://site.example\r\nUser-Agent: Googlebot/2.1\r\n",
                           "s=site.example&u=/");
    view(&fixture, "192.0.2.1", STANDARD, "s=site.example&t=search&q=angst");
    collector_view(fixture.collector, &metrics);
    assert_int_equal(metrics.visitors.tokens, 0);
    assert_int_equal(visitors_on(&fixture, "2026-11-22"), born);
    assert_int_equal(collector_fixture_leaf(&fixture, "barn.example", "visitors", "2026-11-22", ""), NONE);
    collector_fixture_fini(&fixture);
}

static void
reload(struct collector_fixture *fixture, const char *text)
{
    const char *why = NULL;
    fixture_text(&fixture->files, "sporlos.yaml", text);
    assert_int_equal(fixture_load(&fixture->files, NULL), SP_OK);
    assert_int_equal(collector_reload(fixture->collector, fixture->files.config, &why), SP_OK);
    fixture->files.config = NULL;
}

static void
test_a_set_goes_with_its_site_and_its_option(void **state)
{
    (void)state;
    static const char *const without[] = {
        "sites:\n  annet.example: {mode: standard}\n",
        "sites:\n  site.example: {mode: standard, visitors: false}\n",
        "sites:\n  site.example: {mode: standard, tables: [total]}\n",
    };
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        struct collector_fixture fixture;
        struct metrics_view metrics = { 0 };
        collector_fixture_init(&fixture, yaml);
        view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/");
        collector_view(fixture.collector, &metrics);
        assert_int_equal(metrics.visitors.sets, 1);
        reload(&fixture, without[i]);
        collector_view(fixture.collector, &metrics);
        assert_int_equal(metrics.visitors.sets, 0);
        if (i > 0)
            view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/");
        collector_view(fixture.collector, &metrics);
        assert_int_equal(metrics.visitors.sets, 0);
        collector_fixture_fini(&fixture);
    }
}

static void
test_a_full_set_counts_no_more_and_says_so(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    struct metrics_view metrics = { 0 };
    collector_fixture_init(&fixture, "collector: {network_rate: 0}\n"
                                     "sites:\n  site.example: {mode: strict, visitor_max: 1000}\n");
    int64_t born = visitors_on(&fixture, "2026-11-22");
    for (int i = 0; i < 1200; i++) {
        char address[32];
        snprintf(address, sizeof address, "10.%d.%d.1", i / 256, i % 256);
        view(&fixture, address, STANDARD, "s=site.example&u=/");
    }
    collector_view(fixture.collector, &metrics);
    assert_int_equal(visitors_on(&fixture, "2026-11-22"), born + 1000);
    assert_int_equal(metrics.visitors.full, 1);
    assert_int_equal(metrics.visitors.uncounted, 200);
    collector_fixture_fini(&fixture);
}

/* ---- search ---- */

static void
test_the_third_searcher_reveals_the_word(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    static const char *const spellings[] = { "Angst", "ANGST", "%20angst%E2%80%8B" };
    char body[128];
    collector_fixture_init(&fixture, yaml);
    int64_t other = collector_fixture_leaf(&fixture, "site.example", "search", "2026-11", KEY_OTHER);
    int64_t total = collector_fixture_leaf(&fixture, "site.example", "total", "2026-11-22", "");
    for (int i = 0; i < 100; i++)
        view(&fixture, i % 2 ? "192.0.2.1" : "198.51.100.1", STANDARD, "s=site.example&t=search&q=angst&u=/om&n=1");
    assert_int_equal(collector_fixture_leaf(&fixture, "site.example", "search", "2026-11", KEY_OTHER), other + 100);
    assert_int_equal(texts_find(counters_texts(collector_counters(fixture.collector)), SPAN_LITERAL("angst")),
                     TEXT_NONE);
    for (int i = 0; i < 3; i++) {
        snprintf(body, sizeof body, "s=site.example&t=search&z=1&q=%s", spellings[i]);
        view(&fixture, "203.0.113.1", STANDARD, body);
    }
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "search", "2026-11-22", "angst") + 5, 3, 13);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "search", "2026-11", "angst") + 5, 3, 13);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "search_empty", "2026-11", "angst") + 5, 3, 13);
    /* a search is no view, and where it was made is not looked at */
    assert_int_equal(collector_fixture_leaf(&fixture, "site.example", "total", "2026-11-22", ""), total);
    collector_fixture_fini(&fixture);
}

static void
test_what_scrubbing_refuses_is_counted_as_that(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, yaml);
    int64_t removed = collector_fixture_leaf(&fixture, "site.example", "search", "2026-11-22", KEY_REMOVED);
    static const char *const networks[] = { "192.0.2.1", "198.51.100.1", "203.0.113.1", "10.0.0.1" };
    for (int i = 0; i < 4; i++) {
        view(&fixture, networks[i], STANDARD, "s=site.example&t=search&q=02013299997");
        view(&fixture, networks[i], STANDARD, "s=site.example&t=search&q=ola%40example.no");
    }
    assert_int_equal(collector_fixture_leaf(&fixture, "site.example", "search", "2026-11-22", KEY_REMOVED),
                     removed + 8);
    char *store = collector_fixture_store(&fixture);
    assert_null(strstr(store, "02013"));
    assert_null(strstr(store, "ola"));
    free(store);
    collector_fixture_fini(&fixture);
}

static void
test_searches_that_are_none(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    static const char *const bodies[] = { "s=site.example&t=search",
                                          "s=site.example&t=search&q=", "s=site.example&t=search&q=a&z=2",
                                          "s=site.example&t=searches&q=a&u=/" };
    collector_fixture_init(&fixture, yaml);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        assert_int_equal(collector_fixture_send(&fixture, "192.0.2.1", STANDARD, bodies[i]).verdict, VERDICT_MALFORMED);
    assert_int_equal(
        collector_fixture_send(&fixture, "192.0.2.1", CHILDREN, "s=barn.example&t=search&q=angst&u=/").verdict,
        VERDICT_MALFORMED);
    assert_int_equal(collector_fixture_leaf(&fixture, "barn.example", "search", "2026-11", KEY_OTHER), NONE);
    collector_fixture_fini(&fixture);
}

/* 10 000 rare paths and words from one source less than is needed: no trace of any, in the leaves or among the texts.
 */
/* A day on which nobody asks for a page looks like one on which somebody did. */
static void
test_what_has_a_name_has_a_leaf_every_day(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    static const char *const networks[] = { "192.0.2.1", "198.51.100.1", "203.0.113.1" };
    collector_fixture_init(&fixture, yaml);
    for (int i = 0; i < 3; i++) {
        view(&fixture, networks[i], STANDARD, "s=site.example&u=/earned");
        view(&fixture, networks[i], STANDARD, "s=site.example&t=search&q=sorg");
    }
    fixture.now_s += 24 * 3600;
    collector_turn(fixture.collector);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "page", "2026-11-23", "/earned") + 5, 0, 10);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "search", "2026-11-23", "sorg") + 5, 0, 10);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "search_empty", "2026-11-23", "sorg") + 5, 0, 10);
    assert_int_equal(collector_fixture_leaf(&fixture, "site.example", "page", "2026-11-23", "sorg"), NONE);
    collector_fixture_fini(&fixture);
}

static void
test_rare_strings_leave_no_trace(void **state)
{
    (void)state;
    static const char *const modes[] = { "standard", "strict" };
    for (int mode = 0; mode < 2; mode++) {
        struct collector_fixture fixture;
        char config[128];
        char text[64];
        char body[128];
        snprintf(config, sizeof config, "collector: {network_rate: 0}\nsites:\n  site.example: {mode: %s}\n",
                 modes[mode]);
        collector_fixture_init(&fixture, config);
        const struct texts *texts = counters_texts(collector_counters(fixture.collector));
        view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/");
        view(&fixture, "192.0.2.1", STANDARD, "s=site.example&t=search&q=a");
        uint32_t cells = texts_cells_used(texts);
        for (int i = 0; i < 10000; i++) {
            for (int source = 1; source < (mode == 0 ? 3 : 4); source++) {
                snprintf(text, sizeof text, "10.0.%d.1", source);
                snprintf(body, sizeof body, "s=site.example&u=/kari-%c%c%c%c", 'a' + i % 26, 'a' + i / 26 % 26,
                         'a' + i / 676 % 26, 'a' + i / 17576);
                view(&fixture, text, STANDARD, body);
                snprintf(body, sizeof body, "s=site.example&t=search&q=ola+%c%c%c%c", 'a' + i % 26, 'a' + i / 26 % 26,
                         'a' + i / 676 % 26, 'a' + i / 17576);
                view(&fixture, text, STANDARD, body);
            }
        }
        assert_int_equal(texts_cells_used(texts), cells);
        assert_int_equal(names_count(collector_names(fixture.collector)), 0);
        char *store = collector_fixture_store(&fixture);
        assert_null(strstr(store, "kari"));
        assert_null(strstr(store, "ola"));
        free(store);
        view(&fixture, "10.0.9.1", STANDARD, body); /* the one that was missing */
        assert_int_equal(names_count(collector_names(fixture.collector)), 1);
        collector_fixture_fini(&fixture);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_visitor_is_counted_once_a_local_day),
        cmocka_unit_test(test_nobody_else_is_a_visitor),
        cmocka_unit_test(test_a_set_goes_with_its_site_and_its_option),
        cmocka_unit_test(test_a_full_set_counts_no_more_and_says_so),
        cmocka_unit_test(test_the_third_searcher_reveals_the_word),
        cmocka_unit_test(test_what_scrubbing_refuses_is_counted_as_that),
        cmocka_unit_test(test_searches_that_are_none),
        cmocka_unit_test(test_what_has_a_name_has_a_leaf_every_day),
        cmocka_unit_test(test_rare_strings_leave_no_trace),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
