/*
 * A form whose password a thread works on, Argon2id being slow: what goes along, and the visit that it is answered in.
 * Screens, which ask the archive, go as questions (question.h).
 */
#ifndef SPORLOS_AGGREGATOR_ERRAND_H
#define SPORLOS_AGGREGATOR_ERRAND_H

#include "../workers.h"
#include "visit.h"

/* The first member of what a route sends along. The request is gone when it comes back. */
struct errand {
    struct worker_job job; /* first: the pool knows only this */
    struct dashboard *dashboard;
    struct http_exchange *exchange;
    enum language language;
    bool language_chosen;
};

/* work: on a thread, own being NULL. done: on the loop, once it was taken; it answers, and frees what goes along. */
struct errand errand_of(const struct visit *visit, void (*work)(struct worker_job *job, void *own),
                        void (*done)(struct worker_job *job, bool worked));

/* Hand it over; where the dashboard has no threads (tests), do it at once. SP_FULL: it stays the caller's. */
SP_MUST_CHECK enum sp_error errand_run(struct errand *errand);

/* The visit to answer in: of nobody, until the route says of whom. */
struct visit errand_visit(const struct errand *errand);

#endif
