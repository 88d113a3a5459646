/* What the whole collector makes of each field of a beacon: its table, its key, and what it must not become. */
#include "collector_views.h"

#include "observe.h"

#include <sodium.h>

#define TODAY "2026-11-22"
#define MONTH "2026-11"
#define NONE INT64_MIN

static const char yaml[] =
    "collector: {network_rate: 0}\n"
    "sites:\n"
    "  site.example:\n"
    "    pages: [\"/\", \"/om\", \"/foreldre/**\"]\n"
    "    fold: {\"/alder/*/sorg\": \"/sorg\"}\n"
    "    sections: {\"/foreldre/**\": foreldre, \"/foreldre/ung\": ung, \"/sorg\": Sorg, \"/**\": annet}\n"
    "    tags: [Sorg, \"psykisk helse\", PÅRØRENDE, a, b, c, d, e, f, g]\n"
    "    feedback: {ja: Ja, nei: Nei, nei-uklart: \"Det var uklart\"}\n"
    "    search_parameter: q\n"
    "    referrers: {legekontor.example: public}\n"
    "    events: [\"Chat åpnet\", \"skjema 12345678\"]\n"
    "  barn.example: {mode: restricted, pages: [\"/\", \"/sorg\"]}\n"
    "  alene.example: {hosts: [alene.example], tables: [total]}\n";

static const char *const networks[] = {
    "192.0.2.1", "198.51.100.1", "203.0.113.1", "10.1.1.1", "10.2.2.1", "10.3.3.1"
};

/* By how much a leaf has grown since the fixture began; a leaf that came later counts from its noise, so by 0..10 off.
 */
struct watch {
    struct collector_fixture fixture;
    char *before;
};

static void
watch_init(struct watch *watch, const char *text)
{
    collector_fixture_init(&watch->fixture, text);
    watch->before = collector_fixture_store(&watch->fixture);
}

static void
watch_fini(struct watch *watch)
{
    free(watch->before);
    collector_fixture_fini(&watch->fixture);
}

static int64_t
value_in(const char *store, const char *leaf)
{
    char wanted[700];
    snprintf(wanted, sizeof wanted, "site.example %s ", leaf);
    const char *line = strstr(store, wanted);
    return line == NULL ? NONE : strtoll(line + strlen(wanted), NULL, 10);
}

/* Growth of a leaf 'table period key' of site.example that was there from the start. */
static int64_t
grown(struct watch *watch, const char *leaf)
{
    char *now = collector_fixture_store(&watch->fixture);
    int64_t before = value_in(watch->before, leaf);
    int64_t after = value_in(now, leaf);
    free(now);
    if (before == NONE || after == NONE)
        fail_msg("there is no leaf '%s' from the start", leaf);
    return after - before;
}

static bool
is_there(struct watch *watch, const char *leaf)
{
    char *now = collector_fixture_store(&watch->fixture);
    bool there = value_in(now, leaf) != NONE;
    free(now);
    return there;
}

/* Nowhere in the store, and in no text of the table, sent to Redis or not. */
static bool
is_nowhere(struct watch *watch, const char *text)
{
    char *now = collector_fixture_store(&watch->fixture);
    bool nowhere = strcasestr(now, text) == NULL;
    free(now);
    return nowhere && texts_find(counters_texts(collector_counters(watch->fixture.collector)), span_text(text)) == 0;
}

static void
send_from(struct watch *watch, unsigned count, const char *body)
{
    for (unsigned i = 0; i < count; i++)
        view(&watch->fixture, networks[i], STANDARD, body);
}

#define SITE "s=site.example&"
#define ENTRY SITE "u=/&n=1&"

/* ---- what an entry says ---- */

