/* The overview, made from a real archive: what it shows, what it says about what it does not, and nothing else. */
#include "dashboard/page.h"
#include "seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include "release.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char directory[] = "/tmp/sporlos-overview-XXXXXX";
static struct gazetteer *gazetteer;

/* Enough of Norway for a page; Hemnes is too small to be shown. */
static const char gazetteer_text[] = "fylke,03,Oslo\nfylke,46,Vestland\nfylke,18,Nordland\n"
                                     "kommune,0301,Oslo,59.91273,10.74609,722278\n"
                                     "kommune,4601,Bergen,60.39299,5.32415,295848\n"
                                     "kommune,4624,Bjørnafjorden,60.18,5.47,26084\n"
                                     "kommune,1804,Bodø,67.28,14.405,53821\n"
                                     "kommune,1832,Hemnes,66.22,13.61,4505\n"
                                     "kommune,1833,Rana,66.31,14.14,26078\n";

struct fixture {
    struct archive *archive;
    struct site_config site;
    struct config config;
    struct account account;
    struct page page;
};

static const char *
path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static struct archive *
open_archive(const char *name)
{
    struct archive *archive;
    char url[160];
    const char *why = "";
    snprintf(url, sizeof url, "sqlite://%s", path_of(name));
    assert_int_equal(archive_open(url, ARCHIVE_WRITE, &archive, &why), SP_OK);
    return archive;
}

static void
fixture_init(struct fixture *fixture, const char *archive, enum site_mode mode)
{
    *fixture = (struct fixture){ .archive = open_archive(archive), .site = seed_site("a.example", mode) };
    fixture->config.sites = &fixture->site;
    fixture->config.site_count = 1;
    fixture->config.aggregator.collector_url = strdup("https://c.example");
    fixture->account = (struct account){ .id = 1, .name = "kari", .role = ROLE_READER, .sites = strdup("*") };
    fixture->page = (struct page){ .style = "/style.css",
                                   .path = "/sites/a.example",
                                   .title = MESSAGE_OVERVIEW,
                                   .config = &fixture->config,
                                   .gazetteer = gazetteer,
                                   .account = &fixture->account,
                                   .site = &fixture->site };
}

static void
fixture_fini(struct fixture *fixture)
{
    archive_close(fixture->archive);
    free(fixture->site.name);
    free(fixture->config.aggregator.collector_url);
    account_fini(&fixture->account);
}

/* The page for a query string, as owned text. */
static char *
render(struct fixture *fixture, const char *query)
{
    struct selection selection = selection_parse(span_text(query));
    struct overview overview;
    struct html html = { 0 };
    assert_int_equal(overview_gather(fixture->archive, &fixture->site, selection, seed_now_s(), &overview), SP_OK);
    fixture->page.selection = &selection;
    page_overview_render(&html, &fixture->page, &overview);
    assert_false(html.failed);
    char *text = strndup(html.at, html.length);
    assert_non_null(text);
    html_fini(&html);
    overview_fini(&overview);
    fixture->page.selection = NULL;
    return text;
}

static bool
says(const char *text, const char *needle)
{
    return strstr(text, needle) != NULL;
}

