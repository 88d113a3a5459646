#include "http_fixture.h"

/* PROXY headers on real sockets: only on their own listener, once a connection, however they are cut. */

#define PEER "GET /peer HTTP/1.1\r\nHost: a\r\n\r\n"
#define PEER_ANSWER(letter) ECHO_ANSWER("1", letter)
#define V1 "PROXY TCP4 192.0.2.77 127.0.0.1 12345 80\r\n" /* the fixture keeps the last octet: 'M' */
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define V2 SIGNATURE "\x21\x11\x00\x0f\xc0\x00\x02\x4d\x7f\x00\x00\x01\x30\x39\x00\x50\x04\x00\x00"
#define V2_LOCAL SIGNATURE "\x20\x00\x00\x00"

struct proxy_fixture {
    struct fixture server;
    char folder[40], address[64];
};

static void
start_proxy(struct proxy_fixture *fixture, const struct http_server_options *options)
{
    const char *why = NULL;
    start(&fixture->server, options);
    strcpy(fixture->folder, "/tmp/sporlos-proxy-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->address, sizeof fixture->address, "unix:%s/s", fixture->folder);
    assert_int_equal(http_server_listen_proxy(fixture->server.server, fixture->address, &why), SP_OK);
}

static void
start_proxy_default(struct proxy_fixture *fixture)
{
    struct http_server_options options = http_server_defaults();
    start_proxy(fixture, &options);
}

static void
stop_proxy(struct proxy_fixture *fixture)
{
    stop(&fixture->server);
    unlink(fixture->address + 5);
    rmdir(fixture->folder);
}

static int
connect_proxy(const struct proxy_fixture *fixture)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strcpy(address.sun_path, fixture->address + 5);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void
say_bytes(int fd, const char *bytes, size_t length)
{
    assert_int_equal(send(fd, bytes, length, MSG_NOSIGNAL), length);
}

/* The server closes without a word; it may have left bytes unread. */
static void
expect_cut(struct fixture *fixture, int fd)
{
    char out[64];
    int closed = 0;
    assert_int_equal(receive(fixture, fd, out, sizeof out, &closed), 0);
    assert_int_not_equal(closed, 0);
    close(fd);
}

static void
test_the_client_of_the_header_is_the_peer(void **state)
{
    (void)state;
    struct proxy_fixture fixture;
    start_proxy_default(&fixture);
    static const struct {
        const char *bytes;
        size_t length;
        const char *answer;
    } rows[] = {
        { V1 PEER, sizeof(V1 PEER) - 1, PEER_ANSWER("M") },
        { V2 PEER, sizeof(V2 PEER) - 1, PEER_ANSWER("M") },
        { "PROXY TCP6 2001:db8::1 ::1 1 2\r\n" PEER, sizeof("PROXY TCP6 2001:db8::1 ::1 1 2\r\n" PEER) - 1,
          PEER_ANSWER("6") },
        { "PROXY UNKNOWN\r\n" PEER, sizeof("PROXY UNKNOWN\r\n" PEER) - 1, PEER_ANSWER("u") },
        { V2_LOCAL PEER, sizeof(V2_LOCAL PEER) - 1, PEER_ANSWER("u") },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int fd = connect_proxy(&fixture);
        say_bytes(fd, rows[i].bytes, rows[i].length);
        expect(&fixture.server, fd, rows[i].answer);
        say(fd, PEER); /* and so is that of every request after it */
        expect(&fixture.server, fd, rows[i].answer);
        close(fd);
    }
    stop_proxy(&fixture);
}

static void
cut_everywhere(struct proxy_fixture *fixture, const char *bytes, size_t length)
{
    for (size_t cut = 1; cut < length; cut++) {
        int fd = connect_proxy(fixture);
        say_bytes(fd, bytes, cut);
        turn(&fixture->server);
        say_bytes(fd, bytes + cut, length - cut);
        expect(&fixture->server, fd, PEER_ANSWER("M"));
        close(fd);
    }
}

static void
test_headers_may_come_in_pieces(void **state)
{
    (void)state;
    struct proxy_fixture fixture;
    start_proxy_default(&fixture);
    cut_everywhere(&fixture, V1 PEER, sizeof(V1 PEER) - 1);
    cut_everywhere(&fixture, V2 PEER, sizeof(V2 PEER) - 1);
    int fd = connect_proxy(&fixture);
    for (size_t i = 0; i < sizeof(V2 PEER) - 1; i++) {
        say_bytes(fd, &(V2 PEER)[i], 1);
        turn(&fixture.server);
    }
    expect(&fixture.server, fd, PEER_ANSWER("M"));
    close(fd);
    stop_proxy(&fixture);
}

static void
test_anything_else_is_cut_off_without_an_answer(void **state)
{
    (void)state;
    static const char rubbish[] = "proxy TCP4 192.0.2.77 127.0.0.1 1 2\r\n" PEER;
    static const char *const rows[] = { PEER, "PROXY TCP4 rubbish\r\n", rubbish, "\r\n\r\nX" };
    struct proxy_fixture fixture;
    start_proxy_default(&fixture);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int fd = connect_proxy(&fixture);
        say(fd, rows[i]);
        expect_cut(&fixture.server, fd);
    }
    assert_int_equal(fixture.server.requests, 0);
    assert_int_equal(http_server_statistics(fixture.server.server).proxy_refused, sizeof rows / sizeof rows[0]);
    assert_int_equal(http_server_statistics(fixture.server.server).open, 0);
    stop_proxy(&fixture);
}

