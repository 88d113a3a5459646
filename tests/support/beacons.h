/* Beacons for a counter table, without HTTP: the n-th one is the same in every run. */
#ifndef SPORLOS_TEST_BEACONS_H
#define SPORLOS_TEST_BEACONS_H

#include "fed_by.h"

#include <stdio.h>

enum { BEACON_LEAVES = 5 };

/*
 * Apply the n-th beacon: its leaf number i is of day i and has n modulo (i * spread + 1) keys to be of, so the first is
 * always the same one. As counters_apply.
 */
SP_MUST_CHECK static inline enum sp_error
beacons_apply(struct counters *counters, uint32_t n, uint32_t spread)
{
    struct leaf_id leaves[BEACON_LEAVES];
    struct witness_source source = { n, 1 };
    const struct feeder feeder = fed_by(&source);
    uint32_t site;
    if (texts_intern(counters_texts(counters), SPAN_LITERAL("site.example"), &site) != SP_OK)
        return SP_FULL;
    for (uint32_t i = 0; i < BEACON_LEAVES; i++) {
        uint32_t key = TEXT_NONE;
        char text[32];
        int length = snprintf(text, sizeof text, "/side/%u", n % (i * spread + 1));
        if (i > 0 && texts_intern(counters_texts(counters), span_of(text, (size_t)length), &key) != SP_OK)
            return SP_FULL;
        leaves[i] =
            (struct leaf_id){ .site = site, .key = key, .period = (int32_t)i, .table = TABLE_PAGE, .kind = PERIOD_DAY };
    }
    return counters_apply(counters, leaves, BEACON_LEAVES, MODE_STANDARD, true, &feeder);
}

#endif
