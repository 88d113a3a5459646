/*
 * When something last came from each site. Told by the number of a collector's last write, which Redis has anyway:
 * when it has grown between two rounds of draining, beacons came. Kept in memory only; nothing is stored for it.
 */
#ifndef SPORLOS_AGGREGATOR_ACTIVITY_H
#define SPORLOS_AGGREGATOR_ACTIVITY_H

#include "sporlos/error.h"

#include <stdint.h>

struct activity;

/* Safe to use from several threads. */
SP_MUST_CHECK enum sp_error activity_new(struct activity **activity);
void activity_free(struct activity *activity);

/*
 * The sum of the numbers of the site's last writes, as read at the moment now_s. What collectors write when an hour
 * begins is no beacon: changes in the first ACTIVITY_TURN_S of an hour are passed over.
 */
enum { ACTIVITY_TURN_S = 90 };
void activity_note(struct activity *activity, const char *site, int64_t writes, int64_t now_s);

/* When something last came from the site, as far as this process has seen; 0: not yet. activity may be NULL. */
int64_t activity_last_s(struct activity *activity, const char *site);

#endif
