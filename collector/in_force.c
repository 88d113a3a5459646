#include "in_force.h"

#include "in_force_kept.h"

#include "sporlos/declaration.h"
#include "sporlos/in_force.h"
#include "sporlos/keyspace.h"
#include "sporlos/log.h"
#include "sporlos/page_pattern.h"

#include <hiredis/hiredis.h>
#include <stdlib.h>

struct obedience {
    struct counters *counters; /* borrowed */
    bool heard;                /* value is what the aggregator said last */
    bool is_new;               /* and has not been applied */
    bool was_heard;            /* it was applied once */
    bool waits_for_mode;       /* the aggregator does not know yet that the site promises more now */
    bool refuses;              /* the aggregator says a wider mode that was not announced */
    bool has_refused;          /* so leaves of periods that ended meanwhile are here still */
    bool asking;               /* a question is under way */
    int64_t asked_s;           /* seconds since the epoch; 0: ask at once */
    struct in_force value;
    struct site_config effective; /* the configuration, narrowed; its lists are ours, what they hold is borrowed */
    struct site *site;
};

enum { FIELDS_MAX = 4 * IN_FORCE_FIELDS_MAX, PERIODS_MAX = 256 };

static void
free_lists(struct obedience *obedience)
{
    free(obedience->effective.pages.items);
    free(obedience->effective.folds);
    obedience->effective.pages.items = NULL;
    obedience->effective.folds = NULL;
}

void
obedience_free(struct obedience *obedience)
{
    if (obedience == NULL)
        return;
    free_lists(obedience);
    free(obedience);
}

enum sp_error
obey_begin(struct counters *counters, struct site *site)
{
    if (site->obedience != NULL)
        return SP_OK;
    site->obedience = calloc(1, sizeof *site->obedience);
    if (site->obedience == NULL)
        return SP_NO_MEMORY;
    site->obedience->counters = counters;
    site->obedience->site = site;
    /* Of the process before: applied as if it had been heard anew, for the configuration may be another one. */
    struct obedience *obedience = site->obedience;
    obedience->heard = in_force_kept(&site->record->in_force, &obedience->value, &obedience->refuses);
    obedience->is_new = obedience->was_heard = obedience->heard;
    obedience->has_refused = obedience->refuses;
    return SP_OK;
}

bool
obey_holds(const struct site *site)
{
    /* What an earlier process left of a site that no configuration has any more had been allowed then. */
    const struct obedience *obedience = site->obedience;
    return obedience != NULL && (!obedience->heard || obedience->waits_for_mode || obedience->refuses);
}

/* ---- the configuration, narrowed ---- */

static bool
lists_anything(const char *pattern)
{
    return pattern[0] == '/' && pattern[1] == '*';
}

static bool
is_listed(const struct site_config *site, const char *page)
{
    for (size_t i = 0; i < site->pages.count; i++)
        if (page_pattern_matches(site->pages.items[i], span_text(page)))
            return true;
    return false;
}

/*
 * A site that is restricted still, under a configuration that will not be: what config_restricted.c refuses such a site
 * must not name pages before its day.
 */
static void
narrow_lists(struct site_config *site)
{
    size_t kept = 0;
    for (size_t i = 0; i < site->pages.count; i++)
        if (!lists_anything(site->pages.items[i]))
            site->pages.items[kept++] = site->pages.items[i];
    site->pages.count = kept;
    kept = 0;
    for (size_t i = 0; i < site->fold_count; i++)
        if (is_listed(site, site->folds[i].page))
            site->folds[kept++] = site->folds[i];
    site->fold_count = kept;
}

/* Lists of our own over borrowed items. Without memory nothing is listed: that errs to the safe side. */
static void
copy_lists(struct obedience *obedience, const struct site_config *configured)
{
    struct site_config *effective = &obedience->effective;
    effective->pages.items = calloc(configured->pages.count + 1, sizeof *effective->pages.items);
    effective->folds = calloc(configured->fold_count + 1, sizeof *effective->folds);
    effective->pages.count = effective->pages.items == NULL ? 0 : configured->pages.count;
    effective->fold_count = effective->folds == NULL ? 0 : configured->fold_count;
    if (effective->pages.count > 0)
        memcpy(effective->pages.items, configured->pages.items, effective->pages.count * sizeof(char *));
    if (effective->fold_count > 0)
        memcpy(effective->folds, configured->folds, effective->fold_count * sizeof(struct page_fold));
}

static void
narrow(struct site *site)
{
    struct obedience *obedience = site->obedience;
    const struct site_config *configured = site->configured;
    free_lists(obedience);
    obedience->effective = *configured;
    copy_lists(obedience, configured);
    int64_t month_s = period_start(site->open[PERIOD_MONTH], &site->zone);
    if (obedience->heard)
        in_force_lay_over(&obedience->value, month_s, &obedience->effective);
    if (!obedience->heard || !in_force_reads(&obedience->value, month_s, configured->search_parameter))
        obedience->effective.search_parameter = NULL; /* borrowed */
    obedience->effective.tables = configured->tables; /* which periods of them: site->periods */
    obedience->effective.mode = site->mode;
    if (mode_table[site->mode].tables == TABLES_RESTRICTED &&
        mode_table[configured->mode].tables != TABLES_RESTRICTED) {
        if (obedience->effective.min_population < RESTRICTED_POPULATION_MIN)
            obedience->effective.min_population = RESTRICTED_POPULATION_MIN;
        narrow_lists(&obedience->effective);
    }
    site->config = &obedience->effective;
}

