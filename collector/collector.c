#include "collector.h"

#include "births.h"
#include "bots.h"
#include "in_force.h"
#include "journal.h"
#include "observe.h"
#include "rate_limit.h"
#include "sporlos/clock.h"
#include "sporlos/log.h"
#include "sporlos/wipe.h"

#include <stdlib.h>

enum {
    NAME_MAX_COUNT = 65536, /* admitted texts of all sites together: 2.5 MiB */
    DAY_S = 24 * 3600,
};

struct collector {
    struct config *config;       /* owned */
    struct geo *geo;             /* owned */
    struct bots *bots;           /* owned, as what follows */
    struct referrers *referrers; /* of sites without lines of their own */
    struct journal *journal;
    struct counters *counters;
    struct names *names;
    struct sites *sites;
    struct observer *observer;
    struct rate_limit *limit;
    struct rate network_rate, site_rate;
    struct flush *flush; /* borrowed, may be NULL */
    struct beacon_scratch scratch;
    struct metrics metrics;
    int64_t start_s, start_ms; /* wall clock, and the one that is never set */
    int32_t swept_day;
    bool was_full;
};

static void
set_rates(struct collector *collector)
{
    const struct config *config = collector->config;
    collector->network_rate = rate_of(config->collector.network_rate, config->collector.network_burst);
    collector->site_rate = rate_of(config->collector.site_rate, config->collector.site_burst);
}

static void
forget_referrers(void *context, struct site *site)
{
    (void)context;
    referrers_free(site->referrers);
    site->referrers = NULL;
}

/* A site's own lines over the built-in ones. Without memory the built-in ones hold. */
static void
read_referrers(void *context, struct site *site)
{
    struct referrer_override *overrides = NULL;
    size_t count = site->config == NULL ? 0 : site->config->referrer_count;
    forget_referrers(context, site);
    if (count == 0 || (overrides = calloc(count, sizeof *overrides)) == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        overrides[i].host = site->config->referrers[i].left;
        if (referrer_class_find(span_text(site->config->referrers[i].right), &overrides[i].class) != SP_OK)
            overrides[i].class = REFERRER_SITE; /* lib/config_type_pair.c has seen to it */
    }
    if (referrers_new(overrides, count, &site->referrers) != SP_OK)
        LOG_BARE(LOG_ERROR, "referrers_not_read");
    free(overrides);
}

static enum sp_error
start_parts(struct collector *collector)
{
    enum sp_error error = names_new(NAME_MAX_COUNT, &collector->names);
    if (error == SP_OK)
        error = sites_new(collector->counters, &collector->sites);
    if (error == SP_OK)
        error = observer_new(counters_texts(collector->counters), collector->names, &collector->observer);
    if (error == SP_OK)
        error = rate_limit_new(&collector->limit);
    return error == SP_OK ? referrers_new(NULL, 0, &collector->referrers) : error;
}

/* What a configuration names: municipalities and automata. *why is valid until the next call. */
static enum sp_error
read_data(const struct config *config, struct geo **geo, struct bots **bots, const char **why)
{
    static char sentence[BOTS_WHY_MAX];
    *bots = NULL;
    enum sp_error error = geo_new(config, geo, why);
    if (error != SP_OK)
        return error;
    error = bots_new(config->collector.crawlers, sentence, bots);
    if (error != SP_OK) {
        *why = sentence;
        geo_free(*geo);
        *geo = NULL;
    }
    return error;
}

/* What is made later, sets of visitors, shows in the metrics. */
static void
warn_of_unlocked(void)
{
    struct locked_memory_refused refused = locked_memory_refused();
    if (refused.pieces > 0)
        LOG(LOG_WARNING, "memory_not_locked", { "bytes", (int64_t)refused.bytes });
}

