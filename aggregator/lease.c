#include "lease.h"

#include <sodium.h>

#include "sporlos/clock.h"
#include "sporlos/keyspace.h"

#define LEASE_KEY KEYSPACE_PREFIX "lease:drain"

static const char renew_script[] = "if redis.call('GET', KEYS[1]) == ARGV[1] then "
                                   "return redis.call('EXPIRE', KEYS[1], ARGV[2]) end return 0";
static const char release_script[] = "if redis.call('GET', KEYS[1]) == ARGV[1] then "
                                     "return redis.call('DEL', KEYS[1]) end return 0";

void
lease_init(struct lease *lease)
{
    unsigned char bytes[(LEASE_HOLDER_MAX - 1) / 2];
    random_bytes(bytes, sizeof bytes);
    sodium_bin2hex(lease->holder, sizeof lease->holder, bytes, sizeof bytes);
}

enum sp_error
lease_take(const struct lease *lease, struct redis_link *link, bool *held)
{
    *held = false;
    redisReply *reply = redis_link_call(link, "EVAL %s 1 %s %s %d", renew_script, LEASE_KEY, lease->holder, LEASE_S);
    if (reply == NULL || reply->type != REDIS_REPLY_INTEGER) {
        freeReplyObject(reply);
        return SP_UNAVAILABLE;
    }
    *held = reply->integer == 1;
    freeReplyObject(reply);
    if (*held)
        return SP_OK;
    reply = redis_link_call(link, "SET %s %s NX EX %d", LEASE_KEY, lease->holder, LEASE_S);
    bool answered = reply != NULL && reply->type != REDIS_REPLY_ERROR;
    *held = answered && reply->type == REDIS_REPLY_STATUS;
    freeReplyObject(reply);
    return answered ? SP_OK : SP_UNAVAILABLE;
}

void
lease_release(const struct lease *lease, struct redis_link *link)
{
    freeReplyObject(redis_link_call(link, "EVAL %s 1 %s %s", release_script, LEASE_KEY, lease->holder));
}
