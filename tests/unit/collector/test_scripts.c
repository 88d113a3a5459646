#include "scripts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
test_each_script_has_two_addresses(void **state)
{
    (void)state;
    for (enum script_id i = 0; i < SCRIPT_COUNT; i++) {
        const struct asset *asset = script_asset(i);
        char plain[SCRIPT_ADDRESS_MAX], versioned[SCRIPT_ADDRESS_MAX];
        snprintf(plain, sizeof plain, "/%s", asset->name);
        struct script script = script_find(span_text(plain));
        assert_ptr_equal(script.asset, asset);
        assert_false(script.versioned);
        struct span address = script_address(i, versioned);
        script = script_find(address);
        assert_ptr_equal(script.asset, asset);
        assert_true(script.versioned);
        assert_int_equal(strlen(asset->version), 16);
        assert_int_equal(address.length, strlen(plain) + 17);
    }
}

static void
test_other_paths_have_none(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "", "/", "s.js", "/s", "/s.js ", "/S.js", "/s-.js", "/style.css", "//s.js", "/s.js/", "/s-0123456789abcdef.js"
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_null(script_find(span_text(paths[i])).asset);
    char versioned[SCRIPT_ADDRESS_MAX];
    struct span address = script_address(SCRIPT_TRACKER, versioned);
    for (size_t length = 0; length < address.length; length++)
        assert_null(script_find(span_of(address.at, length)).asset);
}

static void
test_what_never_changes_may_be_kept_for_ever(void **state)
{
    (void)state;
    const struct asset *asset = script_asset(SCRIPT_TRACKER);
    const struct asset_body gzip = asset_body(asset, SPAN_LITERAL("gzip"));
    const struct asset_body plain = asset_body(asset, SPAN_LITERAL(""));
    char text[SCRIPT_HEADERS_MAX];
    size_t length = script_headers(&(struct script){ asset, true }, &gzip, text);
    assert_int_equal(length, strlen(text));
    assert_non_null(strstr(text, "Cache-Control: public, max-age=31536000, immutable\r\n"));
    assert_non_null(strstr(text, "Content-Encoding: gzip\r\n"));
    length = script_headers(&(struct script){ asset, false }, &plain, text);
    assert_int_equal(length, strlen(text));
    assert_non_null(strstr(text, "Cache-Control: public, max-age=3600\r\n"));
    assert_null(strstr(text, "Content-Encoding"));
}

static void
test_the_index_names_each_once_however_often_it_is_asked_for(void **state)
{
    (void)state;
    struct span first = scripts_index();
    size_t length = first.length;
    struct span second = scripts_index();
    assert_int_equal(second.length, length);
    assert_memory_equal(second.at, "{\"/s.js\":{\"versioned\":\"/s-", 26);
    assert_memory_equal(second.at + length - 3, "}}\n", 3);
    for (enum script_id i = 0; i < SCRIPT_COUNT; i++)
        assert_non_null(memmem(second.at, length, script_asset(i)->sha384, 64));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_script_has_two_addresses),
        cmocka_unit_test(test_other_paths_have_none),
        cmocka_unit_test(test_what_never_changes_may_be_kept_for_ever),
        cmocka_unit_test(test_the_index_names_each_once_however_often_it_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
