/*
 * A server on real sockets and its clients, in one thread: the client's side is polled between turns of the server's
 * loop.
 */
#ifndef SPORLOS_HTTP_FIXTURE_H
#define SPORLOS_HTTP_FIXTURE_H

#include "sporlos/http_server.h"

#include "sporlos/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
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

enum { WAIT_MS = 5000, BIG = 8 * 1024 * 1024, LATER_MAX = 8 };

struct fixture {
    struct event_base *base;
    struct http_server *server;
    in_port_t port;
    struct http_exchange *later[LATER_MAX];
    unsigned later_count;
    unsigned accepted, requests, drained, closed;
    unsigned char closed_peer;
    bool refuse[3]; /* by enum http_arrival */
    int refused_status;
    char *big;
};

/* ---- the server's side ---- */

static inline bool
on_accept(void *context, enum http_arrival arrival, const struct sockaddr *address, socklen_t length,
          unsigned char peer[HTTP_PEER_BYTES])
{
    struct fixture *fixture = context;
    fixture->accepted += arrival != HTTP_ARRIVAL_PROXIED;
    assert_true(length > 0);
    peer[0] = address->sa_family == AF_INET ? '4' : address->sa_family == AF_INET6 ? '6' : 'u';
    if (arrival == HTTP_ARRIVAL_PROXIED && address->sa_family == AF_INET)
        peer[0] = ((const unsigned char *)&((const struct sockaddr_in *)(const void *)address)->sin_addr)[3];
    return !fixture->refuse[arrival];
}

static inline void
on_close(void *context, const unsigned char peer[HTTP_PEER_BYTES])
{
    struct fixture *fixture = context;
    fixture->closed++;
    fixture->closed_peer = peer[0];
}

static inline void
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

static inline void
on_request(void *context, struct http_exchange *exchange, const struct http_request *request)
{
    struct fixture *fixture = context;
    fixture->requests++;
    answer(fixture, exchange, request);
}

static inline void
on_refused(void *context, int status)
{
    ((struct fixture *)context)->refused_status = status;
}

static inline void
on_drained(void *context)
{
    ((struct fixture *)context)->drained++;
}

static inline void
turn(struct fixture *fixture)
{
    event_base_loop(fixture->base, EVLOOP_NONBLOCK);
    usleep(500);
}

static inline void
turns(struct fixture *fixture, int ms)
{
    for (int64_t end = clock_monotonic_ms() + ms; clock_monotonic_ms() < end;)
        turn(fixture);
}

static inline int
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

static inline struct http_server_options
quick_options(void)
{
    struct http_server_options options = http_server_defaults();
    options.head_ms = options.body_ms = 200;
    options.request_ms = 400;
    options.idle_ms = 600;
    return options;
}

static inline void
start(struct fixture *fixture, const struct http_server_options *options)
{
    *fixture = (struct fixture){ .base = event_base_new(), .big = calloc(1, BIG) };
    memset(fixture->big, 'b', BIG);
    const struct http_handler handler = { on_accept, on_request, on_refused, on_close, fixture };
    assert_int_equal(http_server_new(fixture->base, options, &handler, &fixture->server), SP_OK);
    assert_int_equal(http_server_adopt(fixture->server, listening_socket(&fixture->port)), SP_OK);
}

static inline void
start_default(struct fixture *fixture)
{
    struct http_server_options options = http_server_defaults();
    start(fixture, &options);
}

static inline void
stop(struct fixture *fixture)
{
    http_server_free(fixture->server);
    event_base_free(fixture->base);
    free(fixture->big);
}

/* ---- the client's side ---- */

static inline int
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

static inline void
say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Receive until expected bytes are there or the server closes. Returns how many; *closed: 1 closed, -1 reset. */
static inline size_t
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

static inline void
expect(struct fixture *fixture, int fd, const char *text)
{
    char out[4096];
    int closed = 0;
    size_t got = receive(fixture, fd, out, strlen(text), &closed);
    out[got] = '\0';
    assert_string_equal(out, text);
}

/* Nothing more comes, and the server has closed in order. */
static inline void
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
static inline void
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

static inline void
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

#endif
