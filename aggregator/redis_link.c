#include "redis_link.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "sporlos/log.h"
#include "sporlos/redis_url.h"

struct redis_link {
    struct redis_url url;
    struct timeval connect_timeout, command_timeout;
    redisContext *context; /* NULL: not connected */
    size_t queued;         /* commands of the transaction, with MULTI */
    bool lost;             /* said so in the log */
    bool refused;          /* likewise */
};

static struct timeval
timeval_of_ms(int64_t ms)
{
    return (struct timeval){ .tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000) };
}

enum sp_error
redis_link_new(const char *url, int64_t connect_timeout_ms, int64_t command_timeout_ms, struct redis_link **link,
               const char **why)
{
    *why = "out of memory";
    *link = calloc(1, sizeof **link);
    if (*link == NULL)
        return SP_NO_MEMORY;
    enum sp_error error = redis_url_parse(url, &(*link)->url, why);
    if (error != SP_OK) {
        redis_link_free(*link);
        *link = NULL;
        return error;
    }
    (*link)->connect_timeout = timeval_of_ms(connect_timeout_ms);
    (*link)->command_timeout = timeval_of_ms(command_timeout_ms);
    return SP_OK;
}

static void
give_up(struct redis_link *link)
{
    if (link->context != NULL)
        redisFree(link->context);
    link->context = NULL;
    if (!link->lost)
        LOG_BARE(LOG_WARNING, "redis_unavailable");
    link->lost = true;
}

void
redis_link_free(struct redis_link *link)
{
    if (link == NULL)
        return;
    if (link->context != NULL)
        redisFree(link->context);
    redis_url_wipe(&link->url);
    free(link);
}

/* What the access list of Redis keeps from us will not pass by itself: somebody has to be told, once. */
static void
notice_refusal(struct redis_link *link, const redisReply *reply)
{
    if (link->refused || reply->type != REDIS_REPLY_ERROR ||
        (strncmp(reply->str, "NOPERM", 6) != 0 && strstr(reply->str, "can't run this command") == NULL))
        return;
    link->refused = true;
    LOG_BARE(LOG_ERROR, "redis_forbids_us_a_command");
}

static redisReply *
read_reply(struct redis_link *link)
{
    void *reply = NULL;
    if (link->context == NULL)
        return NULL;
    if (redisGetReply(link->context, &reply) == REDIS_OK) {
        notice_refusal(link, reply);
        return reply;
    }
    give_up(link);
    return NULL;
}

static bool
authenticate(struct redis_link *link)
{
    const struct redis_url *url = &link->url;
    if (url->password[0] == '\0')
        return true;
    if (url->user[0] == '\0')
        redisAppendCommand(link->context, "AUTH %s", url->password);
    else
        redisAppendCommand(link->context, "AUTH %s %s", url->user, url->password);
    redisReply *reply = read_reply(link);
    bool allowed = reply != NULL && reply->type == REDIS_REPLY_STATUS;
    if (reply != NULL && !allowed)
        LOG_BARE(LOG_ERROR, "redis_refused_password");
    freeReplyObject(reply);
    return allowed;
}

static bool
connected(struct redis_link *link)
{
    if (link->context != NULL)
        return true;
    const struct redis_url *url = &link->url;
    link->context = url->path[0] != '\0' ? redisConnectUnixWithTimeout(url->path, link->connect_timeout)
                                         : redisConnectWithTimeout(url->host, url->port, link->connect_timeout);
    if (link->context == NULL || link->context->err != 0 ||
        redisSetTimeout(link->context, link->command_timeout) != REDIS_OK || !authenticate(link)) {
        give_up(link);
        return false;
    }
    if (link->lost)
        LOG_BARE(LOG_INFO, "redis_available");
    link->lost = false;
    return true;
}

redisReply *
redis_link_call(struct redis_link *link, const char *format, ...)
{
    if (!connected(link))
        return NULL;
    va_list arguments;
    va_start(arguments, format);
    int rc = redisvAppendCommand(link->context, format, arguments);
    va_end(arguments);
    if (rc != REDIS_OK) {
        give_up(link);
        return NULL;
    }
    return read_reply(link);
}

redisReply *
redis_link_call_list(struct redis_link *link, size_t count, const char **arguments)
{
    if (!connected(link))
        return NULL;
    if (redisAppendCommandArgv(link->context, (int)count, arguments, NULL) != REDIS_OK) {
        give_up(link);
        return NULL;
    }
    return read_reply(link);
}

void
redis_link_begin(struct redis_link *link)
{
    link->queued = 0;
    if (connected(link))
        redis_link_queue(link, "MULTI");
}

void
redis_link_queue(struct redis_link *link, const char *format, ...)
{
    if (link->context == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    if (redisvAppendCommand(link->context, format, arguments) == REDIS_OK)
        link->queued++;
    else
        give_up(link);
    va_end(arguments);
}

redisReply *
redis_link_commit(struct redis_link *link)
{
    size_t queued = link->queued;
    redis_link_queue(link, "EXEC");
    /* OK for MULTI, QUEUED for the rest; what was refused makes EXEC fail. */
    for (size_t i = 0; i < queued && link->context != NULL; i++)
        freeReplyObject(read_reply(link));
    redisReply *reply = read_reply(link);
    if (reply != NULL && (reply->type != REDIS_REPLY_ARRAY || reply->elements + 1 != queued)) {
        LOG_BARE(LOG_ERROR, "redis_refused_transaction");
        freeReplyObject(reply);
        return NULL;
    }
    return reply;
}
