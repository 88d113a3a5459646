#include "flush_state.h"

#include "in_force.h"

#include "sporlos/clock.h"
#include "sporlos/log.h"

#include <event2/event.h>
#include <stdlib.h>

/* ---- a round ---- */

static flush_next *const next_of[FLUSH_STATE_COUNT] = {
    [FLUSH_WRITING] = flush_write_next, [FLUSH_SEALING] = flush_seal_next,   [FLUSH_POLLING] = flush_poll_next,
    [FLUSH_NAMING] = flush_name_next,   [FLUSH_AUDITING] = flush_audit_next,
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
    const struct leaf_id *a = counters_id(sort_counters, *(const uint32_t *)left);
    const struct leaf_id *b = counters_id(sort_counters, *(const uint32_t *)right);
    if (a->site != b->site)
        return a->site < b->site ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->period != b->period)
        return a->period < b->period ? -1 : 1;
    return (int)a->table - (int)b->table;
}

static void
resend_mended(void *context, struct site *site)
{
    flush_resend_if_mended(context, site);
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

/* For the whole round: what is heard in the middle of it must not seal what was kept back at its beginning. */
static void
hold(void *context, struct site *site)
{
    (void)context;
    site->held = obey_holds(site);
}

static void
begin_round(struct flush *flush)
{
    obey_ask(flush->client, flush->sites, clock_wall_s());
    flush->before_round(flush->before_context);
    if (!redis_client_up(flush->client) || flush->state != FLUSH_IDLE)
        return;
    flush->state = FLUSH_WRITING;
    flush->failed = flush->unanswered = flush->audited = flush->kept_back = false;
    flush->round_ending = flush->ending;
    flush->statistics.rounds++;
    flush->refused = 0;
    sites_each(flush->sites, hold, NULL);
    sites_each(flush->sites, resend_mended, flush);
    if (flush->retiring)
        seals_add_open(flush->seals, flush->sites);
    seals_begin_round(flush->seals); /* before the leaves are taken: what has ended by now is among them */
    flush->taken_count = counters_take_changed(flush->counters, flush->taken, TAKE_MAX);
    flush->taken_next = 0;
    sort_counters = flush->counters;
    qsort(flush->taken, flush->taken_count, sizeof flush->taken[0], by_site_and_period);
    flush->report_count = flush->report_next = flush->name_next = 0;
    if (!flush->ending && make_room_for_reports(flush))
        sites_each(flush->sites, collect_report, flush);
    flush_step(flush);
}

static void
end_round(struct flush *flush)
{
    bool more =
        counters_statistics(flush->counters).changed > 0 || (flush->retiring && seals_unsealed(flush->seals) > 0);
    flush->state = FLUSH_IDLE;
    flush->statistics.sites_refused = flush->refused;
    if (!flush->failed)
        flush->statistics.last_complete_ms = clock_monotonic_ms();
    if (flush->round_ending && !flush->failed && !more && flush->ended != NULL) {
        flush_ended *ended = flush->ended;
        flush->ended = NULL;
        if (flush->retiring)
            counters_retire(flush->counters);
        ended(flush->ended_context, true);
    } else if (flush->ended != NULL && !flush->failed && !flush->kept_back) {
        event_active(flush->tick, EV_TIMEOUT, 0); /* it had begun before the end, or there was more than one holds */
    }
}

/* The state after this one; a round that was not answered seals nothing. */
static enum flush_state
state_after(const struct flush *flush)
{
    switch (flush->state) {
    case FLUSH_WRITING:
        return flush->unanswered || flush->taken_count == TAKE_MAX ? FLUSH_IDLE : FLUSH_SEALING;
    case FLUSH_SEALING:
        return flush->ending || flush->statistics.rounds % POLL_EVERY_ROUNDS != 0 ? FLUSH_NAMING : FLUSH_POLLING;
    case FLUSH_POLLING:
        return FLUSH_NAMING;
    case FLUSH_NAMING:
        return FLUSH_AUDITING;
    case FLUSH_IDLE:
    case FLUSH_AUDITING:
    case FLUSH_STATE_COUNT:
        break;
    }
    return FLUSH_IDLE;
}

/* Send as much as may be under way; when a stage has nothing left, go to the next. */
void
flush_step(struct flush *flush)
{
    while (flush->state != FLUSH_IDLE) {
        struct call *call = flush_free_call(flush);
        if (call == NULL)
            return;
        if (!(flush->unanswered && flush->state != FLUSH_WRITING) && next_of[flush->state](flush, call))
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
    site->names_read_s = 0;
}

void
flush_compare_all(struct flush *flush)
{
    sites_each(flush->sites, forget_report, NULL);
    event_active(flush->tick, EV_TIMEOUT, 0);
}

static void
on_redis_changed(void *context, bool up)
{
    struct flush *flush = context;
    flush->statistics.connected = up;
    if (up)
        flush_compare_all(flush);
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
    flush->names = options->names;
    flush->start_s = clock_wall_s();
    flush->accepted_written = UINT64_MAX;
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
    event_add(flush->tick, &(struct timeval){ 0, END_TICK_MS * 1000 });
    event_active(flush->tick, EV_TIMEOUT, 0);
}

struct flush_statistics
flush_statistics(const struct flush *flush)
{
    struct flush_statistics statistics = flush->statistics;
    statistics.timeouts = redis_client_statistics(flush->client).timeouts;
    statistics.seals_waiting = (uint32_t)seals_count(flush->seals);
    return statistics;
}
