/* A site that has just begun: what is compared, what is a day of it, and what helps until something can be shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include "release.h"
#include "screen_fixture.h"

static void
keep_period(struct fixture *fixture, struct period period, int64_t visits)
{
    static const enum table_id tables[] = { TABLE_TOTAL, TABLE_VISITS, TABLE_PAGE };
    struct release_batch *batch;
    assert_int_equal(release_batch_new(&fixture->site, period, &batch), SP_OK);
    for (size_t i = period.kind == PERIOD_MONTH ? 2 : 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct span key = tables[i] == TABLE_PAGE ? SPAN_LITERAL("/sorg") : SPAN_LITERAL("");
        assert_int_equal(release_add(batch, tables[i], key, visits), SP_OK);
        if (visits >= 4)
            assert_int_equal(release_witness(batch, tables[i], key), SP_OK);
    }
    assert_int_equal(archive_keep(fixture->archive, batch), SP_OK);
    release_batch_free(batch);
}

static void
keep_both(struct fixture *fixture, struct period period, bool has_words)
{
    static const enum table_id tables[] = { TABLE_VISITS, TABLE_SEARCH };
    struct release_batch *batch;
    assert_int_equal(release_batch_new(&fixture->site, period, &batch), SP_OK);
    for (size_t i = 0; i < (has_words ? 2 : 1); i++) {
        struct span key = tables[i] == TABLE_SEARCH ? SPAN_LITERAL("sorg") : SPAN_LITERAL("");
        assert_int_equal(release_add(batch, tables[i], key, 40), SP_OK);
        assert_int_equal(release_witness(batch, tables[i], key), SP_OK);
    }
    assert_int_equal(archive_keep(fixture->archive, batch), SP_OK);
    release_batch_free(batch);
}

/* The site's days from one so many before the last closed one, and the months that ended among them. */
static void
keep_days(struct fixture *fixture, int32_t count, int64_t visits)
{
    int32_t last = period_at(PERIOD_DAY, &fixture->site.zone, seed_now_s()).index - 1;
    for (int32_t day = last - count + 1; day <= last; day++) {
        keep_period(fixture, (struct period){ PERIOD_DAY, day }, visits);
        if (civil_month(day + 1) != civil_month(day))
            keep_period(fixture, (struct period){ PERIOD_MONTH, civil_month(day) }, visits * 28);
    }
}

static void
young_init(struct fixture *fixture, int32_t days, int64_t visits)
{
    fixture_init_fresh(fixture);
    keep_days(fixture, days, visits);
}

static void
test_a_site_of_empty_days_is_still_taught(void **state)
{
    (void)state;
    struct fixture fixture;
    young_init(&fixture, 3, 0);
    char *text = render(&fixture, "");
    assert_true(says(text, "Ingen dag har tall som kan vises"));
    assert_true(says(text, "&lt;script defer src="));
    assert_true(says(text, "Test at det virker"));
    assert_true(says(text, "<dt>Besøk</dt>")); /* on top, not instead */
    free(text);
    text = render_screen(&fixture, "/content", "", false);
    assert_false(says(text, "Ingen dag har tall"));
    free(text);
    fixture.page.base = "/public/x";
    fixture.page.account = NULL; /* who comes by a public link can do nothing about it */
    text = render(&fixture, "");
    assert_false(says(text, "Ingen dag har tall"));
    free(text);
    fixture_fini(&fixture);
}

static void
test_a_day_that_was_shown_once_ends_the_teaching(void **state)
{
    (void)state;
    struct fixture fixture;
    young_init(&fixture, 60, 0);
    int32_t last = period_at(PERIOD_DAY, &fixture.site.zone, seed_now_s()).index - 1;
    keep_period(&fixture, (struct period){ PERIOD_DAY, last - 60 }, 40);
    char *text = render(&fixture, "");
    assert_false(says(text, "Ingen dag har tall"));
    assert_true(says(text, "<dt>Besøk</dt>"));
    free(text);
    fixture_fini(&fixture);
}