static void
test_a_standard_site_shows_its_numbers(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "standard.db", MODE_STANDARD);
    seed_archive(fixture.archive, &fixture.site, gazetteer, 300);
    char *text = render(&fixture, "");
    assert_false(says(text, "Besøkende")); /* a site that does not count them */
    free(text);
    fixture.site.tables = 1U << TABLE_VISITORS;
    fixture.site.visitor_max = 1 << 20;
    text = render(&fixture, "");
    assert_true(says(text, "<dt>Besøkende (anslag)</dt><dd class=\"value\">"));
    assert_true(says(text, "om lag 18 % for lavt"));
    assert_false(says(text, "(anslag)</dt><dd class=\"value\">minst "));
    free(text);
    fixture.site.visitor_max = 100; /* its days were near it */
    text = render(&fixture, "");
    assert_true(says(text, "<dt>Besøkende (anslag)</dt><dd class=\"value\">minst "));
    assert_true(says(text, "25.\u00a0oktober–21.\u00a0november\u00a02026"));
    assert_true(says(text, "<dt>Besøk</dt><dd class=\"value\">1"));
    assert_true(says(text, ">/demens/avlastning</span>"));
    assert_true(says(text, "<title>Bergen: "));
    assert_true(says(text, "I dag til kl. 14:00"));
    assert_true(says(text, "Roboter"));
    assert_true(says(text, "<td>:</td>")); /* the day on which almost nobody came */
    assert_true(says(text, "href=\"https://db-ip.com\""));
    assert_true(says(text, "Et kolon (:) betyr at tallet er skjult: under 10,"));
    assert_false(says(text, "vernet modus"));
    assert_false(says(text, "style=\""));
    assert_false(says(text, "<script"));
    free(text);
    text = render(&fixture, "period=12m&compare=none");
    assert_true(says(text, "Besøk per måned"));
    assert_false(says(text, "sammenlignet med"));
    assert_false(says(text, "class=\"then\""));
    free(text);
    fixture_fini(&fixture);
}

static void
test_a_restricted_site_shows_whole_months_and_says_why(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "restricted.db", MODE_RESTRICTED);
    seed_archive(fixture.archive, &fixture.site, gazetteer, 2000);
    char *text = render(&fixture, "");
    assert_true(says(text, "vernet modus"));
    assert_true(says(text, "<p class=\"legend\"><span>oktober\u00a02026</span></p>"));
    assert_true(says(text, "Små kommuner i Nordland"));
    assert_false(says(text, "Hemnes"));
    assert_false(says(text, "I dag"));
    assert_true(says(text, "skjult: under 20,"));
    free(text);
    fixture_fini(&fixture);
}

static void
test_a_restricted_site_is_shown_its_own_script(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "empty.db", MODE_RESTRICTED);
    char *text = render(&fixture, "");
    assert_true(says(text, "&lt;script defer src=\"https://c.example/s-restricted.js\" data-site=\"a.example\"&gt;"));
    free(text);
    fixture_fini(&fixture);
}

static void
test_no_numbers_yet_teaches(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "empty.db", MODE_STANDARD);
    char *text = render(&fixture, "");
    assert_true(says(text, "Ingen tall ennå"));
    assert_true(says(text, "&lt;script defer src=\"https://c.example/s.js\" data-site=\"a.example\"&gt;"));
    assert_false(says(text, "<select"));
    free(text);
    fixture_fini(&fixture);
}

static void
test_languages_are_kept_in_links(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "standard.db", MODE_STANDARD);
    fixture.page.language = LANGUAGE_EN;
    fixture.page.language_chosen = true;
    char *text = render(&fixture, "period=7d");
    assert_true(says(text, "<html lang=\"en\""));
    assert_true(says(text, "Most read pages"));
    assert_true(says(text, "href=\"/sites/a.example/privacy?period=7d&amp;compare=previous&amp;lang=en\""));
    assert_true(says(text, "<input type=\"hidden\" name=\"lang\" value=\"en\">"));
    assert_true(says(text, "action=\"/logout?lang=en\""));
    free(text);
    fixture_fini(&fixture);
}

/* What must never come through as markup, wherever it stands. */
static const char *const nasty[] = {
    "/<script>alert(1)</script>",
    "/\"><img src=x onerror=alert(1)>",
    "/' onmouseover='alert(1)",
    "/</title><svg onload=alert(1)>",
    "/</table></main><iframe src=//evil.example>",
    "/javascript:alert(1)",
    "/&lt;b&gt;",
    "/<!--",
    "/]]>",
    "/{}{}",
    "/\xe2\x80\xaeSPORLOS",
    "/a\302\205b",
    "/%3Cscript%3E",
};

