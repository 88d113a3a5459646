/* The stages of a round: what is sent to Redis, and what becomes of the answers. */
#include "flush_state.h"

#include "sporlos/clock.h"
#include "sporlos/log.h"

#include <hiredis/hiredis.h>
#include <stdlib.h>

static struct call_writer
writer_of(const struct flush *flush)
{
    return (struct call_writer){ counters_source(flush->counters), flush->start_s, clock_wall_s() };
}

/* ---- a call and its reply ---- */

struct call *
flush_free_call(struct flush *flush)
{
    for (int i = 0; i < CALLS_MAX; i++) {
        if (!flush->calls[i].busy)
            return &flush->calls[i];
    }
    return NULL;
}

bool
flush_send(struct flush *flush, struct call *call, redis_client_replied *replied)
{
    call->flush = flush;
    if (redis_client_send(flush->client, replied, call, flush->builder.argc, flush->builder.argv,
                          flush->builder.lengths) != SP_OK) {
        flush->failed = flush->unanswered = true;
        return false;
    }
    call->busy = true;
    flush->under_way++;
    flush->statistics.calls++;
    return true;
}

/* Redis refuses something of this site: until it no longer does, its periods stay unsealed. The others go on. */
static void
note_refusal(struct flush *flush, struct site *site, bool wrong_type)
{
    flush->failed = true;
    flush->refused += site->failed_round != flush->statistics.rounds;
    site->failed_round = flush->statistics.rounds;
    if (wrong_type)
        site->wrong_type_round = flush->statistics.rounds;
}

/* The text of an error may hold what was sent: only its kind is logged. */
static void
take_error(struct flush *flush, struct site *site, const redisReply *reply)
{
    bool oom = strncmp(reply->str, "OOM", 3) == 0;
    bool wrong_type = strstr(reply->str, "WRONGTYPE") != NULL;
    note_refusal(flush, site, wrong_type);
    flush->statistics.out_of_memory += oom;
    flush->statistics.wrong_type += wrong_type;
    flush->statistics.other_refusals += !oom && !wrong_type;
    LOG(LOG_WARNING, "redis_refused", { "site", site->position }, { "oom", oom }, { "wrong_type", wrong_type },
        { "read_only", strncmp(reply->str, "READONLY", 8) == 0 });
}

static bool
end_call(struct call *call, const redisReply *reply)
{
    call->busy = false;
    call->flush->under_way--;
    call->site->call_under_way = false;
    if (reply != NULL && reply->type == REDIS_REPLY_ARRAY)
        return true;
    call->flush->failed = true;
    call->flush->statistics.calls_failed++;
    if (reply == NULL)
        call->flush->unanswered = true;
    else if (reply->type == REDIS_REPLY_ERROR)
        take_error(call->flush, call->site, reply);
    return false;
}

struct marking {
    struct counters *counters;
    uint32_t marked;
};

static void
mark_period(void *context, struct site *site, struct period period)
{
    struct marking *marking = context;
    marking->marked += counters_mark_period(marking->counters, site->text, period);
}

/* Everything of the site that is open is sent again, and what had been sealed is sealed again. Returns how many leaves.
 */
static uint32_t
send_all_again(struct flush *flush, struct site *site)
{
    struct marking marking = { flush->counters, 0 };
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
        mark_period(&marking, site, site->open[kind]);
    seals_each_of(flush->seals, site, mark_period, &marking);
    seals_reopen(flush->seals, site);
    flush->statistics.leaves_resent += marking.marked;
    return marking.marked;
}

/*
 * Whoever put the key of the wrong type there has overwritten what it held, which nothing shows once it is deleted.
 */
void
flush_resend_if_mended(struct flush *flush, struct site *site)
{
    if (site->wrong_type_round == 0 || site->wrong_type_round + 1 >= flush->statistics.rounds)
        return;
    site->wrong_type_round = 0;
    LOG(LOG_INFO, "redis_key_mended", { "site", site->position }, { "leaves_sent_again", send_all_again(flush, site) });
}

/* Whether the call was carried out or refused in order, and the number that Redis had before. */
static bool
end_numbered(struct call *call, const redisReply *reply, uint64_t *found)
{
    if (!end_call(call, reply))
        return false;
    if (call_number_found(reply, call->number, found))
        return true;
    note_refusal(call->flush, call->site, false);
    call->flush->statistics.calls_failed++;
    LOG(LOG_WARNING, "redis_answer_senseless", { "site", call->site->position });
    return false;
}

/*
 * found: the number that Redis had before this call. Less than what it once acknowledged: it has lost data (failover to
 * a stale replica, an old dump, FLUSHALL), so everything of the site that is open is sent again.
 */