static void
test_a_second_header_is_no_request(void **state)
{
    (void)state;
    struct proxy_fixture fixture;
    start_proxy_default(&fixture);
    int fd = connect_proxy(&fixture);
    say(fd, V1 V1);
    expect_refusal(&fixture.server, fd, "HTTP/1.1 501 "); /* a method that nobody knows */
    fd = connect_proxy(&fixture);
    say(fd, V1 PEER);
    expect(&fixture.server, fd, PEER_ANSWER("M"));
    say(fd, V1);
    expect_refusal(&fixture.server, fd, "HTTP/1.1 501 ");
    assert_int_equal(fixture.server.requests, 1);
    stop_proxy(&fixture);
}

static void
test_a_plain_listener_takes_no_header(void **state)
{
    (void)state;
    struct proxy_fixture fixture;
    start_proxy_default(&fixture);
    int fd = connect_client(&fixture.server);
    say(fd, V1 PEER);
    expect_refusal(&fixture.server, fd, "HTTP/1.1 501 ");
    fd = connect_client(&fixture.server);
    say_bytes(fd, V2 PEER, sizeof(V2 PEER) - 1);
    expect_refusal(&fixture.server, fd, "HTTP/1.1 400 ");
    assert_int_equal(fixture.server.requests, 0);
    stop_proxy(&fixture);
}

static void
test_who_sends_no_header_has_as_much_time_as_for_a_head(void **state)
{
    (void)state;
    struct proxy_fixture fixture;
    struct http_server_options options = quick_options();
    start_proxy(&fixture, &options);
    int silent = connect_proxy(&fixture);
    int slow = connect_proxy(&fixture);
    int late = connect_proxy(&fixture);
    say(slow, "PROXY TCP4 192.0.2.77 ");
    say(late, V1); /* the request's time runs since accepting, too */
    int64_t began = clock_monotonic_ms();
    expect_cut(&fixture.server, silent);
    expect_cut(&fixture.server, slow);
    expect_cut(&fixture.server, late);
    assert_in_range(clock_monotonic_ms() - began, 100, 2000);
    assert_int_equal(http_server_statistics(fixture.server.server).timed_out, 3);
    stop_proxy(&fixture);
}

/* ---- refusing and hearing of the end ---- */

static void
test_who_is_refused_is_closed_at_once_and_never_heard_of_again(void **state)
{
    (void)state;
    struct proxy_fixture fixture;
    start_proxy_default(&fixture);
    fixture.server.refuse[HTTP_ARRIVAL_DIRECT] = fixture.server.refuse[HTTP_ARRIVAL_PROXY] = true;
    int fd = connect_client(&fixture.server);
    expect_cut(&fixture.server, fd);
    fd = connect_proxy(&fixture);
    expect_cut(&fixture.server, fd);
    assert_int_equal(fixture.server.closed, 0);
    assert_int_equal(http_server_statistics(fixture.server.server).turned_away, 2);
    assert_int_equal(http_server_statistics(fixture.server.server).open, 0);
    fixture.server.refuse[HTTP_ARRIVAL_DIRECT] = false;
    fd = connect_client(&fixture.server);
    say(fd, NONE);
    expect(&fixture.server, fd, NONE_ANSWER);
    close(fd);
    stop_proxy(&fixture);
}

