#include "sporlos/redis_login.h"
#include "sporlos/redis_url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/sporlos-login-XXXXXX";

static void
write_file(const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void
test_login_takes_the_place_of_the_urls_own(void **state)
{
    (void)state;
    static const char *const urls[] = { "unix:///run/r.sock", "unix://other:secret@/run/r.sock" };
    write_file("collector:p@ss:/ %zz\xc3\xa5\n", 0600);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        char *url;
        const char *why;
        struct redis_url parts;
        assert_int_equal(redis_login_apply(urls[i], path, &url, &why), SP_OK);
        assert_int_equal(redis_url_parse(url, &parts, &why), SP_OK);
        assert_string_equal(parts.path, "/run/r.sock");
        assert_string_equal(parts.user, "collector");
        assert_string_equal(parts.password, "p@ss:/ %zz\xc3\xa5");
        redis_url_wipe(&parts);
        redis_login_free(url);
    }
}

static void
test_without_a_file_the_url_is_as_it_was(void **state)
{
    (void)state;
    char *url;
    const char *why;
    assert_int_equal(redis_login_apply("redis://u:p@h:1", NULL, &url, &why), SP_OK);
    assert_string_equal(url, "redis://u:p@h:1");
    redis_login_free(url);
}

static void
test_a_file_that_may_not_be_used_is_refused_with_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        mode_t mode;
        const char *says;
    } rows[] = {
        { "a:b\n", 0604, "open to others" }, { "ab\n", 0600, "user:password" }, { "", 0600, "user:password" },
        { ":b\n", 0600, "user:password" },   { "a:\n", 0600, "user:password" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *url;
        const char *why;
        write_file(rows[i].text, rows[i].mode);
        assert_int_equal(redis_login_apply("unix:///r", path, &url, &why), SP_CONFIG);
        assert_null(url);
        assert_non_null(strstr(why, rows[i].says));
    }
    char *url;
    const char *why;
    assert_int_equal(redis_login_apply("unix:///r", "/nowhere/at/all", &url, &why), SP_CONFIG);
    assert_non_null(strstr(why, "cannot be read"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_login_takes_the_place_of_the_urls_own),
        cmocka_unit_test(test_without_a_file_the_url_is_as_it_was),
        cmocka_unit_test(test_a_file_that_may_not_be_used_is_refused_with_a_sentence),
    };
    int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
