/* The overview, made from a real archive: what it shows, what it says about what it does not, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include "release.h"
#include "screen_fixture.h"

static void
test_a_standard_site_shows_its_numbers(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "standard.db", MODE_STANDARD);
    seed_archive(fixture.archive, &fixture.site, gazetteer, 300);
    fixture.site.tables &= ~(1U << TABLE_VISITORS);
    char *text = render(&fixture, "");
    assert_false(says(text, "Besøkende")); /* a site that does not count them */
    free(text);
    fixture.site.tables = ~0U;
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
    assert_true(says(text, "/page?path=%2Fdemens%2Favlastning\">/demens/avlastning</a>"));
    assert_true(says(text, ">Bergen: "));
    assert_true(says(text, "I dag til kl. 14:00"));
    assert_true(says(text, "Roboter"));
    assert_true(says(text, "<a class=\"hid\" href=\"#hidden\" aria-label=\"Skjult: under 10 (for en sum er grensen "
                           "høyere), ")); /* the day on which almost nobody came */
    assert_true(says(text, "href=\"https://db-ip.com\""));
    assert_true(says(text, "Et kolon (:) betyr at tallet er skjult: under 10,"));
    assert_true(
        says(text, "En sum har en høyere grense, for 28 dager om lag 33.")); /* 5 + 3 sqrt(3 x 28), rounded up */
    assert_true(says(text, "Lesetid, median"));
    assert_true(says(text, "KI-assistenter"));
    assert_false(says(text, "±\u00a04")); /* margins are shown when asked for */
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
    assert_true(says(text, "<p class=\"legend\">oktober\u00a02026</p>"));
    assert_true(says(text, "Små kommuner i Nordland"));
    assert_false(says(text, "Hemnes"));
    assert_false(says(text, "I dag"));
    assert_true(says(text, "skjult: under 20,"));
    free(text);
    fixture_fini(&fixture);
}

/* What is counted by months is shown for those nearest to the days that were asked for, and says so. */
static void
test_days_of_a_restricted_site_have_the_nearest_months(void **state)
{
    (void)state;
    static const struct {
        const char *query, *months;
    } cases[] = {
        { "period=custom&from=2026-08-10&to=2026-08-20", "august\u00a02026" },
        { "period=custom&from=2026-07-20&to=2026-10-10", "august–september\u00a02026" },
        { "period=custom&from=2026-08-01&to=2026-10-10", "august–september\u00a02026" },
        { "period=custom&from=2026-10-30&to=2026-11-10", "oktober\u00a02026" },
        { "period=custom&from=2026-11-03&to=2026-11-10", "oktober\u00a02026" }, /* November is not over */
        { "period=custom&from=2026-08-01&to=2026-09-30", NULL },
    };
    struct fixture fixture;
    fixture_init(&fixture, "restricted.db", MODE_RESTRICTED);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char legend[80];
        char *text = render_screen(&fixture, "/content", cases[i].query, false);
        assert_int_equal(says(text, "Finnes bare for hele måneder"), cases[i].months != NULL);
        snprintf(legend, sizeof legend, "<p class=\"legend\">%s</p>", cases[i].months == NULL ? "" : cases[i].months);
        assert_int_equal(says(text, legend), cases[i].months != NULL);
        assert_true(says(text, ">/demens</a>"));
        free(text);
    }
    char *text = render_screen(&fixture, "/page", "path=/demens", false); /* a tile of other days than the page */
    assert_true(says(text, "<dd class=\"unit\">oktober\u00a02026</dd>"));
    free(text);
    fixture_fini(&fixture);
}

