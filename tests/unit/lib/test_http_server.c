/* Real sockets, one thread: the client's side is polled between turns of the server's loop. */
#include "sporlos/http_server.h"

#include "sporlos/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../lib/http_internal.h"

enum { WAIT_MS = 5000, BIG = 8 * 1024 * 1024, LATER_MAX = 8 };

struct fixture {
    struct event_base *base;
    struct http_server *server;
    in_port_t port;
    struct http_exchange *later[LATER_MAX];
    unsigned later_count;
    unsigned accepted, requests, drained;
    int refused_status;
    char *big;
};

/* ---- the server's side ---- */

static void
on_accept(void *context, const struct sockaddr *address, socklen_t length, unsigned char peer[HTTP_PEER_BYTES])
{
    struct fixture *fixture = context;
    fixture->accepted++;
    assert_true(length > 0);
    peer[0] = address->sa_family == AF_INET ? '4' : 'u';
}

static void
answer(struct fixture *fixture, struct http_exchange *exchange, const struct http_request *request)
{
    const struct span none = { NULL, 0 };
    if (span_equal(request->path, SPAN_LITERAL("/none")))
        http_respond(exchange, 204, SPAN_LITERAL("X-A: b\r\n"), SPAN_LITERAL("never sent"));
    else if (span_equal(request->path, SPAN_LITERAL("/echo")))
        http_respond(exchange, 200, none, request->body);
    else if (span_equal(request->path, SPAN_LITERAL("/peer")))
        http_respond(exchange, 200, none, span_of((const char *)http_exchange_peer(exchange), 1));
    else if (span_equal(request->path, SPAN_LITERAL("/close")))
        http_respond_close(exchange, 299, none, none);
    else if (span_equal(request->path, SPAN_LITERAL("/big")))
        http_respond(exchange, 200, none, span_of(fixture->big, BIG));
    else
        fixture->later[fixture->later_count++] = exchange;
}

static void
on_request(void *context, struct http_exchange *exchange, const struct http_request *request)
{
    struct fixture *fixture = context;
    fixture->requests++;
    answer(fixture, exchange, request);
}

static void
on_refused(void *context, int status)
{
    ((struct fixture *)context)->refused_status = status;
}

static void
on_drained(void *context)
{
    ((struct fixture *)context)->drained++;
}

static void
turn(struct fixture *fixture)
{
    event_base_loop(fixture->base, EVLOOP_NONBLOCK);
    usleep(500);
}

static void
turns(struct fixture *fixture, int ms)
{
    for (int64_t end = clock_monotonic_ms() + ms; clock_monotonic_ms() < end;)
        turn(fixture);
}

static int
listening_socket(in_port_t *port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(fd, 64), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    *port = address.sin_port;
    return fd;
}

static struct http_server_options
quick_options(void)
{
    struct http_server_options options = http_server_defaults();
    options.head_ms = options.body_ms = 200;
    options.request_ms = 400;
    options.idle_ms = 600;
    return options;
}

static void
start(struct fixture *fixture, const struct http_server_options *options)
{
    *fixture = (struct fixture){ .base = event_base_new(), .big = calloc(1, BIG) };
    memset(fixture->big, 'b', BIG);
    const struct http_handler handler = { on_accept, on_request, on_refused, fixture };
    assert_int_equal(http_server_new(fixture->base, options, &handler, &fixture->server), SP_OK);
    assert_int_equal(http_server_adopt(fixture->server, listening_socket(&fixture->port)), SP_OK);
}

static void
start_default(struct fixture *fixture)
{
    struct http_server_options options = http_server_defaults();
    start(fixture, &options);
}

static void
stop(struct fixture *fixture)
{
    http_server_free(fixture->server);
    event_base_free(fixture->base);
    free(fixture->big);
}

/* ---- the client's side ---- */

