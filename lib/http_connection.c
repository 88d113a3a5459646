/* The life of a connection: what each state makes of bytes, room, and a deadline that has passed. */
#include "http_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    DISCARD_MAX = 256 * 1024, /* bytes taken from a peer that goes on sending after its last answer */
    REQUESTS_A_TURN = 2,      /* of one connection, when they come without waiting for answers */
};

static void advance(struct http_connection *connection);

static int64_t
earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void
resume_reading(struct http_connection *connection)
{
    if (!connection->reading)
        connection->reading = event_add(&connection->readable, NULL) == 0;
}

static void
pause_reading(struct http_connection *connection)
{
    event_del(&connection->readable);
    connection->reading = false;
}

/* ---- the end ---- */

void
http_connection_detach(struct http_connection *connection)
{
    if (connection->fd < 0)
        return;
    event_del(&connection->readable);
    event_del(&connection->writable);
    close(connection->fd);
    connection->fd = -1;
}

static void
finish(struct http_connection *connection)
{
    bool more = connection->linger || http_connection_used(connection) > 0;
    if (!more || shutdown(connection->fd, SHUT_WR) != 0) {
        http_connection_free(connection);
        return;
    }
    http_desk_give(connection);
    connection->state = CONNECTION_LINGERING;
    http_set_deadline(connection, connection->server->now_ms + HTTP_LINGER_MS);
    resume_reading(connection);
}

static void
discard(struct http_connection *connection)
{
    if (!http_desk_take(connection)) {
        http_connection_free(connection);
        return;
    }
    ssize_t got = recv(connection->fd, connection->desk->buffer, sizeof connection->desk->buffer, 0);
    bool over = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
    connection->desk->used = got > 0 ? (size_t)got : 0;
    connection->discarded += connection->desk->used;
    http_desk_give(connection);
    if (over || connection->discarded > DISCARD_MAX)
        http_connection_free(connection);
}

/* ---- one request ---- */

/* After CONNECTION_ANSWERED. True when the connection is there for another request; else it may be freed. */
static bool
settle(struct http_connection *connection)
{
    if (connection->close_after) {
        finish(connection);
        return false;
    }
    connection->state = CONNECTION_IDLE;
    struct http_server *server = connection->server;
    int idle_ms = server->draining ? server->options.drain_ms : server->options.idle_ms;
    http_set_deadline(connection, server->now_ms + idle_ms);
    return true;
}

/* What all refusals have in common. False: the connection may be freed. */
static bool
refuse(struct http_connection *connection, int status)
{
    connection->head_only = connection->desk->request.method == HTTP_HEAD;
    http_count_refusal(connection->server, status);
    http_answer_refusal(connection, status);
    http_desk_give(connection);
    return connection->state == CONNECTION_ANSWERED && settle(connection);
}

static bool
dispatch(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    const struct http_request *request = &connection->desk->request;
    bool own_body = connection->desk->body != NULL;
    size_t length = request->head_length + (own_body ? 0 : request->body_length);
    connection->state = CONNECTION_HANDLING;
    connection->requests++;
    connection->head_only = request->method == HTTP_HEAD;
    connection->keep_alive = request->keep_alive;
    server->statistics.requests++;
    connection->dispatching = true;
    server->handler.on_request(server->handler.context, &connection->exchange, request);
    connection->dispatching = false;
    http_desk_shift(connection, length);
    if (connection->state == CONNECTION_ANSWERED)
        return settle(connection);
    if (connection->state == CONNECTION_HANDLING)
        http_set_deadline(connection, connection->request_deadline_ms);
    return false;
}

/* ---- reading ---- */

/* What has come of the body, when it does not fit behind the head. */
static bool
move_body(struct http_desk *desk)
{
    const struct http_request *request = &desk->request;
    desk->body = malloc(request->body_length);
    if (desk->body == NULL)
        return false;
    desk->body_have = desk->used - request->head_length;
    memcpy(desk->body, desk->buffer + request->head_length, desk->body_have);
    explicit_bzero(desk->buffer + request->head_length, desk->body_have);
    desk->used = request->head_length;
    return true;
}

