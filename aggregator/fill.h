/*
 * Every key that a table can have gets a leaf in every closed period, and every leaf equally many births of noise: one
 * for each source. Otherwise a key that nobody fed would be told from one that somebody fed: its leaf would be missing,
 * and a difference of two ranges exactly 0.
 *
 * Keys that do not come from visitors are known: no key, '(annet)', the pages listed in full, the municipalities of the
 * gazetteer and the polygons. Pages that earned their name are known by being in the batch: only their births are made
 * equal. What a pattern named once is handed over by whoever closes the period.
 */
#ifndef SPORLOS_AGGREGATOR_FILL_H
#define SPORLOS_AGGREGATOR_FILL_H

#include "carried.h"
#include "release.h"

struct fill;

/*
 * config is borrowed for the call. That no municipalities are known, or that a file of them cannot be read, is logged:
 * those that nobody visited from have no leaf then.
 */
SP_MUST_CHECK enum sp_error fill_new(const struct config *config, struct fill **fill);
void fill_free(struct fill *fill);

/*
 * Fill the batch of a period that so many sources fed; sources >= 1. carried: keys that have their leaf beside those
 * (carried.h). SP_NO_MEMORY, SP_FULL.
 */
SP_MUST_CHECK enum sp_error fill_batch(const struct fill *fill, struct release_batch *batch, unsigned sources,
                                       const struct carried *carried);

#endif
