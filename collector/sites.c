#include "sites.h"

#include <ctype.h>
#include <stdlib.h>

enum { CATCH_UP_MAX = 62 * 24 }; /* periods that are sealed after the clock has jumped: two months of hours */

struct sites {
    struct texts *texts; /* borrowed */
    struct site *by_key;
};

enum sp_error
sites_new(struct texts *texts, struct sites **out)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return SP_NO_MEMORY;
    (*out)->texts = texts;
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
        }
        if (site->open_until[kind] < site->turn_at)
            site->turn_at = site->open_until[kind];
    }
}

void
site_turn(struct site *site, int64_t now_s, site_period_ended *ended, void *context)
{
    if (now_s < site->turn_at)
        return;
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
}

static bool
clashes(const struct site *site, const struct site_config *config)
{
    return site->mode != config->mode || strcmp(site->zone.name, config->zone.name) != 0;
}

static enum sp_error
add_site(struct sites *sites, const struct site_config *config, int64_t now_s)
{
    struct site *site = calloc(1, sizeof *site);
    if (site == NULL)
        return SP_NO_MEMORY;
    memcpy(site->key, config->key, sizeof site->key);
    site->mode = config->mode;
    site->zone = config->zone;
    for (int table = 0; table < TABLE_COUNT; table++)
        site->kinds |= table_periods((enum table_id)table, site->mode);
    site->config = config;
    open_periods(site, now_s);
    enum sp_error error = texts_intern(sites->texts, span_text(site->key), &site->text);
    if (error != SP_OK) {
        free(site);
        return error;
    }
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
    old->config = NULL;
    for (size_t i = 0; i < config->site_count; i++) {
        struct site *site = find_key(sites, config->sites[i].key, strlen(config->sites[i].key));
        enum sp_error error = SP_OK;
        if (site != NULL)
            site->config = &config->sites[i];
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
