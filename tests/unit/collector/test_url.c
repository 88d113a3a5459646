#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "url.h"

struct row {
    const char *url;
    const char *page; /* NULL: none */
};

static const struct row rows[] = {
    { "/", "/" },
    { "/sorg", "/sorg" },
    { "/sorg/", "/sorg" },
    { "//sorg///hos//", "/sorg/hos" },
    { "/sorg?alder=12", "/sorg" },
    { "/sorg#alder-12", "/sorg" },
    { "/sorg?a=/b#c", "/sorg" },
    { "https://site.example/sorg?alder=12#x", "/sorg" },
    { "HTTP://site.example:8080/sorg", "/sorg" },
    { "https://user:secret@site.example/sorg", "/sorg" },
    { "https://site.example", "/" },
    { "https://site.example?q=1", "/" },
    { "https://site.example#/route", "/" },
    { "/p%C3%A5r%C3%B8rende", "/pårørende" },
    { "/pårørende", "/pårørende" },
    { "/a%20b", "/a b" },
    { "/a%2Fb", "/a/b" },
    { "", NULL },
    { "sorg", NULL },
    { "?q", NULL },
    { "javascript:alert(1)", NULL },
    { "data:text/html,x", NULL },
    { "https:///sorg", NULL },
    { "/a%", NULL },
    { "/a%4", NULL },
    { "/a%zz", NULL },
    { "/a%00b", NULL },
    { "/a%0Ab", NULL },
    { "/a\x7f", NULL },
    { "/%ff", NULL },
    { "/%C0%AF", NULL },       /* an overlong '/' */
    { "/%ED%A0%80", NULL },    /* a surrogate */
    { "/%E2%80%AEgnp", NULL }, /* right-to-left override */
    { "/..", NULL },
    { "/a/../b", NULL },
    { "/a/%2e%2e/b", NULL },
    { "/./a", NULL },
    { "/sorg%3Falder=12", NULL }, /* a query, hidden */
    { "/sorg%23alder-12", NULL },
    { "/100%25", NULL },
    { "/%2541", NULL }, /* encoded twice */
    { "/a..b", "/a..b" },
};

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char page[PATH_MAX_BYTES];
        size_t length = 0;
        struct span path;
        bool ok = url_path(span_text(rows[i].url), &path) == SP_OK && url_fold(path, page, &length) == SP_OK;
        if (ok != (rows[i].page != NULL))
            fail_msg("'%s' %s", rows[i].url, ok ? "was taken" : "was refused");
        if (ok && !span_equal(span_of(page, length), span_text(rows[i].page)))
            fail_msg("'%s' became '%.*s'", rows[i].url, (int)length, page);
        if (url_is_folded(span_text(rows[i].url)) && (!ok || strcmp(rows[i].url, rows[i].page) != 0))
            fail_msg("'%s' is no folded path", rows[i].url);
    }
}

static void
test_longest_path(void **state)
{
    (void)state;
    char path[PATH_MAX_BYTES + 1];
    char page[PATH_MAX_BYTES];
    size_t length = 0;
    memset(path, 'a', sizeof path);
    path[0] = '/';
    assert_int_equal(url_fold(span_of(path, PATH_MAX_BYTES), page, &length), SP_OK);
    assert_int_equal(length, PATH_MAX_BYTES);
    assert_true(url_is_folded(span_of(path, PATH_MAX_BYTES)));
    assert_false(url_is_folded(span_of(path, sizeof path)));
    assert_int_equal(url_fold(span_of(path, sizeof path), page, &length), SP_TOO_LONG);
}

static void
test_a_path_begins_with_a_slash(void **state)
{
    (void)state;
    char page[PATH_MAX_BYTES];
    size_t length = 1;
    assert_int_equal(url_fold(SPAN_LITERAL(""), page, &length), SP_MALFORMED);
    assert_int_equal(length, 0);
    assert_int_equal(url_fold(SPAN_LITERAL("%2Fsorg"), page, &length), SP_MALFORMED);
    assert_int_equal(url_fold(SPAN_LITERAL("sorg"), page, &length), SP_MALFORMED);
}

static void
test_folding_twice_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char page[PATH_MAX_BYTES];
        size_t length = 0;
        if (rows[i].page == NULL)
            continue;
        assert_int_equal(url_fold(span_text(rows[i].page), page, &length), SP_OK);
        assert_true(span_equal(span_of(page, length), span_text(rows[i].page)));
    }
}

static const struct {
    const char *url;
    const char *value; /* NULL: none */
    enum sp_error error;
} parameters[] = {
    { "/sok?q=sorg", "sorg", SP_OK },
    { "https://site.example/sok?a=1&q=psykisk+helse&b=2#q=x", "psykisk helse", SP_OK },
    { "/sok?q=p%C3%A5r%C3%B8rende", "pårørende", SP_OK },
    { "/sok?q=a%26q%3Db", "a&q=b", SP_OK },
    { "/sok?q=en&q=to", "en", SP_OK },
    { "/sok?q=", "", SP_OK },
    { "/sok?q", "", SP_OK },
    { "/sok?&&q=x=y", "x=y", SP_OK },
    { "/sok", NULL, SP_NOT_FOUND },
    { "/sok?", NULL, SP_NOT_FOUND },
    { "/sok#?q=x", NULL, SP_NOT_FOUND },
    { "/sok?Q=x&qq=y&aq=z", NULL, SP_NOT_FOUND },
    { "/sok?%71=x", NULL, SP_NOT_FOUND },
    { "/sok/q=x", NULL, SP_NOT_FOUND },
    { "", NULL, SP_NOT_FOUND },
    { "/sok?q=%4", NULL, SP_MALFORMED },
    { "/sok?q=%", NULL, SP_MALFORMED },
    { "/sok?q=a%zz", NULL, SP_MALFORMED },
};

static void
test_a_parameter_is_found_by_its_name_alone(void **state)
{
    (void)state;
    char out[URL_PARAMETER_MAX];
    size_t length;
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
        enum sp_error error = url_parameter(span_text(parameters[i].url), SPAN_LITERAL("q"), out, &length);
        if (error != parameters[i].error ||
            (error == SP_OK && !span_equal(span_of(out, length), span_text(parameters[i].value))))
            fail_msg("%s: error %d, '%.*s'", parameters[i].url, (int)error, (int)length, out);
    }
    char url[URL_PARAMETER_MAX + 8] = "/?q=";
    memset(url + 4, 'a', URL_PARAMETER_MAX);
    assert_int_equal(url_parameter(span_text(url), SPAN_LITERAL("q"), out, &length), SP_OK);
    assert_int_equal(length, URL_PARAMETER_MAX);
    url[4 + URL_PARAMETER_MAX] = 'a';
    url[5 + URL_PARAMETER_MAX] = '\0';
    assert_int_equal(url_parameter(span_text(url), SPAN_LITERAL("q"), out, &length), SP_TOO_LONG);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_parameter_is_found_by_its_name_alone),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_longest_path),
        cmocka_unit_test(test_a_path_begins_with_a_slash),
        cmocka_unit_test(test_folding_twice_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