static enum sp_error
start(struct collector *collector, const char **why)
{
    const char *refusal = clock_refusal();
    if (refusal != NULL) {
        *why = refusal;
        return SP_REFUSED;
    }
    enum sp_error error = read_data(collector->config, &collector->geo, &collector->bots, why);
    if (error != SP_OK)
        return error;
    error = journal_open(collector->config->collector.journal, (size_t)collector->config->collector.counter_bytes,
                         &collector->journal, &collector->counters, why);
    if (error != SP_OK)
        return error;
    *why = "the counter table has no room for these sites: raise collector.counter_memory";
    error = start_parts(collector);
    if (error == SP_OK)
        error = sites_apply(collector->sites, collector->config, collector->start_s);
    if (error == SP_OK)
        error = sites_adopt(collector->sites, collector->start_s);
    set_rates(collector);
    if (error != SP_OK)
        return error;
    sites_each(collector->sites, read_referrers, NULL);
    collector_turn(collector);
    warn_of_unlocked();
    return SP_OK;
}

enum sp_error
collector_new(struct config *config, struct collector **out, const char **why)
{
    *out = NULL;
    *why = "out of memory";
    struct collector *collector = calloc(1, sizeof *collector);
    if (collector == NULL)
        return SP_NO_MEMORY;
    collector->config = config;
    collector->start_s = clock_wall_s();
    collector->start_ms = clock_monotonic_ms();
    collector->swept_day = (int32_t)(collector->start_s / DAY_S);
    enum sp_error error = start(collector, why);
    if (error != SP_OK) {
        collector->config = NULL;
        collector_free(collector);
        return error;
    }
    *out = collector;
    return SP_OK;
}

static void
forget_visitors(void *context, struct site *site)
{
    (void)context;
    visitors_free(site->visitors);
    site->visitors = NULL;
}

void
collector_free(struct collector *collector)
{
    if (collector == NULL)
        return;
    if (collector->sites != NULL) {
        sites_each(collector->sites, forget_visitors, NULL);
        sites_each(collector->sites, forget_referrers, NULL);
    }
    referrers_free(collector->referrers);
    bots_free(collector->bots);
    rate_limit_free(collector->limit);
    observer_free(collector->observer);
    sites_free(collector->sites);
    names_free(collector->names);
    counters_free(collector->counters);
    journal_close(collector->journal);
    geo_free(collector->geo);
    config_free(collector->config);
    free(collector);
}

static void
forget_listed(void *context, struct site *site)
{
    /* A page that has left the list of a restricted site must not live on as an admitted name. */
    if (mode_table[site->mode].tables == TABLES_RESTRICTED)
        names_forget_site(context, site->text);
}

static bool
tells_visitors(const struct site *site)
{
    return site->config != NULL && (site->config->tables & 1U << TABLE_VISITORS) != 0 &&
           table_periods(TABLE_VISITORS, site->mode) != 0; /* restricted still, under a configuration that is not */
}

/* A site that has left the configuration, or that counts no visitors any more, has its set wiped at once. */
static void
limit_visitors(void *context, struct site *site)
{
    (void)context;
    if (!tells_visitors(site))
        forget_visitors(NULL, site);
    if (site->visitors != NULL)
        visitors_limit(site->visitors, (uint32_t)site->config->visitor_max);
}

enum sp_error
collector_reload(struct collector *collector, struct config *config, const char **why)
{
    struct geo *geo = NULL;
    struct bots *bots = NULL;
    enum sp_error error = read_data(config, &geo, &bots, why);
    if (error == SP_OK) {
        error = sites_apply(collector->sites, config, clock_wall_s());
        *why = error == SP_REFUSED
                   ? "a site's mode or timezone cannot change in a running collector: upgrade (SIGUSR2) or restart it"
                   : "the counter table has no room for the new sites: raise collector.counter_memory and restart";
    }
    if (error != SP_OK) {
        geo_free(geo);
        bots_free(bots);
        collector->metrics.reloads_refused++;
        return error;
    }
    geo_free(collector->geo);
    bots_free(collector->bots);
    config_free(collector->config);
    collector->geo = geo;
    collector->bots = bots;
    collector->config = config;
    set_rates(collector);
    sites_each(collector->sites, forget_listed, collector->names);
    sites_each(collector->sites, limit_visitors, NULL);
    sites_each(collector->sites, read_referrers, NULL);
    collector_turn(collector);
    collector->metrics.reloads++;
    return SP_OK;
}

