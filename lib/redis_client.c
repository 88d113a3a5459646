#include "sporlos/redis_client.h"

#include "redis_guard.h"
#include "sporlos/clock.h"
#include "sporlos/log.h"
#include "sporlos/redis_url.h"

#include <event2/event.h>
#include <hiredis/async.h>
#include <stdlib.h>
#include <string.h>

/* The adapter does not ask whether libevent had memory. Without its events nothing comes, and the connect time-out ends
 * it. */
static int
add_if_made(struct event *event, const struct timeval *timeout)
{
    return event == NULL ? -1 : event_add(event, timeout);
}

static int
del_if_made(struct event *event)
{
    return event == NULL ? -1 : event_del(event);
}

static void
free_if_made(struct event *event)
{
    if (event != NULL)
        event_free(event);
}

static void read_some(redisAsyncContext *async);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#define event_add add_if_made
#define event_del del_if_made
#define event_free free_if_made
#define redisAsyncHandleRead read_some
#include <hiredis/adapters/libevent.h>
#undef event_add
#undef event_del
#undef event_free
#undef redisAsyncHandleRead
#pragma GCC diagnostic pop

enum { BACKOFF_MIN_MS = 50, BACKOFF_MAX_MS = 5000, WATCH_MS = 200 };

enum state { CLIENT_WAITING, CLIENT_CONNECTING, CLIENT_UP };

/* A command under way. Replies come in the order of sending, so the first one is the oldest. */
struct command {
    struct redis_client *client;
    redis_client_replied *replied;
    void *context;
    int64_t sent_ms;
    struct command *next;
};

struct redis_client {
    struct event_base *base;
    struct redis_url url;
    int connect_timeout_ms;
    int command_timeout_ms;
    redis_client_changed *changed;
    void *context;
    enum state state;
    redisAsyncContext *async; /* NULL while waiting */
    int64_t since_ms;         /* of this state */
    int backoff_ms;
    struct event *retry;
    struct event *watch;
    struct command *first, **last;
    struct redis_client_statistics statistics;
};

static void connect_now(struct redis_client *client);

static void
arm(struct event *timer, int64_t delay_ms)
{
    struct timeval delay = { .tv_sec = delay_ms / 1000, .tv_usec = (delay_ms % 1000) * 1000 };
    evtimer_add(timer, &delay);
}

static void
enter(struct redis_client *client, enum state state)
{
    client->state = state;
    client->since_ms = clock_monotonic_ms();
}

/* The context is gone or going; try again after a while. */
static void
wait_and_retry(struct redis_client *client)
{
    bool was_up = client->state == CLIENT_UP;
    uint32_t jitter = 0;
    random_bytes(&jitter, sizeof jitter);
    client->async = NULL;
    enter(client, CLIENT_WAITING);
    arm(client->retry, client->backoff_ms / 2 + (int64_t)(jitter % (uint32_t)client->backoff_ms));
    client->backoff_ms = client->backoff_ms * 2 < BACKOFF_MAX_MS ? client->backoff_ms * 2 : BACKOFF_MAX_MS;
    if (was_up) {
        LOG_BARE(LOG_WARNING, "redis_lost");
        client->changed(client->context, false);
    }
}

static void
on_pong(redisAsyncContext *async, void *reply_, void *context)
{
    struct redis_client *client = async->data;
    const redisReply *reply = reply_;
    (void)context;
    if (client == NULL || client->async != async || reply == NULL)
        return;
    if (reply->type != REDIS_REPLY_STATUS) {
        client->statistics.errors++; /* the connect time-out ends this attempt */
        const char *text = reply->type == REDIS_REPLY_ERROR ? reply->str : "";
        LOG(LOG_WARNING, "redis_not_ready", { "loading", strncmp(text, "LOADING", 7) == 0 },
            { "no_permission", strncmp(text, "NO", 2) == 0 });
        return;
    }
    client->statistics.connects++;
    client->backoff_ms = BACKOFF_MIN_MS;
    enter(client, CLIENT_UP);
    LOG_BARE(LOG_INFO, "redis_connected");
    client->changed(client->context, true);
}

static void
on_connected(const redisAsyncContext *async, int status)
{
    struct redis_client *client = async->data;
    if (client == NULL || client->async != async)
        return;
    if (status != REDIS_OK) { /* hiredis frees the context after this */
        client->statistics.connect_failures++;
        wait_and_retry(client);
        return;
    }
    /* A stopped server's socket still accepts, and one that loads its data answers errors: up is who says PONG. */
    redisAsyncCommand(client->async, on_pong, client, "PING");
    redis_guard_remembers(client->async, on_pong, client);
}

static void
on_disconnected(const redisAsyncContext *async, int status)
{
    struct redis_client *client = async->data;
    (void)status;
    if (client != NULL && client->async == async)
        wait_and_retry(client);
}

/* Give up a connection, from the loop only: hiredis must not be freed inside its own callbacks. */
static void
abandon(struct redis_client *client)
{
    redisAsyncContext *async = client->async;
    wait_and_retry(client);
    async->data = NULL;
    redisAsyncFree(async); /* answers every command under way with NULL */
}

/* The adapter's call when bytes have come. */
static void
read_some(redisAsyncContext *async)
{
    struct redis_client *client = async->data;
    if (client != NULL && client->async == async && redis_guard_too_long(async))
        abandon(client);
    else
        redisAsyncHandleRead(async);
}

/* Until what is waited for is late, milliseconds; INT64_MAX when nothing is waited for. */
static int64_t
patience_ms(const struct redis_client *client)
{
    int64_t now_ms = clock_monotonic_ms();
    if (client->state == CLIENT_CONNECTING)
        return client->since_ms + client->connect_timeout_ms - now_ms;
    if (client->state == CLIENT_UP && client->first != NULL)
        return client->first->sent_ms + client->command_timeout_ms - now_ms;
    return INT64_MAX;
}