static void
test_a_refused_client_of_a_welcome_proxy_is_closed(void **state)
{
    (void)state;
    struct proxy_fixture fixture;
    start_proxy_default(&fixture);
    fixture.server.refuse[HTTP_ARRIVAL_PROXIED] = true;
    int fd = connect_proxy(&fixture);
    say(fd, V1 PEER);
    expect_cut(&fixture.server, fd);
    assert_int_equal(fixture.server.requests, 0);
    assert_int_equal(fixture.server.closed, 1);
    assert_int_equal(fixture.server.closed_peer, 'M');
    stop_proxy(&fixture);
}

static void
test_every_end_of_a_welcome_connection_is_told_once(void **state)
{
    (void)state;
    struct proxy_fixture fixture;
    struct http_server_options options = quick_options();
    start_proxy(&fixture, &options);
    int fd = connect_client(&fixture.server);
    say(fd, NONE);
    expect(&fixture.server, fd, NONE_ANSWER);
    close(fd); /* the peer leaves */
    turns(&fixture.server, 20);
    assert_int_equal(fixture.server.closed, 1);
    assert_int_equal(fixture.server.closed_peer, '4');
    fd = connect_client(&fixture.server);
    say(fd, "rubbish\r\n"); /* refused */
    expect_refusal(&fixture.server, fd, "HTTP/1.1 400 ");
    turns(&fixture.server, 20);
    assert_int_equal(fixture.server.closed, 2);
    fd = connect_client(&fixture.server); /* says nothing */
    expect_cut(&fixture.server, fd);
    assert_int_equal(fixture.server.closed, 3);
    fd = connect_client(&fixture.server);
    say(fd, LATER);
    turns(&fixture.server, 20);
    close(fd); /* gone before the answer */
    turns(&fixture.server, 600);
    http_respond(fixture.server.later[0], 204, span_of(NULL, 0), span_of(NULL, 0));
    turns(&fixture.server, 20);
    assert_int_equal(fixture.server.closed, 4);
    assert_int_equal(fixture.server.accepted, 4);
    fd = connect_proxy(&fixture); /* cut off by the end of the server */
    say(fd, V1);
    turns(&fixture.server, 20);
    stop_proxy(&fixture);
    assert_int_equal(fixture.server.closed, 5);
    assert_int_equal(fixture.server.closed_peer, 'M');
    close(fd);
}

static void
test_draining_does_not_wait_for_a_header(void **state)
{
    (void)state;
    struct proxy_fixture fixture;
    start_proxy_default(&fixture);
    int fd = connect_proxy(&fixture);
    turns(&fixture.server, 20);
    http_server_drain(fixture.server.server, on_drained, &fixture.server);
    expect_cut(&fixture.server, fd);
    turns(&fixture.server, 20);
    assert_int_equal(fixture.server.drained, 1);
    stop_proxy(&fixture);
}

int
main(void)
{
    signal(SIGPIPE, SIG_DFL);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_client_of_the_header_is_the_peer),
        cmocka_unit_test(test_headers_may_come_in_pieces),
        cmocka_unit_test(test_anything_else_is_cut_off_without_an_answer),
        cmocka_unit_test(test_a_second_header_is_no_request),
        cmocka_unit_test(test_a_plain_listener_takes_no_header),
        cmocka_unit_test(test_who_sends_no_header_has_as_much_time_as_for_a_head),
        cmocka_unit_test(test_who_is_refused_is_closed_at_once_and_never_heard_of_again),
        cmocka_unit_test(test_a_refused_client_of_a_welcome_proxy_is_closed),
        cmocka_unit_test(test_every_end_of_a_welcome_connection_is_told_once),
        cmocka_unit_test(test_draining_does_not_wait_for_a_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
