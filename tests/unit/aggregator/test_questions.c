/* Questions on threads: who waits, who does not, and what becomes of both when something changes meanwhile. */
#include "dashboard_gate.h"
#include "readers.h"

#include <event2/event.h>
#include <semaphore.h>

struct pool {
    struct event_base *base;
    struct workers *readers;
    sem_t entered, gate;
    unsigned done;
};

struct slow_job {
    struct worker_job job; /* first */
    struct pool *pool;
};

static void
wait_at_gate(struct worker_job *job, void *own)
{
    struct pool *pool = ((struct slow_job *)(void *)job)->pool;
    (void)own;
    sem_post(&pool->entered);
    sem_wait(&pool->gate);
}

static void
count_done(struct worker_job *job, bool worked)
{
    (void)worked;
    ((struct slow_job *)(void *)job)->pool->done++;
    free(job);
}

static void
add_slow(struct pool *pool)
{
    struct slow_job *slow = calloc(1, sizeof *slow);
    assert_non_null(slow);
    *slow = (struct slow_job){ { .work = wait_at_gate, .done = count_done }, pool };
    assert_int_equal(workers_submit(pool->readers, &slow->job), SP_OK);
}

/* All threads are busy with what takes until open_gate. */
static void
pool_init(struct fixture *fixture, struct pool *pool)
{
    const char *why = "";
    *pool = (struct pool){ .base = event_base_new() };
    sem_init(&pool->entered, 0, 0);
    sem_init(&pool->gate, 0, 0);
    assert_int_equal(readers_new(pool->base, fixture->config.aggregator.archive, &pool->readers, &why), SP_OK);
    assert_int_equal(dashboard_start_workers(fixture->dashboard, pool->base, pool->readers, &why), SP_OK);
    for (int i = 0; i < READER_THREADS; i++)
        add_slow(pool);
    for (int i = 0; i < READER_THREADS; i++)
        sem_wait(&pool->entered);
    status = 0;
    answers = 0;
}

static void
open_gate(struct pool *pool, unsigned jobs)
{
    for (unsigned i = 0; i < jobs; i++)
        sem_post(&pool->gate);
}

static void
wait_for_answers(struct pool *pool, unsigned count)
{
    while (answers < count)
        assert_int_equal(event_base_loop(pool->base, EVLOOP_ONCE), 0);
}

/* As a snapshot ends: first the threads, then whom they answer for. */
static void
pool_fini(struct fixture *fixture, struct pool *pool)
{
    workers_free(pool->readers);
    dashboard_free(fixture->dashboard);
    fixture->dashboard = NULL;
    event_base_free(pool->base);
    sem_destroy(&pool->entered);
    sem_destroy(&pool->gate);
}

static void
test_a_slow_question_keeps_nobody_else_waiting(void **state)
{
    static const char *const asking[] = { "/sites/a.example", "/sites/a.example/content?period=12m",
                                          "/sites/a.example/page?path=/x", "/sites/a.example/settings?wait=1",
                                          "/sites/a.example/export?table=page&form=csv" };
    struct fixture *fixture = *state;
    struct pool pool;
    char cookie[128];
    log_in(fixture, KARI, cookie);
    pool_init(fixture, &pool);
    for (size_t i = 0; i < sizeof asking / sizeof asking[0]; i++) {
        get(fixture, asking[i], cookie);
        assert_int_equal(status, 0);
    }
    static const char *const others[] = { "/sites/a.example/privacy", "/sites/a.example/share", "/login",
                                          "/sites/a.example/x" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        get(fixture, others[i], cookie);
        assert_int_equal(status, i == 3 ? 404 : 200);
    }
    answers = 0;
    open_gate(&pool, READER_THREADS);
    wait_for_answers(&pool, sizeof asking / sizeof asking[0]);
    pool_fini(fixture, &pool);
}

/* Who was let in gets the page that he asked for; the next one he does not. */
static void
test_logging_out_while_a_question_is_under_way(void **state)
{
    struct fixture *fixture = *state;
    struct pool pool;
    char cookie[128];
    log_in(fixture, KARI, cookie);
    pool_init(fixture, &pool);
    get(fixture, "/sites/a.example", cookie);
    assert_int_equal(status, 0);
    assert_int_equal(accounts_remove(fixture->accounts, "kari"), SP_OK);
    get(fixture, "/sites/a.example", cookie);
    assert_int_equal(status, 303);
    answers = 0;
    open_gate(&pool, READER_THREADS);
    wait_for_answers(&pool, 1);
    assert_int_equal(status, 200);
    assert_true(says(body, "a.example") && says(body, "</html>"));
    pool_fini(fixture, &pool);
}

static void
test_when_too_many_wait_the_browser_is_to_ask_again(void **state)
{
    struct fixture *fixture = *state;
    struct pool pool;
    char cookie[128];
    log_in(fixture, KARI, cookie);
    pool_init(fixture, &pool);
    for (int i = 0; i < READER_QUEUE; i++)
        add_slow(&pool);
    get(fixture, "/sites/a.example", cookie);
    assert_int_equal(status, 503);
    assert_true(says(headers, "Refresh: 2\r\n") && says(body, "</html>"));
    open_gate(&pool, READER_THREADS + READER_QUEUE);
    pool_fini(fixture, &pool);
    assert_int_equal(pool.done, READER_THREADS + READER_QUEUE);
}

/* A reload: what was asked of the old configuration is answered by it, before it goes. */
static void
test_another_configuration_while_a_question_is_under_way(void **state)
{
    struct fixture *fixture = *state;
    struct dashboard *next;
    struct pool pool;
    char cookie[128];
    log_in(fixture, KARI, cookie);
    pool_init(fixture, &pool);
    get(fixture, "/sites/a.example", cookie);
    assert_int_equal(status, 0);
    assert_int_equal(dashboard_new(&fixture->config, fixture->archive, fixture->accounts, &next), SP_OK);
    dashboard_inherit(next, fixture->dashboard);
    open_gate(&pool, READER_THREADS);
    workers_finish(pool.readers);
    pool_fini(fixture, &pool);
    assert_int_equal(answers, 1);
    assert_int_equal(status, 200);
    fixture->dashboard = next;
    get(fixture, "/sites/a.example", cookie);
    assert_int_equal(status, 200);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_slow_question_keeps_nobody_else_waiting),
        TEST(test_logging_out_while_a_question_is_under_way),
        TEST(test_when_too_many_wait_the_browser_is_to_ask_again),
        TEST(test_another_configuration_while_a_question_is_under_way),
    };
    return gate_run(tests, sizeof tests / sizeof tests[0]);
}
