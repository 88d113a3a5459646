#include "workers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <event2/event.h>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

static struct event_base *base;
static pthread_t loop_thread;
static unsigned opened, closed, done_count, cancelled_count;
static sem_t entered, gate;

static int
set_up(void **state)
{
    (void)state;
    base = event_base_new();
    loop_thread = pthread_self();
    opened = closed = done_count = cancelled_count = 0;
    sem_init(&entered, 0, 0);
    sem_init(&gate, 0, 0);
    return base == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
    (void)state;
    event_base_free(base);
    sem_destroy(&entered);
    sem_destroy(&gate);
    return 0;
}

struct sum_job {
    struct worker_job job; /* first */
    unsigned number, square;
    void *own;
    bool on_loop;
};

static void
square(struct worker_job *job, void *own)
{
    struct sum_job *sum = (struct sum_job *)job;
    sum->square = sum->number * sum->number;
    sum->own = own;
    sum->on_loop = pthread_equal(pthread_self(), loop_thread) != 0;
}

static void
wait_at_gate(struct worker_job *job, void *own)
{
    sem_post(&entered);
    sem_wait(&gate);
    square(job, own);
}

static void
count_done(struct worker_job *job, bool worked)
{
    const struct sum_job *sum = (const struct sum_job *)job;
    assert_true(pthread_equal(pthread_self(), loop_thread) != 0);
    done_count++;
    if (worked) {
        assert_int_equal(sum->square, sum->number * sum->number);
        assert_false(sum->on_loop);
    } else {
        cancelled_count++;
        assert_int_equal(sum->square, 0);
    }
}

static enum sp_error
open_own(void *context, void **own, const char **why)
{
    if (opened == *(unsigned *)context) {
        *why = "no more of them";
        return SP_IO;
    }
    *own = malloc(1);
    opened++;
    return *own == NULL ? SP_NO_MEMORY : SP_OK;
}

static void
close_own(void *own)
{
    free(own);
    closed++;
}

static struct workers *
pool(unsigned threads, size_t queue_max)
{
    static unsigned limit = 100;
    const struct workers_plan plan = { threads, queue_max, open_own, close_own, &limit };
    struct workers *workers;
    const char *why;
    assert_int_equal(workers_new(base, &plan, &workers, &why), SP_OK);
    return workers;
}

static void
run_loop_until(unsigned count)
{
    while (done_count < count)
        assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
}

static void
test_every_job_is_worked_on_off_the_loop_and_comes_back_on_it(void **state)
{
    (void)state;
    enum { JOBS = 500 };
    static struct sum_job jobs[JOBS];
    struct workers *workers = pool(3, JOBS);
    for (unsigned i = 0; i < JOBS; i++) {
        jobs[i] = (struct sum_job){ .job = { .work = square, .done = count_done }, .number = i + 1 };
        assert_int_equal(workers_submit(workers, &jobs[i].job), SP_OK);
    }
    run_loop_until(JOBS);
    assert_int_equal(cancelled_count, 0);
    for (unsigned i = 0; i < JOBS; i++)
        assert_non_null(jobs[i].own);
    workers_free(workers);
    assert_int_equal(done_count, JOBS);
    assert_int_equal(opened, 3);
    assert_int_equal(closed, 3);
}

static void
test_a_full_queue_refuses_and_leaves_the_job_to_the_caller(void **state)
{
    (void)state;
    struct sum_job jobs[4];
    struct workers *workers = pool(1, 2);
    for (unsigned i = 0; i < 4; i++)
        jobs[i] = (struct sum_job){ .job = { .work = wait_at_gate, .done = count_done }, .number = i + 1 };
    assert_int_equal(workers_submit(workers, &jobs[0].job), SP_OK);
    sem_wait(&entered); /* the thread has taken it: two may wait */
    assert_int_equal(workers_submit(workers, &jobs[1].job), SP_OK);
    assert_int_equal(workers_submit(workers, &jobs[2].job), SP_OK);
    assert_int_equal(workers_waiting(workers), 2);
    assert_int_equal(workers_submit(workers, &jobs[3].job), SP_FULL);
    for (int i = 0; i < 4; i++)
        sem_post(&gate);
    run_loop_until(3);
    assert_int_equal(workers_submit(workers, &jobs[3].job), SP_OK);
    run_loop_until(4);
    workers_free(workers);
    assert_int_equal(cancelled_count, 0);
}

/* When the pool has long been told to end. */
static void *
open_gate_later(void *context)
{
    (void)context;
    usleep(300000);
    for (int i = 0; i < 3; i++)
        sem_post(&gate);
    return NULL;
}

/* One thread, and three jobs that wait at the gate. */
static struct workers *
pool_of_three(struct sum_job jobs[3])
{
    struct workers *workers = pool(1, 10);
    for (unsigned i = 0; i < 3; i++) {
        jobs[i] = (struct sum_job){ .job = { .work = wait_at_gate, .done = count_done }, .number = i + 1 };
        assert_int_equal(workers_submit(workers, &jobs[i].job), SP_OK);
    }
    return workers;
}

static void
test_the_end_waits_for_the_job_under_way_and_cancels_the_rest(void **state)
{
    (void)state;
    struct sum_job jobs[3];
    struct workers *workers = pool_of_three(jobs);
    sem_wait(&entered);
    pthread_t opener;
    assert_int_equal(pthread_create(&opener, NULL, open_gate_later, NULL), 0);
    workers_free(workers);
    pthread_join(opener, NULL);
    assert_int_equal(done_count, 3);
    assert_int_equal(cancelled_count, 2);
}

static void
test_a_pool_that_finishes_works_off_what_waits(void **state)
{
    (void)state;
    struct sum_job jobs[3];
    struct workers *workers = pool_of_three(jobs);
    for (int i = 0; i < 3; i++)
        sem_post(&gate);
    workers_finish(workers);
    assert_int_equal(done_count, 0);
    workers_free(workers);
    assert_int_equal(done_count, 3);
    assert_int_equal(cancelled_count, 0);
}

static void
test_a_thread_that_gets_nothing_of_its_own_makes_no_pool(void **state)
{
    (void)state;
    unsigned limit = 2;
    const struct workers_plan plan = { 4, 8, open_own, close_own, &limit };
    struct workers *workers;
    const char *why = NULL;
    assert_int_equal(workers_new(base, &plan, &workers, &why), SP_IO);
    assert_null(workers);
    assert_string_equal(why, "no more of them");
    assert_int_equal(closed, 2);
    const struct workers_plan none = { 0, 8, NULL, NULL, NULL };
    assert_int_equal(workers_new(base, &none, &workers, &why), SP_CONFIG);
    workers_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_job_is_worked_on_off_the_loop_and_comes_back_on_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_full_queue_refuses_and_leaves_the_job_to_the_caller, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_end_waits_for_the_job_under_way_and_cancels_the_rest, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_a_pool_that_finishes_works_off_what_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_thread_that_gets_nothing_of_its_own_makes_no_pool, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