static void
test_nothing_is_compared_with_days_that_were_partly_counted(void **state)
{
    (void)state;
    struct fixture fixture;
    young_init(&fixture, 40, 100); /* twelve of the 28 days before the last 28 */
    char *text = render(&fixture, "");
    assert_true(says(text, "kan ikke sammenlignes, for tallene begynner 13.\u00a0oktober"));
    assert_false(says(text, "class=\"change\""));
    assert_false(says(text, "class=\"delta\""));
    assert_false(says(text, "fra 1"));
    free(text);
    text = render(&fixture, "period=7d");
    assert_false(says(text, "kan ikke sammenlignes"));
    assert_true(says(text, "class=\"change\""));
    assert_true(says(text, "class=\"delta\""));
    free(text);
    text = render(&fixture, "period=7d&compare=year");
    assert_true(says(text, "kan ikke sammenlignes"));
    free(text);
    text = render(&fixture, "compare=none");
    assert_false(says(text, "kan ikke sammenlignes"));
    free(text);
    fixture_fini(&fixture);
}

/* A hundred days of visits; words on the last so many of them, but not on those between skip_from and skip_to (back).
 */
static char *
render_words(int32_t words, int32_t skip_from, int32_t skip_to, const char *query)
{
    struct fixture fixture;
    young_init(&fixture, 0, 0);
    for (int32_t back = 99; back >= 0; back--)
        keep_both(&fixture, days_back(&fixture, back), back < words && (back < skip_from || back >= skip_to));
    char *text = render_screen(&fixture, "/searches", query, false);
    fixture_fini(&fixture);
    return text;
}

static void
test_a_table_switched_on_later_is_not_compared_with_days_before(void **state)
{
    (void)state;
    static const struct {
        int32_t words, skip_from, skip_to;
        const char *query, *why;
    } cases[] = {
        { 100, 0, 0, "", NULL },
        { 56, 0, 0, "", NULL },
        { 55, 0, 0, "", "for tallene begynner 28.\u00a0september\u00a02026" },
        { 20, 0, 0, "", "for tallene begynner 2.\u00a0november\u00a02026" },
        { 55, 0, 0, "period=7d", NULL },
        { 100, 40, 45, "", "for disse tallene er ikke talt alle dagene" }, /* switched off and on again */
        { 100, 3, 5, "", "for disse tallene er ikke talt alle dagene" },
        { 100, 40, 45, "period=7d", NULL },
        { 20, 0, 0, "compare=none", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = render_words(cases[i].words, cases[i].skip_from, cases[i].skip_to, cases[i].query);
        assert_true(says(text, ">sorg<"));
        assert_int_equal(says(text, "class=\"delta\""), cases[i].why == NULL && strstr(cases[i].query, "none") == NULL);
        assert_int_equal(says(text, "kan ikke sammenlignes"), cases[i].why != NULL);
        if (cases[i].why != NULL)
            assert_true(says(text, cases[i].why));
        free(text);
    }
}

/* The visits began with the site; the views, a tile beside them, later. */
static void
test_a_key_figure_counted_later_says_since_when(void **state)
{
    (void)state;
    struct fixture fixture;
    young_init(&fixture, 30, 100);
    for (int32_t back = 30; back < 60; back++)
        keep_both(&fixture, days_back(&fixture, back), false);
    char *text = render(&fixture, "");
    assert_true(says(text, "talt fra 23.\u00a0okt."));
    assert_int_equal(count(text, "class=\"change\""), 1);
    free(text);
    text = render(&fixture, "period=7d");
    assert_false(says(text, "talt fra"));
    assert_int_equal(count(text, "class=\"change\""), 2);
    free(text);
    fixture_fini(&fixture);
}

static void
test_days_before_a_tables_first_are_not_hidden_ones(void **state)
{
    (void)state;
    struct fixture fixture;
    young_init(&fixture, 5, 100); /* views of pages */
    for (int32_t back = 5; back < 60; back++)
        keep_both(&fixture, days_back(&fixture, back), false);
    char *text = render_screen(&fixture, "/page", "path=/sorg", false);
    assert_int_equal(count(text, "<tr><th scope=\"row\">tirsdag 17."), 1);
    assert_int_equal(count(text, "<tr><th scope=\"row\">mandag 16."), 0);
    assert_false(says(text, "<g class=\"hidden\"><text"));
    free(text);
    fixture_fini(&fixture);
}

static void
test_days_that_cannot_be_asked_for_say_why_and_stay_in_the_form(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *why;
    } cases[] = {
        { "2026-11-10", "2026-11-09", "Perioden slutter før den begynner." },
        { "2026-11-10", "2026-11-22", "Siste dag med tall er 21.\u00a0november\u00a02026." },
        { "2026-11-10", "2199-12-31", "Siste dag med tall er 21.\u00a0november\u00a02026." },
        { "2016-11-01", "2026-11-21", "den kan være høyst 3\u202f660 dager" },
        { "2026-01-01", "2026-10-12", "Første dag med tall er 13.\u00a0oktober\u00a02026." },
        { "", "2026-11-21", "mangler en dato, eller datoen finnes ikke" },
        { "2026-11-01", "", "mangler en dato, eller datoen finnes ikke" },
        { "2026-11-10", "2026-11-10", NULL },
        { "2026-01-01", "2026-10-13", NULL }, /* the first day is among them */
        { "2016-11-14", "2026-11-20", NULL }, /* 3659 days */
    };
    struct fixture fixture;
    young_init(&fixture, 40, 100);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char query[96];
        char field[96];
        snprintf(query, sizeof query, "period=custom&from=%s&to=%s", cases[i].from, cases[i].to);
        char *text = render(&fixture, query);
        assert_true(says(text, "<option value=\"custom\" selected>"));
        snprintf(field, sizeof field, "name=\"from\" value=\"%s\"", cases[i].from);
        assert_true(says(text, field));
        snprintf(field, sizeof field, "name=\"to\" value=\"%s\"", cases[i].to);
        assert_true(says(text, field));
        assert_int_equal(says(text, "<dt>Besøk</dt>"), cases[i].why == NULL); /* no numbers of other days */
        assert_int_equal(says(text, "role=\"alert\""), cases[i].why != NULL);
        assert_int_equal(says(text, "aria-invalid=\"true\" aria-describedby=\"range-problem\""), cases[i].why != NULL);
        if (cases[i].why != NULL)
            assert_true(says(text, cases[i].why));
        free(text);
    }
    fixture_fini(&fixture);
}

