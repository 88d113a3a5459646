/*
 * What keeps guessers of passwords out: how soon somebody may try again. By rate alone; nothing is ever locked, and
 * what is counted is forgotten after a quarter of an hour.
 *
 * A network (truncated) has LOGIN_NETWORK_ATTEMPTS. A name, whether there is such an account or not, waits longer after
 * each failure, up to a minute. All together have LOGIN_ATTEMPTS, which bounds the work that strangers can ask for. The
 * last two do not hold for a network from which that very name logged in lately: so nobody can keep another out by
 * trying his name.
 */
#ifndef SPORLOS_AGGREGATOR_LOGIN_LIMIT_H
#define SPORLOS_AGGREGATOR_LOGIN_LIMIT_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdint.h>

enum {
    LOGIN_NETWORK_BYTES = 32, /* what the server kept of the peer (HTTP_PEER_BYTES); all zero: unknown */
    LOGIN_WINDOW_MS = 15 * 60000,
    LOGIN_NETWORK_ATTEMPTS = 20, /* in a window */
    LOGIN_ATTEMPTS = 300,        /* in a window, in all */
    LOGIN_NAME_FREE = 5,         /* failures of a name before it waits */
    LOGIN_NAME_WAIT_MAX_MS = 60000,
};

struct login_limit;

SP_MUST_CHECK enum sp_error login_limit_new(struct login_limit **limit);
void login_limit_free(struct login_limit *limit);

/*
 * May this network try this name now? 0, and the attempt is counted as failed until login_limit_succeeded says
 * otherwise; else after how many ms.
 */
int64_t login_limit_attempt(struct login_limit *limit, const unsigned char network[LOGIN_NETWORK_BYTES],
                            struct span name);
void login_limit_succeeded(struct login_limit *limit, const unsigned char network[LOGIN_NETWORK_BYTES],
                           struct span name);

#endif
