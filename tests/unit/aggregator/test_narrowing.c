#include "dashboard/narrowing.h"

#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

static bool
finds(const char *text, const char *name)
{
    struct narrowing narrowing = { .is_made = true };
    strcpy(narrowing.text, text);
    char *tight = malloc(strlen(name) + 1); /* so that a byte read too far is seen */
    assert_non_null(tight);
    memcpy(tight, name, strlen(name));
    bool found = narrowing_finds(&narrowing, span_of(tight, strlen(name)));
    free(tight);
    return found;
}

static void
test_a_name_is_found_by_any_part_of_it(void **state)
{
    (void)state;
    assert_true(finds("", ""));
    assert_true(finds("", "/sorg"));
    assert_true(finds("sorg", "/sorg"));
    assert_true(finds("/sorg", "/sorg"));
    assert_false(finds("/sorg/", "/sorg"));
    assert_false(finds("x", ""));
    assert_true(finds("aab", "aaab"));
}

static void
test_capitals_count_as_small_letters(void **state)
{
    (void)state;
    assert_true(finds("BERGEN", "Bergen"));
    assert_true(finds("øyg", "Øygarden"));
    assert_true(finds("ÅL", "Ålesund"));
    assert_true(finds("É", "idé"));
    assert_false(finds("×", "÷")); /* the two signs among the letters */
    assert_false(finds("ø", "o"));
    assert_false(finds("[", "{"));
}

static void
test_what_the_address_says(void **state)
{
    (void)state;
    struct narrowing made = narrowing_parse(SPAN_LITERAL("period=7d&list=page&q=s%C3%B8k+%26&part=3"));
    assert_true(made.is_made);
    assert_int_equal(made.table, TABLE_PAGE);
    assert_string_equal(made.text, "s\u00f8k &");
    assert_int_equal(made.part, 2);
    static const char *const first[] = { "list=page", "list=page&part=0", "list=page&part=-4", "list=page&part=x" };
    for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) {
        made = narrowing_parse(span_text(first[i]));
        assert_true(made.is_made);
        assert_int_equal(made.part, 0);
        assert_string_equal(made.text, "");
    }
    assert_false(narrowing_parse(SPAN_LITERAL("q=x&part=2")).is_made);
    assert_false(narrowing_parse(SPAN_LITERAL("list=nothing&q=x")).is_made);
    assert_false(narrowing_parse(SPAN_LITERAL("list=&q=x")).is_made);
    made = narrowing_parse(SPAN_LITERAL("list=page&q=%zz"));
    assert_true(made.is_made);
    assert_string_equal(made.text, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_name_is_found_by_any_part_of_it),
        cmocka_unit_test(test_capitals_count_as_small_letters),
        cmocka_unit_test(test_what_the_address_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
