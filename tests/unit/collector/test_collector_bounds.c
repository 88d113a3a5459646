/* What the whole collector does not count: of a restricted site, of a table that is not wanted, in a table without
 * room. */
#include "collector_watch.h"
#include "no_locks.h"

#include "observe.h"

#include <sodium.h>

static void
test_the_fullest_view_fits(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, watched_yaml);
    sites_each(collector_sites(watch.fixture.collector), fixture_all_in_force, NULL); /* its query is read, too */
    collector_turn(watch.fixture.collector);
    for (int i = 0; i < 4; i++) /* the last finds every name there */
        view(&watch.fixture, networks[i], STANDARD,
             SITE "u=/foreldre/a?q=sorg&n=1&r=a.eksempel.no&a=x&m=y&c=z&w=800&g=a,b,c,d,e,f,g,sorg");
    free(watch.before);
    watch.before = collector_fixture_store(&watch.fixture);
    view(&watch.fixture, networks[4], STANDARD,
         SITE "u=/foreldre/a?q=sorg&n=1&r=a.eksempel.no&a=x&m=y&c=z&w=800&g=a,b,c,d,e,f,g,sorg");
    char *now = collector_fixture_store(&watch.fixture);
    unsigned fed = 0;
    for (char *line = strtok(now, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char whole[1024];
        snprintf(whole, sizeof whole, "%s\n", line);
        fed += strstr(watch.before, whole) == NULL;
    }
    free(now);
    assert_int_equal(fed, 41);
    assert_in_range(fed, 1, OBSERVED_LEAVES_MAX);
    watch_fini(&watch);
}

/* A site that counts one table reads nothing for the others: no text gets a name that could show later. */
static void
test_what_a_site_does_not_count_gets_no_name(void **state)
{
    static const char *const bodies[] = {
        "s=alene.example&u=/&n=1&r=annet.example&a=merke&m=merke&c=merke&g=merke",
        "s=alene.example&t=event&v=merke",
        "s=alene.example&t=download&v=/merke",
        "s=alene.example&t=missing&v=/merke",
        "s=alene.example&t=outbound&v=merke.example",
        "s=alene.example&t=search&q=merke",
        "s=alene.example&t=end&u=/merke&b=1&d=1&l=1",
    };
    (void)state;
    struct watch watch;
    watch_init(&watch, watched_yaml);
    uint32_t names = names_count(collector_names(watch.fixture.collector));
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        for (int network = 0; network < 6; network++)
            view(&watch.fixture, networks[network], "Origin: https://alene.example\r\n" AGENT, bodies[i]);
    assert_int_equal(names_count(collector_names(watch.fixture.collector)), names);
    assert_true(is_nowhere(&watch, "merke"));
    watch_fini(&watch);
}

/* Whatever a restricted site is sent, its store is byte for byte what the same views without it make. */
static void
test_a_restricted_site_reads_nothing_new(void **state)
{
    static const char *const more[] = { "r=annet.example", "a=merke", "m=merke", "c=merke", "w=1024",
                                        "g=sorg",          "b=1",     "d=1",     "l=1",     "f=ja",
                                        "v=/merke",        "q=merke", "z=1" };
    static const char *const headers = "Sec-CH-UA: \"Brave\";v=\"1\"\r\nSec-CH-UA-Mobile: ?1\r\n"
                                       "Sec-CH-UA-Platform: \"Windows\"\r\nUser-Agent: merke\r\n";
    char head[400];
    (void)state;
    snprintf(head, sizeof head, CHILDREN "%s", headers);
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        struct watch with;
        struct watch without;
        char *stores[2];
        char body[200];
        snprintf(body, sizeof body, "s=barn.example&u=/sorg%%3Fq=merke&n=1&%s", more[i]);
        watch_init(&with, watched_yaml);
        for (int network = 0; network < 6; network++)
            view(&with.fixture, networks[network], head, body);
        stores[0] = collector_fixture_store(&with.fixture);
        watch_fini(&with);
        watch_init(&without, watched_yaml);
        for (int network = 0; network < 6; network++)
            view(&without.fixture, networks[network], CHILDREN, "s=barn.example&u=/sorg&n=1");
        stores[1] = collector_fixture_store(&without.fixture);
        watch_fini(&without);
        assert_string_equal(stores[0], stores[1]);
        free(stores[0]);
        free(stores[1]);
    }
}

