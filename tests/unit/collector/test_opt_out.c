#include "config_fixture.h"

#include "optout/opt_out.h"

static const char yaml[] =
    "sites:\n"
    "  site.example: {mode: standard, hosts: [site.example, www.site.example, localhost], tags: [sorg],\n"
    "    sections: {/foreldre: foreldre}, feedback: {ja: Ja}}\n"
    "  ungepårørende.example: {mode: restricted, pages: [\"/\"]}\n"
    "  demo.example: {mode: standard, hosts: [localhost2.example, 127.0.0.1]}\n"
    "  lokal.example: {mode: standard, hosts: [127.0.0.2]}\n";

/* A configuration and one page made from it. */
struct visit {
    struct fixture files;
    struct html html;
    struct opt_out opt_out;
};

static void
visit_init(struct visit *visit)
{
    *visit = (struct visit){ 0 };
    fixture_init(&visit->files);
    fixture_text(&visit->files, "sporlos.yaml", yaml);
    if (fixture_load(&visit->files, NULL) != SP_OK)
        fail_msg("%s", visit->files.errors);
}

static void
visit_fini(struct visit *visit)
{
    html_fini(&visit->html);
    fixture_fini(&visit->files);
}

/* Ask for the page; the answer's text, terminated and borrowed until the next. */
static const char *
ask(struct visit *visit, const char *query, const char *headers)
{
    char raw[4096];
    int status = 0;
    struct http_request request;
    struct http_parse_state parser;
    int length = snprintf(raw, sizeof raw, "GET /opt-out%s%s HTTP/1.1\r\nHost: collector.example\r\n%s\r\n",
                          query[0] == '\0' ? "" : "?", query, headers);
    http_parse_begin(&parser, 0);
    assert_int_equal(http_parse(&parser, raw, (size_t)length, &request, &status), HTTP_PARSE_DONE);
    html_fini(&visit->html);
    visit->opt_out = opt_out_read(visit->files.config, &request);
    opt_out_write(&visit->opt_out, &visit->html);
    html_literal(&visit->html, "", 1);
    assert_false(visit->html.failed);
    return visit->html.at;
}

static void
test_queries(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        int status;
        const char *site; /* its key; NULL: none */
        enum language language;
        unsigned port;
    } rows[] = {
        { "", 200, NULL, LANGUAGE_NB, 0 },
        { "lang=nn", 200, NULL, LANGUAGE_NN, 0 },
        { "site=site.example", 200, "site.example", LANGUAGE_NB, 0 },
        { "site=SITE.example", 200, "site.example", LANGUAGE_NB, 0 },
        { "site=s%69te.example&lang=en&port=8410", 200, "site.example", LANGUAGE_EN, 8410 },
        { "port=1&lang=nb&site=site.example", 200, "site.example", LANGUAGE_NB, 1 },
        { "site=ungep%C3%A5r%C3%B8rende.example", 200, "*", LANGUAGE_NB, 0 },
        { "site=other.example", 404, NULL, LANGUAGE_NB, 0 },
        { "site=site.example.evil.example&lang=en", 404, NULL, LANGUAGE_EN, 0 },
        { "site=www.site.example", 404, NULL, LANGUAGE_NB, 0 }, /* a host is no name */
        { "site=https://site.example", 404, NULL, LANGUAGE_NB, 0 },
        { "site=%3Cscript%3E", 404, NULL, LANGUAGE_NB, 0 },
        { "site=", 400, NULL, LANGUAGE_NB, 0 },
        { "site", 400, NULL, LANGUAGE_NB, 0 },
        { "&", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example&", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example&site=site.example", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example&lang=de", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example&lang=nb-NO", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example&port=0", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example&port=65536", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example&port=999999", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example&port=80@evil.example", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example&host=evil.example", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example&next=//evil.example", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example%", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example%0", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example%00", 400, NULL, LANGUAGE_NB, 0 },
        { "site=site.example%0d%0aX:1", 400, NULL, LANGUAGE_NB, 0 },
    };
    struct visit visit;
    visit_init(&visit);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ask(&visit, rows[i].query, "");
        bool same_site = rows[i].site == NULL ? visit.opt_out.site == NULL : visit.opt_out.site != NULL;
        if (same_site && rows[i].site != NULL)
            assert_string_equal(visit.opt_out.site->key,
                                rows[i].site[0] == '*' ? visit.files.config->sites[1].key : rows[i].site);
        if (visit.opt_out.status != rows[i].status || !same_site)
            fail_msg("%s: %d", rows[i].query, visit.opt_out.status);
        if (rows[i].status != 400) {
            assert_int_equal(visit.opt_out.language, rows[i].language);
            assert_int_equal(visit.opt_out.port, rows[i].port);
        }
    }
    char query[600];
    memset(query, 'a', sizeof query - 1);
    query[sizeof query - 1] = '\0';
    memcpy(query, "site=", 5);
    ask(&visit, query, "");
    assert_int_equal(visit.opt_out.status, 400);
    visit_fini(&visit);
}

