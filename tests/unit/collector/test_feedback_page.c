#include "feedback/feedback_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static bool
wants(const char *method, const char *headers)
{
    char raw[1024];
    int status = 0;
    struct http_request request;
    struct http_parse_state parser;
    int length = snprintf(raw, sizeof raw, "%s /b HTTP/1.1\r\nHost: c\r\n%s\r\n", method, headers);
    http_parse_begin(&parser, 0);
    assert_int_equal(http_parse(&parser, raw, (size_t)length, &request, &status), HTTP_PARSE_DONE);
    return feedback_wants_page(&request);
}

static void
test_only_a_browser_that_posts_a_form_wants_a_page(void **state)
{
    (void)state;
    assert_true(wants("POST", "Content-Length: 0\r\nAccept: text/html,application/xhtml+xml,*/*;q=0.8\r\n"));
    assert_false(wants("POST", "Content-Length: 0\r\nAccept: */*\r\n"));
    assert_false(wants("POST", "Content-Length: 0\r\n"));
    assert_false(wants("GET", "Accept: text/html\r\n"));
    assert_false(wants("GET", "Accept: image/avif,image/webp,*/*;q=0.8\r\n"));
}

static void
test_what_it_says(void **state)
{
    (void)state;
    static const struct {
        bool arrived;
        const char *origin;
        enum language language;
        const char *part;
        bool there;
    } rows[] = {
        { true, "https://a.example:8080", LANGUAGE_NB,
          "<a href=\"https://a.example:8080/\">Tilbake til a.example:8080</a>", true },
        { true, "https://a.example", LANGUAGE_EN, "<h1>Thank you for your answer!</h1>", true },
        { true, "", LANGUAGE_NN, "Vi veit ikkje kven som har svart.", true },
        { true, "", LANGUAGE_NB, "<a ", false },
        { false, "", LANGUAGE_NB, "<h1>Svaret kom dessverre ikke frem</h1>", true },
        { false, "https://a.example", LANGUAGE_NB, "Takk", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct html html = { 0 };
        feedback_page_write(rows[i].arrived, span_text(rows[i].origin), rows[i].language, &html);
        html_literal(&html, "", 1);
        assert_false(html.failed);
        if ((strstr(html.at, rows[i].part) != NULL) != rows[i].there)
            fail_msg("%s\n%s", rows[i].part, html.at);
        html_fini(&html);
    }
    assert_non_null(strstr(feedback_page_headers().at, "default-src 'none'; style-src 'sha384-"));
    assert_memory_equal(feedback_page_headers().at + feedback_page_headers().length - 2, "\r\n", 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_a_browser_that_posts_a_form_wants_a_page),
        cmocka_unit_test(test_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