static void
test_where_an_entry_came_from(void **state)
{
    static const struct {
        const char *field, *class;
    } rows[] = {
        { "", "direct" },
        { "r=", "direct" },
        { "r=www.google.com", "search" },
        { "r=chatgpt.com", "ai" },
        { "r=www.facebook.com", "social" },
        { "r=mail.google.com", "mail" },
        { "r=www.nav.no", "public" },
        { "r=www.legekontor.example", "public" },
        { "r=blogg.annet.example", "site" },
        { "r=SITE.example", "direct" },
        { "r=www.site.example", "direct" },
        { "r=ikke%20en%20vert", "direct" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct watch watch;
        char body[200];
        char leaf[100];
        watch_init(&watch, yaml);
        snprintf(body, sizeof body, ENTRY "%s", rows[i].field);
        send_from(&watch, 1, body);
        for (int period = 0; period < 2; period++) {
            snprintf(leaf, sizeof leaf, "referrer %s %s", period == 0 ? TODAY : MONTH, rows[i].class);
            if (grown(&watch, leaf) != 1)
                fail_msg("%s is not %s", rows[i].field, rows[i].class);
        }
        /* A host is not named by one reader; that there was one is counted. */
        bool has_host = strcmp(rows[i].class, "direct") != 0;
        assert_int_equal(grown(&watch, "referrer_host " TODAY " (annet)"), has_host);
        assert_int_equal(grown(&watch, "visits " TODAY " "), 1);
        watch_fini(&watch);
    }
}

static void
test_a_referrer_is_named_by_its_domain_once_enough_networks_have_come(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 2, ENTRY "r=ola-nordmann.eksempel.no");
    assert_true(is_nowhere(&watch, "eksempel.no"));
    view(&watch.fixture, networks[1], STANDARD, ENTRY "r=eksempel.no"); /* the same network: nobody new */
    assert_true(is_nowhere(&watch, "eksempel.no"));
    view(&watch.fixture, networks[2], STANDARD, ENTRY "r=www.eksempel.no");
    assert_true(is_there(&watch, "referrer_host " TODAY " eksempel.no"));
    assert_true(is_there(&watch, "referrer_host " MONTH " eksempel.no"));
    assert_true(is_nowhere(&watch, "ola-nordmann"));
    assert_int_equal(grown(&watch, "referrer_host " TODAY " (annet)"), 3);
    watch_fini(&watch);
}

static void
test_a_page_that_is_no_entry_says_nothing_of_where_it_came_from(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 6, SITE "u=/&n=0&r=annet.example&a=nyhetsbrev&m=epost&c=host&w=1024");
    send_from(&watch, 6, SITE "u=/&r=annet.example&a=nyhetsbrev&m=epost&c=host");
    char *now = collector_fixture_store(&watch.fixture);
    for (char *line = strtok(now, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        bool of_entries = strstr(line, " referrer") != NULL || strstr(line, " utm_") != NULL ||
                          strstr(line, " device ") != NULL || strstr(line, " browser ") != NULL;
        assert_true(!of_entries || strstr(watch.before, line) != NULL);
    }
    free(now);
    assert_true(is_nowhere(&watch, "nyhetsbrev"));
    watch_fini(&watch);
}

static void
test_the_parts_of_a_campaign_are_counted_each_alone(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 2, ENTRY "a=Nyhetsbrev&m=epost&c=h%C3%B8st");
    assert_true(is_nowhere(&watch, "nyhetsbrev"));
    send_from(&watch, 3, ENTRY "a=Nyhetsbrev");
    assert_true(is_there(&watch, "utm_source " TODAY " nyhetsbrev"));
    assert_true(is_there(&watch, "utm_source " MONTH " nyhetsbrev"));
    assert_false(is_there(&watch, "utm_medium " TODAY " nyhetsbrev")); /* a name in one is none in another */
    assert_true(is_nowhere(&watch, "epost"));
    send_from(&watch, 3, ENTRY "m=epost&c=h%C3%B8st");
    assert_true(is_there(&watch, "utm_medium " TODAY " epost"));
    assert_true(is_there(&watch, "utm_campaign " TODAY " høst"));
    send_from(&watch, 6, ENTRY "a=ola@example.no&m=01028912345&c=https%3A%2F%2Fa.no");
    assert_int_equal(grown(&watch, "utm_source " TODAY " (fjernet)"), 6);
    assert_int_equal(grown(&watch, "utm_medium " MONTH " (fjernet)"), 6);
    assert_int_equal(grown(&watch, "utm_campaign " TODAY " (fjernet)"), 6);
    assert_true(is_nowhere(&watch, "ola@"));
    assert_true(is_nowhere(&watch, "01028912345"));
    watch_fini(&watch);
}

/* ---- device, browser, system ---- */

