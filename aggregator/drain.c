#include "drain.h"

#include "activity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "carried.h"
#include "clock_jump.h"
#include "declaration.h"
#include "fill.h"
#include "lease.h"
#include "sporlos/clock.h"
#include "sporlos/keyspace.h"
#include "sporlos/log.h"
#include "sporlos/redis_login.h"

struct drain {
    const struct config *config;
    struct archive *archive;
    struct metrics *metrics;
    struct fill *fill;
    struct redis_link *link;
    struct lease lease;
    int64_t leased_ms;    /* when the lease was last taken */
    int64_t rounds;       /* that Redis had seen after our last one */
    int64_t published_ms; /* when the collectors were last told what is in force; 0: never, or Redis may have lost it */
    int64_t settled_s;    /* from then on every living source has had time to report */
    struct clock_jump jump;
    int64_t *asked_s; /* of each site: when its collectors were last asked to send everything again; 0: never */
    _Atomic bool stopping;
};

enum {
    LEASE_RENEW_MS = LEASE_S * 1000 / 3,
    PUBLISH_EVERY_MS = 30000,
    ASK_AGAIN_S = 24 * 3600, /* what no collector has sent when it was asked is asked for no more */
};

#define DRAIN_ROUNDS_KEY KEYSPACE_PREFIX "drain:rounds"

enum sp_error
drain_new(const struct config *config, struct archive *archive, struct metrics *metrics, struct drain **drain,
          const char **why)
{
    *why = "out of memory";
    *drain = calloc(1, sizeof **drain);
    if (*drain == NULL)
        return SP_NO_MEMORY;
    (*drain)->config = config;
    (*drain)->archive = archive;
    (*drain)->metrics = metrics;
    (*drain)->asked_s = calloc(config->site_count + 1, sizeof *(*drain)->asked_s);
    lease_init(&(*drain)->lease);
    char *url;
    enum sp_error error = redis_login_apply(config->redis.url, config->aggregator.redis_login, &url, why);
    if (error == SP_OK)
        error = redis_link_new(url, config->redis.connect_timeout_ms, config->redis.command_timeout_ms, &(*drain)->link,
                               why);
    redis_login_free(url);
    if (error == SP_OK)
        error = (*drain)->asked_s == NULL ? SP_NO_MEMORY : fill_new(config, &(*drain)->fill);
    if (error != SP_OK) {
        redis_link_free((*drain)->link);
        free((*drain)->asked_s);
        free(*drain);
        *drain = NULL;
    }
    return error;
}

void
drain_free(struct drain *drain)
{
    if (drain == NULL)
        return;
    if (atomic_load(&drain->metrics->drain_leader) != 0)
        lease_release(&drain->lease, drain->link);
    atomic_store(&drain->metrics->drain_leader, 0);
    redis_link_free(drain->link);
    fill_free(drain->fill);
    free(drain->asked_s);
    free(drain);
}

void
drain_stop(struct drain *drain)
{
    drain->stopping = true;
}

enum drain_verdict { DRAIN_WAIT, DRAIN_CLOSE, DRAIN_CLOSE_UNSEALED };

/* Seconds since the epoch. */
struct moment {
    int64_t now_s;
    int64_t waited_s; /* the same, for who waits for collectors: without what the clock has jumped ahead lately */
};

static struct moment
moment_now(struct drain *drain)
{
    int64_t now_s = clock_wall_s();
    int64_t until_ms = drain->jump.until_ms;
    int64_t ahead_s = clock_jump_see(&drain->jump, now_s, clock_monotonic_ms(), DRAIN_SETTLE_S);
    if (drain->jump.until_ms != until_ms)
        LOG(LOG_WARNING, "clock_jumped_ahead", { "seconds", ahead_s });
    return (struct moment){ now_s, now_s - ahead_s };
}

static enum drain_verdict
judge(const struct moment *moment, int64_t period_end_s, size_t missing_seals)
{
    if (moment->now_s < period_end_s + PERIOD_GRACE_S)
        return DRAIN_WAIT;
    if (missing_seals == 0)
        return DRAIN_CLOSE;
    return moment->waited_s >= period_end_s + PERIOD_SEAL_PATIENCE_S ? DRAIN_CLOSE_UNSEALED : DRAIN_WAIT;
}

