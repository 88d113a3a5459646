#include "clock_jump.h"

int64_t
clock_jump_see(struct clock_jump *self, int64_t wall_s, int64_t monotonic_ms, int64_t settle_s)
{
    int64_t apart_s = wall_s - monotonic_ms / 1000;
    int64_t step_s = self->seen ? apart_s - self->apart_s : 0;
    self->seen = true;
    self->apart_s = apart_s;
    if (monotonic_ms >= self->until_ms)
        self->ahead_s = 0;
    if (step_s >= CLOCK_JUMP_S) {
        self->ahead_s += step_s;
        self->until_ms = monotonic_ms + settle_s * 1000;
    }
    return self->ahead_s;
}
