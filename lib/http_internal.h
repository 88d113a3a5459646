/* What the files of the HTTP server share. Nobody else includes it. */
#ifndef SPORLOS_HTTP_INTERNAL_H
#define SPORLOS_HTTP_INTERNAL_H

#include "sporlos/http_server.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

enum connection_state {
    CONNECTION_PROXY,     /* a PROXY header must come first */
    CONNECTION_IDLE,      /* between requests */
    CONNECTION_WAITING,   /* between requests, more have come; others are served first (http_turn.c) */
    CONNECTION_HEAD,      /* some of a head has come */
    CONNECTION_BODY,      /* the head has come */
    CONNECTION_HANDLING,  /* the handler has the request; without a descriptor when the peer is gone */
    CONNECTION_SENDING,   /* the peer has not taken the whole answer */
    CONNECTION_ANSWERED,  /* it has (or is gone): on to the next request, or the end */
    CONNECTION_LINGERING, /* our half is closed; what comes is thrown away, so that no reset overtakes the answer */
    CONNECTION_STATES,
};

struct http_exchange {
    unsigned char peer[HTTP_PEER_BYTES];
};

/*
 * What bytes need that have come: taken when they come, given back, wiped, when none are left. A connection that waits
 * has none, and those that are busy share a few that stay in the processor's cache.
 */
struct http_desk {
    struct http_desk *next_spare;
    struct http_request request;
    struct http_parse_state parser;
    char *body; /* owned; only when it does not fit behind the head */
    size_t body_have;
    size_t used; /* bytes of buffer; those behind are zero or were never written */
    char buffer[HTTP_BUFFER_BYTES];
};

struct http_connection {
    struct http_exchange exchange; /* first: an exchange is its connection */
    struct http_server *server;    /* NULL: freed while the exchange was under way */
    struct http_connection *next_spare;
    struct event readable, writable;
    int fd; /* -1: closed while the exchange was under way */
    enum connection_state state;
    uint32_t slot;           /* index into the server's slots */
    uint32_t requests;       /* so far */
    uint32_t requests_until; /* when there are so many, others are served first */
    TAILQ_ENTRY(http_connection) waiting;
    struct http_desk *desk; /* owned; NULL: nothing of a request is here */
    bool reading;           /* readable is added; it is dropped only when it fires at the wrong time */
    bool head_only;         /* the request that is answered has the method HEAD */
    bool keep_alive;        /* it does not ask for the end */
    bool dispatching;       /* on_request is running */
    bool close_after;       /* the answer is the last */
    bool linger;            /* the peer may still be sending */
    bool proxied;           /* came through a listener that speaks the PROXY protocol */
    bool welcome;           /* on_accept took it: on_close will hear of it */
    int64_t request_deadline_ms;
    char *output; /* owned; what the peer has not taken */
    size_t output_length, output_sent;
    size_t discarded; /* bytes, lingering */
};

/* Bytes that have come and are not dealt with. */
static inline size_t
http_connection_used(const struct http_connection *connection)
{
    return connection->desk == NULL ? 0 : connection->desk->used;
}

/* Deadlines lie close together, so that looking through all of them is cheap, and setting one is a store. */
struct http_slot {
    int64_t deadline_ms;
    struct http_connection *connection;
};

TAILQ_HEAD(http_waiting, http_connection);

struct http_listener {
    struct http_server *server;
    struct event acceptable;
    int fd;
    bool proxy; /* speaks the PROXY protocol */
    bool lasts; /* somebody else has it too, and keeps it: what waits in its queue may stay there */
};