/* Only what is still there is frozen: after a wipe the collectors send their leaves again, and must not be refused. */
static const char freeze_script[] = "for i = 2, #ARGV do "
                                    "if redis.call('SISMEMBER', KEYS[1], ARGV[i]) == 0 then return 0 end end "
                                    "redis.call('SET', KEYS[2], '0', 'EX', ARGV[1], 'NX') return 1";

enum {
    MEMBER_MAX = PERIOD_TEXT_MAX + SOURCE_TEXT_MAX, /* bytes: 'PERIOD SOURCE' */
    FREEZE_FIXED = 6,                               /* arguments before the members */
};

static void
format_member(char out[MEMBER_MAX], struct period period, const char *source)
{
    char text[PERIOD_TEXT_MAX];
    snprintf(out, MEMBER_MAX, "%s %s", period_format(period, text), source);
}

static redisReply *
call_freeze(struct redis_link *link, const struct site_config *site, const struct open_period *open,
            char (*members)[MEMBER_MAX], const char **arguments)
{
    char open_key[KEYSPACE_KEY_MAX];
    char closed_key[KEYSPACE_KEY_MAX];
    char ttl_s[16];
    keyspace_site(open_key, site->key, "open");
    keyspace_period(closed_key, site->key, "closed", open->period);
    snprintf(ttl_s, sizeof ttl_s, "%d", (int)KEYSPACE_TTL_CLOSED_S);
    const char *const fixed[FREEZE_FIXED] = { "EVAL", freeze_script, "2", open_key, closed_key, ttl_s };
    memcpy(arguments, fixed, sizeof fixed);
    for (size_t i = 0; i < open->sources.count; i++) {
        format_member(members[i], open->period, open->sources.ids[i]);
        arguments[FREEZE_FIXED + i] = members[i];
    }
    return redis_link_call_list(link, FREEZE_FIXED + open->sources.count, arguments);
}

enum sp_error
drain_freeze(struct redis_link *link, const struct site_config *site, const struct open_period *open, bool *frozen)
{
    *frozen = false;
    char(*members)[MEMBER_MAX] = calloc(open->sources.count, sizeof *members);
    const char **arguments = calloc(FREEZE_FIXED + open->sources.count, sizeof *arguments);
    enum sp_error error = SP_NO_MEMORY;
    if (members != NULL && arguments != NULL) {
        redisReply *reply = call_freeze(link, site, open, members, arguments);
        error = reply != NULL && reply->type == REDIS_REPLY_INTEGER ? SP_OK : SP_UNAVAILABLE;
        *frozen = error == SP_OK && reply->integer == 1;
        freeReplyObject(reply);
    }
    free(members);
    free(arguments);
    return error;
}

static void
queue_source(struct redis_link *link, const struct site_config *site, struct period period, const char *source)
{
    char key[KEYSPACE_KEY_MAX];
    /* All tables, also those that the site's mode no longer counts. */
    for (int table = 0; table < TABLE_COUNT; table++) {
        keyspace_leaf(key, site->key, (enum table_id)table, period, source);
        redis_link_queue(link, "DEL %s", key);
    }
    keyspace_site(key, site->key, "open");
    char member[MEMBER_MAX];
    format_member(member, period, source);
    redis_link_queue(link, "SREM %s %s", key, member);
}

/* Mark the period as archived and delete all that Redis holds of it for these sources. */
static enum sp_error
retire(struct redis_link *link, const struct site_config *site, struct period period, const struct source_set *sources)
{
    char key[KEYSPACE_KEY_MAX];
    redis_link_begin(link);
    keyspace_period(key, site->key, "closed", period);
    redis_link_queue(link, "SET %s 1 EX %d", key, (int)KEYSPACE_TTL_CLOSED_S);
    for (size_t i = 0; i < sources->count; i++)
        queue_source(link, site, period, sources->ids[i]);
    for (int table = 0; table < TABLE_COUNT; table++) {
        keyspace_witness(key, site->key, (enum table_id)table, period);
        redis_link_queue(link, "DEL %s", key);
    }
    keyspace_period(key, site->key, "sealed", period);
    redis_link_queue(link, "DEL %s", key);
    redisReply *reply = redis_link_commit(link);
    bool done = reply != NULL;
    freeReplyObject(reply);
    return done ? SP_OK : SP_UNAVAILABLE;
}

