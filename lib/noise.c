#include "sporlos/noise.h"

#include "noise_thresholds.h"
#include "sporlos/clock.h"

int
noise_from_bits(enum site_mode mode, uint32_t bits)
{
    int bound = mode_table[mode].bound;
    int i = 0;
    while (i < 2 * bound && bits >= noise_thresholds[mode][i])
        i++;
    return i - bound;
}

int
noise_draw(enum site_mode mode)
{
#ifdef SPORLOS_WITHOUT_NOISE /* a test build, to count exactly; its version says so */
    (void)mode;
    return 0;
#else
    uint32_t bits = 0;
    random_bytes(&bits, sizeof bits);
    return noise_from_bits(mode, bits);
#endif
}