static bool
found_lost_data(struct flush *flush, struct site *site, uint64_t number, uint64_t found)
{
    if (found >= site->record->flush_acked && found < number)
        return false;
    if (found >= number) /* never used by us: go on above it */
        site->record->flush_number = found;
    site->record->flush_acked = found; /* Redis took nothing of this call; the next expects what it has now */
    note_refusal(flush, site, false);
    flush->statistics.losses++;
    LOG(LOG_WARNING, "redis_lost_data", { "site", site->position },
        { "leaves_sent_again", send_all_again(flush, site) });
    flush->names_lost = true;
    return true;
}

static void
drop_period(struct flush *flush, struct site *site, struct period period, bool late)
{
    uint32_t dropped = counters_drop(flush->counters, site->text, period);
    seals_remove(flush->seals, site, period);
    if (late && dropped > 0) {
        flush->statistics.late_leaves += dropped;
        LOG(LOG_WARNING, "period_closed_without_us", { "leaves", dropped }, { "kind", period.kind });
    }
}

/*
 * A period that takes no more values, 'PERIOD MARK'. Archived ('1'): what this source still had comes too late. Only
 * frozen ('0'): the aggregator may yet begin anew, so the leaves are kept and tried again.
 */
static void
take_refusal(struct flush *flush, struct site *site, const redisReply *refusal)
{
    struct period period;
    if (refusal->type != REDIS_REPLY_STRING || refusal->len < 3 ||
        period_parse(span_of(refusal->str, (size_t)refusal->len - 2), &period) != SP_OK)
        return;
    if (refusal->str[refusal->len - 1] == '1') {
        drop_period(flush, site, period, true);
        site_pass(site, period);
        return;
    }
    counters_mark_period(flush->counters, site->text, period);
}

/* A leaf hash of the wrong type, named by the first of its leaves in the call: the others of the call were taken. */
static void
take_wrong_type(struct flush *flush, struct call *call, int64_t first)
{
    if (first < 0 || (uint64_t)first >= call->count)
        return;
    struct leaf_id id = counters_leaf(flush->counters, call->slots[first]).id;
    for (size_t i = (size_t)first; i < call->count; i++) {
        struct leaf_id other = counters_leaf(flush->counters, call->slots[i]).id;
        if (other.kind != id.kind || other.period != id.period || other.table != id.table)
            break;
        counters_mark(flush->counters, call->slots[i]);
    }
    note_refusal(flush, call->site, true);
    flush->statistics.wrong_type++;
    LOG(LOG_WARNING, "redis_key_of_wrong_type", { "site", call->site->position }, { "table", id.table },
        { "kind", id.kind }, { "period", id.period });
}

/* ---- writing ---- */

static void
on_written(void *context, const redisReply *reply)
{
    struct call *call = context;
    struct flush *flush = call->flush;
    struct site *site = call->site;
    uint64_t found;
    if (!end_numbered(call, reply, &found)) {
        for (size_t i = 0; i < call->count; i++)
            counters_mark(flush->counters, call->slots[i]);
    } else if (!found_lost_data(flush, site, call->number, found)) {
        flush->statistics.leaves_written += call->count;
        site->record->flush_acked = call->number;
        for (size_t i = 1; i < reply->elements; i++) /* before any leaf is dropped */
            if (reply->element[i]->type == REDIS_REPLY_INTEGER)
                take_wrong_type(flush, call, reply->element[i]->integer);
        for (size_t i = 1; i < reply->elements; i++)
            take_refusal(flush, site, reply->element[i]);
    }
    flush_step(flush);
}

static struct site *
site_of(const struct flush *flush, uint32_t slot)
{
    uint32_t text = counters_leaf(flush->counters, slot).id.site;
    return sites_by_text(flush->sites, texts_get(counters_texts(flush->counters), text));
}

static size_t
run_of_site(const struct flush *flush)
{
    uint32_t site = counters_leaf(flush->counters, flush->taken[flush->taken_next]).id.site;
    size_t end = flush->taken_next;
    while (end < flush->taken_count && counters_leaf(flush->counters, flush->taken[end]).id.site == site)
        end++;
    return end - flush->taken_next;
}

static bool
write_leaves(struct flush *flush, struct call *call, struct site *site, const uint32_t *slots, size_t count)
{
    struct call_writer writer = writer_of(flush);
    call->site = site;
    call->number = ++site->record->flush_number;
    call->count = call_build_write(&flush->builder, &writer, site, call->number, flush->counters, slots, count);
    if (call->count > 0)
        memcpy(call->slots, slots, call->count * sizeof slots[0]);
    if (!flush_send(flush, call, on_written))
        return false;
    site->reported_s = writer.now_s;
    site->call_under_way = true;
    return true;
}

/* A period that was refused as closed has taken its leaves with it. */
static void
skip_dropped(struct flush *flush)
{
    while (flush->taken_next < flush->taken_count &&
           counters_leaf(flush->counters, flush->taken[flush->taken_next]).id.table == TABLE_COUNT)
        flush->taken_next++;
}