/* 22 November is a Sunday; the fixture's clock stands still. */
static void
test_yesterday_and_the_weeks(void **state)
{
    (void)state;
    struct fixture fixture;
    young_init(&fixture, 40, 100);
    char *text = render(&fixture, "period=yesterday");
    assert_true(says(text, "<option value=\"yesterday\" selected>I går</option>"));
    assert_true(says(text, "<p class=\"dates\">21.\u00a0november\u00a02026<span> · sammenlignet med 14."));
    assert_true(says(text, "href=\"/sites/a.example/content?period=yesterday\""));
    free(text);
    text = render(&fixture, "period=week");
    assert_true(says(text, "<p class=\"dates\">16.–21.\u00a0november\u00a02026<span> · sammenlignet med 9.–14."));
    free(text);
    text = render(&fixture, "period=lastweek");
    assert_true(says(text, "<p class=\"dates\">9.–15.\u00a0november\u00a02026<span> · sammenlignet med 2.–8."));
    free(text);
    fixture_fini(&fixture);
}

/* The last closed day is not yesterday, and its week is over. */
static void
test_a_late_archive_calls_nothing_yesterday(void **state)
{
    (void)state;
    struct fixture fixture;
    young_init(&fixture, 0, 0);
    for (int32_t back = 6; back < 30; back++) /* until Sunday the 15th */
        keep_both(&fixture, days_back(&fixture, back), false);
    char *text = render(&fixture, "period=yesterday");
    assert_true(says(text, "selected>Siste dag med tall</option>"));
    assert_false(says(text, "I går"));
    assert_false(says(text, "Denne uken"));
    free(text);
    text = render(&fixture, "period=week");
    assert_true(says(text, "<option value=\"lastweek\" selected>"));
    assert_true(says(text, "<p class=\"dates\">9.–15.\u00a0november"));
    free(text);
    fixture_fini(&fixture);
}

