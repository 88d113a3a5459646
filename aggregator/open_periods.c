#include "open_periods.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sporlos/log.h"

/* ---- open periods ---- */

static struct span
span_of_reply(const redisReply *reply)
{
    return reply->type == REDIS_REPLY_STRING ? span_of(reply->str, reply->len) : span_of("", 0);
}

static bool
is_before(struct period a, struct period b)
{
    return a.kind != b.kind ? a.kind < b.kind : a.index < b.index;
}

/* The entry of a period, made in its place if it is new; NULL without memory. */
static struct open_period *
open_period_for(struct open_periods *open, struct period period)
{
    size_t place = 0;
    while (place < open->count && is_before(open->items[place].period, period))
        place++;
    if (place < open->count && period_equal(open->items[place].period, period))
        return &open->items[place];
    if (open->count == open->room) {
        size_t room = open->room == 0 ? 16 : open->room * 2;
        struct open_period *items = realloc(open->items, room * sizeof *items);
        if (items == NULL)
            return NULL;
        open->items = items;
        open->room = room;
    }
    memmove(&open->items[place + 1], &open->items[place], (open->count - place) * sizeof *open->items);
    open->items[place] = (struct open_period){ .period = period };
    open->count++;
    return &open->items[place];
}

/* 'PERIOD SOURCE' -> both. */
static enum sp_error
parse_member(struct span member, struct period *period, struct span *source)
{
    const char *space = member.length == 0 ? NULL : memchr(member.at, ' ', member.length);
    if (space == NULL)
        return SP_MALFORMED;
    size_t length = (size_t)(space - member.at);
    *source = span_of(space + 1, member.length - length - 1);
    return source_is_valid(*source) ? period_parse(span_of(member.at, length), period) : SP_MALFORMED;
}

static enum sp_error
add_member(struct open_periods *open, struct span member)
{
    struct period period;
    struct span source;
    enum sp_error error = parse_member(member, &period, &source);
    if (error != SP_OK)
        return error;
    struct open_period *item = open_period_for(open, period);
    return item == NULL ? SP_NO_MEMORY : source_set_add(&item->sources, source);
}

/* A member that names nothing would be met again at every round. */
static void
remove_member(struct redis_link *link, const char *key, struct span member)
{
    freeReplyObject(redis_link_call(link, "SREM %s %b", key, member.at, member.length));
}

/* Read a set or a hash of the site whole. A key of another type is no reason to leave all other sites alone. */
static enum sp_error
read_all(struct redis_link *link, const char *command, const char *key, struct open_periods *open, redisReply **all)
{
    *all = redis_link_call(link, "%s %s", command, key);
    if (*all != NULL && (*all)->type == REDIS_REPLY_ARRAY)
        return SP_OK;
    bool wrong_type = *all != NULL && (*all)->type == REDIS_REPLY_ERROR && strncmp((*all)->str, "WRONGTYPE", 9) == 0;
    freeReplyObject(*all);
    *all = NULL;
    open->malformed += wrong_type;
    return wrong_type ? SP_MALFORMED : SP_UNAVAILABLE;
}

static enum sp_error
read_open(struct redis_link *link, const struct site_config *site, struct open_periods *open)
{
    char key[KEYSPACE_KEY_MAX];
    keyspace_site(key, site->key, "open");
    redisReply *reply;
    enum sp_error error = read_all(link, "SMEMBERS", key, open, &reply);
    if (error != SP_OK)
        return error == SP_MALFORMED ? SP_OK : error;
    for (size_t i = 0; error == SP_OK && i < reply->elements; i++) {
        struct span member = span_of_reply(reply->element[i]);
        error = add_member(open, member);
        if (error == SP_MALFORMED) {
            open->malformed++;
            remove_member(link, key, member);
            error = SP_OK;
        }
    }
    freeReplyObject(reply);
    return error;
}

/* A whole decimal number and nothing else. */
static bool
parse_integer(struct span text, int64_t *value)
{
    bool negative = text.length > 0 && text.at[0] == '-';
    size_t at = negative ? 1 : 0;
    if (text.length == at || text.length > 20)
        return false;
    *value = 0;
    for (; at < text.length; at++) {
        if (text.at[at] < '0' || text.at[at] > '9')
            return false;
        int digit = text.at[at] - '0';
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, negative ? -digit : digit, value))
            return false;
    }
    return true;
}