void
collector_reload_refused(struct collector *collector)
{
    collector->metrics.reloads_refused++;
}

enum sp_error
collector_check_data(const struct config *config, const char **why)
{
    struct geo *geo = NULL;
    struct bots *bots = NULL;
    enum sp_error error = read_data(config, &geo, &bots, why);
    geo_free(geo);
    bots_free(bots);
    return error;
}

const struct config *
collector_config(const struct collector *collector)
{
    return collector->config;
}

/* A period that was ended already when this process began: its seal may have been lost with the one before. */
static void
seal_left(void *context, uint32_t text, struct period period)
{
    struct collector *collector = context;
    struct site *site = sites_by_text(collector->sites, texts_get(counters_texts(collector->counters), text));
    if (site != NULL && period.index < site->open[period.kind].index)
        flush_period_ended(collector->flush, site, period);
}

void
collector_attach_flush(struct collector *collector, struct flush *flush)
{
    collector->flush = flush;
    counters_each_period(collector->counters, seal_left, collector);
}

bool
collector_lasts(const struct collector *collector)
{
    return journal_lasts(collector->journal);
}

struct counters *
collector_counters(struct collector *collector)
{
    return collector->counters;
}

struct names *
collector_names(struct collector *collector)
{
    return collector->names;
}

struct sites *
collector_sites(struct collector *collector)
{
    return collector->sites;
}

static void
keep_text(void *context, struct name_id id)
{
    texts_keep(context, id.text);
}

static void
keep_site_text(void *context, struct site *site)
{
    texts_keep(context, site->text);
}

static void
period_ended(void *context, struct site *site, struct period period)
{
    struct collector *collector = context;
    if (collector->flush != NULL)
        flush_period_ended(collector->flush, site, period);
}

static void
turn(struct collector *collector, struct site *site, int64_t now_s)
{
    if (!site_turn(site, now_s, period_ended, collector))
        return;
    if (obey_apply(site)) { /* a page that had a name under the other mode may have none now */
        names_forget_site(collector->names, site->text);
        site->names_read_s = 0; /* nor in Redis */
    }
    births_open(collector->counters, site);
    site->names_due = true;
    if (site->visitors != NULL)
        visitors_turn(site->visitors, site->open[PERIOD_DAY].index);
}

static void
turn_now(void *context, struct site *site)
{
    turn(context, site, clock_wall_s());
}

static void
birth_name(void *context, struct name_id id)
{
    struct collector *collector = context;
    const struct site *site = sites_by_text(collector->sites, texts_get(counters_texts(collector->counters), id.site));
    if (site != NULL && site->names_due && site->config != NULL)
        births_of_name(collector->counters, site, id);
}

static void
note_due(void *context, struct site *site)
{
    bool *due = context;
    *due = *due || site->names_due;
}

static void
note_born(void *context, struct site *site)
{
    (void)context;
    site->names_due = false;
}

/* Names are asked for at once for all sites. They take up no room that beacons may need. */
static void
birth_names(struct collector *collector)
{
    struct counters_statistics statistics = counters_statistics(collector->counters);
    bool due = false;
    sites_each(collector->sites, note_due, &due);
    if (!due)
        return;
    if (statistics.leaves < statistics.leaves_max / 2)
        names_each(collector->names, birth_name, collector);
    sites_each(collector->sites, note_born, NULL);
}

void
collector_turn(void *collector)
{
    sites_each(((struct collector *)collector)->sites, turn_now, collector);
    birth_names(collector);
}

/* Once a day: forget names that nobody used for long, and give back texts that nothing names any more. */
static void
sweep(struct collector *collector, int32_t day)
{
    struct texts *texts = counters_texts(collector->counters);
    collector->swept_day = day;
    names_forget_unused(collector->names, day - NAME_UNUSED_DAYS);
    names_each(collector->names, keep_text, texts);
    sites_each(collector->sites, keep_site_text, texts);
    observer_keep_texts(collector->observer);
    for (uint32_t slot = 0; slot < counters_slots(collector->counters); slot++) {
        struct leaf leaf = counters_leaf(collector->counters, slot);
        if (leaf.id.table != TABLE_COUNT) {
            texts_keep(texts, leaf.id.site);
            texts_keep(texts, leaf.id.key);
        }
    }
    texts_sweep(texts);
    collector->was_full = false; /* the log says it once a day */
}

