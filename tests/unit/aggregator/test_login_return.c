#include "dashboard/login_return.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* after those: */
#include <cmocka.h>

static void
test_only_pages_of_sites_are_ours(void **state)
{
    static const struct {
        const char *target;
        bool is_ours;
    } rows[] = {
        { "/sites/a.example", true },
        { "/sites/a.example/page?path=%2Fsorg&period=28d", true },
        { "/", false },
        { "", false },
        { "//evil.example/sites/a", false },
        { "https://evil.example/sites/a", false },
        { "/\\evil.example", false },
        { "/sites", false },
        { "/logout", false },
        { "/sites/a\r\nSet-Cookie: x=y", false },
        { "/sites/a b", false },
        { "/sites/a\"><script>", false },
        { "/sites/bl\xc3\xa5", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (login_return_is_ours(rows[i].target) != rows[i].is_ours)
            fail_msg("%s", rows[i].target);
    char most[LOGIN_RETURN_MAX + 1];
    memset(most, 'a', sizeof most);
    memcpy(most, "/sites/", 7);
    most[LOGIN_RETURN_MAX] = '\0';
    assert_false(login_return_is_ours(most));
    most[LOGIN_RETURN_MAX - 1] = '\0';
    assert_true(login_return_is_ours(most));
}

static void
test_the_address_names_what_was_asked_for(void **state)
{
    static const struct {
        const char *path, *query, *address;
    } rows[] = {
        { "/sites/a.example", "", "/login?to=/sites/a.example" },
        { "/sites/a.example/page", "path=%2Fsorg&period=28d",
          "/login?to=/sites/a.example/page%3Fpath%3D%252Fsorg%26period%3D28d" },
        { "/", "", "/login" },
        { "/users", "", "/login" },
        { "/sites/a", "x=<", "/login" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char address[LOGIN_ADDRESS_MAX];
        login_return_address(span_text(rows[i].path), span_text(rows[i].query), address);
        assert_string_equal(address, rows[i].address);
    }
    char most[2 * LOGIN_RETURN_MAX];
    char address[LOGIN_ADDRESS_MAX];
    memset(most, '%', sizeof most);
    memcpy(most, "/sites/", 7);
    login_return_address(span_of(most, LOGIN_RETURN_MAX - 1), SPAN_LITERAL(""), address);
    assert_int_equal(strlen(address), strlen("/login?to=/sites/") + 3 * (LOGIN_RETURN_MAX - 1 - 7));
    login_return_address(span_of(most, LOGIN_RETURN_MAX), SPAN_LITERAL(""), address);
    assert_string_equal(address, "/login");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_pages_of_sites_are_ours),
        cmocka_unit_test(test_the_address_names_what_was_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
