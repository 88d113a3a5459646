#include "key_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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
    free(text);
    key_names_fini(&names);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_remembered_by_number),
        cmocka_unit_test(test_a_number_beyond_the_limit_is_passed_through_and_not_kept),
        cmocka_unit_test(test_memory_stays_below_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
