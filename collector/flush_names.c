/*
 * The stage of a round in which names that were earned go to Redis, those that others know come from there, and those
 * of a site that may have none any more are deleted.
 */
#include "flush_state.h"

#include "keys.h"

#include "sporlos/clock.h"

#include <hiredis/hiredis.h>

enum {
    READ_EVERY_S = 3600, /* what others have admitted meanwhile */
    PATIENCE_S = 60,     /* after Redis refused: counting does not wait for names */
    DAY_S = 24 * 3600,
};

static bool
end_names(struct call *call, const redisReply *reply)
{
    call->busy = false;
    call->flush->under_way--;
    if (reply != NULL && reply->type == REDIS_REPLY_ARRAY)
        return true;
    call->flush->failed = call->flush->failed || reply == NULL;
    call->flush->names_patience_s = clock_wall_s() + PATIENCE_S;
    call->flush->statistics.calls_failed++;
    return false;
}

/* ---- writing ---- */

static void
on_written(void *context, const redisReply *reply)
{
    struct call *call = context;
    struct flush *flush = call->flush;
    bool done = end_names(call, reply);
    for (size_t i = 0; i < call->count && !done; i++)
        names_mark(flush->names, call->names[i]);
    flush_step(flush);
}

static struct site *
site_of(const struct flush *flush, uint32_t text)
{
    return sites_by_text(flush->sites, texts_get(counters_texts(flush->counters), text));
}

/* As its leaves: what is not known to be in force goes nowhere. It may turn out to be a mode that names nothing. */
static bool
may_write(void *context, uint32_t text)
{
    const struct site *site = site_of(context, text);
    return !site->held && mode_table[site->mode].tables != TABLES_RESTRICTED;
}

static bool
write_next(struct flush *flush, struct call *call)
{
    struct name_use uses[CALL_NAMES_MAX];
    struct texts *texts = counters_texts(flush->counters);
    call->count = names_take_changed(flush->names, may_write, flush, uses, CALL_NAMES_MAX);
    if (call->count == 0)
        return false;
    for (size_t i = 0; i < call->count; i++)
        call->names[i] = uses[i].id;
    call->site = site_of(flush, uses[0].id.site);
    call_build_names_write(&flush->builder, call->site, texts, uses, call->count);
    if (flush_send(flush, call, on_written))
        return true;
    for (size_t i = 0; i < call->count; i++)
        names_mark(flush->names, call->names[i]);
    return false;
}

/* ---- reading ---- */

static void
learn(struct flush *flush, const struct site *site, const redisReply *field, const redisReply *value)
{
    int32_t today = (int32_t)(clock_wall_s() / DAY_S);
    struct name_id id = { .site = site->text };
    if (field->type != REDIS_REPLY_STRING || value->type != REDIS_REPLY_STRING || field->len < 2 ||
        !name_kind_find(field->str[0], &id.kind))
        return;
    struct span text = span_of(field->str + 1, (size_t)field->len - 1);
    long day = strtol(value->str, NULL, 10);
    if (day < today - NAME_UNUSED_DAYS || day > today + 1 || !keys_may_have_earned(id.kind, text) ||
        texts_intern(counters_texts(flush->counters), text, &id.text) != SP_OK)
        return;
    if (names_admit(flush->names, id, (int32_t)day, NAME_LEARNED) != SP_OK)
        return; /* no room: it has to be earned again when there is */
}

static void
on_read(void *context, const redisReply *reply)
{
    struct call *call = context;
    struct flush *flush = call->flush;
    if (end_names(call, reply)) {
        for (size_t i = 0; i + 1 < reply->elements; i += 2)
            learn(flush, call->site, reply->element[i], reply->element[i + 1]);
        call->site->names_due = call->site->names_due || reply->elements > 0;
        call->site->names_read_s = clock_wall_s();
    }
    flush_step(flush);
}

static void
on_forgotten(void *context, const redisReply *reply)
{
    struct call *call = context;
    struct flush *flush = call->flush;
    if (end_names(call, reply))
        call->site->names_read_s = clock_wall_s();
    flush_step(flush);
}

/* A site that is restricted in force earns no names: those of a time when it did, or of a process that took it to, go.
 */
static bool
read_or_forget_next(struct flush *flush, struct call *call)
{
    int64_t now_s = clock_wall_s();
    while (flush->name_next < flush->report_count) {
        struct site *site = flush->reports[flush->name_next++];
        bool earns = mode_table[site->mode].tables != TABLES_RESTRICTED;
        if (site->config == NULL || now_s - site->names_read_s < READ_EVERY_S || (!earns && site->held))
            continue;
        call->site = site;
        call->count = 0;
        if (earns)
            call_build_names_read(&flush->builder, site, (int32_t)(now_s / DAY_S) - NAME_UNUSED_DAYS);
        else
            call_build_names_forget(&flush->builder, site);
        return flush_send(flush, call, earns ? on_read : on_forgotten);
    }
    return false;
}

bool
flush_name_next(struct flush *flush, struct call *call)
{
    if (flush->names == NULL || clock_wall_s() < flush->names_patience_s)
        return false;
    if (flush->names_lost)
        names_mark_all(flush->names);
    flush->names_lost = false;
    return read_or_forget_next(flush, call) || write_next(flush, call);
}