static void
test_an_entrys_headers_tell_its_device_and_nothing_more(void **state)
{
    static const struct {
        const char *headers, *field, *device, *browser, *system;
    } rows[] = {
        { "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n", "", "desktop",
          "firefox", "linux" },
        { "User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/18.5 Mobile/15E148 Safari/604.1\r\n",
          "", "mobile", "safari", "ios" },
        { "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/138.0.0.0 Safari/537.36\r\nSec-CH-UA: \"Brave\";v=\"138\", \"Chromium\";v=\"138\"\r\n"
          "Sec-CH-UA-Mobile: ?0\r\nSec-CH-UA-Platform: \"Windows\"\r\n",
          "", "desktop", "brave", "windows" },
        { "User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/18.5 Safari/605.1.15\r\n",
          "", "desktop", "safari", "macos" },
        { "User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/18.5 Safari/605.1.15\r\n",
          "w=1024", "tablet", "safari", "ios" },
        { "User-Agent: Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
          "Version/18.5 Safari/605.1.15\r\n",
          "w=1024x", "desktop", "safari", "macos" },
        { "User-Agent: Mozilla/5.0 of another kind\r\n", "w=", "unknown", "other", "other" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct watch watch;
        char headers[700];
        char leaf[64];
        char body[64];
        watch_init(&watch, yaml);
        snprintf(headers, sizeof headers, "Origin: https://site.example\r\n%s", rows[i].headers);
        snprintf(body, sizeof body, ENTRY "%s", rows[i].field);
        view(&watch.fixture, networks[0], headers, body);
        const char *const keys[][2] = { { "device", rows[i].device },
                                        { "browser", rows[i].browser },
                                        { "system", rows[i].system } };
        for (int table = 0; table < 3; table++) {
            snprintf(leaf, sizeof leaf, "%s " TODAY " %s", keys[table][0], keys[table][1]);
            if (grown(&watch, leaf) != 1)
                fail_msg("row %zu: %s", i, leaf);
        }
        snprintf(leaf, sizeof leaf, "%s " MONTH " %s", "browser", rows[i].browser);
        assert_false(is_there(&watch, leaf));
        watch_fini(&watch);
    }
}

/* ---- sections and tags ---- */

static void
test_a_view_lies_in_the_first_section_that_its_path_matches(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 1, SITE "u=/foreldre/ung/a");
    send_from(&watch, 1, SITE "u=/foreldre/ung");
    send_from(&watch, 1, SITE "u=/alder/12/sorg"); /* folded first */
    send_from(&watch, 1, SITE "u=/finnes/ikke/p%C3%A5/lista");
    send_from(&watch, 1, SITE "u=/a%25b"); /* no path that could have a name */
    assert_int_equal(grown(&watch, "section " TODAY " foreldre"), 2);
    assert_int_equal(grown(&watch, "section " MONTH " foreldre"), 2);
    assert_int_equal(grown(&watch, "section " TODAY " ung"), 0);
    assert_int_equal(grown(&watch, "section " TODAY " sorg"), 1);
    assert_int_equal(grown(&watch, "section " TODAY " annet"), 1);
    assert_int_equal(grown(&watch, "total " TODAY " "), 5);
    watch_fini(&watch);
}

static void
test_tags_count_once_each_and_only_those_of_the_list(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 6, SITE "u=/&g=sorg,%20SORG%20,ukjent,p%C3%A5r%C3%B8rende,Psykisk%20Helse,,%20,");
    assert_int_equal(grown(&watch, "tag " TODAY " sorg"), 6);
    assert_int_equal(grown(&watch, "tag " MONTH " pårørende"), 6);
    assert_int_equal(grown(&watch, "tag " TODAY " psykisk helse"), 6);
    assert_int_equal(grown(&watch, "tag " TODAY " a"), 0);
    assert_true(is_nowhere(&watch, "ukjent"));
    send_from(&watch, 1, SITE "u=/&g=a,b,c,d,e,f,g,sorg,pårørende"); /* eight, and one too many */
    assert_int_equal(grown(&watch, "tag " TODAY " g"), 1);
    assert_int_equal(grown(&watch, "tag " TODAY " sorg"), 7);
    assert_int_equal(grown(&watch, "tag " TODAY " pårørende"), 6);
    watch_fini(&watch);
}

/* ---- ends ---- */

