/* What the whole collector makes of each field of a beacon: its table, its key, and what it must not become. */
#include "collector_watch.h"

#include <sodium.h>

/* ---- sections and tags ---- */

static void
test_a_view_lies_in_the_first_section_that_its_path_matches(void **state)
{
    (void)state;
    struct watch watch;
    watch_init(&watch, watched_yaml);
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
    watch_init(&watch, watched_yaml);
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
    watch_init(&watch, watched_yaml);
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
    watch_init(&watch, watched_yaml);
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
    watch_init(&watch, watched_yaml);
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
    watch_init(&watch, watched_yaml);
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
    watch_init(&watch, watched_yaml);
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
    watch_init(&watch, watched_yaml);
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
    watch_init(&watch, watched_yaml);
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
    watch_init(&watch, watched_yaml);
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
    watch_init(&watch, watched_yaml);
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
    watch_init(&watch, watched_yaml);
    struct collector *collector = watch.fixture.collector;
    send_from(&watch, 3, SITE "u=/sok%3Fq%3Dfortidlig"); /* not before it has heard that this is declared */
    assert_false(is_there(&watch, "search " TODAY " fortidlig"));
    assert_int_equal(grown(&watch, "search " TODAY " (annet)"), 0);
    sites_each(collector_sites(collector), fixture_all_in_force, NULL);
    collector_turn(collector);
    assert_int_equal(grown(&watch, "total " TODAY " "), 3);
    send_from(&watch, 3, SITE "u=https://site.example/sok%3Fq%3DSorg%26side%3D2");
    assert_true(is_there(&watch, "search " TODAY " sorg"));
    assert_int_equal(grown(&watch, "search " TODAY " (annet)"), 2);
    assert_int_equal(grown(&watch, "total " TODAY " "), 6); /* it is a view, too */
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
    watch_init(&watch, watched_yaml);
    view(&watch.fixture, networks[0], agent, ENTRY "r=blogg.example");
    assert_int_equal(grown(&watch, "referrer " TODAY " site"), 1);
    fixture_text(&watch.fixture.files, "names.txt", "ai\tNysgjerrigper\n");
    snprintf(text, sizeof text, "collector: {network_rate: 0, crawlers: %s/names.txt}\n%s", watch.fixture.files.folder,
             strchr(watched_yaml, '\n') + 1);
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

int
main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