static void
count(_Atomic int64_t *metric, size_t by)
{
    atomic_fetch_add(metric, (int64_t)by);
}

static void
note_malformed(struct drain *drain, const struct site_config *site, struct period period, size_t malformed)
{
    if (malformed == 0)
        return;
    count(&drain->metrics->malformed_fields, malformed);
    LOG(LOG_WARNING, "redis_fields_malformed", { "site", site - drain->config->sites }, { "kind", period.kind },
        { "period", period.index }, { "count", (int64_t)malformed });
}

/* The archive has the period: whatever Redis holds of it came back, or was never deleted. */
static enum sp_error
finish_closed(struct drain *drain, const struct site_config *site, const struct open_period *open)
{
    struct picture picture;
    enum sp_error error = picture_take(drain->link, site, open, &picture);
    if (error == SP_OK)
        error = retire(drain->link, site, open->period, &open->sources);
    if (error == SP_OK) {
        count(&drain->metrics->late_leaves, picture.fields);
        LOG(LOG_WARNING, "closed_period_came_back", { "site", site - drain->config->sites },
            { "kind", open->period.kind }, { "period", open->period.index }, { "leaves", (int64_t)picture.fields });
    }
    picture_fini(&picture);
    return error;
}

/* Leaves that were made when the period began are no longer in Redis: the promise about their life goes first. */
static bool
is_expired(const struct site_config *site, struct period period, int64_t now_s)
{
    return now_s >= period_start(period, &site->zone) + keyspace_ttl_s(period.kind);
}

static void
note_expired(struct drain *drain, const struct site_config *site, struct period period, size_t sources)
{
    count(&drain->metrics->periods_expired, 1);
    LOG(LOG_ERROR, "period_expired", { "site", site - drain->config->sites }, { "kind", period.kind },
        { "period", period.index }, { "sources", (int64_t)sources });
}

static enum sp_error
fill(struct drain *drain, const struct site_config *site, const struct open_period *open, const struct picture *picture)
{
    struct carried carried;
    enum sp_error error = carried_read(drain->archive, site, open->period, &carried);
    if (error == SP_OK)
        error = fill_batch(drain->fill, picture->batch, (unsigned)picture->sources.count, &carried);
    carried_fini(&carried);
    return error;
}

static enum sp_error
keep(struct drain *drain, const struct site_config *site, const struct open_period *open, const struct picture *picture,
     size_t missing)
{
    enum sp_error error = fill(drain, site, open, picture);
    if (error != SP_OK)
        return error == SP_REFUSED ? SP_MALFORMED : error; /* refused by the archive means something else */
    release_batch_sort(picture->batch);
    error = archive_keep(drain->archive, picture->batch);
    if (error == SP_REFUSED)
        return finish_closed(drain, site, open); /* another process was quicker */
    if (error != SP_OK)
        return error;
    note_malformed(drain, site, open->period, picture->malformed);
    count(&drain->metrics->periods_closed, 1);
    count(&drain->metrics->leaves_archived, release_count(picture->batch));
    if (missing > 0) {
        count(&drain->metrics->periods_unsealed, 1);
        LOG(LOG_WARNING, "period_closed_unsealed", { "site", site - drain->config->sites },
            { "kind", open->period.kind }, { "period", open->period.index }, { "missing", (int64_t)missing });
    }
    LOG(LOG_INFO, "period_closed", { "site", site - drain->config->sites }, { "kind", open->period.kind },
        { "period", open->period.index }, { "leaves", (int64_t)release_count(picture->batch) });
    return retire(drain->link, site, open->period, &open->sources);
}

/* Is the picture of the leaves that were asked for? Not if a source has come, or a wipe has taken them. */
static bool
same_sources(const struct source_set *a, const struct source_set *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!source_set_has(b, a->ids[i]))
            return false;
    return true;
}

