#include "config_fixture.h"

#include "snippet.h"

static const char yaml[] =
    "aggregator: {collector_url: \"https://teller.example\"}\n"
    "sites:\n"
    "  plain.example: {mode: standard}\n"
    "  asks.example: {mode: standard, search_parameter: q, feedback: {ja: Ja, nei: Nei, fant-ikke: \"Fant <det> "
    "ikke\"}}\n"
    "  survey.example: {mode: strict, feedback: {lett: Lett, tungt: Tungt}, feedback_question: \"Var det lett?\"}\n"
    "  ungepårørende.example: {mode: restricted, pages: [\"/\"]}\n";

/* The snippet of that site (by its key), terminated; the caller frees html. */
static const char *
snippet(const struct fixture *files, const char *site, struct html *html)
{
    *html = (struct html){ 0 };
    snippet_write(files->config, config_site(files->config, span_text(site)), html);
    html_literal(html, "", 1);
    assert_false(html->failed);
    return html->at;
}

static size_t
count(const char *text, const char *part)
{
    size_t found = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        found++;
    return found;
}

static void
test_what_each_site_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *site;
        const char *part;
        size_t count;
    } rows[] = {
        { "plain.example", "<script defer src=\"https://teller.example/s.js\" data-site=\"plain.example\"></script>",
          1 },
        { "plain.example", "integrity=\"sha384-", 1 },
        { "plain.example", "/b?s=plain.example&amp;u=/THIS/PAGE\"", 1 },
        { "plain.example", "feedback", 0 },
        { "plain.example", "data-search", 0 },
        { "asks.example", "data-search=\"q\"", 2 },
        { "asks.example",
          "<legend>Fant du det du lette etter?</legend>\n<button name=\"f\" value=\"ja\">Ja</button>\n"
          "<button name=\"f\" value=\"nei\">Nei</button>\n</fieldset>\n<fieldset data-after=\"nei\" hidden>",
          1 },
        { "asks.example", "Fant &lt;det&gt; ikke", 1 },
        { "survey.example", "<fieldset><legend>Var det lett?</legend>", 1 },
        { "survey.example", "<fieldset", 1 },
        { "xn--ungeprrende-18a2w.example", "/s-restricted.js\" data-site=\"ungepårørende.example\"", 1 },
        { "xn--ungeprrende-18a2w.example", "/s.js", 0 },
        { "xn--ungeprrende-18a2w.example", "feedback", 0 },
        { "xn--ungeprrende-18a2w.example", "/b?s=ungep%C3%A5r%C3%B8rende.example&amp;", 1 },
    };
    struct fixture files;
    fixture_init(&files);
    fixture_text(&files, "sporlos.yaml", yaml);
    if (fixture_load(&files, NULL) != SP_OK)
        fail_msg("%s", files.errors);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct html html;
        const char *text = snippet(&files, rows[i].site, &html);
        if (count(text, rows[i].part) != rows[i].count)
            fail_msg("%s: %s\n%s", rows[i].site, rows[i].part, text);
        html_fini(&html);
    }
    fixture_fini(&files);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_what_each_site_is_told) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
