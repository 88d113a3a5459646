/*
 * A synchronous connection to Redis for a thread of its own: connects when first used and again after it was lost,
 * never waits longer than its time-outs.
 */
#ifndef SPORLOS_AGGREGATOR_REDIS_LINK_H
#define SPORLOS_AGGREGATOR_REDIS_LINK_H

#include "sporlos/error.h"

#include <stdbool.h>
#include <stdint.h>

#include <hiredis/hiredis.h>

struct redis_link;

/* *why: a sentence, static. Does not connect yet. */
SP_MUST_CHECK enum sp_error redis_link_new(const char *url, int64_t connect_timeout_ms, int64_t command_timeout_ms,
                                           struct redis_link **link, const char **why);
void redis_link_free(struct redis_link *link);

/*
 * Send one command (hiredis' format) and wait for its reply, returned owned: freeReplyObject. NULL when Redis cannot be
 * reached or has not answered in time: the connection is then given up, and whether the command was done is unknown.
 */
redisReply *redis_link_call(struct redis_link *link, const char *format, ...);

/* The same for a list of arguments. */
redisReply *redis_link_call_list(struct redis_link *link, size_t count, const char **arguments);

/*
 * A transaction: begin, queue each command, commit. The reply is EXEC's array, one element a command, returned owned;
 * NULL as for redis_link_call, or when Redis refused the transaction. Errors on the way show at the commit.
 */
void redis_link_begin(struct redis_link *link);
void redis_link_queue(struct redis_link *link, const char *format, ...);
redisReply *redis_link_commit(struct redis_link *link);

#endif
