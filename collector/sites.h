/* The sites as the collector runs them: stable numbers, open periods, flush numbers. They outlive reloads. */
#ifndef SPORLOS_COLLECTOR_SITES_H
#define SPORLOS_COLLECTOR_SITES_H

#include "counters.h"
#include "growth.h"
#include "rate_limit.h"
#include "sporlos/config.h"
#include "sporlos/period.h"

struct site {
    char key[SITE_NAME_MAX]; /* A-label name, lower case */
    size_t key_length;
    const struct site_config *configured; /* borrowed from the configuration; NULL when the site has left it */
    const struct site_config *config;     /* the same, narrowed to what is in force (in_force.c) */
    enum site_mode configured_mode;       /* of the configuration that it came with */
    enum site_mode mode;                  /* that it counts in */
    struct zone zone;
    unsigned kinds;                        /* PERIOD_BIT mask of the periods that the mode counts in */
    uint8_t periods[TABLE_COUNT];          /* PERIOD_BIT mask of what each table is counted in now */
    struct growths growths;                /* the same, by what is counted */
    uint32_t text;                         /* of key */
    struct period open[PERIOD_KIND_COUNT]; /* that beacons count in now; never goes back */
    int64_t open_until[PERIOD_KIND_COUNT]; /* seconds since the epoch */
    int64_t turn_at;                       /* the least of them */
    struct site_record *record;            /* what outlives the process; in the counter table's memory */
    struct seal *seals;                    /* its ended periods (seals.c) */
    struct obedience *obedience;           /* what has been heard of it (in_force.c); owned */
    struct rate_bucket rate;               /* of its beacons */
    struct referrers *referrers;           /* of its own; NULL: those of all. collector.c has it */
    struct visitors *visitors;             /* of the open day; NULL: none yet, or not counted. collector.c has it */
    int64_t names_read_s;                  /* when its names in Redis were last read or deleted, seconds since 1970 */
    bool names_due;                        /* periods were opened, or names learned: births_of_name */
    bool call_under_way;                   /* one that changes Redis: the next waits for its answer (flush.c) */
    int64_t reported_s;                    /* when it last said that it is alive, seconds since the epoch */
    int position;                          /* in the configuration in force; the last one it had, once it has left it */
    bool held;                             /* in this round of the flush nothing of it goes out (in_force.c) */
    uint64_t failed_round;                 /* of the flush: the last one that Redis refused something of; 0: none */
    uint64_t wrong_type_round;             /* the last one that met a key of the wrong type; 0 when that is mended */
};

struct referrers;
struct sites;

SP_MUST_CHECK enum sp_error sites_new(struct counters *counters, struct sites **sites);
void sites_free(struct sites *sites);

/*
 * Take over the sites of a configuration, which must outlive the next call. A site that has left it stays, uncounted,
 * for its open leaves. SP_REFUSED, and nothing done, when a site's mode or time zone would change: leaves that are open
 * were born under the old one.
 */
SP_MUST_CHECK enum sp_error sites_apply(struct sites *sites, const struct config *config, int64_t now_s);

/*
 * After sites_apply: the sites that have leaves of the process before and are in the configuration no more, so that
 * their leaves are written and sealed.
 */
SP_MUST_CHECK enum sp_error sites_adopt(struct sites *sites, int64_t now_s);

/* The site of that key, in the configuration or not. */
struct site *sites_by_text(const struct sites *sites, struct span key);

/* By name in any case; NULL for one that no configuration in force has. */
struct site *sites_find(const struct sites *sites, struct span name);

/* A period of the site has ended: it will get no more beacons. */
typedef void site_period_ended(void *context, struct site *site, struct period period);

/*
 * Open the periods of now_s where they have ended. Called before every beacon and once a second. True when one was
 * opened.
 */
bool site_turn(struct site *site, int64_t now_s, site_period_ended *ended, void *context);

/*
 * A period is archived: it takes nothing more, whatever this machine's clock says. If it is the one that is open,
 * that clock is behind, and beacons count in the next one from now on.
 */
void site_pass(struct site *site, struct period archived);

typedef void site_visit(void *context, struct site *site);
void sites_each(const struct sites *sites, site_visit *visit, void *context);
uint32_t sites_count(const struct sites *sites);

#endif