static int
connect_client(struct fixture *fixture)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                   .sin_port = fixture->port };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void
say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Receive until expected bytes are there or the server closes. Returns how many; *closed: 1 closed, -1 reset. */
static size_t
receive(struct fixture *fixture, int fd, char *out, size_t expected, int *closed)
{
    size_t have = 0;
    *closed = 0;
    int64_t end = clock_monotonic_ms() + WAIT_MS;
    while (have < expected && *closed == 0 && clock_monotonic_ms() < end) {
        event_base_loop(fixture->base, EVLOOP_NONBLOCK);
        ssize_t got = recv(fd, out + have, expected - have, MSG_DONTWAIT);
        if (got > 0)
            have += (size_t)got;
        else if (got == 0)
            *closed = 1;
        else if (errno == EAGAIN)
            poll(&(struct pollfd){ fd, POLLIN, 0 }, 1, 1);
        else
            *closed = -1;
    }
    return have;
}

static void
expect(struct fixture *fixture, int fd, const char *text)
{
    char out[4096];
    int closed = 0;
    size_t got = receive(fixture, fd, out, strlen(text), &closed);
    out[got] = '\0';
    assert_string_equal(out, text);
}

/* Nothing more comes, and the server has closed in order. */
static void
expect_end(struct fixture *fixture, int fd)
{
    char out[256];
    int closed = 0;
    size_t got = receive(fixture, fd, out, sizeof out, &closed);
    assert_int_equal(got, 0);
    assert_int_equal(closed, 1);
    close(fd);
}

/* A refusal with this status line, then the end. */
static void
expect_refusal(struct fixture *fixture, int fd, const char *line)
{
    char out[1024];
    int closed = 0;
    size_t got = receive(fixture, fd, out, sizeof out - 1, &closed);
    out[got] = '\0';
    assert_int_equal(strncmp(out, line, strlen(line)), 0);
    assert_non_null(strstr(out, "\r\nConnection: close\r\n"));
    assert_int_equal(closed, 1);
    close(fd);
}

static void
expect_silence(struct fixture *fixture, int fd, int ms)
{
    char byte = 0;
    turns(fixture, ms);
    assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
    assert_int_equal(errno, EAGAIN);
}

#define NONE "GET /none HTTP/1.1\r\nHost: a\r\n\r\n"
#define NONE_ANSWER "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n"
#define NONE_LAST "HTTP/1.1 204 No Content\r\nConnection: close\r\nX-A: b\r\n\r\n"
#define ECHO(length, body) "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " length "\r\n\r\n" body
#define ECHO_ANSWER(length, body) "HTTP/1.1 200 OK\r\nContent-Length: " length "\r\n\r\n" body
#define LATER "GET /later HTTP/1.1\r\nHost: a\r\n\r\n"

/* ---- requests ---- */

static void
test_a_connection_is_kept(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    for (int i = 0; i < 3; i++) {
        say(fd, NONE);
        expect(&fixture, fd, NONE_ANSWER);
    }
    assert_int_equal(fixture.accepted, 1);
    assert_int_equal(http_server_statistics(fixture.server).requests, 3);
    assert_int_equal(http_server_statistics(fixture.server).open, 1);
    close(fd);
    turns(&fixture, 20);
    assert_int_equal(http_server_statistics(fixture.server).open, 0);
    stop(&fixture);
}

static void
test_pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, NONE ECHO("3", "one") ECHO("0", "") ECHO("3", "two") NONE "GET /echo HT");
    expect(&fixture, fd, NONE_ANSWER ECHO_ANSWER("3", "one") ECHO_ANSWER("0", "") ECHO_ANSWER("3", "two") NONE_ANSWER);
    say(fd, "TP/1.1\r\nHost: a\r\n\r\n");
    expect(&fixture, fd, ECHO_ANSWER("0", ""));
    close(fd);
    stop(&fixture);
}

