#include "activity.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "sporlos/limits.h"

struct site_activity {
    char site[SITE_NAME_MAX];
    int64_t writes, last_s;
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
        free(site);
    }
    pthread_mutex_destroy(&activity->mutex);
    free(activity);
}

static void
note(struct activity *activity, const char *key, int64_t writes, int64_t now_s)
{
    struct site_activity *site;
    HASH_FIND_STR(activity->sites, key, site);
    if (site == NULL) {
        site = calloc(1, sizeof *site);
        if (site == NULL || strlen(key) >= sizeof site->site) {
            free(site);
            return;
        }
        memcpy(site->site, key, strlen(key));
        HASH_ADD_STR(activity->sites, site, site);
    } else if (writes > site->writes && now_s % 3600 >= ACTIVITY_TURN_S) {
        site->last_s = now_s;
    }
    site->writes = writes;
}

void
activity_note(struct activity *activity, const char *site, int64_t writes, int64_t now_s)
{
    pthread_mutex_lock(&activity->mutex);
    note(activity, site, writes, now_s);
    pthread_mutex_unlock(&activity->mutex);
}

int64_t
activity_last_s(struct activity *activity, const char *key)
{
    struct site_activity *site;
    if (activity == NULL)
        return 0;
    pthread_mutex_lock(&activity->mutex);
    HASH_FIND_STR(activity->sites, key, site);
    int64_t last_s = site == NULL ? 0 : site->last_s;
    pthread_mutex_unlock(&activity->mutex);
    return last_s;
}