/* ---- a table without room ---- */

static void
fill_table(struct watch *watch)
{
    struct metrics_view metrics = { 0 };
    for (int i = 0; i < 40000; i++) {
        char body[64];
        snprintf(body, sizeof body, SITE "u=/foreldre/%x", i);
        view(&watch->fixture, networks[i % 6], STANDARD, body);
        collector_view(watch->fixture.collector, &metrics);
        if (metrics.counters.leaves == metrics.counters.leaves_max)
            return;
    }
    fail_msg("the table did not fill");
}

static void
test_in_a_full_table_every_type_is_counted_coarsely(void **state)
{
    static const struct {
        const char *body, *leaf;
    } rows[] = {
        { SITE "t=end&u=/om&b=4", "page_engagement " MONTH " 4 (annet)" },
        { SITE "t=end&u=/om&d=2", "scroll " MONTH " 2 (annet)" },
        { SITE "t=end&u=/om&l=1", "visit_length " TODAY " 1" },
        { SITE "t=feedback&u=/om&f=ja", "feedback " MONTH " ja (annet)" },
        { SITE "t=download&v=/foreldre/ny.pdf", "download " TODAY " (annet)" },
        { SITE "t=missing&v=/ny", "missing " TODAY " (annet)" },
        { SITE "t=outbound&v=ny.example", "outbound " TODAY " (annet)" },
        { SITE "t=event&v=ny", "event " TODAY " (annet)" },
        { SITE "t=search&q=ny", "search " TODAY " (annet)" },
        { ENTRY "r=ny.example", "referrer_host " TODAY " (annet)" },
        { ENTRY "a=ny", "utm_source " TODAY " (annet)" },
        { ENTRY "g=sorg", "tag " TODAY " sorg" },
        { ENTRY, "browser " TODAY " firefox" },
        { ENTRY, "section " TODAY " annet" },
    };
    char text[1200];
    (void)state;
    struct watch watch;
    snprintf(text, sizeof text, "collector: {network_rate: 0, counter_memory: 1 MiB}\n%s",
             strchr(watched_yaml, '\n') + 1);
    watch_init(&watch, text);
    fill_table(&watch);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t before = grown(&watch, rows[i].leaf);
        send_from(&watch, 4, rows[i].body);
        if (grown(&watch, rows[i].leaf) != before + 4)
            fail_msg("%s: %s", rows[i].body, rows[i].leaf);
    }
    watch_fini(&watch);
}

static int
in_a_child_without_locks(void)
{
    struct collector_fixture fixture;
    struct metrics_view metrics = { 0 };
    uint64_t before = locked_memory_refused().bytes;
    collector_fixture_init(&fixture, watched_yaml);
    collector_view(fixture.collector, &metrics);
    uint64_t tokens = metrics.counters.leaves_max * 8ull;
    collector_fixture_fini(&fixture);
    return metrics.unlocked.bytes >= before + tokens ? 0 : 1;
}

/* The witnesses' tokens are the largest of what comes from addresses. */
static void
test_tokens_that_could_be_swapped_out_show(void **state)
{
    (void)state;
    NEED_LOCKS();
    assert_int_equal(run_without_locks(in_a_child_without_locks), 0);
}

int
main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_fullest_view_fits),
        cmocka_unit_test(test_what_a_site_does_not_count_gets_no_name),
        cmocka_unit_test(test_a_restricted_site_reads_nothing_new),
        cmocka_unit_test(test_in_a_full_table_every_type_is_counted_coarsely),
        cmocka_unit_test(test_tokens_that_could_be_swapped_out_show),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
