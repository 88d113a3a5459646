/* The server as a whole: its connections and their deadlines, its beginning and end. */
#include "http_internal.h"

#include "sporlos/clock.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    SPARE_MAX = 256, /* connection objects kept for the next peer */
    TICK_MIN_MS = 10,
    TICK_MAX_MS = 250,
    TICK_JUMP_MS = 1000, /* a tick later than this: the process was stopped, not its peers slow */
    BODY_LIMIT = 999999, /* bytes: what a Content-Length of six digits can say */
};

struct http_server_options
http_server_defaults(void)
{
    return (struct http_server_options){
        .body_max_bytes = 4096,
        .connection_max = 10000,
        .requests_per_connection = 1000,
        .head_ms = 5000,
        .body_ms = 5000,
        .request_ms = 10000,
        .idle_ms = 75000,
        .drain_ms = 1000,
    };
}

/* ---- connections ---- */

static struct http_connection *
take_object(struct http_server *server)
{
    struct http_connection *connection = server->spares;
    if (connection == NULL)
        return calloc(1, sizeof *connection);
    server->spares = connection->next_spare;
    server->spare_count--;
    connection->next_spare = NULL;
    return connection;
}

static void
give_object(struct http_server *server, struct http_connection *connection)
{
    if (server == NULL || server->spare_count >= SPARE_MAX) {
        free(connection);
        return;
    }
    connection->next_spare = server->spares;
    server->spares = connection;
    server->spare_count++;
}

static void
start_tick(struct http_server *server)
{
    http_refresh_now(server);
    struct timeval interval = { server->tick_ms / 1000, server->tick_ms % 1000 * 1000 };
    if (!event_pending(&server->tick, EV_TIMEOUT, NULL))
        event_add(&server->tick, &interval);
}

struct http_connection *
http_connection_new(struct http_server *server, int fd)
{
    struct http_connection *connection =
        server->slot_count < server->options.connection_max ? take_object(server) : NULL;
    if (connection == NULL)
        return NULL;
    *connection = (struct http_connection){ 0 };
    start_tick(server);
    connection->server = server;
    connection->fd = fd;
    connection->slot = server->slot_count;
    server->slots[server->slot_count++] = (struct http_slot){ INT64_MAX, connection };
    server->statistics.accepted++;
    return connection;
}

static void
leave_slot(struct http_server *server, uint32_t slot)
{
    server->slots[slot] = server->slots[--server->slot_count];
    if (slot < server->slot_count)
        server->slots[slot].connection->slot = slot;
    if (server->slot_count == 0)
        event_del(&server->tick);
    if (server->draining && server->slot_count == 0)
        event_active(&server->drained, EV_TIMEOUT, 1);
    else
        http_accept_resume(server);
}

void
http_connection_free(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    http_connection_detach(connection);
    if (connection->state == CONNECTION_WAITING)
        TAILQ_REMOVE(&server->waiting, connection, waiting);
    if (server != NULL && connection->welcome && server->handler.on_close != NULL)
        server->handler.on_close(server->handler.context, connection->exchange.peer);
    explicit_bzero(connection->exchange.peer, sizeof connection->exchange.peer);
    http_desk_give(connection);
    free(connection->output);
    if (server != NULL)
        leave_slot(server, connection->slot);
    give_object(server, connection);
}

void
http_count_refusal(struct http_server *server, int status)
{
    server->statistics.refused++;
    if (server->handler.on_refused != NULL)
        server->handler.on_refused(server->handler.context, status);
}

/* ---- time ---- */

void
http_refresh_now(struct http_server *server)
{
    server->now_ms = clock_monotonic_ms();
}

/* After the process was stopped, peers get the time back that they could not use. */
static void
forgive(struct http_server *server, int64_t lost_ms)
{
    for (uint32_t i = 0; i < server->slot_count; i++) {
        if (server->slots[i].deadline_ms < INT64_MAX - lost_ms)
            server->slots[i].deadline_ms += lost_ms;
        server->slots[i].connection->request_deadline_ms += lost_ms;
    }
}

static void
on_tick(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    struct http_server *server = argument;
    int64_t before_ms = server->now_ms;
    http_refresh_now(server);
    if (server->now_ms - before_ms > server->tick_ms + TICK_JUMP_MS)
        forgive(server, server->now_ms - before_ms);
    if (!server->expiring)
        http_turn_expire(server);
}