static void
test_an_end_is_no_view(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 1, SITE "t=end&u=/om&b=3&d=4&l=5&n=1&r=a.example&g=sorg");
    assert_int_equal(grown(&watch, "engagement " TODAY " 3"), 1);
    assert_int_equal(grown(&watch, "visit_length " TODAY " 5"), 1);
    assert_true(is_there(&watch, "page_engagement " MONTH " 3 /om"));
    assert_true(is_there(&watch, "scroll " MONTH " 4 /om"));
    assert_false(is_there(&watch, "page_engagement " TODAY " 3 /om"));
    static const char *const untouched[] = { "total " TODAY " ",       "visits " TODAY " ",
                                             "page " TODAY " /om",     "visitors " TODAY " ",
                                             "tag " TODAY " sorg",     "section " TODAY " annet",
                                             "engagement " TODAY " 5", "visit_length " TODAY " 3" };
    for (size_t i = 0; i < sizeof untouched / sizeof untouched[0]; i++)
        assert_int_equal(grown(&watch, untouched[i]), 0);
    watch_fini(&watch);
}

static void
test_an_end_gives_no_page_a_name(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 6, SITE "t=end&u=/ukjent&b=0&d=0");
    send_from(&watch, 6, SITE "t=feedback&u=/ukjent&f=nei");
    assert_true(is_nowhere(&watch, "/ukjent"));
    assert_int_equal(grown(&watch, "page_engagement " MONTH " 0 (annet)"), 6);
    assert_int_equal(grown(&watch, "scroll " MONTH " 0 (annet)"), 6);
    assert_int_equal(grown(&watch, "feedback " TODAY " nei (annet)"), 6);
    send_from(&watch, 3, SITE "u=/ukjent"); /* views do */
    send_from(&watch, 1, SITE "t=end&u=/ukjent?a=b&b=6");
    assert_true(is_there(&watch, "page_engagement " MONTH " 6 /ukjent"));
    watch_fini(&watch);
}

static void
test_each_part_of_an_end_may_be_absent(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 1, SITE "t=end&u=/&l=0");
    assert_int_equal(grown(&watch, "visit_length " TODAY " 0"), 1);
    assert_int_equal(grown(&watch, "engagement " TODAY " 0"), 0);
    send_from(&watch, 1, SITE "t=end&u=/&d=1");
    assert_int_equal(grown(&watch, "engagement " TODAY " 1"), 0);
    assert_true(is_there(&watch, "scroll " MONTH " 1 /"));
    watch_fini(&watch);
}

/* A page whose name fills a key leaves no room for what stands before it. */
static void
test_a_page_with_the_longest_name_is_any_other(void **state)
{
    (void)state;
    struct watch watch;
    char body[700] = SITE "t=end&b=2&u=/foreldre/";
    size_t length = strlen(body);
    watch_init(&watch, yaml);
    memset(body + length, 'x', PATH_MAX_BYTES - 10);
    send_from(&watch, 1, body);
    assert_int_equal(grown(&watch, "page_engagement " MONTH " 2 (annet)"), 1);
    watch_fini(&watch);
}

/* ---- feedback ---- */

static void
test_an_answer_is_counted_with_its_page(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 2, SITE "t=feedback&u=/foreldre/ung&f=nei-uklart&q=hemmelig&v=hemmelig");
    assert_true(is_there(&watch, "feedback " TODAY " nei-uklart /foreldre/ung"));
    assert_true(is_there(&watch, "feedback " MONTH " nei-uklart /foreldre/ung"));
    assert_int_equal(grown(&watch, "feedback " TODAY " nei-uklart (annet)"), 0);
    assert_int_equal(grown(&watch, "page " TODAY " (annet)"), 0);
    assert_true(is_nowhere(&watch, "hemmelig"));
    watch_fini(&watch);
}

/* ---- files, hosts, events ---- */

static void
test_a_file_is_named_once_it_is_common_or_on_the_list(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 2, SITE "t=download&v=/filer/a.pdf?token=hemmelig");
    send_from(&watch, 1, SITE "t=download&v=https://site.example/foreldre/brosjyre.pdf");
    assert_true(is_nowhere(&watch, "/filer/a.pdf"));
    assert_true(is_there(&watch, "download " TODAY " /foreldre/brosjyre.pdf"));
    assert_false(is_there(&watch, "page " TODAY " /foreldre/brosjyre.pdf"));
    send_from(&watch, 3, SITE "t=download&v=/filer/a.pdf");
    assert_true(is_there(&watch, "download " MONTH " /filer/a.pdf"));
    send_from(&watch, 6, SITE "t=download&v=/filer/ola@example.no.pdf");
    assert_true(is_nowhere(&watch, "ola@"));
    assert_int_equal(grown(&watch, "download " TODAY " (annet)"), 2 + 2 + 6);
    watch_fini(&watch);
}

