/* When which beacon is due. */
#ifndef SPORLOS_REPLAY_PACE_H
#define SPORLOS_REPLAY_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* One of the two is above 0; with neither everything is due at once. */
struct pace {
    double rate;  /* beacons a second */
    double speed; /* seconds of the log in a second */
    uint64_t number;
    int64_t first_s; /* time of the first view */
};

/*
 * Milliseconds after the start when the next view, which was at time_s, is due; each view is asked for once, in
 * order. By speed one that is older than the first is due at once.
 */
int64_t pace_next_ms(struct pace *pace, int64_t time_s);

#endif
