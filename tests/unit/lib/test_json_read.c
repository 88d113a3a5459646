#include "sporlos/json_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
test_escapes_are_undone(void **state)
{
    (void)state;
    static const struct {
        const char *json, *text; /* text NULL: refused */
    } rows[] = {
        { "\"\"", "" },
        { "\"/sorg\"", "/sorg" },
        { "\"a\\\"b\\\\c\\/d\"", "a\"b\\c/d" },
        { "\"\\u00e5\\u20ac\"", "å€" },
        { "\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80" },
        { "\"\\uD83D\\uDE00x\"", "\xf0\x9f\x98\x80x" },
        { "\"\\ud83d\"", NULL },
        { "\"\\ud83dx\"", NULL },
        { "\"\\ud83d\\u0041\"", NULL },
        { "\"\\ude00\"", NULL },
        { "\"\\u0000\"", NULL },
        { "\"\\n\"", NULL },
        { "\"a\\tb\"", NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct json_reader json = json_read_over(rows[i].json, strlen(rows[i].json));
        struct span text;
        char out[32];
        assert_true(json_read_string(&json, &text));
        assert_true(json_read_finish(&json));
        assert_int_equal(json_read_unescape(text, out, sizeof out), rows[i].text != NULL);
        if (rows[i].text != NULL)
            assert_string_equal(out, rows[i].text);
    }
}

static void
test_a_text_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char out[5];
    assert_true(json_read_unescape(SPAN_LITERAL("abcd"), out, sizeof out));
    assert_false(json_read_unescape(SPAN_LITERAL("abcde"), out, sizeof out));
    assert_false(json_read_unescape(SPAN_LITERAL("ab\\u20ac"), out, sizeof out));
}

static void
test_what_is_no_json_has_an_error_and_a_line(void **state)
{
    (void)state;
    static const char *const wrong[] = { "",           "{",    "{\"a\"}", "{\"a\":1,}", "[1 2]",
                                         "{\"a\":1}x", "[01]", "[1.]",    "\"a",        "{\n\"a\":\ntrue\n;}" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct json_reader json = json_read_over(wrong[i], strlen(wrong[i]));
        assert_false(json_read_skip(&json) && json_read_finish(&json));
        assert_non_null(json.error);
        assert_in_range(json_read_line(&json), 1, 4);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes_are_undone),
        cmocka_unit_test(test_a_text_that_is_too_long_is_refused),
        cmocka_unit_test(test_what_is_no_json_has_an_error_and_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
