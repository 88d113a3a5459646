#include "sporlos/redis_url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *text, *path, *host;
    int port;
    const char *user, *password;
};

static void
test_every_form_is_taken_apart(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "unix:///run/sporlos/redis.sock", "/run/sporlos/redis.sock", "", 0, "", "" },
        { "unix://agg:p%40ss@/run/r.sock", "/run/r.sock", "", 0, "agg", "p@ss" },
        { "redis://127.0.0.1:6380", "", "127.0.0.1", 6380, "", "" },
        { "redis://localhost/", "", "localhost", 6379, "", "" },
        { "redis://[::1]:7000", "", "::1", 7000, "", "" },
        { "redis://[::1]", "", "::1", 6379, "", "" },
        { "redis://u:a:b@db.example:1", "", "db.example", 1, "u", "a:b" },
        { "redis://:secret@h", "", "h", 6379, "", "secret" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct redis_url url;
        const char *why;
        assert_int_equal(redis_url_parse(rows[i].text, &url, &why), SP_OK);
        assert_null(why);
        assert_string_equal(url.path, rows[i].path);
        assert_string_equal(url.host, rows[i].host);
        assert_int_equal(url.port, rows[i].port);
        assert_string_equal(url.user, rows[i].user);
        assert_string_equal(url.password, rows[i].password);
    }
}

static void
test_anything_else_is_refused_with_a_sentence(void **state)
{
    (void)state;
    static const char *const texts[] = { "",
                                         "redis:/x",
                                         "http://localhost",
                                         "unix://run/redis.sock",
                                         "unix://",
                                         "redis://",
                                         "redis://:6379",
                                         "redis://h:0",
                                         "redis://h:65536",
                                         "redis://h:",
                                         "redis://h:12x",
                                         "redis://h/0",
                                         "redis://[::1",
                                         "redis://[::1]7",
                                         "redis://user@h",
                                         "redis://user:@h",
                                         "redis://u:%zz@h",
                                         "redis://u:%00x@h",
                                         "redis://u:p%4@h" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct redis_url url;
        const char *why;
        assert_int_equal(redis_url_parse(texts[i], &url, &why), SP_MALFORMED);
        assert_non_null(why);
        assert_int_equal(url.password[0], 0);
    }
}

static void
test_long_parts_are_refused(void **state)
{
    (void)state;
    char text[700] = "unix:///";
    memset(text + 8, 'a', 110);
    struct redis_url url;
    const char *why;
    assert_int_equal(redis_url_parse(text, &url, &why), SP_MALFORMED);
    memcpy(text, "redis://", 8);
    memset(text + 8, 'a', 300);
    assert_int_equal(redis_url_parse(text, &url, &why), SP_MALFORMED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_form_is_taken_apart),
        cmocka_unit_test(test_anything_else_is_refused_with_a_sentence),
        cmocka_unit_test(test_long_parts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
