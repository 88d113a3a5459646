#include "sites.h"

#include "in_force.h"

#include "sporlos/log.h"

#include <stdlib.h>
#include <strings.h>

enum { CATCH_UP_MAX = 62 * 24 }; /* periods that are sealed after the clock has jumped: two months of hours */

struct sites {
    struct counters *counters; /* borrowed */
    struct site **all;         /* in the order in which they came; never given up while it runs */
    uint32_t count;
    struct site **index; /* by name: open addressing, linear probing, at most half full */
    uint32_t index_mask;
};

enum sp_error
sites_new(struct counters *counters, struct sites **out)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return SP_NO_MEMORY;
    (*out)->counters = counters;
    return SP_OK;
}

void
sites_free(struct sites *sites)
{
    if (sites == NULL)
        return;
    for (uint32_t i = 0; i < sites->count; i++) {
        obedience_free(sites->all[i]->obedience);
        free(sites->all[i]);
    }
    free(sites->all);
    free(sites->index);
    free(sites);
}

/*
 * Of a name in any case. Only the configuration puts names into the index, so nobody outside can make them collide: no
 * keyed hash is needed. Multiplier: 2^64 divided by the golden ratio.
 */
static inline uint64_t
mix_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ (word | UINT64_C(0x2020202020202020))) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 32;
}

/* The last word overlaps the one before it; of a name that is shorter than a word, its bytes. */
static inline uint32_t
name_hash(const char *name, size_t length)
{
    uint64_t word = 0;
    uint64_t hash = length;
    if (length < sizeof word) {
        for (size_t i = 0; i < length; i++)
            word = word << 8 | (unsigned char)name[i];
        return (uint32_t)mix_word(hash, word);
    }
    const char *last = name + length - sizeof word;
    for (; name < last; name += sizeof word) {
        memcpy(&word, name, sizeof word);
        hash = mix_word(hash, word);
    }
    memcpy(&word, last, sizeof word);
    return (uint32_t)mix_word(hash, word);
}

static bool
has_name(const struct site *site, const char *name, size_t length)
{
    return site->key_length == length &&
           (memcmp(site->key, name, length) == 0 || strncasecmp(site->key, name, length) == 0);
}

/* Where the site of that name is in the index, or would go. */
static struct site **
place_of(const struct sites *sites, const char *name, size_t length)
{
    uint32_t at = name_hash(name, length) & sites->index_mask;
    while (sites->index[at] != NULL && !has_name(sites->index[at], name, length))
        at = (at + 1) & sites->index_mask;
    return &sites->index[at];
}

/* By name in any case, in the configuration or not. */
static struct site *
find_key(const struct sites *sites, const char *name, size_t length)
{
    return sites->count == 0 ? NULL : *place_of(sites, name, length);
}

/* Room for one more site, in both. */
static enum sp_error
make_room(struct sites *sites)
{
    uint32_t room = sites->index == NULL ? 0 : (sites->index_mask + 1) / 2;
    if (sites->count < room)
        return SP_OK;
    room = room == 0 ? 8 : room * 2;
    struct site **all = realloc(sites->all, room * sizeof(struct site *));
    if (all == NULL)
        return SP_NO_MEMORY;
    sites->all = all;
    struct site **index = calloc((size_t)room * 2, sizeof(struct site *));
    if (index == NULL)
        return SP_NO_MEMORY;
    free(sites->index);
    sites->index = index;
    sites->index_mask = room * 2 - 1;
    for (uint32_t i = 0; i < sites->count; i++)
        *place_of(sites, all[i]->key, all[i]->key_length) = all[i];
    return SP_OK;
}

static void
open_period(struct site *site, struct period period)
{
    site->open[period.kind] = period;
    site->open_until[period.kind] = period_end(period, &site->zone);
    site->record->open[period.kind] = period.index;
    site->record->opened |= PERIOD_BIT(period.kind);
    growths_open(&site->growths, period);
}

static void
open_periods(struct site *site, int64_t now_s)
{
    site->turn_at = INT64_MAX;
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        struct period now = period_at((enum period_kind)kind, &site->zone, now_s);
        if (site->open_until[kind] == 0 || now.index > site->open[kind].index)
            open_period(site, now);
        if (site->open_until[kind] < site->turn_at)
            site->turn_at = site->open_until[kind];
    }
}

bool
site_turn(struct site *site, int64_t now_s, site_period_ended *ended, void *context)
{
    if (now_s < site->turn_at)
        return false;
    struct period before[PERIOD_KIND_COUNT];
    memcpy(before, site->open, sizeof before);
    open_periods(site, now_s);
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        int32_t first = before[kind].index;
        if ((site->kinds & PERIOD_BIT(kind)) == 0)
            continue;
        if (site->open[kind].index - first > CATCH_UP_MAX)
            ended(context, site, before[kind]), first = site->open[kind].index - CATCH_UP_MAX;
        for (int32_t i = first; i < site->open[kind].index; i++)
            ended(context, site, (struct period){ (enum period_kind)kind, i });
    }
    return true;
}

void
site_pass(struct site *site, struct period archived)
{
    if (!period_equal(archived, site->open[archived.kind]))
        return;
    struct period next = { archived.kind, archived.index + 1 };
    open_period(site, next);
    site->turn_at = 0; /* so that the leaves which are there from the start of a period are born */
    LOG(LOG_ERROR, "clock_behind_archive", { "kind", next.kind }, { "period", next.index });
}

