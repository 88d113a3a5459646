/* Periods that have ended: to be sealed, or sealed and kept until the aggregator has closed them. */
#ifndef SPORLOS_COLLECTOR_SEALS_H
#define SPORLOS_COLLECTOR_SEALS_H

#include "flush_call.h"
#include "sites.h"

enum seal_state { SEAL_DUE, SEAL_DONE };

struct seals;

SP_MUST_CHECK enum sp_error seals_new(struct seals **seals);
void seals_free(struct seals *seals);

/* A period to be sealed; nothing happens when it is known already. */
SP_MUST_CHECK enum sp_error seals_add(struct seals *seals, struct site *site, struct period period);
/* All periods that are open now, of all sites: this source counts no more. */
void seals_add_open(struct seals *seals, struct sites *sites);
void seals_set(struct seals *seals, struct site *site, struct period period, enum seal_state state);
void seals_remove(struct seals *seals, struct site *site, struct period period);
/* Redis has lost the seals of a site. */
void seals_reopen(struct seals *seals, struct site *site);

/*
 * The next site at or after *cursor (0 to begin) with periods in that state, and up to max of them. Returns how many, 0
 * at the end. The list must not change between the calls except in state.
 */
size_t seals_next(const struct seals *seals, enum seal_state state, size_t *cursor, struct site **site,
                  struct period *out, size_t max);
size_t seals_count(const struct seals *seals);

#endif
