/*
 * Who fed a leaf, as a number that says nothing else: a digest of the truncated network under keys that die with the
 * window in which distinct networks are counted. A day and a month of UTC have keys of their own, so the digests of one
 * network in two windows have nothing in common.
 */
#ifndef SPORLOS_COLLECTOR_WITNESS_WINDOW_H
#define SPORLOS_COLLECTOR_WITNESS_WINDOW_H

#include "counters.h"
#include "sporlos/client_address.h"

struct witness_windows;

/* The keys lie in locked memory that no core dump holds. */
SP_MUST_CHECK enum sp_error witness_windows_new(struct witness_windows **windows);
void witness_windows_free(struct witness_windows *windows);

/* As a source for leaves of hours and days, and for those of a month. */
struct witness_sources {
    struct witness_source by_day, by_month;
};

/*
 * now_s: seconds since the epoch; another day or month than last time gets new keys. In a mode whose witnesses have to
 * come on one day, leaves of months are fed by the day, too.
 */
struct witness_sources witness_windows_sources(struct witness_windows *windows, const struct network *network,
                                               int64_t now_s, enum site_mode mode);

/* Give up the keys of windows that have ended by now. */
void witness_windows_turn(struct witness_windows *windows, int64_t now_s);

/* Who sends a beacon: made into sources once somebody asks. All borrowed, for as long as the beacon is dealt with. */
struct sender {
    struct witness_windows *windows;
    const struct network *network;
    int64_t now_s;
    enum site_mode mode;
    bool is_known; /* sources are made */
    struct witness_sources sources;
};
const struct witness_sources *sender_sources(struct sender *sender);
/* For a struct feeder; sender is a struct sender. */
struct witness_source sender_source(void *sender, enum period_kind kind);

#endif