struct http_server {
    struct http_server_options options;
    struct http_handler handler;
    http_refusal_words *words; /* NULL: none */
    void *words_context;
    struct event_base *base;
    struct http_slot *slots; /* connection_max; the first slot_count are in use */
    uint32_t slot_count;
    struct http_connection *spares;
    struct http_desk *spare_desks;
    uint32_t spare_count, spare_desk_count;
    struct http_listener listeners[HTTP_LISTENER_MAX];
    unsigned listener_count;
    bool accepting;
    int reserve_fd; /* given up for a moment to refuse a peer when descriptors have run out */
    struct event retry_accept;
    struct event tick;
    struct event turn; /* http_turn.c */
    struct http_waiting waiting;
    bool expiring; /* deadlines have passed that nothing was made of yet */
    int tick_ms;
    int64_t now_ms; /* of the last tick or accept */
    bool draining;
    bool held; /* http_handover.c: no request is begun */
    struct event drained;
    void (*on_drained)(void *context);
    void *on_drained_context;
    struct http_server_statistics statistics;
};

/* http_server.c */

/* A connection in a slot of the server, not reading yet; NULL without memory or slots. Takes fd unless NULL. */
struct http_connection *http_connection_new(struct http_server *server, int fd);
/* Wipe and give back; the descriptor is closed. */
void http_connection_free(struct http_connection *connection);
void http_refresh_now(struct http_server *server);
static inline void
http_set_deadline(struct http_connection *connection, int64_t deadline_ms)
{
    connection->server->slots[connection->slot].deadline_ms = deadline_ms;
}

/* In the statistics, and to the handler. */
void http_count_refusal(struct http_server *server, int status);

/* http_desk.c */

/* Give the connection a desk, ready for a request, unless it has one. False without memory. */
bool http_desk_take(struct http_connection *connection);
/* Wipe it and give it back; none is fine. */
void http_desk_give(struct http_connection *connection);
/* Wipe the first length bytes, move what came after them to the front; without any, give the desk back. */
void http_desk_shift(struct http_connection *connection, size_t length);
/* For the end of the server: those that are kept for the next bytes. */
void http_desk_free_spares(struct http_server *server);

/* http_connection.c */

/* Begin to read; proxy: a PROXY header first. */
enum sp_error http_connection_start(struct http_connection *connection, bool proxy);
void http_connection_expire(struct http_connection *connection);
/* After an answer that did not come from inside on_request: go on. The connection may be freed. */
void http_connection_answered(struct http_connection *connection);
/* Close the descriptor, keep the exchange. */
void http_connection_detach(struct http_connection *connection);

/* http_proxy.c */

/* Take the PROXY header, when it is whole. True: a head follows. False: wait, or the connection is freed. */
bool http_proxy_step(struct http_connection *connection);

/* With the requests that have come, as if they came now. May free the connection. */
void http_connection_go_on(struct http_connection *connection);

/* http_turn.c: what no single turn of the loop does whole, so that whoever has just come does not wait for it. */

/* Something is left for the next turn. */
void http_turn_later(struct http_server *server);
/* To the end of those whose next requests wait for others. */
void http_turn_wait(struct http_connection *connection);
/* Make of deadlines that have passed what there is to be made; of some now, of the others in the turns that follow. */
void http_turn_expire(struct http_server *server);
/* Callback of turn. */
void http_turn(evutil_socket_t fd, short what, void *server);

/* http_answer.c */

/*
 * Send, or as much as goes and keep the rest in output. Leaves state CONNECTION_ANSWERED or CONNECTION_SENDING; a peer
 * that is gone counts as answered, with close_after.
 */
void http_answer(struct http_connection *connection, int status, struct span headers, struct span body);
/* Refuse with a short text and the end of the connection. */
void http_answer_refusal(struct http_connection *connection, int status);
/* Send more of output. As http_answer. */
void http_answer_continue(struct http_connection *connection);
/* To a peer that there is no connection object for. */
void http_answer_unavailable(int fd);

/* http_listen.c */

/* Accept again, where nothing stands against it. */
void http_accept_resume(struct http_server *server);
void http_accept_pause(struct http_server *server);
/* For the end: take what waits in the queues, close the listeners. */
void http_listen_close(struct http_server *server, bool take_waiting);
/* Callback of retry_accept. */
void http_accept_retry(evutil_socket_t fd, short what, void *argument);

#endif