static void
test_a_missing_page_is_named_by_being_common_alone(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 2, SITE "t=missing&v=/foreldre/ola-nordmann");
    assert_true(is_nowhere(&watch, "ola-nordmann")); /* though the list has /foreldre/[**] */
    send_from(&watch, 3, SITE "t=missing&v=/gammel/side");
    assert_true(is_there(&watch, "missing " TODAY " /gammel/side"));
    assert_int_equal(grown(&watch, "missing " MONTH " (annet)"), 4);
    assert_int_equal(grown(&watch, "total " TODAY " "), 0);
    watch_fini(&watch);
}

static void
test_a_link_away_is_named_by_its_domain(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 3, SITE "t=outbound&v=www.helsenorge.no");
    assert_true(is_there(&watch, "outbound " TODAY " helsenorge.no"));
    assert_int_equal(grown(&watch, "outbound " TODAY " (annet)"), 2);
    send_from(&watch, 6, SITE "t=outbound&v=192.0.2.77");
    send_from(&watch, 6, SITE "t=outbound&v=%3Cscript%3E");
    assert_true(is_nowhere(&watch, "192.0.2.77"));
    assert_true(is_nowhere(&watch, "<script>"));
    assert_int_equal(grown(&watch, "outbound " TODAY " (annet)"), 2 + 12);
    assert_false(is_there(&watch, "referrer_host " TODAY " helsenorge.no"));
    watch_fini(&watch);
}

static void
test_an_event_of_the_list_has_its_name_at_once(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 1, SITE "t=event&v=chat+%C3%85PNET");
    assert_int_equal(grown(&watch, "event " TODAY " chat åpnet"), 1);
    send_from(&watch, 1, SITE "t=event&v=Skjema+12345678"); /* telling, but a line of the configuration */
    assert_int_equal(grown(&watch, "event " MONTH " skjema 12345678"), 1);
    send_from(&watch, 2, SITE "t=event&v=Bestilling");
    assert_true(is_nowhere(&watch, "bestilling"));
    send_from(&watch, 3, SITE "t=event&v=Bestilling");
    assert_true(is_there(&watch, "event " TODAY " bestilling"));
    send_from(&watch, 6, SITE "t=event&v=ring+22+33+44+55");
    assert_int_equal(grown(&watch, "event " TODAY " (fjernet)"), 6);
    watch_fini(&watch);
}

/* ---- the site's own search page ---- */

static void
test_a_search_page_is_told_from_its_url(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
    send_from(&watch, 3, SITE "u=https://site.example/sok%3Fq%3DSorg%26side%3D2");
    assert_true(is_there(&watch, "search " TODAY " sorg"));
    assert_int_equal(grown(&watch, "search " TODAY " (annet)"), 2);
    assert_int_equal(grown(&watch, "total " TODAY " "), 3); /* it is a view, too */
    assert_int_equal(grown(&watch, "search_empty " TODAY " (annet)"), 0);
    send_from(&watch, 1, SITE "u=/sok%3Fq%3D");
    send_from(&watch, 1, SITE "u=/sok%3Fside%3D2");
    assert_int_equal(grown(&watch, "search " TODAY " (annet)"), 2);
    send_from(&watch, 6, SITE "u=/sok%3Fq%3Dola@example.no");
    send_from(&watch, 1, SITE "u=/sok%3Fq%3D%25zz");
    assert_int_equal(grown(&watch, "search " TODAY " (fjernet)"), 7);
    assert_true(is_nowhere(&watch, "ola@"));
    watch_fini(&watch);
}

/* ---- files that a configuration names ---- */

static enum sp_error
reload(struct watch *watch, const char *text, const char **why)
{
    struct fixture *files = &watch->fixture.files;
    fixture_text(files, "sporlos.yaml", text);
    if (fixture_load(files, NULL) != SP_OK)
        fail_msg("%s", files->errors);
    enum sp_error error = collector_reload(watch->fixture.collector, files->config, why);
    if (error == SP_OK)
        files->config = NULL; /* the collector's now */
    return error;
}

