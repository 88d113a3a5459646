#include "sporlos/known_keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
test_every_key_is_found_in_its_own_list_alone(void **state)
{
    (void)state;
    size_t index;
    size_t lists = 0;
    for (int kind = 0; kind < KEY_KIND_COUNT; kind++) {
        struct known_keys known = known_keys_of((enum key_kind)kind);
        lists += known.count > 0;
        for (size_t i = 0; i < known.count; i++) {
            struct span key = span_text(known.rows[i].key);
            assert_int_equal(known_key_find((enum key_kind)kind, key, &index), SP_OK);
            assert_int_equal(index, i);
            assert_null(memchr(key.at, KEY_SEPARATOR, key.length)); /* it may be a first half */
            assert_true(strlen(known.rows[i].name) > 0);
        }
        assert_int_equal(known_key_find((enum key_kind)kind, SPAN_LITERAL("nothing"), &index), SP_NOT_FOUND);
        assert_int_equal(known_key_find((enum key_kind)kind, SPAN_LITERAL(""), &index), SP_NOT_FOUND);
    }
    assert_int_equal(lists, 8);
    assert_int_equal(known_key_find(KEY_BROWSER, SPAN_LITERAL("windows"), &index), SP_NOT_FOUND);
    assert_int_equal(known_keys_of(KEY_QUARTER_PAGE).count, 5);
    assert_int_equal(known_keys_of(KEY_BUCKET).count, 7);
    assert_int_equal(known_keys_in(MODE_STRICT, KEY_REASON).count, known_keys_of(KEY_REASON).count);
    struct known_keys restricted = known_keys_in(MODE_RESTRICTED, KEY_REASON);
    for (size_t i = 0; i < restricted.count; i++)
        assert_false(strcmp(restricted.rows[i].key, "bot") == 0 || strcmp(restricted.rows[i].key, "ai") == 0);
    assert_int_equal(restricted.count, 4);
    assert_int_equal(known_keys_in(MODE_RESTRICTED, KEY_BUCKET).count, 7);
}

static void
test_a_key_is_split_at_its_first_separator(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        { "3 /sorg", "3", "/sorg" }, { "nei-1 /på nett", "nei-1", "/på nett" },
        { "/sorg", "/sorg", "" },    { "3 ", "3", "" },
        { " /sorg", "", "/sorg" },   { "", "", "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct span head;
        struct span page;
        key_halves(span_text(rows[i][0]), &head, &page);
        assert_true(span_equal(head, span_text(rows[i][1])));
        assert_true(span_equal(page, span_text(rows[i][2])));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key_is_found_in_its_own_list_alone),
        cmocka_unit_test(test_a_key_is_split_at_its_first_separator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
