#include "collector_views.h"

#include <sodium.h>

static const char yaml[] = "collector: {network_rate: 0}\n"
                           "sites:\n"
                           "  site.example: {mode: standard, pages: [\"/\", \"/om\"]}\n"
                           "  barn.example: {mode: restricted, pages: [\"/\", \"/sorg\", \"/foreldre/*\"], fold: "
                           "{\"/alder/*/sorg\": \"/sorg\"}}\n";

#define NONE INT64_MIN

/* Exactly that many leaves are not as they were; frees before. */
static void
assert_fed(struct collector_fixture *fixture, char *before, unsigned expected)
{
    char *after = collector_fixture_store(fixture);
    unsigned fed = 0;
    for (char *line = strtok(after, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char whole[1024];
        snprintf(whole, sizeof whole, "%s\n", line);
        fed += strstr(before, whole) == NULL;
    }
    assert_int_equal(fed, expected);
    free(before);
    free(after);
}

static void
test_every_leaf_without_a_visitors_key_is_there_from_the_start(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, yaml);
    static const char *const expected[][4] = {
        { "site.example", "total", "2026-11-22", "" },    { "site.example", "hour", "2026-11-22T12", "" },
        { "site.example", "visits", "2026-11-22", "" },   { "site.example", "page", "2026-11-22", "/om" },
        { "site.example", "page", "2026-11", "(annet)" }, { "site.example", "municipality", "2026-11-22", "unknown" },
        { "site.example", "declined", "2026-11-22", "" }, { "barn.example", "total", "2026-11-22", "" },
        { "barn.example", "page", "2026-11", "/sorg" },   { "barn.example", "municipality", "2026-11", "abroad" },
    };
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        int64_t value =
            collector_fixture_leaf(&fixture, expected[i][0], expected[i][1], expected[i][2], expected[i][3]);
        assert_in_range(value + 12, 0, 24);
    }
    assert_int_equal(collector_fixture_leaf(&fixture, "barn.example", "hour", "2026-11-22T12", ""), NONE);
    assert_int_equal(collector_fixture_leaf(&fixture, "barn.example", "page", "2026-11-22", "/sorg"), NONE);
    collector_fixture_fini(&fixture);
}

static void
test_a_view_is_counted_in_its_tables_alone(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, yaml);
    char *before = collector_fixture_store(&fixture);
    for (int i = 0; i < 100; i++)
        view(&fixture, "192.0.2.1", STANDARD, i < 40 ? "s=site.example&u=/om&n=1" : "s=site.example&u=/om");
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "total", "2026-11-22", ""), 95, 105);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "hour", "2026-11-22T12", ""), 95, 105);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "page", "2026-11-22", "/om"), 95, 105);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "page", "2026-11", "/om"), 95, 105);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "visits", "2026-11-22", ""), 35, 45);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "municipality", "2026-11-22", "unknown"), 35, 45);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "municipality", "2026-11", "unknown"), 35, 45);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "visitors", "2026-11-22", "") + 4, 0, 10);
    assert_fed(&fixture, before, 13); /* these seven, the visitor, referrer (2), device, browser, system */
    collector_fixture_fini(&fixture);
}

static void
test_restricted_counts_its_closed_list(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, yaml);
    char *before = collector_fixture_store(&fixture);
    for (int i = 0; i < 100; i++)
        view(&fixture, "192.0.2.1", CHILDREN, "s=barn.example&u=/alder/12/sorg&n=1");
    assert_in_range(collector_fixture_leaf(&fixture, "barn.example", "total", "2026-11-22", ""), 88, 112);
    assert_in_range(collector_fixture_leaf(&fixture, "barn.example", "visits", "2026-11-22", ""), 88, 112);
    assert_in_range(collector_fixture_leaf(&fixture, "barn.example", "page", "2026-11", "/sorg"), 88, 112);
    assert_in_range(collector_fixture_leaf(&fixture, "barn.example", "municipality", "2026-11", "unknown"), 88, 112);
    assert_fed(&fixture, before, 4);
    collector_fixture_fini(&fixture);
}

static void
test_a_page_gets_its_name_from_the_third_network(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, yaml);
    for (int i = 0; i < 50; i++)
        view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/ny");
    view(&fixture, "198.51.100.1", STANDARD, "s=site.example&u=/ny");
    assert_int_equal(collector_fixture_leaf(&fixture, "site.example", "page", "2026-11", "/ny"), NONE);
    view(&fixture, "203.0.113.1", STANDARD, "s=site.example&u=/ny");
    assert_int_not_equal(collector_fixture_leaf(&fixture, "site.example", "page", "2026-11", "/ny"), NONE);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "page", "2026-11", "(annet)"), 46, 56);
    collector_fixture_fini(&fixture);
}

