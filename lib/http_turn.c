/*
 * What would keep one turn of the loop busy for long is done some at a time. The rest waits for a timer of no time at
 * all: it fires in the next turn, after the sockets were asked who has come meanwhile. (An event that is only made
 * active would be handled in this turn still.)
 */
#include "http_internal.h"

enum {
    EXPIRE_BATCH = 32, /* connections whose deadline has passed; to close one that left much unread may take 0.5 ms */
    GO_ON_BATCH = 16,  /* connections that have sent more requests than they waited for answers to */
};

void
http_turn_later(struct http_server *server)
{
    static const struct timeval at_once = { 0, 0 };
    if (!event_pending(&server->turn, EV_TIMEOUT, NULL))
        event_add(&server->turn, &at_once);
}

void
http_turn_wait(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    connection->state = CONNECTION_WAITING;
    TAILQ_INSERT_TAIL(&server->waiting, connection, waiting);
    http_turn_later(server);
}

/* Deadlines were set by the time of the tick before, so what expires until the next one is due now. */
void
http_turn_expire(struct http_server *server)
{
    int left = EXPIRE_BATCH;
    for (uint32_t i = server->slot_count; i-- > 0 && left > 0;) {
        if (i >= server->slot_count || server->slots[i].deadline_ms > server->now_ms + server->tick_ms)
            continue;
        http_connection_expire(server->slots[i].connection);
        left--;
    }
    server->expiring = left == 0;
    if (server->expiring)
        http_turn_later(server);
}

void
http_turn(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    struct http_server *server = argument;
    if (server->expiring)
        http_turn_expire(server);
    for (int i = 0; i < GO_ON_BATCH && !TAILQ_EMPTY(&server->waiting); i++) {
        struct http_connection *connection = TAILQ_FIRST(&server->waiting);
        TAILQ_REMOVE(&server->waiting, connection, waiting);
        http_connection_go_on(connection);
    }
    if (!TAILQ_EMPTY(&server->waiting))
        http_turn_later(server);
}
