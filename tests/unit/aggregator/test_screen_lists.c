/* Long lists: nothing of them stops without saying so, and all of it can be reached. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include "release.h"
#include "screen_fixture.h"

static void
keep_many(struct fixture *fixture, enum table_id table, const char *name, size_t rows)
{
    struct release_batch *batch;
    assert_int_equal(release_batch_new(&fixture->site, days_back(fixture, 0), &batch), SP_OK);
    for (size_t i = 0; i < rows; i++) {
        char key[40];
        snprintf(key, sizeof key, "%s%zu", name, i);
        assert_int_equal(release_add(batch, table, span_text(key), 5000 - (int64_t)i), SP_OK);
        assert_int_equal(release_witness(batch, table, span_text(key)), SP_OK);
    }
    assert_int_equal(release_add(batch, table, SPAN_LITERAL(KEY_OTHER), 50), SP_OK);
    assert_int_equal(release_witness(batch, table, SPAN_LITERAL(KEY_OTHER)), SP_OK);
    assert_int_equal(archive_keep(fixture->archive, batch), SP_OK);
    release_batch_free(batch);
}

/* So many rows, '(annet)' among them, of a list of a screen. */
static char *
render_many(const char *suffix, enum table_id table, const char *name, size_t rows, const char *query)
{
    struct fixture fixture;
    fixture_init_fresh(&fixture);
    keep_many(&fixture, table, name, rows - 1);
    char *text = render_screen(&fixture, suffix, query, false);
    fixture_fini(&fixture);
    return text;
}

static void
test_a_long_list_says_how_much_of_it_is_here_and_leads_on(void **state)
{
    (void)state;
    static const struct {
        const char *suffix;
        enum table_id table;
        const char *name, *id;
    } lists[] = {
        { "/content", TABLE_PAGE, "/side-", "page" },
        { "/searches", TABLE_SEARCH, "ord ", "search" },
        { "/events", TABLE_DOWNLOAD, "/fil-", "download" },
        { "/sources", TABLE_UTM_CAMPAIGN, "kampanje-", "utm_campaign" },
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        char next[200];
        char query[64];
        snprintf(next, sizeof next,
                 "Viser 1–300 av 700. <a class=\"ds-link\" "
                 "href=\"/sites/a.example%s?list=%s&amp;part=2&amp;period=7d#%s\">De neste 300</a>",
                 lists[i].suffix, lists[i].id, lists[i].id);
        char *text = render_many(lists[i].suffix, lists[i].table, lists[i].name, 300, "period=7d");
        assert_false(says(text, "Viser 1"));
        assert_int_equal(count(text, "<th scope=\"row\">"), 300);
        free(text);
        text = render_many(lists[i].suffix, lists[i].table, lists[i].name, 700, "period=7d");
        assert_true(says(text, next));
        free(text);
        snprintf(query, sizeof query, "period=7d&list=%s&part=3", lists[i].id);
        text = render_many(lists[i].suffix, lists[i].table, lists[i].name, 700, query);
        assert_true(says(text, "Viser 601–700 av 700. <a"));
        assert_true(says(text, "part=2&amp;period=7d#"));
        assert_true(says(text, "De forrige 300"));
        assert_false(says(text, "De neste"));
        assert_int_equal(count(text, "<th scope=\"row\">"), 100);
        free(text);
        snprintf(query, sizeof query, "list=%s&part=99999999999999999999", lists[i].id);
        text = render_many(lists[i].suffix, lists[i].table, lists[i].name, 700, query);
        assert_true(says(text, "Viser 601–700 av 700."));
        free(text);
    }
}