/* 'LAST START' -> both. */
static bool
parse_report(struct span text, int64_t *last_s, int64_t *start_s)
{
    const char *space = text.length == 0 ? NULL : memchr(text.at, ' ', text.length);
    if (space == NULL)
        return false;
    size_t length = (size_t)(space - text.at);
    return parse_integer(span_of(text.at, length), last_s) &&
           parse_integer(span_of(space + 1, text.length - length - 1), start_s);
}

static void
add_living(struct open_periods *open, struct span id, struct span report, int64_t now_s)
{
    int64_t last_s;
    int64_t start_s;
    if (!source_is_valid(id) || !parse_report(report, &last_s, &start_s)) {
        open->malformed++;
        return;
    }
    if (last_s < now_s - SOURCE_SILENT_S)
        return;
    struct living_source *living = &open->living[open->living_count++];
    memcpy(living->id, id.at, id.length); /* zeroed, so terminated */
    living->start_s = start_s;
}

static enum sp_error
read_living(struct redis_link *link, const struct site_config *site, int64_t now_s, struct open_periods *open)
{
    char key[KEYSPACE_KEY_MAX];
    keyspace_site(key, site->key, "sources");
    redisReply *reply;
    enum sp_error error = read_all(link, "HGETALL", key, open, &reply);
    if (error != SP_OK)
        return error == SP_MALFORMED ? SP_OK : error;
    open->living = calloc(reply->elements / 2 + 1, sizeof *open->living);
    for (size_t i = 0; open->living != NULL && i + 1 < reply->elements; i += 2)
        add_living(open, span_of_reply(reply->element[i]), span_of_reply(reply->element[i + 1]), now_s);
    freeReplyObject(reply);
    return open->living == NULL ? SP_NO_MEMORY : SP_OK;
}

enum sp_error
open_periods_read(struct redis_link *link, const struct site_config *site, int64_t now_s, struct open_periods *open)
{
    *open = (struct open_periods){ .items = NULL };
    enum sp_error error = read_open(link, site, open);
    return error == SP_OK && open->count > 0 ? read_living(link, site, now_s, open) : error;
}

void
open_periods_fini(struct open_periods *open)
{
    for (size_t i = 0; i < open->count; i++)
        source_set_fini(&open->items[i].sources);
    free(open->living);
    free(open->items);
    *open = (struct open_periods){ .items = NULL };
}

size_t
seals_missing(const struct open_periods *open, const struct source_set *sources, const struct source_set *sealed,
              int64_t period_end_s)
{
    size_t missing = 0;
    for (size_t i = 0; i < sources->count; i++)
        missing += !source_set_has(sealed, sources->ids[i]);
    for (size_t i = 0; i < open->living_count; i++) {
        const struct living_source *living = &open->living[i];
        bool concerned = living->start_s < period_end_s && !source_set_has(sources, living->id);
        missing += concerned && !source_set_has(sealed, living->id);
    }
    return missing;
}

/* ---- one period's picture ---- */

static bool
is_counted(const struct site_config *site, enum table_id table, struct period period)
{
    return (table_periods(table, site->mode) & PERIOD_BIT(period.kind)) != 0;
}

static void
queue_picture(struct redis_link *link, const struct site_config *site, const struct open_period *open)
{
    char key[KEYSPACE_KEY_MAX];
    redis_link_begin(link);
    keyspace_period(key, site->key, "sealed", open->period);
    redis_link_queue(link, "SMEMBERS %s", key);
    keyspace_site(key, site->key, "open");
    redis_link_queue(link, "SMEMBERS %s", key);
    for (int table = 0; table < TABLE_COUNT; table++) {
        if (!is_counted(site, (enum table_id)table, open->period))
            continue;
        for (size_t i = 0; i < open->sources.count; i++) {
            keyspace_leaf(key, site->key, (enum table_id)table, open->period, open->sources.ids[i]);
            redis_link_queue(link, "HGETALL %s", key);
        }
        keyspace_witness(key, site->key, (enum table_id)table, open->period);
        redis_link_queue(link, "SMEMBERS %s", key);
    }
}