static void
test_telling_and_unlisted_pages_get_no_name(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "s=site.example&u=/brev/02013299997", "s=site.example&u=/til/ola%40example.no",
        "s=site.example&u=/fra/fe80::1",      "s=barn.example&u=/hemmelig",
        "s=barn.example&u=/foreldre/a/b",     "s=barn.example&u=/foreldre/02013299997",
        "s=barn.example&u=/foreldre/fe80::1", "s=barn.example&u=/foreldre/far"
    };
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, yaml);
    for (int network = 0; network < 20; network++) {
        char address[32];
        snprintf(address, sizeof address, "10.0.%d.1", network);
        for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
            view(&fixture, address, i < 3 ? STANDARD : CHILDREN, bodies[i]);
    }
    char *store = collector_fixture_store(&fixture);
    assert_null(strstr(store, "0201"));
    assert_null(strstr(store, "ola"));
    assert_null(strstr(store, "hemmelig"));
    assert_null(strstr(store, "fe80"));
    assert_null(strstr(store, "/foreldre/a"));
    assert_non_null(strstr(store, "/foreldre/far")); /* the pattern holds */
    assert_non_null(strstr(store, "barn.example page 2026-11 (annet)"));
    free(store);
    collector_fixture_fini(&fixture);
}

/* What differs between two runs must not be in any store: byte-equal, noise and all. */
static void
assert_twins(const char *const (*first)[3], const char *const (*second)[3], size_t count)
{
    char *stores[2];
    for (int run = 0; run < 2; run++) {
        struct collector_fixture fixture;
        const char *const(*requests)[3] = run == 0 ? first : second;
        collector_fixture_init(&fixture, yaml);
        for (size_t repeat = 0; repeat < 5; repeat++) {
            for (size_t i = 0; i < count; i++)
                collector_fixture_send(&fixture, requests[i][0], requests[i][1], requests[i][2]);
        }
        stores[run] = collector_fixture_store(&fixture);
        collector_fixture_fini(&fixture);
    }
    assert_true(strlen(stores[0]) > 0);
    assert_string_equal(stores[0], stores[1]);
    free(stores[0]);
    free(stores[1]);
}

static void
test_twins_of_different_age(void **state)
{
    (void)state;
    static const char *const nine[][3] = {
        { "192.0.2.1", CHILDREN, "s=barn.example&u=/sorg?alder=9&n=1" },
        { "192.0.2.1", CHILDREN, "s=barn.example&u=/sorg%23alder-9" },
        { "192.0.2.1", CHILDREN, "s=barn.example&u=/alder/9/sorg" },
        { "192.0.2.1", CHILDREN, "s=barn.example&u=/alder/9" },
        { "192.0.2.1", CHILDREN "X-Age: 9\r\nCookie: alder=9\r\nReferer: https://barn.example/?alder=9\r\n",
          "s=barn.example&u=/&alder=9&a=9&v=9" },
    };
    static const char *const fifteen[][3] = {
        { "192.0.2.1", CHILDREN, "s=barn.example&u=/sorg?alder=15&n=1" },
        { "192.0.2.1", CHILDREN, "s=barn.example&u=/sorg%23alder-15" },
        { "192.0.2.1", CHILDREN, "s=barn.example&u=/alder/15/sorg" },
        { "192.0.2.1", CHILDREN, "s=barn.example&u=/alder/15" },
        { "192.0.2.1", CHILDREN "X-Age: 15\r\nCookie: alder=15\r\nReferer: https://barn.example/?alder=15\r\n",
          "s=barn.example&u=/&alder=15&a=15&v=15" },
    };
    assert_twins(nine, fifteen, 5);
}

static void
test_twins_of_different_last_octet(void **state)
{
    (void)state;
    static const char *const one[][3] = { { "192.0.2.1", STANDARD, "s=site.example&u=/om&n=1" },
                                          { "198.51.100.7", STANDARD, "s=site.example&u=/x" },
                                          { "203.0.113.9", STANDARD, "s=site.example&u=/x" },
                                          { "192.0.2.4", CHILDREN, "s=barn.example&u=/sorg&n=1" } };
    static const char *const other[][3] = { { "192.0.2.254", STANDARD, "s=site.example&u=/om&n=1" },
                                            { "198.51.100.200", STANDARD, "s=site.example&u=/x" },
                                            { "203.0.113.0", STANDARD, "s=site.example&u=/x" },
                                            { "192.0.2.99", CHILDREN, "s=barn.example&u=/sorg&n=1" } };
    assert_twins(one, other, 4);
}

