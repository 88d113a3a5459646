/* Periods that have ended: to be sealed, or sealed and kept until the aggregator has closed them. */
#ifndef SPORLOS_COLLECTOR_SEALS_H
#define SPORLOS_COLLECTOR_SEALS_H

#include "sites.h"

enum seal_state {
    SEAL_ENDED, /* has ended: what it counted last may not have been sent */
    SEAL_DUE,   /* has ended before this round took what it sends */
    SEAL_DONE,
};

struct seals;

SP_MUST_CHECK enum sp_error seals_new(struct seals **seals);
void seals_free(struct seals *seals);

/* A period to be sealed; nothing happens when it is known already. */
SP_MUST_CHECK enum sp_error seals_add(struct seals *seals, struct site *site, struct period period);
/* All periods that are open now, of all sites: this source counts no more. */
void seals_add_open(struct seals *seals, struct sites *sites);
void seals_set(struct seals *seals, struct site *site, struct period period, enum seal_state state);
void seals_remove(struct seals *seals, struct site *site, struct period period);

/* The periods of one site; visit may not add or remove. */
typedef void seals_visit(void *context, struct site *site, struct period period);
void seals_each_of(struct seals *seals, struct site *site, seals_visit *visit, void *context);
/* Redis has lost the seals of a site: they are to be made again, in a later round. */
void seals_reopen(struct seals *seals, struct site *site);

/* A round begins: all that have ended by now are due in it. */
void seals_begin_round(struct seals *seals);

/* Begin a walk over all of them. */
void seals_rewind(struct seals *seals);
/*
 * The next site of the walk with periods in that state, and up to max of them. Returns how many, 0 at the end. What is
 * removed meanwhile is not walked to.
 */
size_t seals_next(struct seals *seals, enum seal_state state, struct site **site, struct period *out, size_t max);
size_t seals_count(const struct seals *seals);
/* How many of them are not sealed. */
size_t seals_unsealed(const struct seals *seals);

#endif
