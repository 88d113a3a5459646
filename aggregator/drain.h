/*
 * Closing: the leaves of a period that has ended move from Redis to the archive, once. Protocol and reasons:
 * docs/architecture.md. Steps: look (which periods are due) -> freeze (only when seals are missing) -> picture (one
 * atomic read) -> keep (one archive transaction) -> retire (closed mark and deletion, one Redis transaction). Whatever
 * happens between two steps, the next round does no harm: until keep nothing has changed, and after it the archive
 * refuses a second time.
 */
#ifndef SPORLOS_AGGREGATOR_DRAIN_H
#define SPORLOS_AGGREGATOR_DRAIN_H

#include "archive.h"
#include "metrics.h"
#include "open_periods.h"
#include "redis_link.h"

struct drain;

/*
 * Borrows config, archive (ARCHIVE_WRITE, of the thread that runs the rounds) and metrics. *why: a sentence about
 * redis.url, static.
 */
SP_MUST_CHECK enum sp_error drain_new(const struct config *config, struct archive *archive, struct metrics *metrics,
                                      struct drain **drain, const char **why);
/* Gives the lease back. */
void drain_free(struct drain *drain);

/*
 * One round over all sites, if the lease is ours. The first error that is not one period's own ends it: SP_UNAVAILABLE
 * (Redis), SP_FULL, SP_IO (archive). Nothing is lost; the next round begins anew.
 */
SP_MUST_CHECK enum sp_error drain_round(struct drain *drain);

/* Have the round that another thread is in, and any later one, end after the period it is at. */
void drain_stop(struct drain *drain);

/* The first step of closing, for tests that stop after it. */
/* Mark the period as being archived, so that nothing is written to it. *frozen: false when its leaves are gone. */
SP_MUST_CHECK enum sp_error drain_freeze(struct redis_link *link, const struct site_config *site,
                                         const struct open_period *open, bool *frozen);

#endif