static int
tick_ms(const struct http_server_options *options)
{
    int least = HTTP_LINGER_MS * 5;
    const int all[] = { options->head_ms, options->body_ms, options->request_ms, options->idle_ms };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i] < least)
            least = all[i];
    least /= 20;
    return least < TICK_MIN_MS ? TICK_MIN_MS : least > TICK_MAX_MS ? TICK_MAX_MS : least;
}

/* ---- beginning and end ---- */

static void
on_drained(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    struct http_server *server = argument;
    void (*done)(void *) = server->on_drained;
    server->on_drained = NULL;
    if (done != NULL)
        done(server->on_drained_context);
}

static bool
options_valid(const struct http_server_options *options)
{
    return options->body_max_bytes <= BODY_LIMIT && options->connection_max > 0 &&
           options->requests_per_connection > 0 && options->head_ms > 0 && options->body_ms > 0 &&
           options->request_ms > 0 && options->idle_ms > 0 && options->drain_ms >= 0;
}

void
http_server_word_refusals(struct http_server *server, http_refusal_words *words, void *context)
{
    server->words = words;
    server->words_context = context;
}

enum sp_error
http_server_new(struct event_base *base, const struct http_server_options *options, const struct http_handler *handler,
                struct http_server **result)
{
    *result = NULL;
    if (!options_valid(options))
        return SP_CONFIG;
    struct http_server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return SP_NO_MEMORY;
    *server = (struct http_server){ .options = *options, .handler = *handler, .base = base, .accepting = true };
    server->slots = calloc(options->connection_max, sizeof *server->slots);
    if (server->slots == NULL) {
        free(server);
        return SP_NO_MEMORY;
    }
    server->tick_ms = tick_ms(options);
    server->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    event_assign(&server->tick, base, -1, EV_PERSIST, on_tick, server);
    event_assign(&server->turn, base, -1, 0, http_turn, server);
    event_assign(&server->drained, base, -1, 0, on_drained, server);
    event_assign(&server->retry_accept, base, -1, 0, http_accept_retry, server);
    TAILQ_INIT(&server->waiting);
    http_refresh_now(server);
    *result = server;
    return SP_OK;
}

void
http_server_drain(struct http_server *server, void (*done)(void *context), void *context)
{
    server->on_drained = done;
    server->on_drained_context = context;
    http_listen_close(server, true);
    server->draining = true;
    http_refresh_now(server);
    int64_t latest = server->now_ms + server->options.drain_ms;
    for (uint32_t i = 0; i < server->slot_count; i++) {
        struct http_slot *slot = &server->slots[i];
        enum connection_state state = slot->connection->state;
        bool first = state == CONNECTION_PROXY || state == CONNECTION_HEAD;
        bool unused = first && http_connection_used(slot->connection) == 0;
        if ((state == CONNECTION_IDLE || unused) && slot->deadline_ms > latest)
            slot->deadline_ms = latest;
    }
    if (server->slot_count == 0)
        event_active(&server->drained, EV_TIMEOUT, 1);
}

/* Close a connection from outside its own events. */
static void
abandon(struct http_connection *connection)
{
    if (connection->state != CONNECTION_HANDLING) {
        http_connection_free(connection);
        return;
    }
    http_connection_detach(connection);
    http_desk_give(connection);
    connection->server = NULL;
}

void
http_server_free(struct http_server *server)
{
    if (server == NULL)
        return;
    http_listen_close(server, false);
    server->draining = true; /* nothing is accepted in what frees itself now */
    server->on_drained = NULL;
    for (uint32_t i = server->slot_count; i-- > 0;)
        abandon(server->slots[i].connection);
    while (server->spares != NULL)
        free(take_object(server));
    http_desk_free_spares(server);
    event_del(&server->tick);
    event_del(&server->turn);
    event_del(&server->drained);
    event_del(&server->retry_accept);
    if (server->reserve_fd >= 0)
        close(server->reserve_fd);
    free(server->slots);
    free(server);
}

struct http_server_statistics
http_server_statistics(const struct http_server *server)
{
    struct http_server_statistics now = server->statistics;
    now.open = server->slot_count;
    return now;
}