static bool
is_in_force(const struct site *site, int table, struct period period)
{
    const struct obedience *obedience = site->obedience;
    return !obedience->heard || period_start(period, &site->zone) >= obedience->value.from[table][period.kind];
}

static void
choose_periods(struct site *site)
{
    site->kinds = 0;
    for (int table = 0; table < TABLE_COUNT; table++) {
        unsigned periods = table_periods((enum table_id)table, site->mode);
        site->kinds |= periods;
        if ((site->configured->tables & 1U << table) == 0)
            periods = 0;
        for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
            if ((periods & PERIOD_BIT(kind)) != 0 && !is_in_force(site, table, site->open[kind]))
                periods &= ~PERIOD_BIT(kind);
        site->periods[table] = (uint8_t)periods;
    }
    growths_read(&site->growths, site->periods);
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
        growths_open(&site->growths, site->open[kind]);
}

/* ---- what was counted before it was heard ---- */

struct own_periods {
    uint32_t site;
    size_t count;
    struct period periods[PERIODS_MAX];
};

static void
collect_own(void *context, uint32_t site, struct period period)
{
    struct own_periods *own = context;
    if (own->site == site && own->count < PERIODS_MAX)
        own->periods[own->count++] = period;
}

/* The tables whose leaves of that period nothing allows: announced only, or at the first word not declared at all. */
static unsigned
tables_against(const struct site *site, struct period period)
{
    unsigned tables = 0;
    for (int table = 0; table < TABLE_COUNT; table++) {
        bool ended = site->obedience->value.from[table][period.kind] == IN_FORCE_NEVER && site->obedience->was_heard;
        if (!is_in_force(site, table, period) && !ended)
            tables |= 1U << table;
    }
    return tables;
}

static uint32_t
drop_not_in_force(struct counters *counters, const struct site *site)
{
    struct own_periods own = { .site = site->text };
    uint32_t dropped = 0;
    counters_each_period(counters, collect_own, &own);
    for (size_t i = 0; i < own.count; i++)
        dropped += counters_drop_tables(counters, site->text, own.periods[i], tables_against(site, own.periods[i]));
    return dropped;
}

/* Leaves that were born under another mode's noise must not be shown by this one's rules. */
static uint32_t
drop_of_mode(struct counters *counters, const struct site *site)
{
    struct own_periods own = { .site = site->text };
    uint32_t dropped = 0;
    counters_each_period(counters, collect_own, &own);
    for (size_t i = 0; i < own.count; i++) {
        bool is_open = own.periods[i].index >= site->open[own.periods[i].kind].index;
        if (is_open || !site->obedience->was_heard || site->obedience->has_refused)
            dropped += counters_drop(counters, site->text, own.periods[i]);
    }
    return dropped;
}

/* ---- applying ---- */

/* The mode that the site counts in: the configuration's, or the narrower one that is in force still. */
static enum site_mode
choose_mode(struct site *site)
{
    struct obedience *obedience = site->obedience;
    enum site_mode configured = site->configured->mode;
    enum site_mode allowed = in_force_mode(&obedience->value, period_start(site->open[PERIOD_MONTH], &site->zone));
    obedience->waits_for_mode = configured != allowed && !mode_widens(allowed, configured);
    return obedience->waits_for_mode || configured == allowed ? configured : allowed;
}

bool
obey_apply(struct site *site)
{
    struct obedience *obedience = site->obedience;
    if (obedience == NULL || site->configured == NULL)
        return false;
    enum site_mode mode = obedience->heard ? choose_mode(site) : site->mode;
    bool changed = mode != site->mode;
    uint32_t dropped = 0;
    site->mode = mode;
    site->record->mode = (uint8_t)mode;
    if (changed)
        dropped = drop_of_mode(obedience->counters, site);
    narrow(site);
    choose_periods(site);
    if (obedience->heard && obedience->is_new) {
        dropped += drop_not_in_force(obedience->counters, site);
        obedience->is_new = false;
        obedience->was_heard = true;
        obedience->has_refused = obedience->refuses;
    }
    if (dropped > 0)
        LOG(LOG_WARNING, "not_in_force_dropped", { "leaves", dropped }, { "mode", mode });
    return changed;
}

/* ---- hearing ---- */

enum { PUBLISHED_LATEST = INT32_MAX };

/* What was published then may be wider than what was heard before from that moment on. */
static int64_t
wider_from(const struct site *site, int64_t published_s, bool rules)
{
    return published_s > PUBLISHED_LATEST ? IN_FORCE_NEVER : declaration_in_force_from(published_s, rules, &site->zone);
}