/* What belongs in the batch is taken; what does not is counted; only lack of memory ends it. */
static enum sp_error
judge(struct picture *picture, enum sp_error error)
{
    if (error == SP_OK || error == SP_NO_MEMORY)
        return error;
    picture->malformed++;
    return SP_OK;
}

static enum sp_error
take_leaves(struct picture *picture, enum table_id table, const redisReply *fields)
{
    if (fields->type != REDIS_REPLY_ARRAY)
        return judge(picture, SP_MALFORMED);
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i + 1 < fields->elements; i += 2) {
        int64_t value;
        picture->fields++;
        error = parse_integer(span_of_reply(fields->element[i + 1]), &value)
                    ? release_add(picture->batch, table, span_of_reply(fields->element[i]), value)
                    : SP_MALFORMED;
        error = judge(picture, error);
    }
    return error;
}

static enum sp_error
take_witnesses(struct picture *picture, enum table_id table, const redisReply *members)
{
    if (members->type != REDIS_REPLY_ARRAY)
        return judge(picture, SP_MALFORMED);
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < members->elements; i++) {
        error = release_witness(picture->batch, table, span_of_reply(members->element[i]));
        /* A witness without a leaf is what a malformed leaf leaves behind. */
        error = error == SP_NOT_FOUND ? SP_OK : judge(picture, error);
    }
    return error;
}

static enum sp_error
take_sources(struct picture *picture, const redisReply *sealed, const redisReply *open, struct period wanted)
{
    enum sp_error error = SP_OK;
    for (size_t i = 0; sealed->type == REDIS_REPLY_ARRAY && error == SP_OK && i < sealed->elements; i++)
        error = judge(picture, source_set_add(&picture->sealed, span_of_reply(sealed->element[i])));
    if (sealed->type != REDIS_REPLY_ARRAY)
        picture->malformed++; /* nobody is known to have sealed */
    for (size_t i = 0; open->type == REDIS_REPLY_ARRAY && error == SP_OK && i < open->elements; i++) {
        struct period period;
        struct span source;
        if (parse_member(span_of_reply(open->element[i]), &period, &source) == SP_OK && period_equal(period, wanted))
            error = source_set_add(&picture->sources, source);
    }
    return error;
}

/* The sources that have no field in any of the answers, which are those of queue_picture. */
static size_t
count_bare(const struct site_config *site, const struct open_period *open, const redisReply *reply)
{
    size_t bare = 0;
    for (size_t i = 0; i < open->sources.count; i++) {
        size_t at = 2 + i;
        size_t tables = 0;
        size_t fields = 0;
        for (int table = 0; table < TABLE_COUNT; table++) {
            if (!is_counted(site, (enum table_id)table, open->period))
                continue;
            fields += reply->element[at]->elements;
            at += open->sources.count + 1;
            tables++;
        }
        bare += tables > 0 && fields == 0;
    }
    return bare;
}

static enum sp_error
develop(struct picture *picture, const struct site_config *site, const struct open_period *open,
        const redisReply *reply)
{
    enum sp_error error = take_sources(picture, reply->element[0], reply->element[1], open->period);
    size_t next = 2;
    picture->bare = count_bare(site, open, reply);
    for (int table = 0; table < TABLE_COUNT; table++) {
        if (!is_counted(site, (enum table_id)table, open->period))
            continue;
        for (size_t i = 0; error == SP_OK && i < open->sources.count; i++)
            error = take_leaves(picture, (enum table_id)table, reply->element[next++]);
        if (error == SP_OK)
            error = take_witnesses(picture, (enum table_id)table, reply->element[next++]);
        if (error != SP_OK)
            return error;
    }
    return error;
}

enum sp_error
picture_take(struct redis_link *link, const struct site_config *site, const struct open_period *period,
             struct picture *picture)
{
    *picture = (struct picture){ .batch = NULL };
    enum sp_error error = release_batch_new(site, period->period, &picture->batch);
    if (error != SP_OK)
        return error;
    queue_picture(link, site, period);
    redisReply *reply = redis_link_commit(link);
    error = reply == NULL ? SP_UNAVAILABLE : develop(picture, site, period, reply);
    freeReplyObject(reply);
    return error;
}

void
picture_fini(struct picture *picture)
{
    source_set_fini(&picture->sealed);
    source_set_fini(&picture->sources);
    release_batch_free(picture->batch);
    picture->batch = NULL;
}