static void
test_a_request_may_come_byte_by_byte(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    assert_int_equal(setsockopt(fd, IPPROTO_TCP, 1 /* TCP_NODELAY */, &(int){ 1 }, sizeof(int)), 0);
    const char *text = ECHO("4", "abcd") NONE;
    for (size_t i = 0; i < strlen(text); i++) {
        assert_int_equal(send(fd, text + i, 1, 0), 1);
        event_base_loop(fixture.base, EVLOOP_NONBLOCK);
    }
    expect(&fixture, fd, ECHO_ANSWER("4", "abcd") NONE_ANSWER);
    close(fd);
    stop(&fixture);
}

static void
test_head_gets_no_body(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, "HEAD /peer HTTP/1.1\r\nHost: a\r\n\r\n" NONE);
    expect(&fixture, fd, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" NONE_ANSWER);
    close(fd);
    stop(&fixture);
}

static void
test_close_is_honoured_from_either_side(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, "GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" NONE);
    expect(&fixture, fd, NONE_LAST);
    expect_end(&fixture, fd);
    fd = connect_client(&fixture);
    say(fd, "GET /none HTTP/1.0\r\n\r\n");
    expect(&fixture, fd, NONE_LAST);
    expect_end(&fixture, fd);
    fd = connect_client(&fixture);
    say(fd, "GET /close HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(&fixture, fd, "HTTP/1.1 299 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    expect_end(&fixture, fd);
    assert_int_equal(fixture.requests, 3);
    stop(&fixture);
}

static void
test_a_peer_that_has_closed_its_half_still_gets_its_answer(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, LATER);
    shutdown(fd, SHUT_WR);
    turns(&fixture, 50);
    http_respond(fixture.later[0], 200, span_of(NULL, 0), SPAN_LITERAL("x"));
    expect(&fixture, fd, ECHO_ANSWER("1", "x"));
    expect_end(&fixture, fd);
    stop(&fixture);
}

static void
test_connection_ends_after_its_number_of_requests(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = http_server_defaults();
    options.requests_per_connection = 2;
    start(&fixture, &options);
    int fd = connect_client(&fixture);
    say(fd, NONE NONE NONE);
    expect(&fixture, fd, NONE_ANSWER NONE_LAST);
    expect_end(&fixture, fd);
    assert_int_equal(fixture.requests, 2);
    stop(&fixture);
}

static void
test_a_body_larger_than_the_buffer_arrives_whole(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = http_server_defaults();
    options.body_max_bytes = 65536;
    start(&fixture, &options);
    static char request[70000], out[70000];
    int head = sprintf(request, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n");
    for (int i = 0; i < 65536; i++)
        request[head + i] = (char)('a' + i % 23);
    int fd = connect_client(&fixture);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(send(fd, request, (size_t)head + 65536, 0), head + 65536);
        expect(&fixture, fd, "HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n");
        int closed = 0;
        assert_int_equal(receive(&fixture, fd, out, 65536, &closed), 65536);
        assert_memory_equal(out, request + head, 65536);
    }
    say(fd, NONE);
    expect(&fixture, fd, NONE_ANSWER);
    say(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n");
    expect_refusal(&fixture, fd, "HTTP/1.1 413 ");
    stop(&fixture);
}

static void
test_a_refusal_is_readable_though_the_peer_goes_on_sending(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    static char flood[100000];
    memset(flood, 'x', sizeof flood);
    int fd = connect_client(&fixture);
    say(fd, NONE "GET / HTTP/1.1\nHost: a\n\n");
    assert_int_equal(send(fd, flood, sizeof flood, MSG_NOSIGNAL), sizeof flood);
    expect(&fixture, fd, NONE_ANSWER);
    turns(&fixture, 20);
    expect_refusal(&fixture, fd, "HTTP/1.1 400 Bad Request\r\n");
    assert_int_equal(fixture.refused_status, 400);
    assert_int_equal(http_server_statistics(fixture.server).refused, 1);
    stop(&fixture);
}

static void
test_nothing_of_a_request_stays_in_memory(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, LATER);
    turns(&fixture, 20);
    const struct http_connection *connection = (const void *)fixture.later[0];
    for (size_t i = 0; i < sizeof connection->buffer; i++)
        assert_int_equal(connection->buffer[i], 0);
    http_respond(fixture.later[0], 204, span_of(NULL, 0), span_of(NULL, 0));
    expect(&fixture, fd, "HTTP/1.1 204 No Content\r\n\r\n");
    say(fd, NONE NONE "GET /192.0.2.77");
    expect(&fixture, fd, NONE_ANSWER NONE_ANSWER);
    for (size_t i = connection->used; i < sizeof connection->buffer; i++)
        assert_int_equal(connection->buffer[i], 0);
    assert_int_equal(connection->used, 15);
    close(fd);
    turns(&fixture, 20);
    assert_ptr_equal(fixture.server->spares, connection);
    for (size_t i = 0; i < sizeof connection->buffer; i++)
        assert_int_equal(connection->buffer[i], 0);
    assert_int_equal(connection->exchange.peer[0], 0);
    stop(&fixture);
}

