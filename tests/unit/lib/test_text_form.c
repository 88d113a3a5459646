/* Normal form C and the plain form, on characters whose forms Unicode gives (UnicodeData.txt, NormalizationTest.txt).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text_form.h"

#include <stdio.h>
#include <string.h>

struct row {
    const char *from, *to;
};

typedef bool form(struct text_points *points);

static void
assert_form(form *make, const struct row *row)
{
    struct text_points got;
    struct text_points wanted;
    assert_true(text_points_read(&got, span_text(row->from)));
    assert_true(text_points_read(&wanted, span_text(row->to)));
    assert_true(make(&got));
    if (got.count != wanted.count || memcmp(got.at, wanted.at, got.count * sizeof got.at[0]) != 0)
        fail_msg("'%s' does not become '%s'", row->from, row->to);
}

static void
test_composed(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "", "" },
        { "  Angst  og \t uro\n", "angst og uro" },
        { "BLÅBÆRSYLTETØY", "blåbærsyltetøy" },
        { "a\u030a", "å" },
        { "A\u030a", "å" },
        { "\u212b", "å" },             /* the angstrom sign */
        { "e\u0302\u0323", "\u1ec7" }, /* marks in the wrong order */
        { "e\u0323\u0302", "\u1ec7" },
        { "\u1e9b\u0323", "\u1e9b\u0323" }, /* NormalizationTest: stays */
        { "a\u0315\u0300\u05ae\u0300b", "\u00e0\u05ae\u0300\u0315b" },
        { "\u1100\u1161\u11a8", "\uac01" }, /* Hangul */
        { "\u0958", "\u0915\u093c" },       /* a composition exclusion */
        { "so\u00adrg", "sorg" },           /* soft hyphen */
        { "s\u200bo\u200dr\ufeffg", "sorg" },
        { "s\u202eo\arg", "sorg" },
        { "a\u2003b\u2028c", "a b c" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_form(text_points_compose, &rows[i]);
}

static void
test_plain(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "Ａｂｃ１２３＠", "abc123@" },
        { "٠١٢٣٤٥٦٧٨٩", "0123456789" },
        { "۴۵६७", "4567" },
        { "x²₃①", "x231" },
        { "a\u0301\u0327b", "ab" },
        { "1\u200b2\u00ad3", "123" },
        { "ﬁ", "fi" },
        { "\U0001d7d8\U0001d7e2", "00" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_form(text_points_plain, &rows[i]);
}

static void
test_too_much(void **state)
{
    (void)state;
    static char text[3 * TEXT_POINTS_MAX];
    struct text_points points;
    memset(text, 'a', sizeof text);
    assert_true(text_points_read(&points, span_of(text, TEXT_POINTS_MAX)));
    assert_false(text_points_read(&points, span_of(text, TEXT_POINTS_MAX + 1)));
    for (size_t i = 0; i < TEXT_POINTS_MAX; i++)
        memcpy(text + 3 * i, "\ufdfa", 3); /* a ligature of 18 characters */
    assert_true(text_points_read(&points, span_of(text, sizeof text)));
    assert_false(text_points_plain(&points));
    assert_false(text_points_read(&points, SPAN_LITERAL("\xff")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_composed), cmocka_unit_test(test_plain),
                                        cmocka_unit_test(test_too_much) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