static const char round_script[] = "local rounds = redis.call('INCR', KEYS[1]) "
                                   "redis.call('EXPIRE', KEYS[1], ARGV[1]) return rounds";

/*
 * Which sources there are, Redis alone knows: after it was away, or has lost data, a source that lives may be missing
 * from what it says, and a period that this one fed would be closed without it. So nothing is closed until every source
 * has had time to report. Lost data shows in a number of rounds that is not the one after ours; so does another
 * aggregator that drained meanwhile, and the first round of all.
 */
static enum sp_error
settle(struct drain *drain)
{
    redisReply *reply =
        redis_link_call(drain->link, "EVAL %s 1 %s %d", round_script, DRAIN_ROUNDS_KEY, KEYSPACE_TTL_MAX_S);
    bool counted = reply != NULL && reply->type == REDIS_REPLY_INTEGER;
    int64_t rounds = counted ? reply->integer : 0;
    freeReplyObject(reply);
    if (!counted)
        return SP_UNAVAILABLE;
    if (rounds != drain->rounds + 1 || drain->rounds == 0) {
        drain->settled_s = clock_wall_s() + DRAIN_SETTLE_S;
        drain->published_ms = 0;
        LOG(LOG_INFO, "drain_waits_for_reports", { "seconds", DRAIN_SETTLE_S });
    }
    drain->rounds = rounds;
    return SP_OK;
}

/* Redis was not wiped or set back since this round began, so what the picture shows is all there is. */
static enum sp_error
still_settled(struct drain *drain)
{
    redisReply *reply = redis_link_call(drain->link, "GET %s", DRAIN_ROUNDS_KEY);
    bool same = reply != NULL && reply->type == REDIS_REPLY_STRING && strtoll(reply->str, NULL, 10) == drain->rounds;
    freeReplyObject(reply);
    return same ? SP_OK : SP_UNAVAILABLE;
}

/*
 * The decision is made on the picture itself, so that no wipe, failover or new source can come between the seals that
 * were seen and the leaves that are taken. The freeze comes before the picture for the same reason.
 */
static enum sp_error
close_from_picture(struct drain *drain, const struct site_config *site, const struct open_period *open,
                   const struct open_periods *all, const struct moment *moment, enum drain_verdict verdict)
{
    int64_t end_s = period_end(open->period, &site->zone);
    struct picture picture;
    bool frozen = true;
    enum sp_error error = SP_OK;
    if (verdict == DRAIN_CLOSE_UNSEALED)
        error = drain_freeze(drain->link, site, open, &frozen);
    if (error != SP_OK || !frozen)
        return error;
    error = picture_take(drain->link, site, open, &picture);
    if (error == SP_OK)
        error = still_settled(drain);
    if (error == SP_OK && same_sources(&open->sources, &picture.sources)) {
        size_t missing = seals_missing(all, &open->sources, &picture.sealed, end_s);
        size_t lost = is_expired(site, open->period, moment->now_s) ? picture.bare : 0;
        if (judge(moment, end_s, missing) == verdict)
            error = lost == open->sources.count ? retire(drain->link, site, open->period, &open->sources)
                                                : keep(drain, site, open, &picture, missing);
        if (judge(moment, end_s, missing) == verdict && error == SP_OK && lost > 0)
            note_expired(drain, site, open->period, lost);
    }
    picture_fini(&picture);
    return error;
}

