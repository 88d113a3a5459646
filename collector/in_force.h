/*
 * What of a site's configuration is in force, as the aggregator says through Redis. A site of which nothing has been
 * heard counts in memory, and sends nothing; what was announced only is not counted before its date. What was heard
 * last stays valid while Redis is away or empty, and for the process that adopts the journal. What is wider than that,
 * was not announced by it and has not been published for 14 days is not obeyed: the promise does not hang on the
 * aggregator alone.
 */
#ifndef SPORLOS_COLLECTOR_IN_FORCE_H
#define SPORLOS_COLLECTOR_IN_FORCE_H

#include "sites.h"
#include "sporlos/redis_client.h"

/* What has been heard of a site; owned by it (struct site), NULL until obey_begin. */
struct obedience;
void obedience_free(struct obedience *obedience);

enum {
    OBEY_ASK_EVERY_S = 30,     /* a change is announced 14 days ahead: half a minute is soon enough */
    OBEY_ASKS_PER_ROUND = 200, /* commands; sites that are due beyond that wait for the next round */
};

/* From now on the site obeys, and is held until it has heard. Nothing happens the second time. Borrows counters. */
SP_MUST_CHECK enum sp_error obey_begin(struct counters *counters, struct site *site);

/* Must nothing of the site be sent? */
bool obey_holds(const struct site *site);

/*
 * Make of the configuration, of what was heard and of the periods that are open what the site counts by: its mode,
 * config, kinds and periods. Called when site_turn says that something may have changed. Leaves that are not in force
 * are dropped. True when the mode is another one now.
 */
bool obey_apply(struct site *site);

/*
 * A hash's fields and values in turn; an empty or a malformed one changes nothing. A wider mode that may not be obeyed
 * yet holds the site: what it counts would be shown by wider rules than it was counted under. Returns whether it was
 * taken.
 */
bool obey_hear(struct site *site, const struct span *fields, size_t count);

/* Ask Redis for the sites that are due. */
void obey_ask(struct redis_client *client, struct sites *sites, int64_t now_s);

#endif
