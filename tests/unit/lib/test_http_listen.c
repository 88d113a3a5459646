#include "http_fixture.h"

/* ---- accepting ---- */

static void
test_beyond_the_cap_peers_wait(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = http_server_defaults();
    options.connection_max = 2;
    start(&fixture, &options);
    int fds[3];
    for (int i = 0; i < 3; i++) {
        fds[i] = connect_client(&fixture);
        say(fds[i], NONE);
    }
    expect(&fixture, fds[0], NONE_ANSWER);
    expect(&fixture, fds[1], NONE_ANSWER);
    expect_silence(&fixture, fds[2], 30);
    assert_int_equal(fixture.accepted, 2);
    close(fds[0]);
    expect(&fixture, fds[2], NONE_ANSWER);
    close(fds[1]);
    close(fds[2]);
    stop(&fixture);
}

static uint64_t
cpu_us(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
           (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void
test_without_descriptors_one_is_refused_and_the_others_wait(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int first = connect_client(&fixture);
    int second = connect_client(&fixture);
    say(second, NONE);
    struct rlimit before;
    getrlimit(RLIMIT_NOFILE, &before);
    struct rlimit tight = { (rlim_t)second + 1, before.rlim_max };
    setrlimit(RLIMIT_NOFILE, &tight);
    expect_refusal(&fixture, first, "HTTP/1.1 503 ");
    uint64_t cpu = cpu_us();
    struct timeval half = { 0, 80000 };
    event_base_loopexit(fixture.base, &half);
    event_base_dispatch(fixture.base);
    assert_true(cpu_us() - cpu < 40000);
    setrlimit(RLIMIT_NOFILE, &before);
    expect(&fixture, second, NONE_ANSWER);
    close(second);
    stop(&fixture);
}

static void
test_a_socket_that_does_not_listen_is_not_adopted(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(http_server_adopt(fixture.server, fd), SP_IO);
    assert_int_equal(close(fd), 0);
    assert_int_equal(http_server_adopt(fixture.server, -1), SP_IO);
    stop(&fixture);
}

/* ---- listening ---- */

static void
test_addresses_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    static const char *const addresses[] = { "",          "127.0.0.1",    "127.0.0.1:",      "127.0.0.1:0", "*",
                                             "*:65536",   "*:x",          "localhost:8400",  "[::1]",       "::1",
                                             "1.2.3:80:", "127.0.0.1:-1", "127.0.0.1:80000", "unix:" };
    struct fixture fixture;
    start_default(&fixture);
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        const char *why = NULL;
        assert_int_not_equal(http_server_listen(fixture.server, addresses[i], &why), SP_OK);
        assert_non_null(why);
    }
    stop(&fixture);
}

static void
test_tcp_is_listened_on_once(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    in_port_t port = 0;
    close(listening_socket(&port));
    char address[64];
    const char *why = NULL;
    snprintf(address, sizeof address, "127.0.0.1:%u", ntohs(port));
    assert_int_equal(http_server_listen(fixture.server, address, &why), SP_OK);
    assert_int_equal(http_server_listen(fixture.server, address, &why), SP_IO);
    assert_non_null(strstr(why, "in use"));
    fixture.port = port;
    int fd = connect_client(&fixture);
    say(fd, "GET /peer HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(&fixture, fd, ECHO_ANSWER("1", "4"));
    close(fd);
    stop(&fixture);
}

static int
connect_unix(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void
test_a_unix_socket_replaces_what_is_stale_and_nothing_else(void **state)
{
    (void)state;
    char folder[] = "/tmp/sporlos-http-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char address[64];
    snprintf(address, sizeof address, "unix:%s/s", folder);
    const char *path = address + 5;
    const char *why = NULL;
    struct fixture fixture, other;
    start_default(&fixture);
    start_default(&other);
    assert_int_equal(http_server_listen(fixture.server, address, &why), SP_OK);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0660);
    assert_int_equal(http_server_listen(other.server, address, &why), SP_IO);
    assert_string_equal(why, "another process listens on this socket");
    int fd = connect_unix(path);
    say(fd, "GET /peer HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(&fixture, fd, ECHO_ANSWER("1", "u"));
    close(fd);
    stop(&fixture); /* leaves the file, as a crash would */
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(http_server_listen(other.server, address, &why), SP_OK);
    stop(&other);
    assert_int_equal(unlink(path), 0);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    start_default(&fixture);
    assert_int_equal(http_server_listen(fixture.server, address, &why), SP_IO);
    assert_int_equal(stat(path, &status), 0);
    assert_true(S_ISREG(status.st_mode));
    stop(&fixture);
    unlink(path);
    rmdir(folder);
}

int
main(void)
{
    signal(SIGPIPE, SIG_DFL); /* the server itself must never raise it */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beyond_the_cap_peers_wait),
        cmocka_unit_test(test_without_descriptors_one_is_refused_and_the_others_wait),
        cmocka_unit_test(test_a_socket_that_does_not_listen_is_not_adopted),
        cmocka_unit_test(test_addresses_that_make_no_sense_are_refused),
        cmocka_unit_test(test_tcp_is_listened_on_once),
        cmocka_unit_test(test_a_unix_socket_replaces_what_is_stale_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
