/* Between two processes: stop at a moment when no request is under way, and go on with what another has left. */
#include "http_internal.h"

#include "listen_address.h"
#include "sporlos/address_page.h"
#include "sporlos/http_handover.h"

#include <string.h>
#include <unistd.h>

/* ---- the process that gives ---- */

static bool
unread(const struct http_connection *connection)
{
    return http_connection_used(connection) == 0 && connection->fd >= 0 &&
           (connection->state == CONNECTION_IDLE || connection->state == CONNECTION_HEAD ||
            connection->state == CONNECTION_PROXY);
}

/* Behind a PROXY header, who the client is stands nowhere but here. */
static bool
movable(const struct http_connection *connection)
{
    return unread(connection) && (!connection->proxied || connection->state == CONNECTION_PROXY);
}

static void
hold(struct http_connection *connection)
{
    event_del(&connection->readable);
    connection->reading = false;
}

uint32_t
http_server_hold(struct http_server *server)
{
    uint32_t busy = 0;
    server->held = true;
    if (server->accepting)
        http_accept_pause(server);
    for (uint32_t i = 0; i < server->slot_count; i++) {
        struct http_connection *connection = server->slots[i].connection;
        if (!movable(connection))
            busy++;
        else if (connection->reading)
            hold(connection);
        if (connection->proxied)
            connection->requests = server->options.requests_per_connection; /* the next answer is the last */
    }
    return busy;
}

void
http_server_resume(struct http_server *server)
{
    server->held = false;
    for (uint32_t i = 0; i < server->slot_count; i++) {
        struct http_connection *connection = server->slots[i].connection;
        if (movable(connection) && !connection->reading)
            connection->reading = event_add(&connection->readable, NULL) == 0;
    }
    http_accept_resume(server);
}

size_t
http_server_sockets(const struct http_server *server, struct http_socket *sockets, size_t max)
{
    size_t count = 0;
    for (unsigned i = 0; i < server->listener_count; i++, count++) {
        const struct http_listener *listener = &server->listeners[i];
        if (count < max)
            sockets[count] =
                (struct http_socket){ listener->fd, listener->lasts ? HTTP_SOCKET_LASTS : HTTP_SOCKET_LISTENS, 0 };
    }
    for (uint32_t i = 0; i < server->slot_count; i++) {
        const struct http_connection *connection = server->slots[i].connection;
        if (!movable(connection))
            continue;
        enum http_socket_kind kind = connection->state == CONNECTION_IDLE ? HTTP_SOCKET_IDLE : HTTP_SOCKET_NEW;
        if (count < max)
            sockets[count] = (struct http_socket){ connection->fd, kind, connection->requests };
        count++;
    }
    return count;
}

/* ---- the process that takes ---- */

/* The listener that a connection came through, or NULL. */
static const struct http_listener *
listener_of(const struct http_server *server, int fd)
{
    struct listen_address local;
    if (listen_address_of(fd, &local) != SP_OK)
        return NULL;
    for (unsigned i = 0; i < server->listener_count; i++)
        if (listen_address_reached(server->listeners[i].fd, &local))
            return &server->listeners[i];
    return NULL;
}

static bool
welcome(struct http_connection *connection, bool proxy)
{
    struct http_server *server = connection->server;
    struct sockaddr_storage *peer = &address_page()->accepted;
    socklen_t length = sizeof *peer;
    if (getpeername(connection->fd, (struct sockaddr *)peer, &length) == 0) {
        enum http_arrival arrival = proxy ? HTTP_ARRIVAL_PROXY : HTTP_ARRIVAL_DIRECT;
        connection->welcome = server->handler.on_accept(server->handler.context, arrival, (struct sockaddr *)peer,
                                                        length, connection->exchange.peer);
        server->statistics.turned_away += !connection->welcome;
    }
    explicit_bzero(peer, sizeof *peer);
    return connection->welcome;
}

static void
go_on(struct http_connection *connection, const struct http_socket *socket, bool proxy)
{
    struct http_server *server = connection->server;
    if (http_connection_start(connection, proxy) != SP_OK) {
        http_connection_free(connection);
        return;
    }
    connection->requests = socket->requests;
    if (socket->kind != HTTP_SOCKET_IDLE || proxy)
        return;
    connection->state = CONNECTION_IDLE;
    http_set_deadline(connection, server->now_ms + server->options.idle_ms);
}

bool
http_server_take(struct http_server *server, const struct http_socket *socket)
{
    const struct http_listener *listener = listener_of(server, socket->fd);
    if (listener == NULL)
        return false;
    struct http_connection *connection = http_connection_new(server, socket->fd);
    if (connection == NULL) {
        close(socket->fd);
    } else if (!welcome(connection, listener->proxy)) {
        close(socket->fd);
        connection->fd = -1; /* there are no events to take back yet */
        http_connection_free(connection);
    } else {
        go_on(connection, socket, listener->proxy);
    }
    return true;
}
