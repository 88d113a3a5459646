#include "scheduler.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "archive.h"
#include "drain.h"
#include "sporlos/log.h"

struct scheduler {
    struct archive *archive;
    struct drain *drain;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping; /* under lock */
};

int64_t
scheduler_wait_ms(unsigned failures)
{
    if (failures == 0)
        return DRAIN_INTERVAL_MS;
    int64_t wait_ms = DRAIN_BACKOFF_MIN_MS;
    for (unsigned i = 1; i < failures && wait_ms < DRAIN_INTERVAL_MS; i++)
        wait_ms *= 2;
    return wait_ms < DRAIN_INTERVAL_MS ? wait_ms : DRAIN_INTERVAL_MS;
}

/* True when it is time to end. */
static bool
wait_for_next(struct scheduler *scheduler, int64_t wait_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(wait_ms / 1000);
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&scheduler->lock);
    int rc = 0;
    while (!scheduler->stopping && rc == 0)
        rc = pthread_cond_timedwait(&scheduler->wake, &scheduler->lock, &until);
    bool stopping = scheduler->stopping;
    pthread_mutex_unlock(&scheduler->lock);
    return stopping;
}

static void *
run(void *context)
{
    struct scheduler *scheduler = context;
    unsigned failures = 0;
    do {
        failures = drain_round(scheduler->drain) == SP_OK ? 0 : failures + 1;
    } while (!wait_for_next(scheduler, scheduler_wait_ms(failures)));
    return NULL;
}

static enum sp_error
start(struct scheduler *scheduler, const char **why)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    sigdelset(&all, SIGSEGV); /* but its own faults it may tell of */
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGABRT);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the thread that answers */
    scheduler->started = pthread_create(&scheduler->thread, NULL, run, scheduler) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (scheduler->started)
        return SP_OK;
    *why = "no thread could be started";
    return SP_UNAVAILABLE;
}

enum sp_error
scheduler_new(const struct config *config, struct metrics *metrics, struct scheduler **scheduler, const char **why)
{
    *why = "out of memory";
    struct scheduler *self = calloc(1, sizeof *self);
    *scheduler = NULL;
    if (self == NULL)
        return SP_NO_MEMORY;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&self->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&self->lock, NULL);
    enum sp_error error = archive_open(config->aggregator.archive, ARCHIVE_WRITE, &self->archive, why);
    if (error == SP_OK)
        error = drain_new(config, self->archive, metrics, &self->drain, why);
    if (error == SP_OK)
        error = start(self, why);
    if (error != SP_OK) {
        scheduler_free(self);
        return error;
    }
    *scheduler = self;
    return SP_OK;
}

void
scheduler_free(struct scheduler *scheduler)
{
    if (scheduler == NULL)
        return;
    if (scheduler->started) {
        pthread_mutex_lock(&scheduler->lock);
        scheduler->stopping = true;
        pthread_cond_signal(&scheduler->wake);
        pthread_mutex_unlock(&scheduler->lock);
        pthread_join(scheduler->thread, NULL);
    }
    drain_free(scheduler->drain);
    archive_close(scheduler->archive);
    pthread_cond_destroy(&scheduler->wake);
    pthread_mutex_destroy(&scheduler->lock);
    free(scheduler);
}