/* How often text holds part. */
static unsigned
count(const char *text, const char *part)
{
    unsigned found = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        found++;
    return found;
}

static void
test_buttons_lead_to_configured_hosts_alone(void **state)
{
    (void)state;
    struct visit visit;
    visit_init(&visit);
    const char *page =
        ask(&visit, "site=site.example", "Referer: https://evil.example/\r\nOrigin: https://evil.example\r\n");
    assert_int_equal(count(page, "href=\"http"), 4);
    assert_int_equal(count(page, "href=\"https://site.example/#sporlos=av\""), 1);
    assert_int_equal(count(page, "href=\"https://site.example/#sporlos=paa\""), 1);
    assert_int_equal(count(page, "href=\"https://www.site.example/#sporlos=av\""), 1);
    assert_int_equal(count(page, "href=\"https://www.site.example/#sporlos=paa\""), 1);
    assert_int_equal(count(page, "evil"), 0);
    page = ask(&visit, "site=site.example&port=8410", "");
    assert_int_equal(count(page, "href=\"http"), 2);
    assert_int_equal(count(page, "href=\"http://localhost:8410/#sporlos=av\""), 1);
    page = ask(&visit, "site=demo.example&port=80", "");
    assert_int_equal(count(page, "href=\"http"), 2);
    assert_int_equal(count(page, "href=\"http://127.0.0.1:80/#sporlos=av\""), 1);
    page = ask(&visit, "site=demo.example", "");
    assert_int_equal(count(page, "href=\"https://localhost2.example/#sporlos=av\""), 1);
    assert_int_equal(count(page, "href=\"http"), 2);
    page = ask(&visit, "site=lokal.example", "");
    assert_int_equal(count(page, "href=\"http://127.0.0.2/#sporlos=av\""), 1);
    page = ask(&visit, "site=ungep%C3%A5r%C3%B8rende.example&port=8411", "");
    assert_int_equal(count(page, "href=\"http"), 2); /* no loopback host, so no port */
    assert_int_equal(count(page, "8411/"), 0);
    visit_fini(&visit);
}

static void
test_what_is_counted_is_what_the_mode_has(void **state)
{
    (void)state;
    struct visit visit;
    visit_init(&visit);
    const char *page = ask(&visit, "site=site.example", "");
    for (int table = 0; table < TABLE_COUNT; table++)
        assert_int_equal(count(page, table_table[table].words[LANGUAGE_NB]), 1);
    page = ask(&visit, "site=ungep%C3%A5r%C3%B8rende.example&lang=nn", "");
    assert_int_equal(count(page, table_table[TABLE_HOUR].words[LANGUAGE_NN]), 0);
    assert_int_equal(count(page, table_table[TABLE_TOTAL].words[LANGUAGE_NN]), 1);
    assert_int_equal(count(page, "ungepårørende.example"), 3);
    visit_fini(&visit);
}

static void
test_other_pages_name_no_site(void **state)
{
    (void)state;
    static const char *const queries[] = { "", "site=other.example", "site=site.example&lang=xx" };
    struct visit visit;
    visit_init(&visit);
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        const char *page = ask(&visit, queries[i], "");
        assert_int_equal(count(page, ".example"), 0);
        assert_int_equal(count(page, "#sporlos"), 0);
        assert_int_equal(count(page, "<h1>"), 1);
    }
    visit_fini(&visit);
}

static void
test_language_and_signal_come_from_headers(void **state)
{
    (void)state;
    struct visit visit;
    visit_init(&visit);
    assert_non_null(
        strstr(ask(&visit, "site=site.example", "Accept-Language: nn-NO, nb;q=0.8\r\n"), "<html lang=\"nn\">"));
    assert_non_null(
        strstr(ask(&visit, "site=site.example", "Accept-Language: de, en;q=0.8\r\n"), "<html lang=\"en\">"));
    assert_non_null(strstr(ask(&visit, "site=site.example&lang=nb", "Accept-Language: en\r\n"), "<html lang=\"nb\">"));
    assert_null(strstr(ask(&visit, "site=site.example", "Sec-GPC: 0\r\n"), "class=\"signal\""));
    assert_non_null(strstr(ask(&visit, "site=site.example", "Sec-GPC: 1\r\n"), "class=\"signal\""));
    assert_non_null(strstr(ask(&visit, "site=site.example", "DNT: 1\r\n"), "class=\"signal\""));
    visit_fini(&visit);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries),
        cmocka_unit_test(test_buttons_lead_to_configured_hosts_alone),
        cmocka_unit_test(test_what_is_counted_is_what_the_mode_has),
        cmocka_unit_test(test_other_pages_name_no_site),
        cmocka_unit_test(test_language_and_signal_come_from_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