/* Read the seals alone first: it is cheap, and most periods that wait, wait for them. */
static enum sp_error
judge_seals(struct drain *drain, const struct site_config *site, const struct open_period *open,
            const struct open_periods *all, const struct moment *moment, enum drain_verdict *verdict)
{
    *verdict = DRAIN_WAIT;
    int64_t end_s = period_end(open->period, &site->zone);
    if (judge(moment, end_s, 0) == DRAIN_WAIT)
        return SP_OK;
    char key[KEYSPACE_KEY_MAX];
    keyspace_period(key, site->key, "sealed", open->period);
    redisReply *reply = redis_link_call(drain->link, "SMEMBERS %s", key);
    if (reply == NULL)
        return SP_UNAVAILABLE;
    struct source_set sealed = { NULL, 0, 0 };
    enum sp_error error = SP_OK;
    for (size_t i = 0; reply->type == REDIS_REPLY_ARRAY && error != SP_NO_MEMORY && i < reply->elements; i++)
        error = source_set_add(&sealed, span_of(reply->element[i]->str, reply->element[i]->len));
    *verdict = judge(moment, end_s, seals_missing(all, &open->sources, &sealed, end_s));
    freeReplyObject(reply);
    source_set_fini(&sealed);
    return error == SP_NO_MEMORY ? error : SP_OK;
}

/*
 * A collector keeps what is not archived, and sends it again when Redis seems to have lost data: so the numbers of its
 * calls are taken away. *wait: it has not had the time.
 */
static enum sp_error
ask_again(struct drain *drain, const struct site_config *site, int64_t now_s, bool *wait)
{
    char key[KEYSPACE_KEY_MAX];
    int64_t *asked_s = &drain->asked_s[site - drain->config->sites];
    *wait = *asked_s == 0 || now_s < *asked_s + DRAIN_SETTLE_S || now_s >= *asked_s + ASK_AGAIN_S;
    if (*asked_s != 0 && now_s < *asked_s + ASK_AGAIN_S)
        return SP_OK;
    keyspace_site(key, site->key, "flush");
    redisReply *reply = redis_link_call(drain->link, "DEL %s", key);
    bool done = reply != NULL && reply->type == REDIS_REPLY_INTEGER;
    freeReplyObject(reply);
    if (!done)
        return SP_UNAVAILABLE;
    *asked_s = now_s;
    LOG(LOG_WARNING, "expired_leaves_asked_for", { "site", site - drain->config->sites });
    return SP_OK;
}

/* Before a period is frozen, for then its collectors would be refused. */
static enum sp_error
recover_expired(struct drain *drain, const struct site_config *site, const struct open_period *open, int64_t now_s,
                bool *wait)
{
    *wait = false;
    if (!is_expired(site, open->period, now_s))
        return SP_OK;
    struct picture picture;
    enum sp_error error = picture_take(drain->link, site, open, &picture);
    if (error == SP_OK && picture.bare > 0)
        error = ask_again(drain, site, now_s, wait);
    picture_fini(&picture);
    return error;
}

static enum sp_error
drain_period(struct drain *drain, const struct site_config *site, const struct open_period *open,
             const struct open_periods *all, const struct moment *moment)
{
    bool closed;
    enum sp_error error = archive_is_closed(drain->archive, site->key, open->period, &closed);
    if (error == SP_OK && closed)
        return finish_closed(drain, site, open);
    enum drain_verdict verdict = DRAIN_WAIT;
    if (error == SP_OK)
        error = judge_seals(drain, site, open, all, moment, &verdict);
    bool wait = verdict == DRAIN_WAIT;
    if (error == SP_OK && !wait)
        error = recover_expired(drain, site, open, moment->now_s, &wait);
    if (error != SP_OK || wait)
        return error;
    return close_from_picture(drain, site, open, all, moment, verdict);
}

static enum sp_error
hold_lease(struct drain *drain, bool *held)
{
    *held = true;
    if (drain->leased_ms != 0 && clock_monotonic_ms() - drain->leased_ms < LEASE_RENEW_MS)
        return SP_OK;
    enum sp_error error = lease_take(&drain->lease, drain->link, held);
    drain->leased_ms = *held ? clock_monotonic_ms() : 0;
    atomic_store(&drain->metrics->drain_leader, *held);
    return error;
}

