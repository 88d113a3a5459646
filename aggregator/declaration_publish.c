/* What is in force, told to the collectors, and to aggregators to come. */
#include "declaration.h"

#include <stdio.h>

#include "redis_link.h"
#include "sporlos/keyspace.h"
#include "sporlos/redis_login.h"

/* Whole or not at all: a field that is gone must not outlive its version. */
static const char publish_script[] = "redis.call('DEL', KEYS[1]) "
                                     "redis.call('HSET', KEYS[1], unpack(ARGV, 2)) "
                                     "redis.call('EXPIRE', KEYS[1], ARGV[1]) return 1";

enum { FIXED = 7 };

static enum sp_error
publish_site(struct redis_link *link, const struct site_config *site)
{
    struct in_force_field fields[IN_FORCE_FIELDS_MAX];
    const char *arguments[FIXED + 2 * IN_FORCE_FIELDS_MAX];
    char key[KEYSPACE_KEY_MAX];
    char ttl_s[16];
    size_t count = in_force_write(site->in_force.published, fields);
    keyspace_site(key, site->key, "declaration");
    snprintf(ttl_s, sizeof ttl_s, "%d", (int)KEYSPACE_TTL_DECLARATION_S);
    const char *const fixed[FIXED] = {
        "EVAL", publish_script, "1", key, ttl_s, IN_FORCE_DECLARED, site->in_force.declared
    };
    memcpy(arguments, fixed, sizeof fixed);
    for (size_t i = 0; i < count; i++) {
        arguments[FIXED + 2 * i] = fields[i].name;
        arguments[FIXED + 2 * i + 1] = fields[i].value;
    }
    redisReply *reply = redis_link_call_list(link, FIXED + 2 * count, arguments);
    bool done = reply != NULL && reply->type == REDIS_REPLY_INTEGER;
    freeReplyObject(reply);
    return done ? SP_OK : SP_UNAVAILABLE;
}

enum sp_error
declarations_redis(const struct config *config, struct redis_link **redis, const char **why)
{
    char *url;
    *redis = NULL;
    enum sp_error error = redis_login_apply(config->redis.url, config->aggregator.redis_login, &url, why);
    if (error == SP_OK)
        error = redis_link_new(url, config->redis.connect_timeout_ms, config->redis.command_timeout_ms, redis, why);
    redis_login_free(url);
    return error;
}

enum sp_error
declarations_publish(struct redis_link *link, const struct config *config)
{
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < config->site_count; i++)
        if (config->sites[i].in_force.published != NULL)
            error = publish_site(link, &config->sites[i]);
    return error;
}