static void
begin_head(struct http_connection *connection)
{
    const struct http_server *server = connection->server;
    connection->state = CONNECTION_HEAD;
    connection->request_deadline_ms = server->now_ms + server->options.request_ms;
    http_set_deadline(connection, earlier(server->now_ms + server->options.head_ms, connection->request_deadline_ms));
}

static bool
step_idle(struct http_connection *connection)
{
    if (http_connection_used(connection) == 0)
        return false;
    if (connection->requests == connection->requests_until) {
        http_turn_wait(connection);
        return false;
    }
    begin_head(connection);
    return true;
}

static bool
step_head(struct http_connection *connection)
{
    struct http_desk *desk = connection->desk;
    const struct http_request *request = &desk->request;
    int status = 0;
    enum http_parse_result result = http_parse(&desk->parser, desk->buffer, desk->used, &desk->request, &status);
    if (result == HTTP_PARSE_MORE)
        return false;
    if (result == HTTP_PARSE_BAD)
        return refuse(connection, status);
    connection->state = CONNECTION_BODY;
    if (request->head_length + request->body_length > sizeof desk->buffer && !move_body(desk))
        return refuse(connection, 503);
    int body_ms = connection->server->options.body_ms;
    http_set_deadline(connection, earlier(connection->server->now_ms + body_ms, connection->request_deadline_ms));
    return true;
}

static bool
step_body(struct http_connection *connection)
{
    struct http_desk *desk = connection->desk;
    struct http_request *request = &desk->request;
    const char *body = desk->body != NULL ? desk->body : desk->buffer + request->head_length;
    size_t have = desk->body != NULL ? desk->body_have : desk->used - request->head_length;
    if (have < request->body_length)
        return false;
    request->body = span_of(body, request->body_length);
    return dispatch(connection);
}

/* As far as what has come allows, and others are not kept waiting. The connection may be freed afterwards. */
static void
advance(struct http_connection *connection)
{
    connection->requests_until = connection->requests + REQUESTS_A_TURN;
    static bool (*const steps[CONNECTION_STATES])(struct http_connection *) = {
        [CONNECTION_PROXY] = http_proxy_step,
        [CONNECTION_IDLE] = step_idle,
        [CONNECTION_HEAD] = step_head,
        [CONNECTION_BODY] = step_body,
    };
    while (steps[connection->state](connection))
        ;
}

/* False: there was nothing, and the connection is as it was. Else it may be freed. */
static bool
receive(struct http_connection *connection)
{
    bool empty = connection->desk == NULL;
    if (!http_desk_take(connection)) {
        http_connection_free(connection);
        return true;
    }
    struct http_desk *desk = connection->desk;
    bool own_body = desk->body != NULL;
    char *at = own_body ? desk->body + desk->body_have : desk->buffer + desk->used;
    size_t room = own_body ? desk->request.body_length - desk->body_have : sizeof desk->buffer - desk->used;
    ssize_t got = recv(connection->fd, at, room, 0);
    if (got > 0) {
        *(own_body ? &desk->body_have : &desk->used) += (size_t)got;
        advance(connection);
        return true;
    }
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        if (empty)
            http_desk_give(connection);
        return false;
    }
    http_connection_free(connection);
    return true;
}

static void
on_bytes(struct http_connection *connection)
{
    (void)receive(connection);
}

static void
on_room(struct http_connection *connection)
{
    http_answer_continue(connection);
    if (connection->state == CONNECTION_ANSWERED && settle(connection)) {
        resume_reading(connection);
        advance(connection);
    }
}

/* ---- deadlines ---- */

void
http_connection_go_on(struct http_connection *connection)
{
    connection->state = CONNECTION_IDLE;
    resume_reading(connection);
    advance(connection);
}

