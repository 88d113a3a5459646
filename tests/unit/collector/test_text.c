#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text.h"

static void
test_telling(void **state)
{
    (void)state;
    static const char *const telling[] = {
        "02013299997",    "/brev/02013299903", "30108299920", "301082 99920",   "30.10.82 99920",
        "30-10-82-99939", "17912099997",       "57912075186", "/1/2/3/4/5",     "12345",
        "ola@example.no", "/u/@kari",          "/2026/11/22", "+47 123 45 678", "/sak-12-345",
        "/1.2.3.4",       "/x/fe80::1/y",      "/::1",        "/a:b:c",
    };
    static const char *const fine[] = {
        "", "/", "/sorg", "1234", "/2026/nytt/22", "/a1b2c3d4e5f6", "/kapittel-12", "/v1.2.3", "/a:b", "/1...2"
    };
    for (size_t i = 0; i < sizeof telling / sizeof telling[0]; i++) {
        if (!text_is_telling(span_text(telling[i])))
            fail_msg("'%s' could point at a person", telling[i]);
    }
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
        if (text_is_telling(span_text(fine[i])))
            fail_msg("'%s' tells nothing", fine[i]);
    }
}

static void
test_printable(void **state)
{
    (void)state;
    assert_true(text_is_printable(span_text("blåbærsyltetøy čáhci 日本 🙂")));
    assert_true(text_is_printable(SPAN_LITERAL("")));
    static const struct span bad[] = {
        { "a\0b", 3 },
        { "\n", 1 },
        { "\x7f", 1 },
        { "\xc2\x85", 2 },
        { "\xe2\x80\xa8", 3 },
        { "\xe2\x80\xae", 3 },
        { "\xff", 1 },
        { "\xc3", 1 },
        { "\xe2\x80", 2 },
        { "\xf0\x9f\x99", 3 },
        { "\xf5\x80\x80\x80", 4 },
        { "\xc0\xaf", 2 },
        { "\xe0\x80\xaf", 3 },
        { "\xed\xa0\x80", 3 },
        { "\xf4\x90\x80\x80", 4 },
        { "\x80", 1 },
        { "\xc3(", 2 },
        { "\xe2\x80(", 3 },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(text_is_printable(bad[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_telling), cmocka_unit_test(test_printable) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