/* ---- answers ---- */

static void
test_a_slow_reader_gets_everything_and_nothing_else_before(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n" NONE);
    turns(&fixture, 50);
    assert_int_equal(fixture.requests, 1);
    expect(&fixture, fd, "HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\n");
    char *out = malloc(BIG);
    int closed = 0;
    assert_int_equal(receive(&fixture, fd, out, BIG, &closed), BIG);
    assert_memory_equal(out, fixture.big, BIG);
    free(out);
    expect(&fixture, fd, NONE_ANSWER);
    say(fd, NONE);
    expect(&fixture, fd, NONE_ANSWER);
    close(fd);
    stop(&fixture);
}

static void
test_answers_may_come_later_and_what_is_pipelined_waits(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, LATER LATER NONE);
    expect_silence(&fixture, fd, 30);
    assert_int_equal(fixture.later_count, 1);
    assert_int_equal(http_exchange_peer(fixture.later[0])[0], '4');
    http_respond(fixture.later[0], 200, span_of(NULL, 0), SPAN_LITERAL("first"));
    assert_int_equal(fixture.later_count, 1); /* never from inside the call */
    expect(&fixture, fd, ECHO_ANSWER("5", "first"));
    turns(&fixture, 20);
    assert_int_equal(fixture.later_count, 2);
    say(fd, NONE);
    expect_silence(&fixture, fd, 20);
    http_respond(fixture.later[1], 200, span_of(NULL, 0), SPAN_LITERAL("second"));
    expect(&fixture, fd, ECHO_ANSWER("6", "second") NONE_ANSWER NONE_ANSWER);
    close(fd);
    stop(&fixture);
}

static void
test_an_answer_to_a_peer_that_has_left_goes_nowhere(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    for (unsigned reset = 0; reset < 2; reset++) {
        int fd = connect_client(&fixture);
        say(fd, LATER);
        turns(&fixture, 20);
        struct linger hard = { (int)reset, 0 };
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard), 0);
        close(fd);
        turns(&fixture, 20);
        assert_int_equal(http_server_statistics(fixture.server).open, 1);
        http_respond(fixture.later[reset], 200, span_of(NULL, 0), SPAN_LITERAL("x"));
        turns(&fixture, 20);
        assert_int_equal(http_server_statistics(fixture.server).open, 0);
    }
    stop(&fixture);
}

static void
test_an_exchange_outlives_the_server(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, LATER);
    turns(&fixture, 20);
    assert_int_equal(fixture.later_count, 1);
    stop(&fixture);
    http_respond(fixture.later[0], 200, span_of(NULL, 0), SPAN_LITERAL("x"));
    close(fd);
}

/* ---- deadlines ---- */

