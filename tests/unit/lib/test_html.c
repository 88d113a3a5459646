/* Whatever comes from outside stays text. */
#include "sporlos/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include <stdlib.h>

static char *
finish(struct html *html)
{
    assert_false(html->failed);
    char *text = strndup(html->at == NULL ? "" : html->at, html->length);
    assert_non_null(text);
    html_fini(html);
    return text;
}

static void
expect_text(struct span given, const char *expected)
{
    struct html html = { 0 };
    html_span(&html, given);
    char *text = finish(&html);
    assert_string_equal(text, expected);
    free(text);
}

static void
test_text_is_escaped(void **state)
{
    (void)state;
    static const struct {
        struct span given;
        const char *expected;
    } rows[] = {
        { { "a<b>&\"'", 7 }, "a&lt;b&gt;&amp;&quot;&#39;" },
        { { "&lt;", 4 }, "&amp;lt;" },
        { { "p\xc3\xa5r\xc3\xb8rende", 11 }, "p\xc3\xa5r\xc3\xb8rende" },
        { { "\xf0\x9f\x98\x80", 4 }, "\xf0\x9f\x98\x80" },
        { { "a\0b", 3 },
          "a\xef\xbf\xbd"
          "b" },
        { { "a\nb\x7f", 4 },
          "a\xef\xbf\xbd"
          "b\xef\xbf\xbd" },
        { { "\xc0\xbc", 2 }, "\xef\xbf\xbd\xef\xbf\xbd" },
        { { "\xe2\x80\xae"
            "gnp",
            6 },
          "\xef\xbf\xbd"
          "gnp" },
        { { "\xe0\x80\xbc", 3 }, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
        { { "\xc3", 1 }, "\xef\xbf\xbd" },
        { { NULL, 0 }, "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_text(rows[i].given, rows[i].expected);
}

static void
test_every_byte_alone_and_in_pairs_leaves_no_markup(void **state)
{
    (void)state;
    for (int a = 0; a < 256; a++) {
        for (int b = 0; b < 256; b++) {
            const char pair[2] = { (char)a, (char)b };
            struct html html = { 0 };
            html_span(&html, span_of(pair, 2));
            assert_null(memchr(html.at, '<', html.length));
            assert_null(memchr(html.at, '>', html.length));
            assert_null(memchr(html.at, '"', html.length));
            assert_null(memchr(html.at, '\'', html.length));
            html_fini(&html);
        }
    }
}

static void
test_component_is_percent_encoded(void **state)
{
    (void)state;
    struct html html = { 0 };
    html_component(&html, SPAN_LITERAL("a b/\xc3\xa6?&=#\"%~"));
    char *text = finish(&html);
    assert_string_equal(text, "a%20b%2F%C3%A6%3F%26%3D%23%22%25~");
    free(text);
}

static void
test_numbers(void **state)
{
    (void)state;
    struct html html = { 0 };
    const int64_t values[] = { 0, 999, 1000, 1234567, -1234, INT64_MIN };
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        html_number(&html, values[i]);
        html_raw(&html, "|");
    }
    const int64_t thousandths[] = { 0, 12500, -500, 1001, 50000 };
    for (size_t i = 0; i < sizeof thousandths / sizeof thousandths[0]; i++) {
        html_decimal(&html, thousandths[i]);
        html_raw(&html, "|");
    }
    const int64_t plain[] = { 0, 7, -10, INT64_MIN, INT64_MAX };
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        html_integer(&html, plain[i]);
        html_raw(&html, "|");
    }
    html_decimal(&html, INT64_MIN);
    char *text = finish(&html);
    assert_string_equal(text, "0|999|1\u202f000|1\u202f234\u202f567|\u22121\u202f234|"
                              "\u22129\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808|"
                              "0|12.5|-0.5|1.001|50|"
                              "0|7|-10|-9223372036854775808|9223372036854775807|-9223372036854775.808");
    free(text);
}

static void
test_format_escapes_its_arguments(void **state)
{
    (void)state;
    struct html html = { 0 };
    const struct span arguments[] = { SPAN_LITERAL("<i>"), SPAN_LITERAL("{}") };
    html_format(&html, "a {} & {} {}", 2, arguments);
    char *text = finish(&html);
    assert_string_equal(text, "a &lt;i&gt; &amp; {} ");
    free(text);
}

static void
test_a_page_too_long_fails_instead_of_being_cut(void **state)
{
    (void)state;
    struct html html = { 0 };
    char *block = calloc(1, HTML_PAGE_MAX);
    assert_non_null(block);
    html_literal(&html, block, HTML_PAGE_MAX);
    assert_false(html.failed);
    html_raw(&html, "x");
    assert_true(html.failed);
    html_fini(&html);
    free(block);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_escaped),
        cmocka_unit_test(test_every_byte_alone_and_in_pairs_leaves_no_markup),
        cmocka_unit_test(test_component_is_percent_encoded),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_format_escapes_its_arguments),
        cmocka_unit_test(test_a_page_too_long_fails_instead_of_being_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
