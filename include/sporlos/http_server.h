/*
 * The one HTTP server of both programs, on a libevent loop: fixed buffers, absolute deadlines, no allocation a request.
 * Docs: docs/architecture.md; rules and reasons: docs/reliability.md.
 */
#ifndef SPORLOS_HTTP_SERVER_H
#define SPORLOS_HTTP_SERVER_H

#include "sporlos/error.h"
#include "sporlos/http_parse.h"

#include <stdint.h>
#include <sys/socket.h>

struct event_base;
struct http_server;
struct http_exchange; /* one request and its answer */

enum { HTTP_PEER_BYTES = 32 };

struct http_server_options {
    size_t body_max_bytes;            /* a longer body is refused with 413 */
    uint32_t connection_max;          /* beyond it accepting pauses */
    uint32_t requests_per_connection; /* then the connection is closed */
    int head_ms, body_ms, request_ms; /* absolute deadlines */
    int idle_ms;                      /* keep-alive without a request */
};

/* Collector: 4 KiB bodies; head 5 s, body 5 s, request 10 s, idle 75 s. */
struct http_server_options http_server_defaults(void);

struct http_handler {
    /*
     * A connection came from address. Fill peer with what the program may keep of it: the server wipes the address
     * right after, and nobody else ever sees it.
     */
    void (*on_accept)(void *context, const struct sockaddr *address, socklen_t length,
                      unsigned char peer[HTTP_PEER_BYTES]);
    /* A whole request is there. Answer with http_respond, now or later. */
    void (*on_request)(void *context, struct http_exchange *exchange, const struct http_request *request);
    /* The server itself refused a request with this status (for metrics); may be NULL. */
    void (*on_refused)(void *context, int status);
    void *context;
};

/* handler and options are copied, base is borrowed. */
SP_MUST_CHECK enum sp_error http_server_new(struct event_base *base, const struct http_server_options *options,
                                            const struct http_handler *handler, struct http_server **server);

/*
 * Listen on "127.0.0.1:8400", "[::1]:8400", "*:8400" or "unix:/path" (mode 0660; a stale socket file is replaced, one
 * in use is not). On failure a static or errno text of why goes to *why.
 */
SP_MUST_CHECK enum sp_error http_server_listen(struct http_server *server, const char *address, const char **why);

/* Stop accepting; connections close after the answer under way. done is called once, from the loop, when none is left.
 */
void http_server_drain(struct http_server *server, void (*done)(void *context), void *context);
void http_server_free(struct http_server *server);

struct http_server_statistics {
    uint64_t accepted, requests, refused, timed_out;
    uint32_t open; /* connections now */
};
struct http_server_statistics http_server_statistics(const struct http_server *server);

/* What on_accept kept of the peer; borrowed until the answer. */
unsigned char *http_exchange_peer(struct http_exchange *exchange);

/*
 * Answer and end the exchange. headers: complete lines, each ended by CRLF, borrowed for the call. Date and Server are
 * never sent; Content-Length and, where it must be, Connection: close are added. A body to HEAD, 204 or 304 is left
 * out. body is copied or sent before the call returns. Allowed after on_request has returned too: the request's spans
 * are then gone, but the exchange lives until it is answered, also when the peer has left (the answer then goes
 * nowhere).
 */
void http_respond(struct http_exchange *exchange, int status, struct span headers, struct span body);

/* As http_respond, and the connection is closed after it. */
void http_respond_close(struct http_exchange *exchange, int status, struct span headers, struct span body);

#endif