static void
test_twins_of_different_agent_in_restricted(void **state)
{
    (void)state;
    static const char *const one[][3] = { { "192.0.2.1", CHILDREN AGENT, "s=barn.example&u=/sorg&n=1" } };
    static const char *const other[][3] = {
        { "192.0.2.1", CHILDREN "User-Agent: Googlebot/2.1\r\nAccept-Language: se\r\nSec-CH-UA: \"x\"\r\n",
          "s=barn.example&u=/sorg&n=1" }
    };
    assert_twins(one, other, 1);
}

/* The test of the twin test: what is meant to be counted does differ. */
static void
test_twins_that_differ_are_seen(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    char *stores[2];
    for (int run = 0; run < 2; run++) {
        collector_fixture_init(&fixture, yaml);
        view(&fixture, "192.0.2.1", CHILDREN, run == 0 ? "s=barn.example&u=/sorg" : "s=barn.example&u=/");
        stores[run] = collector_fixture_store(&fixture);
        collector_fixture_fini(&fixture);
    }
    assert_string_not_equal(stores[0], stores[1]);
    free(stores[0]);
    free(stores[1]);
}

static void
test_each_beacon_in_one_period_through_midnight_and_back(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, yaml);
    fixture.now_s = 1795388399; /* 2026-11-22 23:59:59 in Oslo */
    for (int i = 0; i < 50; i++)
        view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/om");
    fixture.now_s += 1;
    for (int i = 0; i < 50; i++)
        view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/om");
    fixture.now_s -= 3600; /* the clock is put back: the day that has ended stays ended */
    for (int i = 0; i < 50; i++)
        view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/om");
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "total", "2026-11-22", ""), 45, 55);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "total", "2026-11-23", ""), 95, 105);
    assert_in_range(collector_fixture_leaf(&fixture, "site.example", "page", "2026-11", "/om"), 145, 155);
    collector_fixture_fini(&fixture);
}

/* What the program logged, by way of a file in place of standard error. */
struct captured {
    FILE *file;
    int stderr_before;
};

static struct captured
capture_log(void)
{
    struct captured captured = { tmpfile(), dup(STDERR_FILENO) };
    assert_non_null(captured.file);
    assert_true(dup2(fileno(captured.file), STDERR_FILENO) >= 0);
    return captured;
}

static unsigned
captured_lines(struct captured *captured, const char *event)
{
    char line[512];
    unsigned found = 0;
    dup2(captured->stderr_before, STDERR_FILENO);
    close(captured->stderr_before);
    rewind(captured->file);
    while (fgets(line, sizeof line, captured->file) != NULL)
        found += strstr(line, event) != NULL;
    fclose(captured->file);
    return found;
}

/* Each way to be full: leaves of pages that are listed, and texts. A line says so once, a metric for each beacon. */
static void
test_full_table_says_so(void **state)
{
    (void)state;
    static const char small[] = "collector: {counter_memory: 1 MiB, network_rate: 0}\n"
                                "sites:\n  site.example: {mode: standard, pages: [\"/**\"]}\n";
    static const char *const pages[] = { "/p", "/et-langt-navn-paa-en-side-som-tar-mye-plass-blant-tekstene-"
                                               "og-enda-litt-til-for-at-det-skal-bli-fullt-fort-nok" };
    for (size_t way = 0; way < sizeof pages / sizeof pages[0]; way++) {
        struct collector_fixture fixture;
        collector_fixture_init(&fixture, small);
        struct captured captured = capture_log();
        struct metrics_view before = { 0 };
        view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/kjent");
        collector_view(fixture.collector, &before);
        assert_int_equal(before.metrics->coarse, 0);
        for (int i = 0; i < 20000; i++) {
            char body[256];
            snprintf(body, sizeof body, "s=site.example&u=%s%d", pages[way], i);
            view(&fixture, "192.0.2.1", STANDARD, body);
        }
        for (int i = 0; i < 100; i++)
            view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/kjent");
        struct metrics_view after = { 0 };
        collector_view(fixture.collector, &after);
        int64_t other = collector_fixture_leaf(&fixture, "site.example", "page", "2026-11", KEY_OTHER);
        int64_t known = collector_fixture_leaf(&fixture, "site.example", "page", "2026-11", "/kjent");
        assert_true(after.metrics->coarse > 1000);
        assert_in_range(other, (int64_t)after.metrics->coarse - 5, (int64_t)after.metrics->coarse + 5);
        assert_in_range(known, 101 - 5, 101 + 5);
        assert_int_equal(captured_lines(&captured, "level=error event=counter_table_full"), 1);
        collector_fixture_fini(&fixture);
    }
}