static void
note_full(struct collector *collector)
{
    struct counters_statistics statistics = counters_statistics(collector->counters);
    if (!collector->was_full)
        LOG(LOG_ERROR, "counter_table_full", { "leaves", statistics.leaves }, { "text_cells", statistics.text_cells },
            { "names", names_count(collector->names) });
    collector->was_full = true;
}

/* Count an observation: all its leaves or none. *full when a new leaf had no room, false when coarse keys had none. */
static bool
count(struct collector *collector, const struct site *site, const struct observation *observation, bool accepted,
      bool *full)
{
    struct leaf_id leaves[OBSERVED_LEAVES_MAX];
    const struct feeder feeder = observer_feeder(collector->observer);
    unsigned n = observation_leaves(observation, leaves);
    if (counters_apply(collector->counters, leaves, n, site->mode, accepted, &feeder) == SP_OK)
        return true;
    *full = true;
    observer_coarsen(collector->observer, leaves, n);
    return counters_apply(collector->counters, leaves, n, site->mode, accepted, &feeder) == SP_OK;
}

static enum verdict
count_beacon(struct collector *collector, const struct sighting *sighting, enum verdict verdict)
{
    bool accepted = verdict == VERDICT_ACCEPTED;
    const struct observation *observation = accepted ? observe_view(collector->observer, sighting)
                                                     : observe_refusal(collector->observer, sighting, verdict);
    bool full = observer_ran_full(collector->observer);
    bool counted = count(collector, sighting->site, observation, accepted, &full);
    observer_forget(collector->observer);
    if (full)
        note_full(collector);
    collector->metrics.coarse += full && counted;
    if (accepted && !counted)
        return VERDICT_FULL;
    return verdict;
}

/* The site that a form names, and its beacon; NULL for none. */
static struct site *
read_beacon(struct collector *collector, struct span form, struct beacon *beacon, enum verdict *verdict)
{
    unsigned unknown = 0;
    enum sp_error error = beacon_parse(form, &collector->scratch, beacon, &unknown);
    collector->metrics.unknown_fields += unknown;
    struct site *site = beacon->site.length == 0 ? NULL : sites_find(collector->sites, beacon->site);
    *verdict = error != SP_OK || beacon->site.length == 0 ? VERDICT_MALFORMED
               : site == NULL                             ? VERDICT_UNKNOWN_SITE
                                                          : VERDICT_ACCEPTED;
    return site;
}

/*
 * What becomes of a beacon for a known site. Its bucket pays only for what would be counted; a network that is over its
 * own rate (retry_s > 0) is not looked at any further.
 */
static enum verdict
judge(struct collector *collector, struct site *site, const struct beacon *beacon, const struct http_request *request,
      int64_t now_ms, struct outcome *outcome)
{
    if (outcome->retry_s > 0) {
        outcome->origin = policy_origin(site, request);
        return VERDICT_RATE;
    }
    enum verdict verdict = outcome->verdict;
    struct span origin;
    enum verdict decided = policy_decide(site, collector->bots, beacon, request, &origin);
    if (decided != VERDICT_FOREIGN_ORIGIN)
        outcome->origin = origin;
    if (verdict == VERDICT_ACCEPTED || decided == VERDICT_FOREIGN_ORIGIN || decided == VERDICT_DECLINED)
        verdict = decided;
    if (verdict == VERDICT_ACCEPTED && collector->site_rate.token_ns > 0)
        outcome->retry_s = rate_bucket_take(&site->rate, collector->site_rate, now_ms);
    return outcome->retry_s > 0 ? VERDICT_RATE : verdict;
}

