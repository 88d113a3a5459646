#include "declaration_before.h"

#include <stdio.h>

#include "sporlos/in_force.h"
#include "sporlos/keyspace.h"

struct search {
    const struct site_config *site;
    const struct declaration *wanted;
    struct declaration *best; /* valid when found */
    bool found;
};

static bool
is_more(const struct declaration *before, const struct declaration *after)
{
    struct difference difference;
    declaration_compare(before, after, &difference);
    return difference.verdict == DIFFERENCE_MORE;
}

static void
consider(struct search *search, struct declaration *candidate)
{
    snprintf(candidate->site, sizeof candidate->site, "%s", search->site->key);
    if (!is_more(candidate, search->wanted) || (search->found && !is_more(candidate, search->best)))
        return;
    *search->best = *candidate;
    search->found = true;
}

/* ---- Redis ---- */

static enum sp_error
ask_redis(struct search *search, struct redis_link *redis, const char *name)
{
    char key[KEYSPACE_KEY_MAX];
    struct declaration candidate;
    enum sp_error error = SP_OK;
    if (strlen(name) >= SITE_NAME_MAX)
        return SP_OK;
    keyspace_site(key, name, "declaration");
    redisReply *reply = redis_link_call(redis, "HGET %s %s", key, IN_FORCE_DECLARED);
    if (reply == NULL || (reply->type != REDIS_REPLY_STRING && reply->type != REDIS_REPLY_NIL))
        error = SP_UNAVAILABLE;
    else if (reply->type == REDIS_REPLY_STRING)
        error = declaration_read(span_of(reply->str, reply->len), &candidate);
    if (error == SP_OK && reply->type == REDIS_REPLY_STRING)
        consider(search, &candidate);
    freeReplyObject(reply);
    return error;
}

/* ---- the archive ---- */

struct history {
    int64_t now_s;
    struct declaration in_force;
    bool any;
};

static enum sp_error
take_version(void *context, const struct archive_declaration *row)
{
    struct history *history = context;
    if (row->withdrawn_s != 0 || row->in_force_s > history->now_s)
        return SP_OK;
    history->any = true;
    return declaration_read(row->json, &history->in_force);
}

static enum sp_error
ask_archive(struct search *search, struct archive *archive, const char *host, int64_t now_s)
{
    struct history history = { .now_s = now_s };
    char name[SITE_NAME_MAX];
    enum sp_error error = archive_host_site(archive, host, name);
    if (error == SP_OK)
        error = archive_declarations(archive, name, take_version, &history);
    if (error == SP_OK && history.any)
        consider(search, &history.in_force);
    return error == SP_NOT_FOUND ? SP_OK : error;
}

enum sp_error
declaration_before(const struct site_config *site, struct archive *archive, struct redis_link *redis, int64_t now_s,
                   const struct declaration *wanted, struct declaration *before)
{
    struct search search = { site, wanted, before, false };
    enum sp_error error = redis == NULL ? SP_OK : ask_redis(&search, redis, site->key);
    for (size_t i = 0; error == SP_OK && i < site->hosts.count; i++) {
        const char *host = site->hosts.items[i];
        if (archive != NULL)
            error = ask_archive(&search, archive, host, now_s);
        if (error == SP_OK && redis != NULL && strcmp(host, site->key) != 0)
            error = ask_redis(&search, redis, host);
    }
    if (error == SP_OK && !search.found)
        error = SP_NOT_FOUND;
    return error;
}