static void
test_a_clock_before_2020_is_refused(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    const char *why = "";
    struct collector *none;
    collector_fixture_init(&fixture, yaml);
    assert_int_equal(fixture_load(&fixture.files, NULL), SP_OK);
    fixture.now_s = 1577836799; /* 2019-12-31T23:59:59Z */
    assert_int_equal(collector_new(fixture.files.config, &none, &why), SP_REFUSED);
    assert_null(none);
    assert_non_null(strstr(why, "before 2020-01-01: set it"));
    fixture.now_s++;
    assert_int_equal(collector_new(fixture.files.config, &none, &why), SP_OK);
    fixture.files.config = NULL;
    collector_free(none);
    collector_fixture_fini(&fixture);
}

static void
test_full_table_counts_under_coarse_keys(void **state)
{
    (void)state;
    static const char small[] = "collector: {counter_memory: 1 MiB, network_rate: 0}\n"
                                "sites:\n  site.example: {mode: standard, pages: [\"/**\"]}\n";
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, small);
    uint64_t accepted = 0;
    for (int i = 0; i < 3; i++, accepted++)
        view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/kjent&n=1");
    for (int i = 0; i < 3; i++, accepted++) /* '(annet)' exists from a path that cannot have a name */
        view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/../&n=1");
    for (int i = 0; i < 60000; i++, accepted++) {
        char body[64];
        snprintf(body, sizeof body, "s=site.example&u=/p%d&n=1", i);
        view(&fixture, "192.0.2.1", STANDARD, body);
    }
    for (int i = 0; i < 1000; i++, accepted++)
        view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/kjent&n=1");
    int64_t known = collector_fixture_leaf(&fixture, "site.example", "page", "2026-11", "/kjent");
    int64_t total = collector_fixture_leaf(&fixture, "site.example", "total", "2026-11-22", "");
    assert_in_range(known, 1003 - 5, 1003 + 5);
    assert_in_range(total, accepted - 5, accepted + 5);
    /* Nothing is lost: every view is under some page, noise of each leaf aside. */
    struct metrics_view metrics = { 0 };
    collector_view(fixture.collector, &metrics);
    assert_true(metrics.metrics->coarse > 0 || metrics.counters.text_cells + 4 > metrics.counters.text_cells_max);
    assert_true(metrics.counters.leaves <= metrics.counters.leaves_max);
    collector_fixture_fini(&fixture);
}