/* Nothing of a site goes out before it is known what of it is in force: its leaves wait for another round. */
static void
keep_back(struct flush *flush)
{
    flush->kept_back = true;
    for (size_t left = run_of_site(flush); left > 0; left--)
        counters_mark(flush->counters, flush->taken[flush->taken_next++]);
}

/* Send the next piece of what was taken, or of the reports. False when there is nothing left or nobody listens. */
bool
flush_write_next(struct flush *flush, struct call *call)
{
    while (skip_dropped(flush), flush->taken_next < flush->taken_count) {
        const uint32_t *slots = flush->taken + flush->taken_next;
        struct site *site = site_of(flush, slots[0]);
        if (site->held) {
            keep_back(flush);
            continue;
        }
        if (site->call_under_way || !write_leaves(flush, call, site, slots, run_of_site(flush)))
            return false;
        flush->taken_next += call->count;
        return true;
    }
    while (flush->report_next < flush->report_count) {
        struct site *site = flush->reports[flush->report_next++];
        if (writer_of(flush).now_s - site->reported_s >= REPORT_EVERY_S)
            return write_leaves(flush, call, site, NULL, 0);
    }
    return false;
}

/* ---- sealing ---- */

static void
on_sealed(void *context, const redisReply *reply)
{
    struct call *call = context;
    struct flush *flush = call->flush;
    uint64_t found;
    if (end_numbered(call, reply, &found) && !found_lost_data(flush, call->site, call->number, found)) {
        call->site->record->flush_acked = call->number;
        for (size_t i = 0; i < call->count; i++)
            seals_set(flush->seals, call->site, call->periods[i], SEAL_DONE);
        flush->statistics.periods_sealed += call->count;
    }
    flush_step(flush);
}

/* Its periods do not stand together in the list: what comes while it waits is for the next round. */
static bool
may_seal(const struct flush *flush, const struct site *site)
{
    return !site->call_under_way && !site->held && site->failed_round != flush->statistics.rounds &&
           site->wrong_type_round == 0;
}

bool
flush_seal_next(struct flush *flush, struct call *call)
{
    do {
        call->count = seals_next(flush->seals, SEAL_DUE, &call->site, call->periods, CALL_GROUPS_MAX);
        if (call->count == 0)
            return false;
    } while (!may_seal(flush, call->site));
    struct call_writer writer = writer_of(flush);
    call->number = ++call->site->record->flush_number;
    call_build_seal(&flush->builder, &writer, call->site, call->number, call->periods, call->count, flush->retiring);
    if (!flush_send(flush, call, on_sealed))
        return false;
    call->site->call_under_way = true;
    return true;
}

/* ---- polling ---- */

static void
on_polled(void *context, const redisReply *reply)
{
    struct call *call = context;
    struct flush *flush = call->flush;
    if (end_call(call, reply)) {
        for (size_t i = 0; i < call->count && i < reply->elements; i++) {
            const redisReply *mark = reply->element[i];
            if (mark->type != REDIS_REPLY_STRING || strcmp(mark->str, "1") != 0)
                continue;
            drop_period(flush, call->site, call->periods[i], false);
            flush->statistics.periods_closed++;
        }
    }
    flush_step(flush);
}

bool
flush_poll_next(struct flush *flush, struct call *call)
{
    call->count = seals_next(flush->seals, SEAL_DONE, &call->site, call->periods, CALL_GROUPS_MAX);
    if (call->count == 0)
        return false;
    call_build_poll(&flush->builder, call->site, call->periods, call->count);
    return flush_send(flush, call, on_polled);
}

/* ---- audit ---- */

/*
 * The audit counter is written last of a round, in every round, and what it replaces is what this source last wrote
 * there, unless Redis has lost data: so a loss is seen within a round also where no site has anything to write.
 */
static void
on_audited(void *context, const redisReply *reply)
{
    struct call *call = context;
    struct flush *flush = call->flush;
    call->busy = false;
    flush->under_way--;
    if (reply == NULL) {
        flush->failed = flush->unanswered = true;
    } else if (reply->type != REDIS_REPLY_STRING && reply->type != REDIS_REPLY_NIL) {
        flush->failed = true; /* the value is absolute: the next round writes it */
    } else {
        uint64_t found = reply->type == REDIS_REPLY_STRING ? strtoull(reply->str, NULL, 10) : 0;
        bool lost = flush->accepted_written != UINT64_MAX &&
                    (reply->type == REDIS_REPLY_NIL || found < flush->accepted_written);
        flush->accepted_written = call->number;
        if (lost) {
            LOG_BARE(LOG_WARNING, "redis_lost_audit_counter");
            flush_compare_all(flush);
        }
    }
    flush_step(flush);
}

bool
flush_audit_next(struct flush *flush, struct call *call)
{
    if (flush->audited || flush->unanswered)
        return false;
    struct call_writer writer = writer_of(flush);
    call->number = counters_accepted(flush->counters);
    call_build_audit(&flush->builder, &writer, call->number);
    flush->audited = true;
    return flush_send(flush, call, on_audited);
}