/* Whom an accepted beacon is from, where the site counts that: what other modes must not look at is not read. */
static struct span
visitor_agent(struct collector *collector, struct site *site, const struct http_request *request)
{
    if (!tells_visitors(site))
        return SPAN_LITERAL("");
    uint32_t max = (uint32_t)site->config->visitor_max;
    if (site->visitors == NULL && visitors_new(max, &site->visitors) != SP_OK)
        collector->metrics.visitor_sets_missing++;
    return http_request_header(request, HTTP_USER_AGENT);
}

/* What the headers of an entry say of its device, where the site counts that: else they are not read. */
static const struct agent_said *
entry_agent(const struct site *site, const struct beacon *beacon, const struct http_request *request,
            struct agent_said *said)
{
    if (!observes_agent(site) || !beacon_is_entry(beacon))
        return NULL;
    *said = (struct agent_said){ .agent = http_request_header(request, HTTP_USER_AGENT),
                                 .brands = http_request_header(request, HTTP_SEC_CH_UA),
                                 .mobile = http_request_header(request, HTTP_SEC_CH_UA_MOBILE),
                                 .platform = http_request_header(request, HTTP_SEC_CH_UA_PLATFORM) };
    return said;
}

struct outcome
collector_take(struct collector *collector, const struct http_request *request, struct span form,
               const struct network *network)
{
    struct beacon beacon;
    struct outcome outcome = { VERDICT_ACCEPTED, SPAN_LITERAL(""), 0 };
    int64_t now_s = clock_wall_s();
    int64_t now_ms = clock_monotonic_ms();
    outcome.retry_s = rate_limit_take(collector->limit, network, collector->network_rate, now_ms);
    struct site *site = read_beacon(collector, form, &beacon, &outcome.verdict);
    if (site != NULL) {
        if (now_s >= site->turn_at)
            turn(collector, site, now_s);
        outcome.verdict = judge(collector, site, &beacon, request, now_ms, &outcome);
        struct agent_said said;
        struct sighting sighting = { .site = site, .beacon = &beacon, .network = network, .geo = collector->geo };
        sighting.now_s = now_s;
        if (outcome.verdict == VERDICT_ACCEPTED) {
            sighting.agent = visitor_agent(collector, site, request);
            sighting.said = entry_agent(site, &beacon, request, &said);
            sighting.referrers = site->referrers != NULL ? site->referrers : collector->referrers;
        }
        outcome.verdict = count_beacon(collector, &sighting, outcome.verdict);
    } else if (outcome.retry_s > 0) {
        outcome.verdict = VERDICT_RATE;
    }
    collector->metrics.verdicts[outcome.verdict]++;
    wipe(collector->scratch.bytes, collector->scratch.used);
    if (now_s / DAY_S != collector->swept_day)
        sweep(collector, (int32_t)(now_s / DAY_S));
    return outcome;
}

static void
add_visitors(void *context, struct site *site)
{
    struct visitors_total *total = context;
    if (site->visitors == NULL)
        return;
    struct visitors_view view = visitors_view(site->visitors);
    total->sets++;
    total->tokens += view.tokens;
    total->bytes += view.bytes;
    total->full += view.tokens >= view.token_max;
    total->unlocked += !view.locked;
}

void
collector_view(const struct collector *collector, struct metrics_view *view)
{
    view->metrics = &collector->metrics;
    view->counters = counters_statistics(collector->counters);
    view->geo = geo_statistics(collector->geo);
    view->names = names_count(collector->names);
    view->sites = sites_count(collector->sites);
    view->visitors = (struct visitors_total){ .uncounted = observer_uncounted_visitors(collector->observer) };
    sites_each(collector->sites, add_visitors, &view->visitors);
    view->rate = rate_limit_statistics(collector->limit);
    view->unlocked = locked_memory_refused();
    view->uptime_s = (clock_monotonic_ms() - collector->start_ms) / 1000;
    if (collector->flush != NULL)
        view->flush = flush_statistics(collector->flush);
}

void
collector_refused(struct collector *collector, enum verdict verdict)
{
    collector->metrics.verdicts[verdict]++;
}