static void
keep_nasty(struct fixture *fixture)
{
    struct release_batch *batch;
    struct period day = { PERIOD_DAY, period_at(PERIOD_DAY, &fixture->site.zone, seed_now_s()).index - 1 };
    assert_int_equal(release_batch_new(&fixture->site, day, &batch), SP_OK);
    assert_int_equal(release_add(batch, TABLE_TOTAL, SPAN_LITERAL(""), 9000), SP_OK);
    assert_int_equal(release_witness(batch, TABLE_TOTAL, SPAN_LITERAL("")), SP_OK);
    size_t kept = 0;
    for (size_t i = 0; i < sizeof nasty / sizeof nasty[0]; i++) {
        if (release_add(batch, TABLE_PAGE, span_text(nasty[i]), 500 + (int64_t)i) != SP_OK)
            continue;
        assert_int_equal(release_witness(batch, TABLE_PAGE, span_text(nasty[i])), SP_OK);
        kept++;
    }
    assert_true(kept >= 8); /* the gate may refuse some: the page must not count on it */
    assert_int_equal(archive_keep(fixture->archive, batch), SP_OK);
    release_batch_free(batch);
}

static void
test_paths_from_outside_stay_text(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "nasty.db", MODE_STANDARD);
    char *clean = render(&fixture, "period=7d");
    free(clean);
    keep_nasty(&fixture);
    free(fixture.site.name);
    fixture.site.name = strdup("<b>\"'&");
    char *text = render(&fixture, "period=7d&lang=%3Cscript%3E");
    assert_true(says(text, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_true(says(text, "&lt;b&gt;&quot;&#39;&amp;"));
    assert_false(says(text, "<script"));
    assert_false(says(text, "<img"));
    assert_false(says(text, "<iframe"));
    assert_false(says(text, "<svg onload"));
    assert_false(says(text, "<b>\""));
    assert_false(says(text, "' onmouseover"));
    assert_false(says(text, "\xe2\x80\xae"));
    free(text);
    fixture_fini(&fixture);
}

static void
test_without_a_gazetteer_numbers_stand_for_names(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "standard.db", MODE_STANDARD);
    fixture.page.gazetteer = NULL;
    char *text = render(&fixture, "");
    assert_true(says(text, "<span>0301</span>"));
    assert_false(says(text, "class=\"map\""));
    free(text);
    fixture_fini(&fixture);
}

static void
test_low_coverage_offers_a_whole_month(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "few.db", MODE_STANDARD);
    seed_archive(fixture.archive, &fixture.site, gazetteer, 12);
    char *text = render(&fixture, "period=7d");
    assert_true(says(text, "En hel måned viser flere:"));
    assert_true(says(text, "href=\"/sites/a.example?period=month:2026-10&amp;compare=previous\""));
    free(text);
    fixture_fini(&fixture);
}

static int
set_up(void **state)
{
    (void)state;
    char why[GAZETTEER_WHY_MAX];
    assert_non_null(mkdtemp(directory));
    FILE *file = fopen(path_of("gazetteer.csv"), "w");
    assert_non_null(file);
    assert_true(fputs(gazetteer_text, file) >= 0 && fclose(file) == 0);
    return gazetteer_read(path_of("gazetteer.csv"), &gazetteer, why) == SP_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    static const char *const names[] = { "gazetteer.csv", "standard.db", "restricted.db",
                                         "empty.db",      "nasty.db",    "few.db" };
    gazetteer_free(gazetteer);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        static const char *const tails[] = { "", "-wal", "-shm" };
        for (size_t k = 0; k < 3; k++) {
            char name[64];
            snprintf(name, sizeof name, "%s%s", names[i], tails[k]);
            unlink(path_of(name));
        }
    }
    return rmdir(directory);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_standard_site_shows_its_numbers),
        cmocka_unit_test(test_a_restricted_site_shows_whole_months_and_says_why),
        cmocka_unit_test(test_no_numbers_yet_teaches),
        cmocka_unit_test(test_a_restricted_site_is_shown_its_own_script),
        cmocka_unit_test(test_languages_are_kept_in_links),
        cmocka_unit_test(test_paths_from_outside_stay_text),
        cmocka_unit_test(test_without_a_gazetteer_numbers_stand_for_names),
        cmocka_unit_test(test_low_coverage_offers_a_whole_month),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
