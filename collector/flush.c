#include "flush.h"

#include "flush_call.h"
#include "seals.h"
#include "sporlos/clock.h"
#include "sporlos/log.h"

#include <event2/event.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TAKE_MAX = 65536,    /* changed leaves a round; the rest waits for the next, which follows at once */
    CALLS_MAX = 16,      /* under way at once: bounds memory and the time between two turns of the loop */
    REPORT_EVERY_S = 30, /* a quarter of SOURCE_SILENT_S */
    POLL_EVERY_ROUNDS = 5,
};

enum flush_state { FLUSH_IDLE, FLUSH_WRITING, FLUSH_SEALING, FLUSH_POLLING, FLUSH_AUDITING, FLUSH_STATE_COUNT };

struct call {
    struct flush *flush;
    struct site *site;
    uint64_t number;
    size_t count; /* of slots or seals */
    bool busy;
    union {
        uint32_t slots[CALL_LEAVES_MAX];
        struct period periods[CALL_GROUPS_MAX];
    };
};

struct flush {
    struct event_base *base;
    struct event *tick;
    struct redis_client *client;
    struct counters *counters;
    struct sites *sites;
    struct seals *seals;
    int64_t start_s;
    enum flush_state state;
    struct call calls[CALLS_MAX];
    unsigned under_way;
    bool failed;       /* something of this round has to be done again */
    bool round_ending; /* this round began when the end had been asked for */
    struct call_builder builder;
    uint32_t *taken; /* changed leaves of this round, sorted */
    size_t taken_count, taken_next;
    struct site **reports; /* sites that have to say that they are alive */
    size_t report_count, report_next, report_max;
    uint64_t accepted_written;
    void (*before_round)(void *context);
    void *before_context;
    bool ending;   /* write everything, then say so */
    bool retiring; /* and seal everything */
    int64_t end_deadline_ms;
    flush_ended *ended;
    void *ended_context;
    struct flush_statistics statistics;
};

static void step(struct flush *flush);
static void begin_round(struct flush *flush);

static struct call_writer
writer_of(const struct flush *flush)
{
    return (struct call_writer){ counters_source(flush->counters), flush->start_s, clock_wall_s() };
}

/* ---- a call and its reply ---- */

static struct call *
free_call(struct flush *flush)
{
    for (int i = 0; i < CALLS_MAX; i++) {
        if (!flush->calls[i].busy)
            return &flush->calls[i];
    }
    return NULL;
}

static bool
send_call(struct flush *flush, struct call *call, redis_client_replied *replied)
{
    call->flush = flush;
    if (redis_client_send(flush->client, replied, call, flush->builder.argc, flush->builder.argv,
                          flush->builder.lengths) != SP_OK) {
        flush->failed = true;
        return false;
    }
    call->busy = true;
    flush->under_way++;

    flush->statistics.calls++;
    return true;
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
    if (reply != NULL) /* the text of an error may hold what was sent: only its kind is logged */
        LOG(LOG_WARNING, "redis_refused", { "oom", strncmp(reply->str, "OOM", 3) == 0 },
            { "wrong_type", strstr(reply->str, "WRONGTYPE") != NULL },
            { "read_only", strncmp(reply->str, "READONLY", 8) == 0 });
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

/*
 * The number that Redis had before this call. Less than what it once acknowledged: it has lost data (failover to a
 * stale replica, an old dump, FLUSHALL), so everything of the site that is open is sent again.
 */
static bool
found_lost_data(struct flush *flush, struct site *site, uint64_t number, const redisReply *reply)
{
    uint64_t found = reply->elements > 0 && reply->element[0]->type == REDIS_REPLY_INTEGER
                         ? (uint64_t)reply->element[0]->integer
                         : 0;
    if (found >= site->record->flush_acked && found < number)
        return false;
    if (found >= number) /* never used by us: go on above it */
        site->record->flush_number = found;
    site->record->flush_acked = found; /* Redis took nothing of this call; the next expects what it has now */
    struct marking marking = { flush->counters, 0 };
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
        mark_period(&marking, site, site->open[kind]);
    seals_each_of(flush->seals, site, mark_period, &marking);
    seals_reopen(flush->seals, site);
    uint32_t marked = marking.marked;
    flush->statistics.leaves_resent += marked;
    flush->accepted_written = UINT64_MAX;
    flush->failed = true;
    LOG(LOG_WARNING, "redis_lost_data", { "leaves_sent_again", marked });
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
        return;
    }
    counters_mark_period(flush->counters, site->text, period);
}