/* A long line has months, and no second one where those would be cut elsewhere. */
static void
test_many_days_are_drawn_as_months(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "standard.db", MODE_STANDARD);
    char *text = render(&fixture, "period=custom&from=2026-06-10&to=2026-11-10");
    assert_true(says(text, "Besøk per måned"));
    assert_true(says(text, "midt i en måned"));
    assert_true(says(text, "class=\"change\""));
    assert_false(says(text, "class=\"then\""));
    free(text);
    text = render(&fixture, "period=custom&from=2026-06-01&to=2026-10-31");
    assert_true(says(text, "class=\"then\""));
    assert_false(says(text, "midt i en måned"));
    free(text);
    text = render(&fixture, "period=custom&from=2026-08-22&to=2026-11-21"); /* 92 days */
    assert_true(says(text, "Besøk per dag"));
    assert_true(says(text, "class=\"then\""));
    free(text);
    text = render(&fixture, "period=yesterday"); /* by its hours */
    assert_true(says(text, "id=\"trend\">Sidevisninger time for time</h2>"));
    assert_true(says(text, "fra for få ulike nettverk. Slik kan ingen"));
    assert_false(says(text, "for 1 dager"));
    free(text);
    fixture_fini(&fixture);
}

/* The numbers begin within September 2025: that month is not drawn beside a whole one. */
static void
test_a_month_counted_in_part_is_not_compared_with(void **state)
{
    (void)state;
    static const struct {
        const char *archive, *suffix, *query;
        enum site_mode mode;
    } cases[] = {
        { "standard.db", "", "period=12m", MODE_STANDARD },
        { "standard.db", "/page", "path=/demens&period=12m", MODE_STANDARD },
        { "restricted.db", "/page", "path=/demens", MODE_RESTRICTED },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct fixture fixture;
        fixture_init(&fixture, cases[i].archive, cases[i].mode);
        char *text = render_screen(&fixture, cases[i].suffix, cases[i].query, false);
        assert_true(says(text, "<td class=\"then\">oktober\u00a02025</td>"));
        assert_false(says(text, "<td class=\"then\">september\u00a02025</td>"));
        free(text);
        fixture_fini(&fixture);
    }
}

static void
test_a_restricted_site_is_shown_its_own_script(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "empty.db", MODE_RESTRICTED);
    char *text = render(&fixture, "");
    assert_true(
        says(text,
             "&lt;script defer src=&quot;https://c.example/s-restricted.js&quot; data-site=&quot;a.example&quot;&gt;"));
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
    assert_true(
        says(text, "&lt;script defer src=&quot;https://c.example/s.js&quot; data-site=&quot;a.example&quot;&gt;"));
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
    assert_true(says(text, "href=\"/sites/a.example/privacy?period=7d&amp;lang=en\""));
    assert_true(says(text, "<input type=\"hidden\" name=\"lang\" value=\"en\">"));
    assert_true(says(text, "action=\"/logout?lang=en\""));
    free(text);
    fixture_fini(&fixture);
}

static void
test_margins_are_shown_on_demand(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "standard.db", MODE_STANDARD);
    char *text = render(&fixture, "period=month:2026-10&margins=1");
    assert_true(says(text, "<small>±\u00a0")); /* 2 sd of one leaf: 2 x sqrt 3, rounded up */
    assert_true(says(text, " <small>±\u00a04</small></td>"));
    assert_true(says(text, " <small>±\u00a020</small></dd>")); /* of 31 days: 2 x sqrt 93 */
    assert_true(says(text, "Skjul usikkerhet"));
    free(text);
    fixture_fini(&fixture);
}

static void
test_every_screen_of_a_standard_site(void **state)
{
    (void)state;
    static const struct {
        const char *suffix, *query, *says;
    } rows[] = {
        { "/content", "", "Hvor lenge sidene leses" },
        { "/content", "", ">Rettigheter</span>" },
        { "/page", "path=/demens/avlastning", "<h1 class=\"ds-heading\" data-size=\"sm\">/demens/avlastning</h1>" },
        { "/page", "path=/demens/avlastning", "Siden hører til Demens." },
        { "/page", "path=/demens/avlastning", "hele siden" },
        { "/page", "path=/finnes-ikke", "Siden har for få visninger" },
        { "/places", "", ">Vestland</a>" },
        { "/places", "county=46", ">Vestland</h1>" },
        { "/sources", "", ">chatgpt.com</span>" },
        { "/sources", "", "utm_campaign" },
        { "/searches", "", ">omsorgsstønad</span>" },
        { "/searches", "", ">støttekontakt søknad</span>" },
        { "/feedback", "period=month:2026-10", "Andel ja" },
        { "/events", "", ">nav.no</span>" },
        { "/reports", "", "lagre som PDF" },
        { "/settings", "", "data-site=&quot;a.example&quot; data-search=&quot;sok&quot;&gt;" },
    };
    struct fixture fixture;
    fixture_init(&fixture, "standard.db", MODE_STANDARD);
    char parameter[] = "sok";
    fixture.site.search_parameter = parameter;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text = render_screen(&fixture, rows[i].suffix, rows[i].query, false);
        if (!says(text, rows[i].says))
            fail_msg("%s?%s does not say %s", rows[i].suffix, rows[i].query, rows[i].says);
        free(text);
    }
    fixture_fini(&fixture);
}

