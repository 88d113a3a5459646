/*
 * The noise a leaf is born with: symmetric, bounded, unbiased, drawn once from the operating system's random source and
 * stored nowhere but inside the leaf's value. Distribution: p(v) proportional to exp(-a v^2) on [-bound, bound] with
 * the mode's variance, the maximum-entropy choice (the cell key method's perturbation tables; Eurostat, ABS, sdcTools).
 * lib/noise_generate.c makes the thresholds from the rows of SP_MODES at build time.
 */
#ifndef SPORLOS_NOISE_H
#define SPORLOS_NOISE_H

#include "sporlos/table.h"

#include <stdint.h>

/* One draw, in [-bound, bound]. */
int noise_draw(enum site_mode mode);

/* The value that 32 random bits stand for: what noise_draw does, pure. */
int noise_from_bits(enum site_mode mode, uint32_t bits);

#endif
