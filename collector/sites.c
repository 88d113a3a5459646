#include "sites.h"

#include "in_force.h"

#include "sporlos/log.h"

#include <ctype.h>
#include <stdlib.h>

enum { CATCH_UP_MAX = 62 * 24 }; /* periods that are sealed after the clock has jumped: two months of hours */

struct sites {
    struct counters *counters; /* borrowed */
    struct site *by_key;
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
    struct site *site;
    struct site *next;
    HASH_ITER(hh, sites->by_key, site, next)
    {
        HASH_DEL(sites->by_key, site);
        obedience_free(site->obedience);
        free(site);
    }
    free(sites);
}

static struct site *
find_key(const struct sites *sites, const char *key, size_t length)
{
    struct site *site = NULL;
    HASH_FIND(hh, sites->by_key, key, length, site);
    return site;
}

static void
open_periods(struct site *site, int64_t now_s)
{
    site->turn_at = INT64_MAX;
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        struct period now = period_at((enum period_kind)kind, &site->zone, now_s);
        if (site->open_until[kind] == 0 || now.index > site->open[kind].index) {
            site->open[kind] = now;
            site->open_until[kind] = period_end(now, &site->zone);
            site->record->open[kind] = now.index;
            site->record->opened |= PERIOD_BIT(kind);
        }
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
        if ((record->opened & PERIOD_BIT(kind)) == 0)
            continue;
        site->open[kind] = (struct period){ (enum period_kind)kind, record->open[kind] };
        site->open_until[kind] = period_end(site->open[kind], &site->zone);
    }
}

static enum sp_error
add_site(struct sites *sites, const struct site_config *config, int64_t now_s)
{
    struct site *site = calloc(1, sizeof *site);
    if (site == NULL)
        return SP_NO_MEMORY;
    memcpy(site->key, config->key, sizeof site->key);
    site->mode = site->configured_mode = config->mode;
    site->zone = config->zone;
    site->config = site->configured = config;
    enum sp_error error = texts_intern(counters_texts(sites->counters), span_text(site->key), &site->text);
    if (error == SP_OK && (site->record = counters_site_record(sites->counters, site->text)) == NULL)
        error = SP_FULL;
    if (error == SP_OK)
        error = obey_begin(sites->counters, site);
    if (error != SP_OK) {
        free(site);
        return error;
    }
    go_on(site);
    if (site->record->opened == 0)
        open_periods(site, now_s);
    obey_apply(site);
    site->turn_at = 0; /* looked at anew before the first beacon */
    HASH_ADD(hh, sites->by_key, key[0], strlen(site->key), site);
    return SP_OK;
}

enum sp_error
sites_apply(struct sites *sites, const struct config *config, int64_t now_s)
{
    for (size_t i = 0; i < config->site_count; i++) {
        const struct site *site = find_key(sites, config->sites[i].key, strlen(config->sites[i].key));
        if (site != NULL && clashes(site, &config->sites[i]))
            return SP_REFUSED;
    }
    struct site *old;
    struct site *next;
    HASH_ITER(hh, sites->by_key, old, next)
    old->config = old->configured = NULL;
    for (size_t i = 0; i < config->site_count; i++) {
        struct site *site = find_key(sites, config->sites[i].key, strlen(config->sites[i].key));
        enum sp_error error = SP_OK;
        if (site != NULL)
            site->config = site->configured = &config->sites[i], site->turn_at = 0; /* narrowed at the next turn */
        else
            error = add_site(sites, &config->sites[i], now_s);
        if (error != SP_OK)
            return error;
    }
    return SP_OK;
}

struct site *
sites_find(const struct sites *sites, struct span name)
{
    char key[SITE_NAME_MAX];
    if (name.length == 0 || name.length >= sizeof key)
        return NULL;
    for (size_t i = 0; i < name.length; i++)
        key[i] = (char)tolower((unsigned char)name.at[i]);
    struct site *site = find_key(sites, key, name.length);
    return site == NULL || site->config == NULL ? NULL : site;
}

void
sites_each(const struct sites *sites, site_visit *visit, void *context)
{
    struct site *site;
    struct site *next;
    HASH_ITER(hh, sites->by_key, site, next)
    visit(context, site);
}

uint32_t
sites_count(const struct sites *sites)
{
    return HASH_COUNT(sites->by_key);
}

struct site *
sites_by_text(const struct sites *sites, struct span key)
{
    return find_key(sites, key.at, key.length);
}