static void
test_a_filter_chooses_among_the_rows_that_are_shown(void **state)
{
    (void)state;
    char *text = render_many("/content", TABLE_PAGE, "/side-", 700, "");
    assert_true(says(text, "<form class=\"filter\" role=\"search\" aria-labelledby=\"page\" action=\"#page\">"));
    assert_false(says(text, "Vis alle</a>"));
    free(text);
    text = render_many("/content", TABLE_PAGE, "/side-", 700, "list=page&q=SIDE-69&compare=none");
    assert_true(says(text, "10 av 700 rader inneholder «SIDE-69»."));
    assert_int_equal(count(text, "</th><td>"), 10);
    assert_true(says(text, ">/side-69</a>"));
    assert_true(says(text, ">/side-690</a>"));
    assert_false(says(text, ">/side-0</a>"));
    assert_true(says(text, "<a class=\"ds-link\" href=\"/sites/a.example/content?compare=none#page\">Vis alle</a>"));
    assert_true(says(text, "name=\"compare\" value=\"none\"><input type=\"hidden\" name=\"list\" value=\"page\">"));
    assert_true(says(text, "?list=page&amp;q=SIDE-69&amp;compare=none&amp;margins=1\">Vis usikkerhet"));
    assert_true(says(text, "name=\"list\" value=\"page\"><input type=\"hidden\" name=\"q\" value=\"SIDE-69\">"));
    free(text);
    text = render_many("/content", TABLE_PAGE, "/side-", 700, "list=page&q=%3Cb%3E%22%26");
    assert_true(says(text, "0 av 700 rader inneholder «&lt;b&gt;&quot;&amp;»."));
    assert_true(says(text, "value=\"&lt;b&gt;&quot;&amp;\""));
    assert_false(says(text, "<b>\""));
    free(text);
    text = render_many("/content", TABLE_PAGE, "/side-", 700, "list=tag&q=nei"); /* of another list */
    assert_false(says(text, "rader inneholder"));
    assert_true(says(text, "Viser 1–300 av 700."));
    free(text);
}

/* Few rows need no box, but one that was asked for stays, to be emptied. */
static void
test_a_short_list_has_no_filter(void **state)
{
    (void)state;
    char *text = render_many("/searches", TABLE_SEARCH, "ord ", 28, "");
    assert_false(says(text, "role=\"search\""));
    assert_false(says(text, "<summary>Vis"));
    free(text);
    text = render_many("/searches", TABLE_SEARCH, "ord ", 29, "");
    assert_true(says(text, "role=\"search\""));
    assert_true(says(text, "<summary>Vis 4 til</summary>"));
    free(text);
    text = render_many("/searches", TABLE_SEARCH, "ord ", 3, "list=search&q=x");
    assert_true(says(text, "role=\"search\""));
    assert_true(says(text, "0 av 3 rader"));
    free(text);
}

static void
keep_answered_pages(struct fixture *fixture, size_t rows)
{
    struct release_batch *batch;
    assert_int_equal(release_batch_new(&fixture->site, days_back(fixture, 0), &batch), SP_OK);
    for (size_t i = 0; i < rows * 2; i++) {
        char key[40];
        snprintf(key, sizeof key, "%s /side-%zu", i % 2 == 0 ? "ja" : "nei", i / 2);
        assert_int_equal(release_add(batch, TABLE_FEEDBACK, span_text(key), i % 2 == 0 ? 100 : 20 + (int64_t)i), SP_OK);
        assert_int_equal(release_witness(batch, TABLE_FEEDBACK, span_text(key)), SP_OK);
    }
    assert_int_equal(archive_keep(fixture->archive, batch), SP_OK);
    release_batch_free(batch);
}

static void
test_all_pages_with_answers_can_be_reached(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init_fresh(&fixture);
    keep_answered_pages(&fixture, 650);
    char *text = render_screen(&fixture, "/feedback", "", false);
    assert_true(says(text, "Viser 1–300 av 650. <a class=\"ds-link\" "
                           "href=\"/sites/a.example/feedback?list=feedback&amp;part=2#feedback\">De neste 300</a>"));
    assert_true(says(text, "<summary>Vis 260 til</summary>"));
    assert_int_equal(count(text, ">/side-"), 300);
    assert_true(says(text, ">/side-649</a>")); /* the lowest share first */
    assert_false(says(text, ">/side-349</a>"));
    free(text);
    text = render_screen(&fixture, "/feedback", "list=feedback&part=3", false);
    assert_true(says(text, "Viser 601–650 av 650."));
    assert_int_equal(count(text, ">/side-"), 50);
    assert_true(says(text, ">/side-0</a>"));
    free(text);
    text = render_screen(&fixture, "/feedback", "list=feedback&q=de-64", false);
    assert_true(says(text, "11 av 650 rader inneholder «de-64»."));
    assert_int_equal(count(text, ">/side-64"), 11);
    free(text);
    fixture_fini(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_long_list_says_how_much_of_it_is_here_and_leads_on),
        cmocka_unit_test(test_a_filter_chooses_among_the_rows_that_are_shown),
        cmocka_unit_test(test_a_short_list_has_no_filter),
        cmocka_unit_test(test_all_pages_with_answers_can_be_reached),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
