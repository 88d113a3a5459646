/*
 * One asynchronous connection to Redis on a libevent loop (hiredis 0.14 API). Connects by itself, with own time-outs
 * (a lost SYN or a stopped server gives no callback at all) and a backoff of 50 ms to 5 s with jitter.
 */
#ifndef SPORLOS_REDIS_CLIENT_H
#define SPORLOS_REDIS_CLIENT_H

#include "sporlos/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct redisReply;
struct redis_client;

struct redis_client_options {
    const char *url; /* sporlos/redis_url.h; read during redis_client_new only */
    int connect_timeout_ms;
    int command_timeout_ms;
};

/* The connection came up (true) or went away (false). Called from the loop. */
typedef void redis_client_changed(void *context, bool up);

/* Starts to connect at once. SP_MALFORMED for a bad URL. base is borrowed. */
SP_MUST_CHECK enum sp_error redis_client_new(struct event_base *base, const struct redis_client_options *options,
                                             redis_client_changed *changed, void *context,
                                             struct redis_client **client);
void redis_client_free(struct redis_client *client);

bool redis_client_up(const struct redis_client *client);

/*
 * A reply, borrowed for the call; NULL when the connection was lost or timed out before it came: then the command may
 * have been carried out, or may still be.
 */
typedef void redis_client_replied(void *context, const struct redisReply *reply);

/* Send one command. SP_UNAVAILABLE when not connected; then replied is not called. Otherwise it is called once. */
SP_MUST_CHECK enum sp_error redis_client_send(struct redis_client *client, redis_client_replied *replied, void *context,
                                              int argc, const char **argv, const size_t *lengths);

struct redis_client_statistics {
    uint64_t connects, connect_failures, timeouts, errors;
};
struct redis_client_statistics redis_client_statistics(const struct redis_client *client);

#endif