static void
test_a_county_has_its_own_municipalities_only(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "standard.db", MODE_STANDARD);
    char *text = render_screen(&fixture, "/places", "county=46", false);
    assert_true(says(text, "<span>Bergen</span>"));
    assert_false(says(text, "<span>Oslo</span>"));
    free(text);
    fixture_fini(&fixture);
}

static void
test_a_restricted_site_has_the_same_frame_and_says_why_there_is_no_more(void **state)
{
    (void)state;
    static const char *const uncounted[] = { "/sources", "/searches", "/feedback", "/events" };
    struct fixture fixture;
    fixture_init(&fixture, "restricted.db", MODE_RESTRICTED);
    char *text = render(&fixture, "");
    assert_true(says(text, ">Innhold</a>"));
    assert_false(says(text, ">Kilder</a>"));
    free(text);
    for (size_t i = 0; i < sizeof uncounted / sizeof uncounted[0]; i++) {
        text = render_screen(&fixture, uncounted[i], "", false);
        assert_true(says(text, "Dette teller nettstedet ikke"));
        assert_true(says(text, "vernet modus"));
        assert_false(says(text, "<table"));
        free(text);
    }
    text = render_screen(&fixture, "/page", "path=/demens", false);
    assert_true(says(text, "Visninger per måned"));
    free(text);
    fixture_fini(&fixture);
}

static void
test_notes_are_marks_and_editors_alone_have_their_form(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "standard.db", MODE_STANDARD);
    char *text = render_screen(&fixture, "", "", true);
    assert_true(says(text, "&lt;b&gt;Kampanje"));
    assert_true(says(text, "<g class=\"marks\"><line"));
    assert_true(says(text, "action=\"/sites/a.example/annotations\""));
    assert_true(says(text, "name=\"remove\" value=\"7\""));
    free(text);
    text = render_screen(&fixture, "", "", false);
    assert_true(says(text, "&lt;b&gt;Kampanje"));
    assert_false(says(text, "/annotations"));
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
    char *text = render_screen(&fixture, "/content", "period=7d&lang=%3Cscript%3E", false);
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
    assert_true(says(text, "href=\"/sites/a.example?period=month:2026-10\""));
    free(text);
    fixture_fini(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_standard_site_shows_its_numbers),
        cmocka_unit_test(test_a_restricted_site_shows_whole_months_and_says_why),
        cmocka_unit_test(test_no_numbers_yet_teaches),
        cmocka_unit_test(test_days_of_a_restricted_site_have_the_nearest_months),
        cmocka_unit_test(test_many_days_are_drawn_as_months),
        cmocka_unit_test(test_a_month_counted_in_part_is_not_compared_with),
        cmocka_unit_test(test_a_restricted_site_is_shown_its_own_script),
        cmocka_unit_test(test_languages_are_kept_in_links),
        cmocka_unit_test(test_margins_are_shown_on_demand),
        cmocka_unit_test(test_every_screen_of_a_standard_site),
        cmocka_unit_test(test_a_county_has_its_own_municipalities_only),
        cmocka_unit_test(test_a_restricted_site_has_the_same_frame_and_says_why_there_is_no_more),
        cmocka_unit_test(test_notes_are_marks_and_editors_alone_have_their_form),
        cmocka_unit_test(test_paths_from_outside_stay_text),
        cmocka_unit_test(test_without_a_gazetteer_numbers_stand_for_names),
        cmocka_unit_test(test_low_coverage_offers_a_whole_month),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
