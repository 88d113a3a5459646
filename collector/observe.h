/*
 * GATE 1. An observation is what is left of a request: which leaves grow, as small numbers. It has no room for an
 * address, a User-Agent or a URL, and only observe.c can make one.
 */
#ifndef SPORLOS_COLLECTOR_OBSERVE_H
#define SPORLOS_COLLECTOR_OBSERVE_H

#include "agent_family.h"
#include "beacon.h"
#include "counters.h"
#include "geo.h"
#include "names.h"
#include "policy.h"
#include "referrer.h"
#include "sites.h"
#include "sporlos/client_address.h"
#include "visitors.h"

struct observer;
struct observation;

/* Borrows texts and names. */
SP_MUST_CHECK enum sp_error observer_new(struct texts *texts, struct names *names, struct observer **observer);
void observer_free(struct observer *observer);

/* What the maker of an observation sees of a request. All borrowed. */
struct sighting {
    const struct site *site;
    const struct beacon *beacon;
    const struct network *network;
    const struct geo *geo;
    int64_t now_s;
    struct span agent;                 /* the User-Agent where visitors are told apart; empty otherwise */
    const struct agent_said *said;     /* by an entry to a site that counts devices; NULL otherwise */
    const struct referrers *referrers; /* the site's */
};

/* Does the site count device, browser or system, so that an entry's headers are looked at? */
bool observes_agent(const struct site *site);

/*
 * The observation of an accepted beacon, or of a request that was not counted. Borrowed from the observer until the
 * next call: one exists at a time.
 */
const struct observation *observe_view(struct observer *observer, const struct sighting *sighting);
const struct observation *observe_refusal(struct observer *observer, const struct sighting *sighting,
                                          enum verdict verdict);

/* Visitors that could not be told apart, for want of room. */
uint64_t observer_uncounted_visitors(const struct observer *observer);

/* Had the observation made last to go under a key that exists anyway, for want of room for its own? */
bool observer_ran_full(const struct observer *observer);

/* The leaves of an observation, by the rows of the table of tables. Returns how many. */
unsigned observation_leaves(const struct observation *observation, struct leaf_id out[OBSERVED_LEAVES_MAX]);
/* The same leaves under the keys that exist anyway (KEY_OTHER, KEY_UNKNOWN), for a table without room for new ones. */
void observer_coarsen(const struct observer *observer, struct leaf_id *leaves, unsigned count);

/* Who feeds the leaves of the observation made last. Until observer_forget, which the conductor calls. */
struct feeder observer_feeder(struct observer *observer);
/* Whose beacon it was: nothing of it is needed any more. */
void observer_forget(struct observer *observer);

/* Keep the texts that the observer itself needs, before a sweep. */
void observer_keep_texts(struct observer *observer);

#endif
