/* The noise of a mode as its thresholds have it, not as it was drawn. */
#ifndef SPORLOS_TESTS_NOISE_BELOW_H
#define SPORLOS_TESTS_NOISE_BELOW_H

#include "sporlos/noise.h"

/* How many of the 2^32 values of bits give less than v: the boundary is found by bisection. */
static inline uint64_t
noise_bits_below(enum site_mode mode, int v)
{
    uint64_t low = 0;
    uint64_t high = UINT64_C(1) << 32;
    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (noise_from_bits(mode, (uint32_t)middle) < v)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

#endif
