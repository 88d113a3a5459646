/*
 * A wall clock that jumps ahead: set right, or after a machine was asleep. Nobody was silent, and nobody was late, for
 * what was jumped over: whoever waits for others takes it off until they have had the time to speak.
 */
#ifndef SPORLOS_AGGREGATOR_CLOCK_JUMP_H
#define SPORLOS_AGGREGATOR_CLOCK_JUMP_H

#include <stdbool.h>
#include <stdint.h>

/* All zero: nothing was seen yet. */
struct clock_jump {
    bool seen;
    int64_t apart_s;  /* wall clock less monotonic clock, when last seen */
    int64_t ahead_s;  /* jumped over */
    int64_t until_ms; /* of the monotonic clock: from then on it is forgotten */
};

/*
 * See both clocks, as they are now. Returns the seconds that the wall clock has jumped ahead by and that are not
 * forgotten: so many for settle_s of the monotonic clock after the last jump, then 0. Steps of less than CLOCK_JUMP_S,
 * and back, are none.
 */
enum { CLOCK_JUMP_S = 5 };
int64_t clock_jump_see(struct clock_jump *self, int64_t wall_s, int64_t monotonic_ms, int64_t settle_s);

#endif