static void
test_days_outside_the_sites_own_are_not_hidden_ones(void **state)
{
    (void)state;
    struct fixture fixture;
    young_init(&fixture, 5, 100);
    char *text = render(&fixture, "");
    assert_int_equal(count(text, "<tr><th scope=\"row\">tirsdag 17."), 1); /* the first of the five */
    assert_int_equal(count(text, "<tr><th scope=\"row\">mandag 16."), 0);
    assert_false(says(text, "<g class=\"hidden\"><text"));
    free(text);
    text = render(&fixture, "period=month:2026-11"); /* of which eight days are to come */
    assert_false(says(text, "<g class=\"hidden\"><text"));
    assert_int_equal(count(text, "<tr><th scope=\"row\">søndag 22."), 0);
    free(text);
    fixture_fini(&fixture);
}

static void
test_months_outside_the_sites_own_are_none(void **state)
{
    (void)state;
    struct fixture fixture;
    young_init(&fixture, 30, 100); /* from 23 October */
    char *text = render(&fixture, "period=month:2031-01");
    assert_true(says(text, "<p class=\"dates\">november\u00a02026"));
    free(text);
    text = render(&fixture, "period=month:1999-12");
    assert_true(says(text, "<p class=\"dates\">oktober\u00a02026"));
    assert_true(says(text, "value=\"12m\""));
    free(text);
    fixture_fini(&fixture);
    young_init(&fixture, 5, 100);
    text = render(&fixture, "period=12m");
    assert_false(says(text, "value=\"12m\"")); /* no month is over */
    assert_true(says(text, "<option value=\"28d\" selected>"));
    free(text);
    fixture_fini(&fixture);
}

/* Reading times of pages are those of whole months, beside the views of the last days. */
static void
test_a_column_of_other_days_says_so(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture, "standard.db", MODE_STANDARD);
    seed_archive(fixture.archive, &fixture.site, gazetteer, 300);
    char *text = render(&fixture, "");
    assert_true(says(text, "Lesetiden er for oktober\u00a02026."));
    free(text);
    text = render(&fixture, "period=month:2026-10");
    assert_false(says(text, "Lesetiden er for"));
    free(text);
    fixture_fini(&fixture);
}

static void
keep_answers(struct fixture *fixture, int64_t value)
{
    static const char *const keys[] = { "ja /sorg", "nei /sorg" };
    struct release_batch *batch;
    assert_int_equal(
        release_batch_new(&fixture->site, (struct period){ PERIOD_MONTH, civil_month(civil_day(2026, 10, 1)) }, &batch),
        SP_OK);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(release_add(batch, TABLE_FEEDBACK, span_text(keys[i]), value), SP_OK);
        assert_int_equal(release_witness(batch, TABLE_FEEDBACK, span_text(keys[i])), SP_OK);
    }
    assert_int_equal(archive_keep(fixture->archive, batch), SP_OK);
    release_batch_free(batch);
}

static void
test_one_month_of_answers_is_drawn(void **state)
{
    (void)state;
    static const int64_t values[] = { 40, 1 };
    for (size_t i = 0; i < 2; i++) {
        struct fixture fixture;
        young_init(&fixture, 0, 0);
        keep_answers(&fixture, values[i]);
        keep_days(&fixture, 20, 100);
        char *text = render_screen(&fixture, "/feedback", "", false);
        assert_false(says(text, "når den første hele måneden er over"));
        assert_int_equal(says(text, "Ingen måned har nok svar"), i == 1);
        free(text);
        fixture_fini(&fixture);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_site_of_empty_days_is_still_taught),
        cmocka_unit_test(test_a_day_that_was_shown_once_ends_the_teaching),
        cmocka_unit_test(test_nothing_is_compared_with_days_that_were_partly_counted),
        cmocka_unit_test(test_a_table_switched_on_later_is_not_compared_with_days_before),
        cmocka_unit_test(test_a_key_figure_counted_later_says_since_when),
        cmocka_unit_test(test_days_before_a_tables_first_are_not_hidden_ones),
        cmocka_unit_test(test_days_that_cannot_be_asked_for_say_why_and_stay_in_the_form),
        cmocka_unit_test(test_yesterday_and_the_weeks),
        cmocka_unit_test(test_a_late_archive_calls_nothing_yesterday),
        cmocka_unit_test(test_days_outside_the_sites_own_are_not_hidden_ones),
        cmocka_unit_test(test_a_column_of_other_days_says_so),
        cmocka_unit_test(test_one_month_of_answers_is_drawn),
        cmocka_unit_test(test_months_outside_the_sites_own_are_none),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