/* The views of that day, as each source has them. A failure shows in the next call. */
static void
note_views(struct drain *drain, const struct site_config *site, const struct open_period *day, int64_t now_s)
{
    char key[KEYSPACE_KEY_MAX];
    redis_link_begin(drain->link);
    for (size_t i = 0; i < day->sources.count; i++) {
        keyspace_leaf(key, site->key, TABLE_TOTAL, day->period, day->sources.ids[i]);
        redis_link_queue(drain->link, "HGET %s %b", key, "", (size_t)0);
    }
    redisReply *reply = redis_link_commit(drain->link);
    for (size_t i = 0; reply != NULL && i < reply->elements && i < day->sources.count; i++) {
        const redisReply *views = reply->element[i];
        if (views->type != REDIS_REPLY_STRING)
            continue;
        struct activity_count count = { day->period.index, day->sources.ids[i], strtoll(views->str, NULL, 10) };
        activity_note(drain->metrics->activity, site->key, count, now_s);
    }
    freeReplyObject(reply);
}

/* See activity.h. */
static void
note_activity(struct drain *drain, const struct site_config *site, const struct open_periods *open, int64_t now_s)
{
    struct activity *activity = drain->metrics->activity;
    struct period first, last;
    if (activity == NULL)
        return;
    if (!activity_is_archived(activity, site->key)) {
        enum sp_error found = archive_span(drain->archive, site->key, PERIOD_DAY, &first, &last);
        if (found == SP_OK || found == SP_NOT_FOUND)
            activity_note_archived(activity, site->key, found == SP_OK);
    }
    struct period today = period_at(PERIOD_DAY, &site->zone, now_s);
    for (size_t i = 0; i < open->count; i++)
        if (period_equal(open->items[i].period, today))
            note_views(drain, site, &open->items[i], now_s);
}

static enum sp_error
drain_site(struct drain *drain, const struct site_config *site, bool may_close)
{
    struct open_periods open;
    const struct moment moment = moment_now(drain);
    enum sp_error error = open_periods_read(drain->link, site, moment.waited_s, &open);
    if (open.malformed > 0) {
        count(&drain->metrics->malformed_fields, open.malformed);
        LOG(LOG_WARNING, "redis_members_malformed", { "site", site - drain->config->sites },
            { "count", (int64_t)open.malformed });
    }
    if (error == SP_OK)
        note_activity(drain, site, &open, moment.now_s);
    bool held = may_close;
    for (size_t i = 0; error == SP_OK && held && !drain->stopping && i < open.count; i++) {
        error = drain_period(drain, site, &open.items[i], &open, &moment);
        if (error == SP_OK)
            error = hold_lease(drain, &held);
    }
    open_periods_fini(&open);
    return error;
}

/* Before anything is closed: a collector that has heard nothing yet sends nothing. */
static enum sp_error
publish(struct drain *drain)
{
    int64_t now_ms = clock_monotonic_ms();
    if (drain->published_ms != 0 && now_ms - drain->published_ms < PUBLISH_EVERY_MS)
        return SP_OK;
    enum sp_error error = declarations_publish(drain->link, drain->config);
    drain->published_ms = error == SP_OK ? now_ms : 0;
    return error;
}

static enum sp_error
drain_sites(struct drain *drain)
{
    drain->leased_ms = 0; /* a round begins by asking */
    bool held;
    enum sp_error error = hold_lease(drain, &held);
    if (error == SP_OK && held)
        error = settle(drain);
    if (error == SP_OK && held)
        error = publish(drain);
    bool may_close = held && clock_wall_s() >= drain->settled_s;
    for (size_t i = 0; error == SP_OK && !drain->stopping && i < drain->config->site_count; i++)
        error = drain_site(drain, &drain->config->sites[i], may_close);
    return error;
}

enum sp_error
drain_round(struct drain *drain)
{
    int64_t start_ms = clock_monotonic_ms();
    enum sp_error error = drain_sites(drain);
    if (error == SP_OK) {
        atomic_store(&drain->metrics->drain_last_s, clock_wall_s());
        atomic_store(&drain->metrics->drain_duration_ms, clock_monotonic_ms() - start_ms);
        return SP_OK;
    }
    drain->rounds = 0; /* Redis may have been away: settle anew */
    count(&drain->metrics->drain_errors, 1);
    LOG(LOG_WARNING, "drain_failed", { "error", error }, { "redis_away", error == SP_UNAVAILABLE },
        { "disk_full", error == SP_FULL }, { "no_memory", error == SP_NO_MEMORY });
    return error;
}
