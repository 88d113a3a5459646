/* Numbers that look random and are the same in every run, so that a failure can be had again. */
#ifndef TESTS_DRAW_H
#define TESTS_DRAW_H

#include <stdint.h>

/* Set it first. Source: Numerical Recipes, 7.1. */
static uint32_t draw_state;

static inline uint32_t
draw(uint32_t below)
{
    draw_state = draw_state * 1664525 + 1013904223;
    return (draw_state >> 8) % below;
}

#endif
