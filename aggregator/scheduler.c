#include "scheduler.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "archive.h"
#include "drain.h"
#include "reports.h"
#include "sporlos/log.h"

struct scheduler {
    struct archive *archive;
    struct drain *drain;
    struct reports *reports;
    pthread_t thread;
    int64_t interval_ms;
    bool started;
    int stop_fd; /* an eventfd: readable when the thread is to end; -1: none */
};

int64_t
scheduler_wait_ms(unsigned failures, int64_t interval_ms)
{
    if (failures == 0)
        return interval_ms;
    int64_t wait_ms = DRAIN_BACKOFF_MIN_MS;
    for (unsigned i = 1; i < failures && wait_ms < interval_ms; i++)
        wait_ms *= 2;
    return wait_ms < interval_ms ? wait_ms : interval_ms;
}

/* True when it is time to end. */
static bool
wait_for_next(const struct scheduler *scheduler, int64_t wait_ms)
{
    /* Not a condition variable: libfaketime, which the tests move the clock with, lets those return at once. */
    struct pollfd stop = { .fd = scheduler->stop_fd, .events = POLLIN };
    return poll(&stop, 1, (int)wait_ms) > 0;
}

static void *
run(void *context)
{
    struct scheduler *scheduler = context;
    unsigned failures = 0;
    do {
        failures = drain_round(scheduler->drain) == SP_OK ? 0 : failures + 1;
        reports_round(scheduler->reports);
    } while (!wait_for_next(scheduler, scheduler_wait_ms(failures, scheduler->interval_ms)));
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
    self->interval_ms = config->aggregator.drain_interval_ms;
    self->stop_fd = eventfd(0, EFD_CLOEXEC);
    enum sp_error error = self->stop_fd < 0 ? SP_IO : SP_OK;
    if (error == SP_OK)
        error = archive_open(config->aggregator.archive, ARCHIVE_WRITE, &self->archive, why);
    if (error == SP_OK)
        error = drain_new(config, self->archive, metrics, &self->drain, why);
    if (error == SP_OK)
        error = reports_new(config, self->archive, metrics, &self->reports, why);
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
        const uint64_t one = 1;
        drain_stop(scheduler->drain);
        while (write(scheduler->stop_fd, &one, sizeof one) < 0 && errno == EINTR)
            ;
        pthread_join(scheduler->thread, NULL);
    }
    drain_free(scheduler->drain);
    reports_free(scheduler->reports);
    archive_close(scheduler->archive);
    if (scheduler->stop_fd >= 0)
        close(scheduler->stop_fd);
    free(scheduler);
}
