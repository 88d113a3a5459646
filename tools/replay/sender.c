#include "sender.h"

#include "answer.h"
#include "request.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD_MAX = 8192, ANSWER_WITHIN_S = 30 };

struct connection {
    struct sender *sender;
    struct bufferevent *stream; /* NULL: closed */
    bool busy;                  /* an answer is awaited */
    bool in_body;               /* its head has come */
    bool worked;                /* it has had an answer before */
    struct answer answer;
    size_t length;
    char request[REQUEST_BYTES_MAX];
};

struct sender {
    struct event_base *base;
    struct sender_handler handler;
    struct sockaddr_storage address;
    socklen_t address_length;
    struct sender_statistics statistics;
    unsigned count, pending;
    struct connection *connections;
};

static void
hang_up(struct connection *connection)
{
    if (connection->stream != NULL)
        bufferevent_free(connection->stream);
    connection->stream = NULL;
    connection->worked = connection->in_body = false;
}

static void
finish(struct connection *connection, int status)
{
    struct sender *sender = connection->sender;
    bool keep = status != 0 && !connection->answer.closes;
    connection->busy = connection->in_body = false;
    sender->pending--;
    if (!keep)
        hang_up(connection);
    else
        connection->worked = true;
    sender->handler.on_answer(sender->handler.context, status);
}

/* True when the head is there and understood. */
static bool
take_head(struct connection *connection, struct evbuffer *input)
{
    struct evbuffer_ptr end = evbuffer_search(input, "\r\n\r\n", 4, NULL);
    if (end.pos < 0) {
        if (evbuffer_get_length(input) > HEAD_MAX)
            finish(connection, 0);
        return false;
    }
    size_t length = (size_t)end.pos + 4;
    const char *head = (const char *)evbuffer_pullup(input, (ev_ssize_t)length);
    if (head == NULL || answer_read(span_of(head, length - 2), &connection->answer) != SP_OK) {
        finish(connection, 0);
        return false;
    }
    evbuffer_drain(input, length);
    return connection->in_body = true;
}

static void
on_readable(struct bufferevent *stream, void *context)
{
    struct connection *connection = context;
    struct evbuffer *input = bufferevent_get_input(stream);
    if (!connection->busy) { /* an answer to nothing */
        hang_up(connection);
        return;
    }
    if (!connection->in_body && !take_head(connection, input))
        return;
    size_t there = evbuffer_get_length(input);
    size_t taken = there < connection->answer.body_length ? there : connection->answer.body_length;
    evbuffer_drain(input, taken);
    connection->answer.body_length -= taken;
    if (connection->answer.body_length > 0)
        return;
    if (connection->answer.status < 200) /* one that is on the way only */
        connection->in_body = false;
    else
        finish(connection, connection->answer.status);
}

static enum sp_error transmit(struct connection *connection);

static void
on_event(struct bufferevent *stream, short what, void *context)
{
    struct connection *connection = context;
    if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)) == 0)
        return;
    bool closed_before = connection->worked && !connection->in_body && (what & BEV_EVENT_TIMEOUT) == 0 &&
                         evbuffer_get_length(bufferevent_get_input(stream)) == 0;
    hang_up(connection);
    if (!connection->busy || (closed_before && transmit(connection) == SP_OK))
        return;
    connection->sender->statistics.broken++;
    finish(connection, 0);
}

static enum sp_error
dial(struct connection *connection)
{
    struct sender *sender = connection->sender;
    const struct timeval within = { .tv_sec = ANSWER_WITHIN_S };
    struct bufferevent *stream =
        bufferevent_socket_new(sender->base, -1, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    if (stream == NULL)
        return SP_NO_MEMORY;
    connection->stream = stream;
    sender->statistics.connections++;
    bufferevent_setcb(stream, on_readable, NULL, on_event, connection);
    bufferevent_set_timeouts(stream, &within, &within);
    if (bufferevent_enable(stream, EV_READ | EV_WRITE) != 0 ||
        bufferevent_socket_connect(stream, (struct sockaddr *)&sender->address, (int)sender->address_length) != 0) {
        hang_up(connection);
        return SP_UNAVAILABLE;
    }
    return SP_OK;
}

static enum sp_error
transmit(struct connection *connection)
{
    if (connection->stream == NULL) {
        enum sp_error error = dial(connection);
        if (error != SP_OK)
            return error;
    }
    connection->answer = (struct answer){ .status = 0 };
    return bufferevent_write(connection->stream, connection->request, connection->length) == 0 ? SP_OK : SP_NO_MEMORY;
}

enum sp_error
sender_new(struct event_base *base, const struct sockaddr *address, socklen_t length, unsigned connections,
           const struct sender_handler *handler, struct sender **sender)
{
    struct sender *s = calloc(1, sizeof *s);
    *sender = NULL;
    if (s == NULL || (s->connections = calloc(connections, sizeof *s->connections)) == NULL) {
        free(s);
        return SP_NO_MEMORY;
    }
    s->base = base;
    s->handler = *handler;
    memcpy(&s->address, address, length);
    s->address_length = length;
    s->count = connections;
    for (unsigned i = 0; i < connections; i++)
        s->connections[i].sender = s;
    *sender = s;
    return SP_OK;
}

void
sender_free(struct sender *sender)
{
    if (sender == NULL)
        return;
    for (unsigned i = 0; i < sender->count; i++)
        hang_up(&sender->connections[i]);
    free(sender->connections);
    free(sender);
}

bool
sender_is_free(const struct sender *sender)
{
    return sender->pending < sender->count;
}

/* One that is open, if there is. */
static struct connection *
free_connection(struct sender *sender)
{
    struct connection *closed = NULL;
    for (unsigned i = 0; i < sender->count; i++) {
        struct connection *connection = &sender->connections[i];
        if (!connection->busy && connection->stream != NULL)
            return connection;
        if (!connection->busy && closed == NULL)
            closed = connection;
    }
    return closed;
}

enum sp_error
sender_send(struct sender *sender, struct span request)
{
    struct connection *connection = free_connection(sender);
    if (connection == NULL || request.length > sizeof connection->request)
        return SP_FULL;
    memcpy(connection->request, request.at, request.length);
    connection->length = request.length;
    enum sp_error error = transmit(connection);
    if (error != SP_OK) {
        sender->statistics.broken++;
        hang_up(connection);
        return error;
    }
    connection->busy = true;
    sender->pending++;
    return SP_OK;
}

unsigned
sender_pending(const struct sender *sender)
{
    return sender->pending;
}

struct sender_statistics
sender_statistics(const struct sender *sender)
{
    return sender->statistics;
}