/* Names of automata and lines about referrers are read anew with the configuration; a file that is wrong changes
 * nothing. */
static void
test_a_reload_reads_names_of_automata_and_referrers(void **state)
{
    static const char agent[] = "Origin: https://site.example\r\nUser-Agent: Mozilla/5.0 Nysgjerrigper\r\n";
    (void)state;
    struct watch watch;
    char text[2000];
    const char *why = "";
    watch_init(&watch, yaml);
    view(&watch.fixture, networks[0], agent, ENTRY "r=blogg.example");
    assert_int_equal(grown(&watch, "referrer " TODAY " site"), 1);
    fixture_text(&watch.fixture.files, "names.txt", "ai\tNysgjerrigper\n");
    snprintf(text, sizeof text, "collector: {network_rate: 0, crawlers: %s/names.txt}\n%s", watch.fixture.files.folder,
             strchr(yaml, '\n') + 1);
    char *line = strstr(text, "legekontor.example: public");
    memcpy(line, "blogg.example: social     ", 26); /* of the same length */
    assert_int_equal(reload(&watch, text, &why), SP_OK);
    assert_int_equal(collector_fixture_send(&watch.fixture, networks[0], agent, ENTRY).verdict, VERDICT_AI);
    view(&watch.fixture, networks[0], STANDARD, ENTRY "r=blogg.example");
    assert_int_equal(grown(&watch, "referrer " TODAY " social"), 1);
    fixture_text(&watch.fixture.files, "names.txt", "ai\tFirefox\n"); /* would find every reader */
    assert_int_not_equal(reload(&watch, text, &why), SP_OK);
    assert_non_null(strstr(why, "names.txt"));
    view(&watch.fixture, networks[0], STANDARD, ENTRY);
    assert_int_equal(collector_fixture_send(&watch.fixture, networks[0], agent, ENTRY).verdict, VERDICT_AI);
    watch_fini(&watch);
}

/* ---- bounds ---- */

static void
test_the_fullest_view_fits(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, yaml);
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
    watch_init(&watch, yaml);
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
        watch_init(&with, yaml);
        for (int network = 0; network < 6; network++)
            view(&with.fixture, networks[network], head, body);
        stores[0] = collector_fixture_store(&with.fixture);
        watch_fini(&with);
        watch_init(&without, yaml);
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
    snprintf(text, sizeof text, "collector: {network_rate: 0, counter_memory: 1 MiB}\n%s", strchr(yaml, '\n') + 1);
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

int
main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_where_an_entry_came_from),
        cmocka_unit_test(test_a_referrer_is_named_by_its_domain_once_enough_networks_have_come),
        cmocka_unit_test(test_a_page_that_is_no_entry_says_nothing_of_where_it_came_from),
        cmocka_unit_test(test_the_parts_of_a_campaign_are_counted_each_alone),
        cmocka_unit_test(test_an_entrys_headers_tell_its_device_and_nothing_more),
        cmocka_unit_test(test_a_view_lies_in_the_first_section_that_its_path_matches),
        cmocka_unit_test(test_tags_count_once_each_and_only_those_of_the_list),
        cmocka_unit_test(test_an_end_is_no_view),
        cmocka_unit_test(test_an_end_gives_no_page_a_name),
        cmocka_unit_test(test_each_part_of_an_end_may_be_absent),
        cmocka_unit_test(test_a_page_with_the_longest_name_is_any_other),
        cmocka_unit_test(test_an_answer_is_counted_with_its_page),
        cmocka_unit_test(test_a_file_is_named_once_it_is_common_or_on_the_list),
        cmocka_unit_test(test_a_missing_page_is_named_by_being_common_alone),
        cmocka_unit_test(test_a_link_away_is_named_by_its_domain),
        cmocka_unit_test(test_an_event_of_the_list_has_its_name_at_once),
        cmocka_unit_test(test_a_search_page_is_told_from_its_url),
        cmocka_unit_test(test_a_reload_reads_names_of_automata_and_referrers),
        cmocka_unit_test(test_the_fullest_view_fits),
        cmocka_unit_test(test_what_a_site_does_not_count_gets_no_name),
        cmocka_unit_test(test_a_restricted_site_reads_nothing_new),
        cmocka_unit_test(test_in_a_full_table_every_type_is_counted_coarsely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