/* A request that came in this very moment still counts. */
static void
expire_idle(struct http_connection *connection)
{
    if (!receive(connection))
        http_connection_free(connection);
}

/* A proxy that does not speak the protocol would not understand an answer. */
static void
expire_proxy(struct http_connection *connection)
{
    connection->server->statistics.timed_out++;
    http_connection_free(connection);
}

static void
expire_request(struct http_connection *connection)
{
    connection->server->statistics.timed_out++;
    if (http_connection_used(connection) == 0)
        http_connection_free(connection); /* a connection without a byte: nobody waits for an answer */
    else
        (void)refuse(connection, 408);
}

/* The handler takes too long: the peer is told so, the exchange lives on without it. */
static void
expire_handling(struct http_connection *connection)
{
    http_set_deadline(connection, INT64_MAX);
    if (connection->fd < 0)
        return;
    connection->server->statistics.timed_out++;
    http_count_refusal(connection->server, 503);
    http_answer_unavailable(connection->fd);
    http_connection_detach(connection);
    http_desk_give(connection);
}

static void
expire_sending(struct http_connection *connection)
{
    connection->server->statistics.timed_out++;
    http_connection_free(connection);
}

/* ---- events ---- */

struct http_reaction {
    void (*bytes)(struct http_connection *connection);
    void (*room)(struct http_connection *connection);
    void (*deadline)(struct http_connection *connection);
};

static const struct http_reaction reactions[CONNECTION_STATES] = {
    /*                   bytes          room     deadline            */
    [CONNECTION_PROXY] = { on_bytes, NULL, expire_proxy },
    [CONNECTION_IDLE] = { on_bytes, NULL, expire_idle },
    [CONNECTION_WAITING] = { pause_reading, NULL, http_connection_free },
    [CONNECTION_HEAD] = { on_bytes, NULL, expire_request },
    [CONNECTION_BODY] = { on_bytes, NULL, expire_request },
    [CONNECTION_HANDLING] = { pause_reading, NULL, expire_handling },
    [CONNECTION_SENDING] = { pause_reading, on_room, expire_sending },
    [CONNECTION_ANSWERED] = { NULL, NULL, NULL }, /* never between two events */
    [CONNECTION_LINGERING] = { discard, NULL, http_connection_free },
};

static void
on_readable(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    struct http_connection *connection = argument;
    if ((what & EV_TIMEOUT) != 0 && connection->state == CONNECTION_IDLE)
        advance(connection); /* what was pipelined behind a request that was answered later */
    else if ((what & EV_READ) != 0)
        reactions[connection->state].bytes(connection);
}

static void
on_writable(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    struct http_connection *connection = argument;
    if (reactions[connection->state].room != NULL)
        reactions[connection->state].room(connection);
}

void
http_connection_expire(struct http_connection *connection)
{
    reactions[connection->state].deadline(connection);
}

enum sp_error
http_connection_start(struct http_connection *connection, bool proxy)
{
    struct http_server *server = connection->server;
    event_assign(&connection->readable, server->base, connection->fd, EV_READ | EV_PERSIST, on_readable, connection);
    event_assign(&connection->writable, server->base, connection->fd, EV_WRITE | EV_PERSIST, on_writable, connection);
    connection->proxied = proxy;
    resume_reading(connection);
    begin_head(connection); /* not idle: who connects and says nothing has no more time than who says little */
    if (proxy)
        connection->state = CONNECTION_PROXY;
    return connection->reading ? SP_OK : SP_NO_MEMORY;
}

void
http_connection_answered(struct http_connection *connection)
{
    if (connection->dispatching || connection->state != CONNECTION_ANSWERED || !settle(connection))
        return;
    resume_reading(connection);
    if (http_connection_used(connection) > 0) /* not from here: the handler has called us */
        event_active(&connection->readable, EV_TIMEOUT, 1);
}
