#include "key_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void
expect(struct key_names *names, int64_t id, const char *text)
{
    struct span name;
    assert_true(key_names_find(names, id, &name));
    assert_true(span_equal(name, span_text(text)));
}

static void
test_names_are_remembered_by_number(void **state)
{
    (void)state;
    struct key_names names = { .at = NULL };
    struct span name;
    assert_false(key_names_find(&names, 1, &name));
    assert_int_equal(key_names_add(&names, 1, span_text(""), &name), SP_OK);
    assert_int_equal(key_names_add(&names, 70000, span_text("/sorg"), &name), SP_OK);
    assert_true(span_equal(name, span_text("/sorg")));
    assert_int_equal(key_names_add(&names, 3, span_text("0301"), &name), SP_OK);
    expect(&names, 1, "");
    expect(&names, 70000, "/sorg");
    expect(&names, 3, "0301");
    assert_false(key_names_find(&names, 2, &name));
    assert_false(key_names_find(&names, -1, &name));
    key_names_fini(&names);
}

static void
test_a_number_beyond_the_limit_is_passed_through_and_not_kept(void **state)
{
    (void)state;
    struct key_names names = { .at = NULL };
    struct span name;
    assert_int_equal(key_names_add(&names, KEY_NAMES_MAX, span_text("x"), &name), SP_OK);
    assert_true(span_equal(name, span_text("x")));
    assert_false(key_names_find(&names, KEY_NAMES_MAX, &name));
    assert_int_equal(names.room, 0);
    key_names_fini(&names);
}

static void
test_numbers_are_found_by_name(void **state)
{
    (void)state;
    enum { NAMES = 5000 };
    struct key_names names = { .at = NULL };
    struct span name;
    int64_t id;
    assert_int_equal(key_names_id(&names, span_text("/0"), &id), SP_NOT_FOUND);
    for (int i = 0; i < NAMES; i++) {
        char text[16];
        snprintf(text, sizeof text, "/%d", i);
        assert_int_equal(key_names_add(&names, i * 3, span_text(text), &name), SP_OK);
    }
    assert_int_equal(key_names_add(&names, 1, span_text(""), &name), SP_OK);
    for (int i = 0; i < NAMES; i++) {
        char text[16];
        snprintf(text, sizeof text, "/%d", i);
        assert_int_equal(key_names_id(&names, span_text(text), &id), SP_OK);
        assert_int_equal(id, i * 3);
    }
    assert_int_equal(key_names_id(&names, span_text(""), &id), SP_OK);
    assert_int_equal(id, 1);
    assert_int_equal(key_names_id(&names, span_text("/5000"), &id), SP_NOT_FOUND);
    key_names_fini(&names);
}

static void
test_memory_stays_below_its_limit(void **state)
{
    (void)state;
    enum { LENGTH = 1 << 20 };
    struct key_names names = { .at = NULL };
    struct span name;
    char *text = malloc(LENGTH);
    memset(text, 'a', LENGTH);
    for (int64_t id = 0; id < 20; id++) {
        assert_int_equal(key_names_add(&names, id, span_of(text, LENGTH), &name), SP_OK);
        assert_int_equal(name.length, LENGTH);
        assert_true(names.text_room <= KEY_NAMES_TEXT_MAX);
    }
    assert_false(key_names_find(&names, 0, &name));
    assert_true(key_names_find(&names, 19, &name));
    int64_t id;
    text[0] = 'b';
    assert_int_equal(key_names_add(&names, 30, span_of(text, 1), &name), SP_OK);
    assert_int_equal(key_names_id(&names, SPAN_LITERAL("b"), &id), SP_OK);
    for (int64_t more = 40; more < 60; more++)
        assert_int_equal(key_names_add(&names, more, span_of(text, LENGTH), &name), SP_OK);
    assert_int_equal(key_names_id(&names, SPAN_LITERAL("b"), &id), SP_NOT_FOUND); /* forgotten with the rest */
    free(text);
    key_names_fini(&names);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_remembered_by_number),
        cmocka_unit_test(test_a_number_beyond_the_limit_is_passed_through_and_not_kept),
        cmocka_unit_test(test_numbers_are_found_by_name),
        cmocka_unit_test(test_memory_stays_below_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
