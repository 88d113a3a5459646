#include "export/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
expect(struct json *json, const char *text)
{
    assert_false(json->text.failed);
    assert_int_equal(json->text.length, strlen(text));
    assert_memory_equal(json->text.at, text, json->text.length);
    json_fini(json);
}

static void
test_commas_stand_between_values_only(void **state)
{
    (void)state;
    struct json json = { .comma = false };
    json_object(&json);
    json_name(&json, "a");
    json_array(&json);
    json_integer(&json, -1);
    json_null(&json);
    json_object(&json);
    json_object_end(&json);
    json_array(&json);
    json_array_end(&json);
    json_boolean(&json, true);
    json_array_end(&json);
    json_name(&json, "b");
    json_boolean(&json, false);
    json_object_end(&json);
    expect(&json, "{\"a\":[-1,null,{},[],true],\"b\":false}");
}

static void
test_text_is_escaped(void **state)
{
    (void)state;
    static const struct {
        struct span text;
        const char *json;
    } rows[] = {
        { SPAN_LITERAL(""), "\"\"" },
        { SPAN_LITERAL("/s\xc3\xb8k"), "\"/s\xc3\xb8k\"" },
        { SPAN_LITERAL("a\"b\\c"), "\"a\\\"b\\\\c\"" },
        { SPAN_LITERAL("\n\0\x1f\x7f"), "\"\\u000a\\u0000\\u001f\\u007f\"" },
        { SPAN_LITERAL("\xff|\xc3"), "\"\xef\xbf\xbd|\xef\xbf\xbd\"" },
        { SPAN_LITERAL("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
        { SPAN_LITERAL("\xf0\x9f\x98\x80"), "\"\xf0\x9f\x98\x80\"" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct json json = { .comma = false };
        json_text(&json, rows[i].text);
        expect(&json, rows[i].json);
    }
}

static void
test_numbers_have_points_in_every_locale(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *json;
    } rows[] = { { 0, "0.000" }, { 1.7320508, "1.732" }, { -0.0006, "-0.001" }, { 12345.6789, "12345.679" } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct json json = { .comma = false };
        json_decimal(&json, rows[i].value);
        expect(&json, rows[i].json);
    }
}

static void
test_it_grows(void **state)
{
    (void)state;
    struct json json = { .comma = false };
    json_array(&json);
    for (int i = 0; i < 100000; i++)
        json_integer(&json, i % 10);
    json_array_end(&json);
    assert_int_equal(json.text.length, 200001);
    assert_int_equal(json.text.at[200000], ']');
    json_fini(&json);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commas_stand_between_values_only),
        cmocka_unit_test(test_text_is_escaped),
        cmocka_unit_test(test_numbers_have_points_in_every_locale),
        cmocka_unit_test(test_it_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
