#include "workers.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <event2/event.h>

#include "sporlos/address_page.h"

/* First in, first out. */
struct job_list {
    struct worker_job *first, **end;
    size_t count;
};

struct worker {
    struct workers *workers;
    void *own;
    pthread_t thread;
    bool is_open, is_started;
};

struct workers {
    pthread_mutex_t lock; /* guards what follows, to the empty line */
    pthread_cond_t filled;
    struct job_list waiting, finished;
    bool is_ending, is_finishing; /* at once; when nothing waits any more */

    size_t queue_max;
    void (*close)(void *own);
    int wake_fd; /* an eventfd: readable when finished is not empty; -1: none */
    struct event *wake;
    unsigned thread_count;
    struct worker threads[WORKERS_THREADS_MAX];
};

/* ---- lists ---- */

static void
list_init(struct job_list *list)
{
    *list = (struct job_list){ .end = &list->first };
}

static void
list_add(struct job_list *list, struct worker_job *job)
{
    job->next = NULL;
    *list->end = job;
    list->end = &job->next;
    list->count++;
}

static struct worker_job *
list_take(struct job_list *list)
{
    struct worker_job *job = list->first;
    if (job == NULL)
        return NULL;
    list->first = job->next;
    list->count--;
    if (list->first == NULL)
        list->end = &list->first;
    return job;
}

/* ---- on the pool's threads ---- */

/* The next job, or NULL when the pool ends. */
static struct worker_job *
wait_for_job(struct workers *self)
{
    pthread_mutex_lock(&self->lock);
    while (self->waiting.first == NULL && !self->is_ending && !self->is_finishing)
        pthread_cond_wait(&self->filled, &self->lock); /* without a time, so libfaketime lets it be */
    struct worker_job *job = self->is_ending ? NULL : list_take(&self->waiting);
    pthread_mutex_unlock(&self->lock);
    return job;
}

static void
give_back(struct workers *self, struct worker_job *job)
{
    static const uint64_t one = 1;
    pthread_mutex_lock(&self->lock);
    list_add(&self->finished, job);
    pthread_mutex_unlock(&self->lock);
    while (write(self->wake_fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static void *
run(void *context)
{
    struct worker *worker = context;
    struct worker_job *job;
    while ((job = wait_for_job(worker->workers)) != NULL) {
        job->work(job, worker->own);
        forget_stack_deep(); /* names, passwords: whatever the job had on it */
        give_back(worker->workers, job);
    }
    return NULL;
}

/* ---- on the loop's thread ---- */

static struct worker_job *
take_locked(struct workers *self, struct job_list *list)
{
    pthread_mutex_lock(&self->lock);
    struct worker_job *job = list_take(list);
    pthread_mutex_unlock(&self->lock);
    return job;
}

static void
on_wake(evutil_socket_t fd, short what, void *context)
{
    (void)what;
    struct workers *self = context;
    uint64_t count;
    while (read(fd, &count, sizeof count) < 0 && errno == EINTR)
        ;
    struct worker_job *job;
    while ((job = take_locked(self, &self->finished)) != NULL)
        job->done(job, true);
}

enum sp_error
workers_submit(struct workers *workers, struct worker_job *job)
{
    pthread_mutex_lock(&workers->lock);
    bool is_full = workers->waiting.count >= workers->queue_max;
    if (!is_full) {
        list_add(&workers->waiting, job);
        pthread_cond_signal(&workers->filled);
    }
    pthread_mutex_unlock(&workers->lock);
    return is_full ? SP_FULL : SP_OK;
}

size_t
workers_waiting(struct workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    size_t count = workers->waiting.count;
    pthread_mutex_unlock(&workers->lock);
    return count;
}

static bool
start_threads(struct workers *self)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    sigdelset(&all, SIGSEGV); /* but its own faults it may tell of */
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGABRT);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the loop */
    bool is_started = true;
    for (unsigned i = 0; i < self->thread_count && is_started; i++) {
        struct worker *worker = &self->threads[i];
        is_started = worker->is_started = pthread_create(&worker->thread, NULL, run, worker) == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return is_started;
}

static enum sp_error
open_threads(struct workers *self, const struct workers_plan *plan, const char **why)
{
    enum sp_error error = SP_OK;
    for (unsigned i = 0; i < plan->threads && error == SP_OK; i++) {
        struct worker *worker = &self->threads[self->thread_count++];
        worker->workers = self;
        error = plan->open == NULL ? SP_OK : plan->open(plan->context, &worker->own, why);
        worker->is_open = error == SP_OK;
    }
    return error;
}

static enum sp_error
prepare(struct workers *self, struct event_base *base)
{
    self->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (self->wake_fd < 0)
        return SP_IO;
    self->wake = event_new(base, self->wake_fd, EV_READ | EV_PERSIST, on_wake, self);
    return self->wake != NULL && event_add(self->wake, NULL) == 0 ? SP_OK : SP_NO_MEMORY;
}

enum sp_error
workers_new(struct event_base *base, const struct workers_plan *plan, struct workers **workers, const char **why)
{
    *workers = NULL;
    *why = "out of memory";
    if (plan->threads < 1 || plan->threads > WORKERS_THREADS_MAX)
        return SP_CONFIG;
    struct workers *self = calloc(1, sizeof *self);
    if (self == NULL)
        return SP_NO_MEMORY;
    pthread_mutex_init(&self->lock, NULL); /* cannot fail on Linux */
    pthread_cond_init(&self->filled, NULL);
    list_init(&self->waiting);
    list_init(&self->finished);
    self->queue_max = plan->queue_max;
    self->close = plan->close;
    enum sp_error error = prepare(self, base);
    if (error == SP_OK)
        error = open_threads(self, plan, why);
    if (error == SP_OK && !start_threads(self)) {
        *why = "no thread could be started";
        error = SP_UNAVAILABLE;
    }
    if (error == SP_OK)
        *workers = self;
    else
        workers_free(self);
    return error;
}

/* *how: is_ending or is_finishing. */
static void
join_threads(struct workers *self, bool *how)
{
    pthread_mutex_lock(&self->lock);
    *how = true;
    pthread_cond_broadcast(&self->filled);
    pthread_mutex_unlock(&self->lock);
    for (unsigned i = 0; i < self->thread_count; i++) {
        if (self->threads[i].is_started)
            pthread_join(self->threads[i].thread, NULL);
        self->threads[i].is_started = false;
    }
}

void
workers_finish(struct workers *workers)
{
    join_threads(workers, &workers->is_finishing);
}

static void
close_threads(struct workers *self)
{
    for (unsigned i = 0; i < self->thread_count; i++)
        if (self->threads[i].is_open && self->close != NULL)
            self->close(self->threads[i].own);
}

void
workers_free(struct workers *workers)
{
    if (workers == NULL)
        return;
    join_threads(workers, &workers->is_ending);
    close_threads(workers);
    struct worker_job *job;
    while ((job = list_take(&workers->finished)) != NULL)
        job->done(job, true);
    while ((job = list_take(&workers->waiting)) != NULL)
        job->done(job, false);
    if (workers->wake != NULL)
        event_free(workers->wake);
    if (workers->wake_fd >= 0)
        close(workers->wake_fd);
    pthread_cond_destroy(&workers->filled);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}
