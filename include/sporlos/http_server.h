/*
 * The one HTTP server of both programs, on a libevent loop: fixed buffers, absolute deadlines, no allocation a request.
 * Docs: docs/architecture.md.
 */
#ifndef SPORLOS_HTTP_SERVER_H
#define SPORLOS_HTTP_SERVER_H

#include "sporlos/error.h"
#include "sporlos/http_parse.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct event_base;
struct http_server;
struct http_exchange; /* one request and its answer */

enum {
    HTTP_PEER_BYTES = 32,
    HTTP_LISTENER_MAX = 16,
    HTTP_LINGER_MS = 1000, /* after a refusal the peer may read the answer for so long */
};

struct http_server_options {
    size_t body_max_bytes;            /* a longer body is refused with 413 */
    uint32_t connection_max;          /* beyond it accepting pauses */
    uint32_t requests_per_connection; /* then the connection is closed */
    /*
     * Absolute deadlines: of the head and the request from the first byte (of a new connection's first request: from
     * accepting), of the body from the end of the head. request_ms covers the answer too, until the peer has taken it.
     * Kept to a twentieth of the shortest, 10 to 250 ms, and never exceeded.
     */
    int head_ms, body_ms, request_ms;
    int idle_ms;  /* keep-alive without a request */
    int drain_ms; /* the same, once draining has begun: a request that was on its way then is still answered */
};

/* Collector: 4 KiB bodies; head 5 s, body 5 s, request 10 s, idle 75 s, drain 1 s. */
struct http_server_options http_server_defaults(void);

/* Whose address on_accept is shown. */
enum http_arrival {
    HTTP_ARRIVAL_DIRECT, /* the peer of a plain listener */
    HTTP_ARRIVAL_PROXY,  /* the peer of a listener that speaks the PROXY protocol */
    /* Later, on the same connection: the client in its PROXY header; AF_UNSPEC when that names none. */
    HTTP_ARRIVAL_PROXIED,
};

struct http_handler {
    /*
     * A connection came from address. Fill peer (all zero; for HTTP_ARRIVAL_PROXIED what it was before) with what the
     * program may keep of it: the server wipes the address right after, and nobody else ever sees it. False: the
     * connection is closed at once, without an answer.
     */
    bool (*on_accept)(void *context, enum http_arrival arrival, const struct sockaddr *address, socklen_t length,
                      unsigned char peer[HTTP_PEER_BYTES]);
    /* A whole request is there. Answer with http_respond, now or later. */
    void (*on_request)(void *context, struct http_exchange *exchange, const struct http_request *request);
    /* The server itself refused a request with this status (for metrics); may be NULL. */
    void (*on_refused)(void *context, int status);
    /*
     * A connection whose first on_accept said true is gone, with what peer holds now; may be NULL. Not called for those
     * that http_server_free cuts off in the middle of an exchange.
     */
    void (*on_close)(void *context, const unsigned char peer[HTTP_PEER_BYTES]);
    void *context;
};

/* handler and options are copied, base is borrowed. SP_CONFIG when an option is 0 or less or body_max_bytes > 999 999.
 */
SP_MUST_CHECK enum sp_error http_server_new(struct event_base *base, const struct http_server_options *options,
                                            const struct http_handler *handler, struct http_server **server);

/*
 * What a refusal of the server itself says: headers (as http_respond takes them) and body, borrowed until the next
 * call. request: its head, NULL where it could not be read to the end. What is left alone stays the reason as a plain
 * line.
 */
typedef void http_refusal_words(void *context, int status, const struct http_request *request, struct span *headers,
                                struct span *body);
/* Before listening; without, all of them are plain lines. */
void http_server_word_refusals(struct http_server *server, http_refusal_words *words, void *context);

/*
 * Listen on "127.0.0.1:8400", "[::1]:8400", "*:8400" or "unix:/path" (mode 0660; a stale socket file is replaced, one
 * in use is not). On failure a static or errno text of why goes to *why.
 */
SP_MUST_CHECK enum sp_error http_server_listen(struct http_server *server, const char *address, const char **why);

/* The same for proxies that begin every connection with a PROXY header (proxy_header.h); any other is closed. */
SP_MUST_CHECK enum sp_error http_server_listen_proxy(struct http_server *server, const char *address, const char **why);

/*
 * Accept from a socket that listens already (handed over by systemd or by an older process). Takes fd, but on
 * failure it stays the caller's: SP_IO when it does not listen, SP_FULL beyond HTTP_LISTENER_MAX.
 */
SP_MUST_CHECK enum sp_error http_server_adopt(struct http_server *server, int fd);

enum {
    HTTP_ADOPT_PROXY = 1, /* it speaks the PROXY protocol */
    HTTP_ADOPT_LASTS = 2, /* somebody else keeps it open when we end: draining leaves its queue as it is */
};
/* The same, as these bits say. */
SP_MUST_CHECK enum sp_error http_server_adopt_as(struct http_server *server, int fd, unsigned how);

/*
 * Stop accepting, after what waits in the queues that end with us is taken; connections close after the answer under
 * way, idle ones after drain_ms without a request. done is called once, from the loop, when none is left; it may free
 * the server.
 */
void http_server_drain(struct http_server *server, void (*done)(void *context), void *context);

/*
 * Close everything, now; not from inside a handler. An exchange that is not answered yet stays valid until it is; its
 * answer goes nowhere. A unix socket's file is left (the next start replaces it): it may have been handed over.
 */
void http_server_free(struct http_server *server);

struct http_server_statistics {
    uint64_t accepted, requests, refused, timed_out;
    uint64_t turned_away;   /* connections that on_accept refused */
    uint64_t proxy_refused; /* connections that did not begin with the PROXY header they had to */
    uint32_t open;          /* connections now, and answers that are awaited for a peer that is gone */
};
struct http_server_statistics http_server_statistics(const struct http_server *server);

/* What on_accept kept of the peer; borrowed until the answer. */
unsigned char *http_exchange_peer(struct http_exchange *exchange);

/*
 * Answer and end the exchange. headers: complete lines, each ended by CRLF, borrowed for the call. Date and Server are
 * never sent; Content-Length and, where it must be, Connection: close are added. A body to HEAD, 204 or 304 is left
 * out. status: 200 to 599. body is copied or sent before the call returns. Allowed after on_request has returned too:
 * the request's spans are then gone, but the exchange lives until it is answered, also when the peer has left (the
 * answer then goes nowhere).
 */
void http_respond(struct http_exchange *exchange, int status, struct span headers, struct span body);

/* As http_respond, and the connection is closed after it. */
void http_respond_close(struct http_exchange *exchange, int status, struct span headers, struct span body);

#endif