/* Of what is heard: nothing that is new comes sooner than it was announced, or than 14 days after its publication. */
static void
hold_back(const struct site *site, const struct in_force *before, struct in_force *heard)
{
    int64_t month_s = period_start(site->open[PERIOD_MONTH], &site->zone);
    int64_t population = month_s >= before->next_from_s ? before->next_min_population : before->min_population;
    int64_t tables_s = wider_from(site, heard->published_s, false);
    if (month_s < wider_from(site, heard->published_s, true) && heard->min_population < population)
        heard->min_population = population;
    bool is_same = strcmp(heard->query, before->query) == 0;
    int64_t query_s = wider_from(site, heard->published_s, true);
    if (is_same && before->query_from_s < query_s)
        query_s = before->query_from_s;
    if (heard->query_from_s < query_s)
        heard->query_from_s = query_s;
    for (int table = 0; table < TABLE_COUNT; table++) {
        for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
            int64_t announced_s = before->from[table][kind];
            int64_t soonest_s = announced_s < tables_s ? announced_s : tables_s;
            if (heard->from[table][kind] < soonest_s)
                heard->from[table][kind] = soonest_s;
        }
    }
}

static bool
may_not_be_obeyed(const struct site *site, const struct in_force *before, const struct in_force *heard)
{
    int64_t month_s = period_start(site->open[PERIOD_MONTH], &site->zone);
    return mode_widens(in_force_mode(before, month_s), in_force_mode(heard, month_s)) &&
           month_s < wider_from(site, heard->published_s, true);
}

static void
refuse(struct site *site)
{
    struct obedience *obedience = site->obedience;
    if (obedience->refuses)
        return;
    obedience->refuses = obedience->has_refused = true;
    in_force_keep(&site->record->in_force, &obedience->value, true);
    LOG(LOG_WARNING, "wider_mode_not_announced", { "site", site->text }, { "mode", obedience->value.mode });
}

bool
obey_hear(struct site *site, const struct span *fields, size_t count)
{
    struct in_force_reader reader;
    in_force_begin(&reader);
    for (size_t i = 0; i + 1 < count; i += 2)
        in_force_read(&reader, fields[i], fields[i + 1]);
    if (count == 0) /* wiped: what was heard last stays */
        return false;
    if (in_force_end(&reader) != SP_OK) {
        LOG_BARE(LOG_WARNING, "in_force_malformed");
        return false;
    }
    struct obedience *obedience = site->obedience;
    if (obedience->heard && may_not_be_obeyed(site, &obedience->value, &reader.value)) {
        refuse(site);
        return false;
    }
    if (obedience->heard)
        hold_back(site, &obedience->value, &reader.value);
    reader.value.published_s = 0; /* has served, and the journal does not keep it */
    if (obedience->heard && !obedience->refuses && memcmp(&obedience->value, &reader.value, sizeof reader.value) == 0)
        return true;
    obedience->value = reader.value;
    obedience->refuses = false;
    in_force_keep(&site->record->in_force, &reader.value, false);
    obedience->heard = obedience->is_new = true;
    site->turn_at = 0; /* applied at the next turn: before the next beacon, and before the next round takes leaves */
    return true;
}

static void
on_reply(void *context, const redisReply *reply)
{
    struct obedience *obedience = context;
    struct span fields[FIELDS_MAX];
    obedience->asking = false;
    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY || reply->elements > FIELDS_MAX) {
        obedience->asked_s = 0;
        return;
    }
    for (size_t i = 0; i < reply->elements; i++)
        fields[i] = reply->element[i]->type == REDIS_REPLY_STRING
                        ? span_of(reply->element[i]->str, (size_t)reply->element[i]->len)
                        : SPAN_LITERAL("");
    if (!obey_hear(obedience->site, fields, reply->elements) && !obedience->heard)
        obedience->asked_s = 0;
}

struct asking {
    struct redis_client *client;
    int64_t now_s;
    unsigned left;
};

static void
ask(void *context, struct site *site)
{
    struct asking *asking = context;
    struct obedience *obedience = site->obedience;
    if (asking->left == 0 || obedience == NULL || obedience->asking || site->configured == NULL ||
        (asking->now_s - obedience->asked_s < OBEY_ASK_EVERY_S && asking->now_s >= obedience->asked_s))
        return;
    char key[KEYSPACE_KEY_MAX];
    size_t length = keyspace_site(key, site->key, "declaration");
    const char *arguments[] = { "HGETALL", key };
    const size_t lengths[] = { 7, length };
    if (redis_client_send(asking->client, on_reply, obedience, 2, arguments, lengths) != SP_OK) {
        asking->left = 0;
        return;
    }
    obedience->asking = true;
    obedience->asked_s = asking->now_s;
    asking->left--;
}

void
obey_ask(struct redis_client *client, struct sites *sites, int64_t now_s)
{
    struct asking asking = { client, now_s, OBEY_ASKS_PER_ROUND };
    if (redis_client_up(client))
        sites_each(sites, ask, &asking);
}
