/*
 * What Redis holds of a site: which periods are open, who wrote to them, and their content as one atomic picture. The
 * reading half of draining; nothing here writes to the archive.
 */
#ifndef SPORLOS_AGGREGATOR_OPEN_PERIODS_H
#define SPORLOS_AGGREGATOR_OPEN_PERIODS_H

#include "redis_link.h"
#include "release.h"
#include "source_set.h"

#include <stddef.h>

struct open_period {
    struct period period;
    struct source_set sources; /* who has leaves in it */
};

/* A source that has reported within SOURCE_SILENT_S. */
struct living_source {
    char id[SOURCE_TEXT_MAX];
    int64_t start_s; /* when it began to count, seconds since the epoch */
};

struct open_periods {
    struct open_period *items; /* by kind, then time */
    size_t count, room;
    struct living_source *living; /* sources that reported lately */
    size_t living_count;
    size_t malformed; /* members that were not 'PERIOD SOURCE'; they are removed from Redis */
};

/* Read sp1:{site}:open and :sources. SP_UNAVAILABLE, SP_NO_MEMORY. *open is to be ended by open_periods_fini either
 * way. */
SP_MUST_CHECK enum sp_error open_periods_read(struct redis_link *link, const struct site_config *site, int64_t now_s,
                                              struct open_periods *open);
void open_periods_fini(struct open_periods *open);

/* One period at one moment: who had sealed it, who had leaves in it, and all of its leaves. */
struct picture {
    struct source_set sealed;
    struct source_set sources;
    struct release_batch *batch;
    size_t fields;    /* leaf fields there were, taken or not */
    size_t bare;      /* sources that were asked for and had none, in a period that the site counts something in */
    size_t malformed; /* fields that could not be taken, and keys of a wrong type */
};

/* By one MULTI over the leaves of period->sources. *picture is to be ended by picture_fini either way. */
SP_MUST_CHECK enum sp_error picture_take(struct redis_link *link, const struct site_config *site,
                                         const struct open_period *period, struct picture *picture);
void picture_fini(struct picture *picture);

/* Who has not sealed: sources with leaves, and living ones that were counting before the period ended. */
size_t seals_missing(const struct open_periods *open, const struct source_set *sources, const struct source_set *sealed,
                     int64_t period_end_s);

#endif
