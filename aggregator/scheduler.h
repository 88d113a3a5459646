/* The thread of the jobs: draining every few seconds, so that Redis and a long close never hold up an answer. */
#ifndef SPORLOS_AGGREGATOR_SCHEDULER_H
#define SPORLOS_AGGREGATOR_SCHEDULER_H

#include "metrics.h"
#include "sporlos/config.h"

enum { DRAIN_BACKOFF_MIN_MS = 500 }; /* after a failure; doubles up to the interval */

struct scheduler;

/*
 * Open an archive of its own (bringing its schema up to date) and start the thread. Borrows config and metrics.
 * *why: a sentence, valid until the next call.
 */
SP_MUST_CHECK enum sp_error scheduler_new(const struct config *config, struct metrics *metrics,
                                          struct scheduler **scheduler, const char **why);

/* End the thread after the step it is at (at most a Redis time-out and one transaction), give the lease back. */
void scheduler_free(struct scheduler *scheduler);

/* How long to wait after a round: failures so far in a row, 0 after a good one. */
int64_t scheduler_wait_ms(unsigned failures, int64_t interval_ms);

#endif
