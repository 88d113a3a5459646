#include "activity.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "hash_map.h"
#include "sporlos/keyspace.h"
#include "sporlos/limits.h"

enum { MINUTE_S = 60, HOUR_S = 3600, SOURCES_MAX = 256 /* of one site and day; more are not looked at */ };

struct source_count {
    char source[SOURCE_TEXT_MAX];
    int64_t greatest;
    UT_hash_handle hh;
};

struct site_activity {
    char site[SITE_NAME_MAX];
    int32_t day;                 /* of counts */
    struct source_count *counts; /* by source */
    int64_t last_s;              /* of the last view; 0: none */
    int64_t last_hour_before_s;  /* of the last one in an hour before that one's; 0: none */
    bool is_new;                 /* it was said that the archive has no day of it */
    bool is_archived;            /* that it has one */
    UT_hash_handle hh;
};

struct activity {
    pthread_mutex_t mutex;
    struct site_activity *sites;
};

enum sp_error
activity_new(struct activity **activity)
{
    *activity = calloc(1, sizeof **activity);
    if (*activity == NULL)
        return SP_NO_MEMORY;
    pthread_mutex_init(&(*activity)->mutex, NULL);
    return SP_OK;
}

static void
forget_counts(struct site_activity *site)
{
    struct source_count *count;
    struct source_count *next;
    HASH_ITER(hh, site->counts, count, next)
    {
        HASH_DEL(site->counts, count);
        free(count);
    }
}

void
activity_free(struct activity *activity)
{
    struct site_activity *site;
    struct site_activity *next;
    if (activity == NULL)
        return;
    HASH_ITER(hh, activity->sites, site, next)
    {
        HASH_DEL(activity->sites, site);
        forget_counts(site);
        free(site);
    }
    pthread_mutex_destroy(&activity->mutex);
    free(activity);
}

/* NULL without memory, or for a name that no site can have. */
static struct site_activity *
site_for(struct activity *activity, const char *key)
{
    struct site_activity *site;
    HASH_FIND_STR(activity->sites, key, site);
    if (site != NULL || strlen(key) >= sizeof site->site)
        return site;
    site = calloc(1, sizeof *site);
    if (site == NULL)
        return NULL;
    memcpy(site->site, key, strlen(key));
    HASH_ADD_STR(activity->sites, site, site);
    if (HASH_HAS(site))
        return site;
    free(site);
    return NULL;
}

static void
begin_count(struct site_activity *site, struct activity_count count)
{
    size_t length = strlen(count.source);
    struct source_count *made =
        HASH_COUNT(site->counts) < SOURCES_MAX && length < SOURCE_TEXT_MAX ? calloc(1, sizeof *made) : NULL;
    if (made == NULL)
        return;
    memcpy(made->source, count.source, length);
    made->greatest = count.value;
    HASH_ADD_STR(site->counts, source, made);
    if (!HASH_HAS(made))
        free(made);
}

static void
note_view(struct site_activity *site, int64_t now_s)
{
    if (site->last_s / HOUR_S != now_s / HOUR_S)
        site->last_hour_before_s = site->last_s;
    site->last_s = now_s;
}

/* A count that Redis lost and got back is no greater than it was. */
static void
note(struct site_activity *site, struct activity_count count, int64_t now_s)
{
    struct source_count *known;
    if (count.day < site->day)
        return;
    if (count.day > site->day)
        forget_counts(site);
    site->day = count.day;
    HASH_FIND_STR(site->counts, count.source, known);
    if (known == NULL) {
        begin_count(site, count);
    } else if (count.value > known->greatest) {
        known->greatest = count.value;
        note_view(site, now_s);
    }
}

void
activity_note(struct activity *activity, const char *key, struct activity_count count, int64_t now_s)
{
    pthread_mutex_lock(&activity->mutex);
    struct site_activity *site = site_for(activity, key);
    if (site != NULL)
        note(site, count, now_s);
    pthread_mutex_unlock(&activity->mutex);
}

void
activity_note_archived(struct activity *activity, const char *key, bool has_day)
{
    pthread_mutex_lock(&activity->mutex);
    struct site_activity *site = site_for(activity, key);
    if (site != NULL) {
        site->is_new = !has_day;
        site->is_archived = has_day;
    }
    pthread_mutex_unlock(&activity->mutex);
}

bool
activity_is_archived(struct activity *activity, const char *key)
{
    struct site_activity *site;
    pthread_mutex_lock(&activity->mutex);
    HASH_FIND_STR(activity->sites, key, site);
    bool is_archived = site != NULL && site->is_archived;
    pthread_mutex_unlock(&activity->mutex);
    return is_archived;
}

static int64_t
last_hour_over(const struct site_activity *site, int64_t now_s)
{
    int64_t last_s = site->last_s / HOUR_S < now_s / HOUR_S ? site->last_s : site->last_hour_before_s;
    return last_s / HOUR_S * HOUR_S;
}

struct activity_told
activity_tell(struct activity *activity, const char *key, enum site_mode mode, int64_t now_s)
{
    struct site_activity *site;
    struct activity_told told = { .by_hour = mode == MODE_RESTRICTED };
    if (activity == NULL)
        return told;
    pthread_mutex_lock(&activity->mutex);
    HASH_FIND_STR(activity->sites, key, site);
    if (site != NULL) {
        told.by_hour &= !site->is_new;
        told.last_s = told.by_hour ? last_hour_over(site, now_s) : site->last_s / MINUTE_S * MINUTE_S;
    }
    pthread_mutex_unlock(&activity->mutex);
    return told;
}