static void
test_reload_keeps_counting_and_refuses_another_mode(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    const char *why = "";
    collector_fixture_init(&fixture, yaml);
    view(&fixture, "192.0.2.1", CHILDREN, "s=barn.example&u=/sorg");
    fixture_text(&fixture.files, "sporlos.yaml", "sites:\n  barn.example: {mode: restricted, pages: [\"/\"]}\n");
    assert_int_equal(fixture_load(&fixture.files, NULL), SP_OK);
    assert_int_equal(collector_reload(fixture.collector, fixture.files.config, &why), SP_OK);
    fixture.files.config = NULL;
    struct outcome gone = collector_fixture_send(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/om");
    assert_int_equal(gone.verdict, VERDICT_UNKNOWN_SITE);
    int64_t before = collector_fixture_leaf(&fixture, "barn.example", "page", "2026-11", "/sorg");
    view(&fixture, "192.0.2.1", CHILDREN, "s=barn.example&u=/sorg"); /* no longer listed */
    assert_int_equal(collector_fixture_leaf(&fixture, "barn.example", "page", "2026-11", "/sorg"), before);
    fixture_text(&fixture.files, "sporlos.yaml", "sites:\n  barn.example: {mode: standard}\n");
    assert_int_equal(fixture_load(&fixture.files, NULL), SP_OK);
    assert_int_equal(collector_reload(fixture.collector, fixture.files.config, &why), SP_REFUSED);
    assert_non_null(strstr(why, "mode"));
    view(&fixture, "192.0.2.1", CHILDREN, "s=barn.example&u=/");
    collector_fixture_fini(&fixture);
}

/* More sites than the counter table has room for: nothing of the configuration that holds them may be used. */
static void
test_a_reload_without_room_changes_nothing(void **state)
{
    (void)state;
    enum { SITES = 9000 };
    struct collector_fixture fixture;
    const char *why = "";
    collector_fixture_init(&fixture, "collector: {network_rate: 0, counter_memory: 1 MiB}\n"
                                     "sites:\n  site.example: {mode: standard}\n");
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    fputs("sites:\n", out);
    for (int i = 0; i < SITES; i++)
        fprintf(out, "  s%d.example: {}\n", i);
    fclose(out);
    fixture_text(&fixture.files, "sporlos.yaml", text);
    free(text);
    assert_int_equal(fixture_load(&fixture.files, NULL), SP_OK);
    assert_int_equal(collector_reload(fixture.collector, fixture.files.config, &why), SP_FULL);
    assert_non_null(strstr(why, "counter_memory"));
    fixture_forget(&fixture.files);
    view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/om");
    struct outcome unknown = collector_fixture_send(&fixture, "192.0.2.1", STANDARD, "s=s1.example&u=/");
    assert_int_equal(unknown.verdict, VERDICT_UNKNOWN_SITE);
    collector_turn(fixture.collector);
    collector_fixture_fini(&fixture);
}

/* What was counted for a site goes to Redis also when the site has left the configuration while nobody ran. */
static void
test_the_leaves_of_a_site_that_left_find_their_site_after_a_restart(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    char folder[] = "/dev/shm/sporlos-test-XXXXXX";
    char text[512];
    const char *why = "";
    assert_non_null(mkdtemp(folder));
    snprintf(text, sizeof text, "collector: {journal: \"%s\", counter_memory: 1 MiB}\nsites:\n  site.example: {}\n",
             folder);
    collector_fixture_init(&fixture, text);
    view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/");
    collector_free(fixture.collector);
    snprintf(text, sizeof text, "collector: {journal: \"%s\", counter_memory: 1 MiB}\nsites:\n  barn.example: {}\n",
             folder);
    fixture_text(&fixture.files, "sporlos.yaml", text);
    assert_int_equal(fixture_load(&fixture.files, NULL), SP_OK);
    assert_int_equal(collector_new(fixture.files.config, &fixture.collector, &why), SP_OK);
    fixture.files.config = NULL;
    const struct site *left = sites_by_text(collector_sites(fixture.collector), SPAN_LITERAL("site.example"));
    assert_non_null(left);
    assert_null(left->config);
    assert_int_equal(left->mode, MODE_STANDARD);
    struct outcome outcome = collector_fixture_send(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/");
    assert_int_equal(outcome.verdict, VERDICT_UNKNOWN_SITE);
    fixture.now_s += 40 * 86400;
    collector_turn(fixture.collector);
    collector_fixture_fini(&fixture);
    snprintf(text, sizeof text, "%s/counters", folder);
    unlink(text);
    rmdir(folder);
}

static void
test_a_day_later_unused_texts_are_given_back(void **state)
{
    (void)state;
    struct collector_fixture fixture;
    collector_fixture_init(&fixture, yaml);
    view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/om");
    struct counters *counters = collector_counters(fixture.collector);
    struct site *site = sites_find(collector_sites(fixture.collector), SPAN_LITERAL("site.example"));
    uint32_t used = counters_statistics(counters).text_cells;
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
        counters_drop(counters, site->text, site->open[kind]);
    fixture.now_s += 100L * 24 * 3600;
    view(&fixture, "192.0.2.1", CHILDREN, "s=barn.example&u=/");
    assert_true(counters_statistics(counters).text_cells < used + 2);
    assert_int_equal(texts_find(counters_texts(counters), SPAN_LITERAL("/om")), TEXT_NONE);
    view(&fixture, "192.0.2.1", STANDARD, "s=site.example&u=/om");
    collector_fixture_fini(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_leaf_without_a_visitors_key_is_there_from_the_start),
        cmocka_unit_test(test_a_view_is_counted_in_its_tables_alone),
        cmocka_unit_test(test_restricted_counts_its_closed_list),
        cmocka_unit_test(test_a_page_gets_its_name_from_the_third_network),
        cmocka_unit_test(test_telling_and_unlisted_pages_get_no_name),
        cmocka_unit_test(test_twins_of_different_age),
        cmocka_unit_test(test_twins_of_different_last_octet),
        cmocka_unit_test(test_twins_of_different_agent_in_restricted),
        cmocka_unit_test(test_twins_that_differ_are_seen),
        cmocka_unit_test(test_each_beacon_in_one_period_through_midnight_and_back),
        cmocka_unit_test(test_full_table_counts_under_coarse_keys),
        cmocka_unit_test(test_full_table_says_so),
        cmocka_unit_test(test_a_clock_before_2020_is_refused),
        cmocka_unit_test(test_reload_keeps_counting_and_refuses_another_mode),
        cmocka_unit_test(test_a_reload_without_room_changes_nothing),
        cmocka_unit_test(test_the_leaves_of_a_site_that_left_find_their_site_after_a_restart),
        cmocka_unit_test(test_a_day_later_unused_texts_are_given_back),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