static void
on_watch(evutil_socket_t fd, short events, void *context)
{
    struct redis_client *client = context;
    int64_t left_ms = patience_ms(client);
    (void)fd;
    (void)events;
    arm(client->watch, left_ms > 0 && left_ms < WATCH_MS ? left_ms : WATCH_MS);
    if (left_ms > 0)
        return;
    client->statistics.timeouts++;
    LOG(LOG_WARNING, "redis_timeout", { "connecting", client->state == CLIENT_CONNECTING });
    abandon(client);
}

static void
on_retry(evutil_socket_t fd, short events, void *context)
{
    (void)fd;
    (void)events;
    connect_now(context);
}

static void
on_authenticated(redisAsyncContext *async, void *reply_, void *context)
{
    const redisReply *reply = reply_;
    (void)async;
    (void)context;
    if (reply != NULL && reply->type == REDIS_REPLY_ERROR)
        LOG_BARE(LOG_ERROR, "redis_authentication_failed");
}

static void
authenticate(struct redis_client *client)
{
    const struct redis_url *url = &client->url;
    if (url->password[0] == '\0')
        return;
    /* Queued before the connection is up, so ahead of everything else. */
    if (url->user[0] != '\0')
        redisAsyncCommand(client->async, on_authenticated, NULL, "AUTH %s %s", url->user, url->password);
    else
        redisAsyncCommand(client->async, on_authenticated, NULL, "AUTH %s", url->password);
    redis_guard_remembers(client->async, on_authenticated, NULL);
}

static void
connect_now(struct redis_client *client)
{
    const struct redis_url *url = &client->url;
    redisAsyncContext *async =
        url->path[0] != '\0' ? redisAsyncConnectUnix(url->path) : redisAsyncConnect(url->host, url->port);
    client->async = async;
    enter(client, CLIENT_CONNECTING);
    if (async == NULL || async->err != 0 || redisLibeventAttach(async, client->base) != REDIS_OK) {
        client->statistics.connect_failures++;
        wait_and_retry(client);
        if (async != NULL)
            redisAsyncFree(async);
        return;
    }
    redis_guard(async);
    async->data = client;
    redisAsyncSetConnectCallback(async, on_connected);
    redisAsyncSetDisconnectCallback(async, on_disconnected);
    authenticate(client);
}

enum sp_error
redis_client_new(struct event_base *base, const struct redis_client_options *options, redis_client_changed *changed,
                 void *context, struct redis_client **out)
{
    const char *why;
    *out = NULL;
    struct redis_client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return SP_NO_MEMORY;
    client->last = &client->first;
    enum sp_error error = redis_url_parse(options->url, &client->url, &why);
    client->retry = evtimer_new(base, on_retry, client);
    client->watch = evtimer_new(base, on_watch, client);
    if (error == SP_OK && (client->retry == NULL || client->watch == NULL))
        error = SP_NO_MEMORY;
    if (error != SP_OK) {
        redis_client_free(client);
        return error;
    }
    client->base = base;
    client->connect_timeout_ms = options->connect_timeout_ms;
    client->command_timeout_ms = options->command_timeout_ms;
    client->changed = changed;
    client->context = context;
    client->backoff_ms = BACKOFF_MIN_MS;
    arm(client->watch, WATCH_MS);
    connect_now(client);
    *out = client;
    return SP_OK;
}

void
redis_client_free(struct redis_client *client)
{
    if (client == NULL)
        return;
    redisAsyncContext *async = client->async;
    client->async = NULL;
    client->state = CLIENT_WAITING; /* whoever hears now that an answer will not come cannot send anew */
    if (async != NULL) {
        async->data = NULL;
        redisAsyncFree(async);
    }
    if (client->retry != NULL)
        event_free(client->retry);
    if (client->watch != NULL)
        event_free(client->watch);
    redis_url_wipe(&client->url);
    free(client);
}

bool
redis_client_up(const struct redis_client *client)
{
    return client->state == CLIENT_UP;
}

static void
unlink_command(struct redis_client *client, struct command *command)
{
    struct command **link = &client->first;
    while (*link != command)
        link = &(*link)->next;
    *link = command->next;
    if (command->next == NULL)
        client->last = link;
}

static void
on_reply(redisAsyncContext *async, void *reply_, void *context)
{
    const redisReply *reply = reply_;
    struct command *command = context;
    struct redis_client *client = command->client;
    (void)async;
    unlink_command(client, command);
    if (reply != NULL && reply->type == REDIS_REPLY_ERROR)
        client->statistics.errors++;
    command->replied(command->context, reply);
    free(command);
}

enum sp_error
redis_client_send(struct redis_client *client, redis_client_replied *replied, void *context, int argc,
                  const char **argv, const size_t *lengths)
{
    if (client->state != CLIENT_UP)
        return SP_UNAVAILABLE;
    struct command *command = calloc(1, sizeof *command);
    if (command == NULL)
        return SP_NO_MEMORY;
    *command = (struct command){ client, replied, context, clock_monotonic_ms(), NULL };
    *client->last = command;
    client->last = &command->next;
    if (redisAsyncCommandArgv(client->async, on_reply, command, argc, argv, lengths) != REDIS_OK ||
        !redis_guard_remembers(client->async, on_reply, command)) {
        unlink_command(client, command);
        free(command);
        return SP_UNAVAILABLE;
    }
    return SP_OK;
}

struct redis_client_statistics
redis_client_statistics(const struct redis_client *client)
{
    return client->statistics;
}