static void
test_slow_requests_are_refused_and_idle_connections_closed(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = quick_options();
    start(&fixture, &options);
    int64_t before = clock_monotonic_ms();
    int head = connect_client(&fixture);
    int body = connect_client(&fixture);
    int silent = connect_client(&fixture);
    say(head, "GET / HTTP/1.1\r\nHo");
    say(body, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc");
    expect_end(&fixture, silent);
    expect_refusal(&fixture, head, "HTTP/1.1 408 ");
    expect_refusal(&fixture, body, "HTTP/1.1 408 ");
    assert_in_range(clock_monotonic_ms() - before, 150, 300);
    int idle = connect_client(&fixture);
    say(idle, NONE);
    expect(&fixture, idle, NONE_ANSWER);
    before = clock_monotonic_ms();
    expect_end(&fixture, idle);
    assert_in_range(clock_monotonic_ms() - before, 500, 750);
    assert_int_equal(http_server_statistics(fixture.server).timed_out, 3);
    stop(&fixture);
}

static void
test_a_trickle_does_not_move_the_deadline(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = quick_options();
    start(&fixture, &options);
    int fd = connect_client(&fixture);
    say(fd, "GET / HTTP/1.1\r\nX: ");
    int64_t before = clock_monotonic_ms();
    while (http_server_statistics(fixture.server).refused == 0 && clock_monotonic_ms() < before + WAIT_MS) {
        say(fd, "x");
        turns(&fixture, 10);
    }
    assert_in_range(clock_monotonic_ms() - before, 100, 350);
    expect_refusal(&fixture, fd, "HTTP/1.1 408 ");
    stop(&fixture);
}

static void
test_a_peer_that_does_not_read_is_dropped(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = quick_options();
    start(&fixture, &options);
    int fd = connect_client(&fixture);
    say(fd, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    turns(&fixture, 100);
    assert_int_equal(http_server_statistics(fixture.server).open, 1);
    turns(&fixture, 500);
    assert_int_equal(http_server_statistics(fixture.server).open, 0);
    close(fd);
    stop(&fixture);
}

static void
test_a_handler_that_takes_too_long_is_answered_for(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = quick_options();
    start(&fixture, &options);
    int fd = connect_client(&fixture);
    say(fd, LATER);
    expect(&fixture, fd, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    expect_end(&fixture, fd);
    assert_int_equal(fixture.refused_status, 503);
    assert_int_equal(http_server_statistics(fixture.server).open, 1);
    http_respond(fixture.later[0], 200, span_of(NULL, 0), SPAN_LITERAL("x"));
    assert_int_equal(http_server_statistics(fixture.server).open, 0);
    stop(&fixture);
}

static int64_t stopped_ms; /* how long the process seems to have been stopped */

static int64_t
late_monotonic(void *context)
{
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + stopped_ms;
}

static void
test_a_process_that_was_stopped_blames_no_peer(void **state)
{
    (void)state;
    const struct clock_source late = { .monotonic_ms = late_monotonic };
    struct fixture fixture;
    start_default(&fixture);
    stopped_ms = 0;
    clock_replace(&late);
    int fd = connect_client(&fixture);
    say(fd, NONE "GET /no");
    expect(&fixture, fd, NONE_ANSWER);
    stopped_ms = 3600000;
    turns(&fixture, 600);
    say(fd, "ne HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(&fixture, fd, NONE_ANSWER);
    clock_replace(NULL);
    close(fd);
    stop(&fixture);
}

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

/* ---- draining ---- */

static void
test_draining_ends_what_is_under_way_and_then_reports_once(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int idle = connect_client(&fixture);
    int busy = connect_client(&fixture);
    int late = connect_client(&fixture);
    say(idle, NONE);
    expect(&fixture, idle, NONE_ANSWER);
    say(busy, LATER);
    say(late, NONE);
    expect(&fixture, late, NONE_ANSWER);
    turns(&fixture, 20);
    int queued = connect_client(&fixture); /* in the kernel's queue when draining begins */
    http_server_drain(fixture.server, on_drained, &fixture);
    say(queued, NONE);
    expect(&fixture, queued, NONE_LAST);
    expect_end(&fixture, queued);
    say(late, NONE);
    expect(&fixture, late, NONE_LAST);
    expect_end(&fixture, late);
    expect_end(&fixture, idle);
    turns(&fixture, 20);
    assert_int_equal(fixture.drained, 0);
    http_respond(fixture.later[0], 200, span_of(NULL, 0), SPAN_LITERAL("x"));
    expect(&fixture, busy, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
    expect_end(&fixture, busy);
    turns(&fixture, 20);
    assert_int_equal(fixture.drained, 1);
    assert_int_equal(http_server_statistics(fixture.server).open, 0);
    stop(&fixture);
}

static void
free_when_drained(void *context)
{
    struct fixture *fixture = context;
    fixture->drained++;
    http_server_free(fixture->server);
    fixture->server = NULL;
}

static void
test_draining_without_connections_reports_from_the_loop(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    http_server_drain(fixture.server, free_when_drained, &fixture);
    assert_int_equal(fixture.drained, 0);
    turns(&fixture, 10);
    assert_int_equal(fixture.drained, 1);
    stop(&fixture);
}

static void
test_senseless_options_are_refused(void **state)
{
    (void)state;
    const struct http_handler handler = { on_accept, on_request, NULL, NULL };
    struct http_server *server = NULL;
    struct event_base *base = event_base_new();
    struct http_server_options options = http_server_defaults();
    options.connection_max = 0;
    assert_int_equal(http_server_new(base, &options, &handler, &server), SP_CONFIG);
    options = http_server_defaults();
    options.body_max_bytes = 1000000;
    assert_int_equal(http_server_new(base, &options, &handler, &server), SP_CONFIG);
    options = http_server_defaults();
    options.idle_ms = 0;
    assert_int_equal(http_server_new(base, &options, &handler, &server), SP_CONFIG);
    assert_null(server);
    event_base_free(base);
}

int
main(void)
{
    signal(SIGPIPE, SIG_DFL); /* the server itself must never raise it */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_connection_is_kept),
        cmocka_unit_test(test_pipelined_requests_are_answered_in_order),
        cmocka_unit_test(test_a_request_may_come_byte_by_byte),
        cmocka_unit_test(test_head_gets_no_body),
        cmocka_unit_test(test_close_is_honoured_from_either_side),
        cmocka_unit_test(test_a_peer_that_has_closed_its_half_still_gets_its_answer),
        cmocka_unit_test(test_connection_ends_after_its_number_of_requests),
        cmocka_unit_test(test_a_body_larger_than_the_buffer_arrives_whole),
        cmocka_unit_test(test_a_refusal_is_readable_though_the_peer_goes_on_sending),
        cmocka_unit_test(test_nothing_of_a_request_stays_in_memory),
        cmocka_unit_test(test_a_slow_reader_gets_everything_and_nothing_else_before),
        cmocka_unit_test(test_answers_may_come_later_and_what_is_pipelined_waits),
        cmocka_unit_test(test_an_answer_to_a_peer_that_has_left_goes_nowhere),
        cmocka_unit_test(test_an_exchange_outlives_the_server),
        cmocka_unit_test(test_slow_requests_are_refused_and_idle_connections_closed),
        cmocka_unit_test(test_a_trickle_does_not_move_the_deadline),
        cmocka_unit_test(test_a_peer_that_does_not_read_is_dropped),
        cmocka_unit_test(test_a_handler_that_takes_too_long_is_answered_for),
        cmocka_unit_test(test_a_process_that_was_stopped_blames_no_peer),
        cmocka_unit_test(test_beyond_the_cap_peers_wait),
        cmocka_unit_test(test_without_descriptors_one_is_refused_and_the_others_wait),
        cmocka_unit_test(test_a_socket_that_does_not_listen_is_not_adopted),
        cmocka_unit_test(test_addresses_that_make_no_sense_are_refused),
        cmocka_unit_test(test_tcp_is_listened_on_once),
        cmocka_unit_test(test_a_unix_socket_replaces_what_is_stale_and_nothing_else),
        cmocka_unit_test(test_draining_ends_what_is_under_way_and_then_reports_once),
        cmocka_unit_test(test_draining_without_connections_reports_from_the_loop),
        cmocka_unit_test(test_senseless_options_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
