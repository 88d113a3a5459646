/* Leaves that exist from the start of their period, whether anything feeds them or not. */
#ifndef SPORLOS_COLLECTOR_BIRTHS_H
#define SPORLOS_COLLECTOR_BIRTHS_H

#include "counters.h"
#include "names.h"
#include "sites.h"

/*
 * Let the leaves of the site's open periods be born whose keys do not come from visitors: those of tables without a
 * key, the listed pages, and the coarse keys (KEY_OTHER, KEY_UNKNOWN, KEY_ABROAD). Then a sum over many days says
 * nothing about on which of them a leaf came to be, and a table that is full has the coarse keys to count under. Does
 * nothing for what exists, and gives up silently where there is no room: counting says that itself.
 */
void births_open(struct counters *counters, const struct site *site);

/*
 * The same for a text of the site that has a name. A period in which nobody asks for it is noisy like the others; else
 * the difference of two ranges would tell, for certain, that it was none rather than one.
 */
void births_of_name(struct counters *counters, const struct site *site, struct name_id id);

#endif
