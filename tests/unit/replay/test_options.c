#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "options.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct replay_options options;

/* words: up to NULL, without the program's name. What is wrong is not shown. */
static enum options_verdict
verdict_of(const char *const *words)
{
    char *arguments[32] = { "sporlos-replay" };
    int count = 1, shown = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY);
    for (; words[count - 1] != NULL; count++)
        arguments[count] = (char *)(uintptr_t)words[count - 1];
    dup2(nowhere, STDERR_FILENO);
    enum options_verdict verdict = options_read(count, arguments, &options);
    dup2(shown, STDERR_FILENO);
    close(shown);
    close(nowhere);
    return verdict;
}

#define VERDICT(...) verdict_of((const char *const[]){ __VA_ARGS__, NULL })

static void
test_what_is_not_said(void **state)
{
    (void)state;
    assert_int_equal(VERDICT("--site", "Ungep\xc3\xa5r\xc3\xb8rende.no", "a.log"), OPTIONS_RUN);
    assert_string_equal(options.log, "a.log");
    assert_string_equal(options.site, "xn--ungeprrende-18a2w.no");
    assert_string_equal(options.origin, "https://xn--ungeprrende-18a2w.no");
    assert_string_equal(options.node, "127.0.0.1");
    assert_string_equal(options.port, "8400");
    assert_string_equal(options.path, "/b");
    assert_int_equal(options.own.count, 1);
    assert_string_equal(options.own.items[0], options.site);
    assert_int_equal(options.connections, 16);
    assert_true(options.pace.rate == 100 && options.pace.speed == 0);
    assert_false(options.print);
}

static void
test_everything_said(void **state)
{
    (void)state;
    assert_int_equal(VERDICT("--site", "a.no", "--host", "B.no", "--host", "c.no", "--origin", "http://a.no:81", "--to",
                             "http://[::1]:99/x", "--speed", "2.5x", "--connections", "3", "--print", "-"),
                     OPTIONS_RUN);
    assert_string_equal(options.own.items[1], "b.no");
    assert_int_equal(options.own.count, 3);
    assert_string_equal(options.origin, "http://a.no:81");
    assert_string_equal(options.host, "[::1]:99");
    assert_string_equal(options.node, "::1");
    assert_string_equal(options.port, "99");
    assert_string_equal(options.path, "/x");
    assert_true(options.pace.rate == 0 && options.pace.speed == 2.5);
    assert_int_equal(options.connections, 3);
    assert_true(options.print);
    assert_int_equal(VERDICT("--synthetic", "--site", "a.no", "--seed", "18446744073709551615", "--visitors", "5",
                             "--days", "6", "--pages", "7", "--rate", "0.5"),
                     OPTIONS_RUN);
    assert_null(options.log);
    assert_true(options.synthetic.seed == UINT64_MAX && options.pace.rate == 0.5);
    assert_int_equal(options.synthetic.visitors, 5);
    assert_int_equal(options.synthetic.days, 6);
    assert_int_equal(options.synthetic.pages, 7);
}

static void
test_where_the_collector_is(void **state)
{
    static const struct {
        const char *url, *host, *node, *port, *path;
    } rows[] = {
        { "http://c.example", "c.example", "c.example", "80", "/b" },
        { "http://c.example/", "c.example", "c.example", "80", "/b" },
        { "http://c.example:8400/b", "c.example:8400", "c.example", "8400", "/b" },
        { "http://[2001:db8::1]", "[2001:db8::1]", "2001:db8::1", "80", "/b" },
        { "unix:/run/sporlos/collector.sock", "localhost", "/run/sporlos/collector.sock", "", "/b" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(VERDICT("--site", "a.no", "--to", rows[i].url, "-"), OPTIONS_RUN);
        assert_string_equal(options.host, rows[i].host);
        assert_string_equal(options.node, rows[i].node);
        assert_string_equal(options.port, rows[i].port);
        assert_string_equal(options.path, rows[i].path);
    }
}

static void
test_what_is_wrong(void **state)
{
    static const char *const rows[][5] = {
        { "a.log" },                                  /* no site */
        { "--site", "a.no" },                         /* no log */
        { "--site", "a.no", "a.log", "b.log" },       /* two */
        { "--site", "a.no", "--synthetic", "a.log" }, /* both */
        { "--site", "https://a.no", "-" },
        { "--site", "a.no", "--host=*.no", "-" },
        { "--site", "a.no", "--origin=a.no", "-" },
        { "--site", "a.no", "--origin=https://a.no\r\nX: y", "-" },
        { "--site", "a.no", "--to=https://c", "-" },
        { "--site", "a.no", "--to=http://", "-" },
        { "--site", "a.no", "--to=http://:80", "-" },
        { "--site", "a.no", "--to=http://c:0", "-" },
        { "--site", "a.no", "--to=http://c:65536", "-" },
        { "--site", "a.no", "--to=http://c:99999999", "-" },
        { "--site", "a.no", "--to=http://c:8x", "-" },
        { "--site", "a.no", "--to=http://[::1", "-" },
        { "--site", "a.no", "--to=http://c/b c", "-" },
        { "--site", "a.no", "--to=c:8400", "-" },
        { "--site", "a.no", "--to=unix:sock", "-" },
        { "--site", "a.no", "--rate=-1", "-" },
        { "--site", "a.no", "--rate=inf", "-" },
        { "--site", "a.no", "--rate=1y", "-" },
        { "--site", "a.no", "--speed=0", "-" },
        { "--site", "a.no", "--speed=x", "-" },
        { "--site", "a.no", "--connections=0", "-" },
        { "--site", "a.no", "--connections=1025", "-" },
        { "--site", "a.no", "--visitors=1000001", "--synthetic" },
        { "--site", "a.no", "--days=1.5", "--synthetic" },
        { "--site", "a.no", "--pages=601", "--synthetic" },
        { "--site", "a.no", "--seed=-1", "--synthetic" },
        { "--site", "a.no", "--seed=18446744073709551616", "--synthetic" },
        { "--site", "a.no", "--nothing", "-" },
        { "--site" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (verdict_of(rows[i]) != OPTIONS_WRONG)
            fail_msg("%s %s %s: taken", rows[i][0], rows[i][1], rows[i][2]);
    }
}

static void
test_too_many_hosts(void **state)
{
    (void)state;
    static char names[OWN_HOSTS_MAX + 1][16];
    char *arguments[OWN_HOSTS_MAX + 4] = { "sporlos-replay", "--site=a.no" };
    for (int i = 0; i < OWN_HOSTS_MAX; i++) {
        snprintf(names[i], sizeof names[i], "--host=h%d.no", i);
        arguments[2 + i] = names[i];
    }
    arguments[2 + OWN_HOSTS_MAX] = "-";
    assert_int_equal(options_read(OWN_HOSTS_MAX + 3, arguments, &options), OPTIONS_WRONG);
    arguments[1 + OWN_HOSTS_MAX] = "-";
    assert_int_equal(options_read(OWN_HOSTS_MAX + 2, arguments, &options), OPTIONS_RUN);
    assert_int_equal(options.own.count, OWN_HOSTS_MAX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_not_said),       cmocka_unit_test(test_everything_said),
        cmocka_unit_test(test_where_the_collector_is), cmocka_unit_test(test_what_is_wrong),
        cmocka_unit_test(test_too_many_hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