static bool
clashes(const struct site *site, const struct site_config *config)
{
    return site->configured_mode != config->mode || strcmp(site->zone.name, config->zone.name) != 0;
}

/*
 * Go on from where the process before this one was: a period that was open then is open still, and ends at the next
 * turn if its time is over.
 */
static void
go_on(struct site *site)
{
    struct site_record *record = site->record;
    if (record->opened != 0)
        site->mode =
            (enum site_mode)record->mode; /* that its leaves were born under, until it has heard (in_force.c) */
    record->mode = (uint8_t)site->mode;
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        if ((record->opened & PERIOD_BIT(kind)) != 0)
            open_period(site, (struct period){ (enum period_kind)kind, record->open[kind] });
    }
}

static enum sp_error
add_site(struct sites *sites, struct span key, enum site_mode mode, const struct zone *zone, int64_t now_s)
{
    enum sp_error error = make_room(sites);
    if (error != SP_OK)
        return error;
    struct site *site = calloc(1, sizeof *site);
    if (site == NULL)
        return SP_NO_MEMORY;
    memcpy(site->key, key.at, key.length);
    site->key_length = key.length;
    site->mode = site->configured_mode = mode;
    site->zone = *zone;
    for (int table = 0; table < TABLE_COUNT; table++)
        site->kinds |= table_periods((enum table_id)table, site->mode);
    error = texts_intern(counters_texts(sites->counters), key, &site->text);
    if (error == SP_OK && (site->record = counters_site_record(sites->counters, site->text)) == NULL)
        error = SP_FULL;
    if (error != SP_OK) {
        free(site);
        return error;
    }
    go_on(site);
    if (site->record->opened == 0)
        open_periods(site, now_s);
    site->position = -1; /* in no configuration yet */
    site->turn_at = 0;   /* looked at anew before the first beacon */
    sites->all[sites->count++] = site;
    *place_of(sites, site->key, site->key_length) = site;
    return SP_OK;
}

/* ---- sites of the process before ---- */

struct left_sites {
    struct sites *sites;
    struct zone zone;
    int64_t now_s;
    enum sp_error error;
};

static void
add_left(void *context, uint32_t text, struct period period)
{
    struct left_sites *left = context;
    struct span key = texts_get(counters_texts(left->sites->counters), text);
    (void)period;
    if (left->error != SP_OK || find_key(left->sites, key.at, key.length) != NULL || key.length >= SITE_NAME_MAX)
        return;
    const struct site_record *record = counters_site_record(left->sites->counters, text);
    if (record != NULL)
        left->error = add_site(left->sites, key, (enum site_mode)record->mode, &left->zone, left->now_s);
}

enum sp_error
sites_adopt(struct sites *sites, int64_t now_s)
{
    struct left_sites left = { .sites = sites, .now_s = now_s };
    /* Which zone it had is not known any more. Nothing is counted for it, so only the hour of its seal depends on it.
     */
    enum sp_error error = zone_init(&left.zone, "Europe/Oslo");
    if (error == SP_OK)
        counters_each_period(sites->counters, add_left, &left);
    return error == SP_OK ? left.error : error;
}

/* ---- sites of a configuration ---- */

/* A site that is there already: NULL, or its configuration is still the old one. */
static struct site *
site_of(const struct sites *sites, const struct site_config *config)
{
    return find_key(sites, config->key, strlen(config->key));
}

/* The new sites of a configuration; until it is in force they have none and take no beacon. */
static enum sp_error
add_new(struct sites *sites, const struct config *config, int64_t now_s)
{
    for (size_t i = 0; i < config->site_count; i++) {
        enum sp_error error = SP_OK;
        const struct site_config *site = &config->sites[i];
        if (site_of(sites, site) == NULL)
            error = add_site(sites, span_text(site->key), site->mode, &site->zone, now_s);
        if (error == SP_OK)
            error = obey_begin(sites->counters, site_of(sites, site));
        if (error != SP_OK)
            return error;
    }
    return SP_OK;
}

enum sp_error
sites_apply(struct sites *sites, const struct config *config, int64_t now_s)
{
    for (size_t i = 0; i < config->site_count; i++) {
        const struct site *site = site_of(sites, &config->sites[i]);
        if (site != NULL && clashes(site, &config->sites[i]))
            return SP_REFUSED;
    }
    enum sp_error error = add_new(sites, config, now_s);
    if (error != SP_OK)
        return error; /* nothing may point into a configuration that is not taken over */
    for (uint32_t i = 0; i < sites->count; i++)
        sites->all[i]->config = sites->all[i]->configured = NULL;
    for (size_t i = 0; i < config->site_count; i++) {
        struct site *site = site_of(sites, &config->sites[i]);
        bool is_new = site->position < 0;
        site->config = site->configured = &config->sites[i];
        site->position = (int)i;
        site->turn_at = 0; /* narrowed at the next turn */
        if (is_new)
            obey_apply(site);
    }
    return SP_OK;
}

struct site *
sites_find(const struct sites *sites, struct span name)
{
    struct site *site = name.length == 0 ? NULL : find_key(sites, name.at, name.length);
    return site == NULL || site->config == NULL ? NULL : site;
}

void
sites_each(const struct sites *sites, site_visit *visit, void *context)
{
    for (uint32_t i = 0; i < sites->count; i++)
        visit(context, sites->all[i]);
}

uint32_t
sites_count(const struct sites *sites)
{
    return sites->count;
}

struct site *
sites_by_text(const struct sites *sites, struct span key)
{
    return find_key(sites, key.at, key.length);
}