/* ---- writing ---- */

static void
on_written(void *context, const redisReply *reply)
{
    struct call *call = context;
    struct flush *flush = call->flush;
    struct site *site = call->site;
    if (!end_call(call, reply)) {
        for (size_t i = 0; i < call->count; i++)
            counters_mark(flush->counters, call->slots[i]);
    } else if (!found_lost_data(flush, site, call->number, reply)) {
        flush->statistics.leaves_written += call->count;
        site->record->flush_acked = call->number;
        for (size_t i = 1; i < reply->elements; i++)
            take_refusal(flush, site, reply->element[i]);
    }
    step(flush);
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
    if (!send_call(flush, call, on_written))
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

/* Send the next piece of what was taken, or of the reports. False when there is nothing left or nobody listens. */
static bool
write_next(struct flush *flush, struct call *call)
{
    skip_dropped(flush);
    if (flush->taken_next < flush->taken_count) {
        const uint32_t *slots = flush->taken + flush->taken_next;
        struct site *site = site_of(flush, slots[0]);
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
    if (end_call(call, reply) && !found_lost_data(flush, call->site, call->number, reply)) {
        call->site->record->flush_acked = call->number;
        for (size_t i = 0; i < call->count; i++)
            seals_set(flush->seals, call->site, call->periods[i], SEAL_DONE);
        flush->statistics.periods_sealed += call->count;
    }
    step(flush);
}

static bool
seal_next(struct flush *flush, struct call *call)
{
    call->count = seals_next(flush->seals, SEAL_DUE, &call->site, call->periods, CALL_GROUPS_MAX);
    if (call->count == 0)
        return false;
    if (call->site->call_under_way) /* its periods do not stand together in the list: the rest is for the next round */
        return seal_next(flush, call);
    struct call_writer writer = writer_of(flush);
    call->number = ++call->site->record->flush_number;
    call_build_seal(&flush->builder, &writer, call->site, call->number, call->periods, call->count, flush->retiring);
    if (!send_call(flush, call, on_sealed))
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
    step(flush);
}

static bool
poll_next(struct flush *flush, struct call *call)
{
    call->count = seals_next(flush->seals, SEAL_DONE, &call->site, call->periods, CALL_GROUPS_MAX);
    if (call->count == 0)
        return false;
    call_build_poll(&flush->builder, call->site, call->periods, call->count);
    return send_call(flush, call, on_polled);
}

/* ---- audit ---- */

static void
on_audited(void *context, const redisReply *reply)
{
    struct call *call = context;
    struct flush *flush = call->flush;
    call->busy = false;
    flush->under_way--;
    if (reply == NULL || reply->type != REDIS_REPLY_STATUS)
        flush->accepted_written = UINT64_MAX; /* again in the next round */
    step(flush);
}

static bool
audit_next(struct flush *flush, struct call *call)
{
    uint64_t accepted = counters_accepted(flush->counters);
    if (flush->accepted_written == accepted || flush->failed)
        return false;
    struct call_writer writer = writer_of(flush);
    call->number = accepted;
    call_build_audit(&flush->builder, &writer, accepted);
    flush->accepted_written = accepted; /* once a round, whatever comes of it: the value is absolute */
    return send_call(flush, call, on_audited);
}

/* ---- a round ---- */

typedef bool flush_next(struct flush *flush, struct call *call);

static flush_next *const next_of[FLUSH_STATE_COUNT] = {
    [FLUSH_WRITING] = write_next,
    [FLUSH_SEALING] = seal_next,
    [FLUSH_POLLING] = poll_next,
    [FLUSH_AUDITING] = audit_next,
};

static void
collect_report(void *context, struct site *site)
{
    struct flush *flush = context;
    if (flush->report_count < flush->report_max)
        flush->reports[flush->report_count++] = site;
}

static struct counters *sort_counters; /* qsort has no context; set for the call */

static int
by_site_and_period(const void *left, const void *right)
{
    struct leaf_id a = counters_leaf(sort_counters, *(const uint32_t *)left).id;
    struct leaf_id b = counters_leaf(sort_counters, *(const uint32_t *)right).id;
    if (a.site != b.site)
        return a.site < b.site ? -1 : 1;
    if (a.kind != b.kind)
        return a.kind < b.kind ? -1 : 1;
    if (a.period != b.period)
        return a.period < b.period ? -1 : 1;
    return (int)a.table - (int)b.table;
}

static void
give_back_untaken(struct flush *flush)
{
    while (flush->taken_next < flush->taken_count)
        counters_mark(flush->counters, flush->taken[flush->taken_next++]);
}

static bool
make_room_for_reports(struct flush *flush)
{
    size_t needed = sites_count(flush->sites);
    if (needed <= flush->report_max)
        return true;
    struct site **reports = realloc(flush->reports, needed * sizeof *reports);
    if (reports == NULL)
        return false;
    flush->reports = reports;
    flush->report_max = needed;
    return true;
}

static void
begin_round(struct flush *flush)
{
    flush->before_round(flush->before_context);
    if (!redis_client_up(flush->client) || flush->state != FLUSH_IDLE)
        return;
    flush->state = FLUSH_WRITING;
    flush->failed = false;
    flush->round_ending = flush->ending;
    flush->statistics.rounds++;
    if (flush->retiring)
        seals_add_open(flush->seals, flush->sites);
    seals_begin_round(flush->seals); /* before the leaves are taken: what has ended by now is among them */
    flush->taken_count = counters_take_changed(flush->counters, flush->taken, TAKE_MAX);
    flush->taken_next = 0;
    sort_counters = flush->counters;
    qsort(flush->taken, flush->taken_count, sizeof flush->taken[0], by_site_and_period);
    flush->report_count = flush->report_next = 0;
    if (!flush->ending && make_room_for_reports(flush))
        sites_each(flush->sites, collect_report, flush);
    step(flush);
}

static void
end_round(struct flush *flush)
{
    bool more =
        counters_statistics(flush->counters).changed > 0 || (flush->retiring && seals_unsealed(flush->seals) > 0);
    flush->state = FLUSH_IDLE;
    if (!flush->failed)
        flush->statistics.last_complete_ms = clock_monotonic_ms();
    if (flush->round_ending && !flush->failed && !more && flush->ended != NULL) {
        flush_ended *ended = flush->ended;
        flush->ended = NULL;
        if (flush->retiring)
            counters_retire(flush->counters);
        ended(flush->ended_context, true);
    }
}

/* The state after this one; a round in which something failed seals nothing. */
static enum flush_state
state_after(const struct flush *flush)
{
    switch (flush->state) {
    case FLUSH_WRITING:
        return flush->failed || flush->taken_count == TAKE_MAX ? FLUSH_IDLE : FLUSH_SEALING;
    case FLUSH_SEALING:
        return flush->ending || flush->statistics.rounds % POLL_EVERY_ROUNDS != 0 ? FLUSH_AUDITING : FLUSH_POLLING;
    case FLUSH_POLLING:
        return FLUSH_AUDITING;
    case FLUSH_IDLE:
    case FLUSH_AUDITING:
    case FLUSH_STATE_COUNT:
        break;
    }
    return FLUSH_IDLE;
}

/* Send as much as may be under way; when a stage has nothing left, go to the next. */
static void
step(struct flush *flush)
{
    while (flush->state != FLUSH_IDLE) {
        struct call *call = free_call(flush);
        if (call == NULL)
            return;
        if (!(flush->failed && flush->state != FLUSH_WRITING) && next_of[flush->state](flush, call))
            continue;
        if (flush->under_way > 0)
            return;
        if (flush->state == FLUSH_WRITING)
            give_back_untaken(flush);
        flush->state = state_after(flush);
        seals_rewind(flush->seals);
        if (flush->state == FLUSH_IDLE)
            end_round(flush);
    }
}

static void
on_tick(evutil_socket_t fd, short events, void *context)
{
    struct flush *flush = context;
    (void)fd;
    (void)events;
    if (flush->ended != NULL && clock_monotonic_ms() > flush->end_deadline_ms) {
        flush_ended *ended = flush->ended;
        flush->ended = NULL;
        ended(flush->ended_context, false);
        return;
    }
    begin_round(flush);
}

static void
forget_report(void *context, struct site *site)
{
    (void)context;
    site->reported_s = 0;
}

static void
on_redis_changed(void *context, bool up)
{
    struct flush *flush = context;
    flush->statistics.connected = up;
    if (!up)
        return;
    sites_each(flush->sites, forget_report, NULL); /* every site compares what Redis has with what it acknowledged */
    event_active(flush->tick, EV_TIMEOUT, 0);
}

enum sp_error
flush_new(struct event_base *base, const struct flush_options *options, struct counters *counters, struct sites *sites,
          struct flush **out)
{
    *out = NULL;
    struct flush *flush = calloc(1, sizeof *flush);
    if (flush == NULL)
        return SP_NO_MEMORY;
    flush->base = base;
    flush->counters = counters;
    flush->sites = sites;
    flush->start_s = clock_wall_s();
    flush->before_round = options->before_round;
    flush->before_context = options->context;
    flush->taken = malloc(TAKE_MAX * sizeof *flush->taken);
    flush->tick = event_new(base, -1, EV_PERSIST, on_tick, flush);
    enum sp_error error = flush->taken == NULL || flush->tick == NULL ? SP_NO_MEMORY : seals_new(&flush->seals);
    const struct redis_client_options client = { options->redis_url, options->connect_timeout_ms,
                                                 options->command_timeout_ms };
    if (error == SP_OK)
        error = redis_client_new(base, &client, on_redis_changed, flush, &flush->client);
    if (error != SP_OK) {
        flush_free(flush);
        return error;
    }
    struct timeval interval = { options->interval_ms / 1000, (options->interval_ms % 1000) * 1000 };
    event_add(flush->tick, &interval);
    *out = flush;
    return SP_OK;
}

void
flush_free(struct flush *flush)
{
    if (flush == NULL)
        return;
    redis_client_free(flush->client);
    if (flush->tick != NULL)
        event_free(flush->tick);
    seals_free(flush->seals);
    free(flush->reports);
    free(flush->taken);
    free(flush);
}

void
flush_period_ended(void *context, struct site *site, struct period period)
{
    struct flush *flush = context;
    if (seals_add(flush->seals, site, period) != SP_OK)
        LOG(LOG_ERROR, "seal_forgotten", { "kind", period.kind }, { "period", period.index });
}

void
flush_end(struct flush *flush, bool retire, int deadline_ms, flush_ended *done, void *context)
{
    flush->ending = true;
    flush->retiring = retire;
    flush->ended = done;
    flush->ended_context = context;
    flush->end_deadline_ms = clock_monotonic_ms() + deadline_ms;
    event_active(flush->tick, EV_TIMEOUT, 0);
}

struct flush_statistics
flush_statistics(const struct flush *flush)
{
    struct flush_statistics statistics = flush->statistics;
    statistics.seals_waiting = (uint32_t)seals_count(flush->seals);
    return statistics;
}
