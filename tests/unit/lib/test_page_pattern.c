#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sporlos/page_pattern.h"

static void
test_patterns_match_whole_segments(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *path;
        bool matches;
    } rows[] = {
        { "/", "/", true },          { "/", "/a", false },          { "/a", "/a", true },
        { "/a", "/", false },        { "/a", "/ab", false },        { "/a", "/a/b", false },
        { "/a/b", "/a", false },     { "/*", "/a", true },          { "/*", "/", false },
        { "/*", "/a/b", false },     { "/a/*", "/a/b", true },      { "/a/*", "/a", false },
        { "/a/*", "/a/b/c", false }, { "/*/b", "/a/b", true },      { "/*/b", "/a/c", false },
        { "/a/**", "/a", true },     { "/a/**", "/a/b/c/d", true }, { "/a/**", "/ab", false },
        { "/**", "/", true },        { "/**", "/a/b", true },       { "/a/*/**", "/a", false },
        { "/a/*/**", "/a/b", true }, { "/a/*/**", "/a/b/c", true }, { "/å/*", "/å/ø", true },
        { "/A", "/a", false },       { "/a", "", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (page_pattern_matches(rows[i].pattern, span_text(rows[i].path)) != rows[i].matches)
            fail_msg("%s %s %s", rows[i].pattern, rows[i].matches ? "should match" : "should not match", rows[i].path);
}

static void
test_patterns_are_normalised(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "/", "/" },         { "/a/", "/a" },      { "/a/*/", "/a/*" }, { "/a/**", "/a/**" },   { "/p%C3%A5", "/på" },
        { "/a%20b", "/a b" }, { "/a%2eb", "/a.b" }, { "/...", "/..." },  { "/a.b/c", "/a.b/c" }, { "/%41", "/A" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[PAGE_PATTERN_MAX];
        const char *why;
        assert_int_equal(page_pattern_normalise(span_text(rows[i][0]), out, &why), SP_OK);
        assert_string_equal(out, rows[i][1]);
    }
}

static void
test_what_is_no_pattern_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = { "",      "a",      "a/b",       "//",   "/a//", "/a//b", "/.",
                                        "/a/..", "/%2e",   "/%2E%2e/a", "/a?b", "/a#b", "/a*",   "/***",
                                        "/**/a", "/**/**", "/%",        "/%4",  "/%4g", "/%2f",  "/%00",
                                        "/%ff",  "/%C3",   "/a%2A",     "/%25", "/%0A", "/%3f",  "/a\tb" };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[PAGE_PATTERN_MAX];
        const char *why = NULL;
        if (page_pattern_normalise(span_text(rows[i]), out, &why) != SP_MALFORMED || why == NULL || out[0] != '\0')
            fail_msg("'%s' was taken for '%s'", rows[i], out);
    }
}

static void
test_512_bytes_are_a_pattern_and_513_are_not(void **state)
{
    (void)state;
    char text[PATH_MAX_BYTES + 1];
    char out[PAGE_PATTERN_MAX];
    const char *why;
    memset(text, 'a', sizeof text);
    text[0] = '/';
    assert_int_equal(page_pattern_normalise(span_of(text, PATH_MAX_BYTES), out, &why), SP_OK);
    assert_int_equal(strlen(out), PATH_MAX_BYTES);
    assert_int_equal(page_pattern_normalise(span_of(text, PATH_MAX_BYTES + 1), out, &why), SP_MALFORMED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns_match_whole_segments),
        cmocka_unit_test(test_patterns_are_normalised),
        cmocka_unit_test(test_what_is_no_pattern_is_refused),
        cmocka_unit_test(test_512_bytes_are_a_pattern_and_513_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
