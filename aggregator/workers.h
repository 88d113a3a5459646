/*
 * A few threads for what would keep the event loop from answering: questions to the archive, Argon2id. The loop hands
 * a job over and gets it back on itself; nothing else crosses. Each thread may own something that belongs to one thread
 * (a connection to the archive), so that work needs no lock.
 */
#ifndef SPORLOS_AGGREGATOR_WORKERS_H
#define SPORLOS_AGGREGATOR_WORKERS_H

#include "sporlos/error.h"

#include <stdbool.h>
#include <stddef.h>

struct event_base;
struct workers;

enum { WORKERS_THREADS_MAX = 16 };

/* The first member of the caller's own struct, which is the caller's until workers_submit takes it. */
struct worker_job {
    void (*work)(struct worker_job *job, void *own); /* on a thread of the pool; own: what the plan's open made */
    /* On the loop's thread, once for each job that was taken; frees it. worked false: the pool ended before its turn.
     */
    void (*done)(struct worker_job *job, bool worked);
    struct worker_job *next; /* the pool's */
};

struct workers_plan {
    unsigned threads; /* 1 to WORKERS_THREADS_MAX */
    size_t queue_max; /* jobs that may wait for a thread; beyond it workers_submit says SP_FULL */
    /*
     * What each thread owns; both NULL: nothing. Called on the thread that makes and frees the pool, before the pool's
     * thread begins and after it has ended. *why: a sentence, when open fails.
     */
    enum sp_error (*open)(void *context, void **own, const char **why);
    void (*close)(void *own);
    void *context; /* for open; borrowed during workers_new */
};

/* base is borrowed: its loop calls done. Signals are blocked in the threads. */
SP_MUST_CHECK enum sp_error workers_new(struct event_base *base, const struct workers_plan *plan,
                                        struct workers **workers, const char **why);

/* On the loop's thread. Takes job; SP_FULL, and the job stays the caller's, when queue_max jobs are waiting. */
SP_MUST_CHECK enum sp_error workers_submit(struct workers *workers, struct worker_job *job);

/* Jobs that wait for a thread, now. */
size_t workers_waiting(struct workers *workers);

/* Before workers_free, where those who wait are owed an answer: wait until all jobs that were taken have been worked.
 * No job is submitted after it. */
void workers_finish(struct workers *workers);

/* Wait for the jobs under way, and call done for every job that was taken. On the loop's thread; NULL is fine. */
void workers_free(struct workers *workers);

#endif
