/*
 * The grammar of the keys in Redis. One place writes them, one place reads them.
 *
 *   sp1:{SITE}:leaf:TABLE:PERIOD:SOURCE   hash   key -> absolute value of that source, born noisy
 *   sp1:{SITE}:witness:TABLE:PERIOD       set    keys that enough distinct networks fed
 *   sp1:{SITE}:flush                      hash   source -> number of its last applied flush or seal
 *   sp1:{SITE}:open                       set    'PERIOD SOURCE' for which leaves exist
 *   sp1:{SITE}:sealed:PERIOD              set    sources that will not write to the period again
 *   sp1:{SITE}:closed:PERIOD              string '0' frozen (being archived), '1' archived: writes are refused
 *   sp1:{SITE}:names                      hash   kind and text that earned a name ('p/sorg', 'wsorg') -> day index of
 * its last use; written anew for as long as any of them is used sp1:{SITE}:sources                    hash   source ->
 * 'LAST START': when it last reported and when it began to count, seconds since the epoch; while it runs
 *   sp1:{SITE}:declaration                hash   what of its configuration is in force (in_force.h): 'mode', 'version',
 *                                                ..., 'TABLE.day' -> first second that counts
 *   sp1:audit:SOURCE                      string accepted beacons of that source in all, exact
 *   sp1:lease:drain                       string who drains
 *   sp1:drain:rounds                      string how many rounds of draining it has seen; fewer than we know of: data
 *                                                was lost
 *
 * Who may do what with them: deploy/redis/users.acl.
 *
 * SITE is the site's ASCII (A-label) name; in braces, so that a site is one slot of a cluster and one atomic call.
 * SOURCE is 32 lower-case hexadecimal digits. Every key gets its TTL when it is created.
 */
#ifndef SPORLOS_KEYSPACE_H
#define SPORLOS_KEYSPACE_H

#include "sporlos/period.h"
#include "sporlos/table.h"

#define KEYSPACE_PREFIX "sp1:"

enum {
    KEYSPACE_KEY_MAX = 400,                    /* bytes, with the terminator */
    SOURCE_TEXT_MAX = 33,                      /* bytes, with the terminator */
    KEYSPACE_TTL_MAX_S = 92 * 24 * 3600,       /* the promise: nothing stays in Redis longer than three months */
    KEYSPACE_TTL_HOUR_S = 8 * 24 * 3600,       /* an hour's leaves: closed within 24 h, or after a week's outage */
    KEYSPACE_TTL_DAY_S = 32 * 24 * 3600,       /* a day's leaves */
    KEYSPACE_TTL_MONTH_S = KEYSPACE_TTL_MAX_S, /* a month's leaves live through the month itself */
    KEYSPACE_TTL_CLOSED_S = 62 * 24 * 3600,    /* long enough that a collector that was away is refused */
    KEYSPACE_TTL_SOURCE_S = 62 * 24 * 3600,
    KEYSPACE_TTL_DECLARATION_S = 62 * 24 * 3600, /* renewed every half minute; outlives the aggregator's absence */
    PERIOD_GRACE_S = 600,                        /* a period is closed this long after its end at the earliest */
    PERIOD_SEAL_PATIENCE_S = 24 * 3600,          /* and without the seals that are missing this long after its end */
    DRAIN_SETTLE_S = 90,   /* after Redis was away or has lost data, this long every living source has time to report */
    SOURCE_SILENT_S = 120, /* a source that has not reported for this long is not waited for unless it
                              has leaves in the period */
};

/* TTL of the leaves of a period, seconds. */
int keyspace_ttl_s(enum period_kind kind);

/*
 * Each writes a terminated key into out and returns its length; 0 if it does not fit. site is the ASCII name.
 */
size_t keyspace_leaf(char out[KEYSPACE_KEY_MAX], const char *site, enum table_id table, struct period period,
                     const char *source);
size_t keyspace_witness(char out[KEYSPACE_KEY_MAX], const char *site, enum table_id table, struct period period);
/* what: "sealed" or "closed" */
size_t keyspace_period(char out[KEYSPACE_KEY_MAX], const char *site, const char *what, struct period period);
/* what: "flush", "open", "names", "sources" or "declaration" */
size_t keyspace_site(char out[KEYSPACE_KEY_MAX], const char *site, const char *what);
size_t keyspace_audit(char out[KEYSPACE_KEY_MAX], const char *source);

#endif
