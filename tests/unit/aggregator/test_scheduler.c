#include "scheduler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "archive_file.h"
#include "sites.h"

static void
test_failures_back_off_up_to_the_interval(void **state)
{
    (void)state;
    static const int64_t expected_ms[] = { 10000, 500, 1000, 2000, 4000, 8000, 10000, 10000 };
    for (unsigned failures = 0; failures < 8; failures++)
        assert_int_equal(scheduler_wait_ms(failures, 10000), expected_ms[failures]);
    assert_int_equal(scheduler_wait_ms(4000000000U, 10000), 10000);
}

static void
test_the_thread_counts_its_failures_and_ends_at_once(void **state)
{
    (void)state;
    struct archive_file file;
    assert_true(archive_file_make(&file));
    struct site_config site = test_site("example.no", MODE_STANDARD);
    struct config config = { .sites = &site, .site_count = 1 };
    config.redis.url = "unix:///nonexistent/redis.sock";
    config.redis.connect_timeout_ms = config.redis.command_timeout_ms = 200;
    config.aggregator.drain_interval_ms = 10000;
    config.aggregator.archive = file.url;
    struct metrics metrics = { 0 };
    struct scheduler *scheduler;
    const char *why;
    assert_int_equal(scheduler_new(&config, &metrics, &scheduler, &why), SP_OK);
    for (int i = 0; i < 500 && atomic_load(&metrics.drain_errors) == 0; i++)
        nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
    assert_in_range(atomic_load(&metrics.drain_errors), 1, 10);
    assert_int_equal(atomic_load(&metrics.drain_last_s), 0);
    scheduler_free(scheduler);
    archive_file_remove(&file);
}

static void
test_a_wrong_archive_or_redis_is_said_before_anything_starts(void **state)
{
    (void)state;
    struct archive_file file;
    assert_true(archive_file_make(&file));
    struct config config = { .site_count = 0 };
    config.redis.url = "http://localhost";
    config.aggregator.archive = file.url;
    struct metrics metrics = { 0 };
    struct scheduler *scheduler;
    const char *why = NULL;
    assert_int_equal(scheduler_new(&config, &metrics, &scheduler, &why), SP_MALFORMED);
    assert_non_null(strstr(why, "unix://"));
    assert_null(scheduler);
    config.aggregator.archive = "sqlite:///nonexistent/a.db";
    assert_int_equal(scheduler_new(&config, &metrics, &scheduler, &why), SP_IO);
    archive_file_remove(&file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failures_back_off_up_to_the_interval),
        cmocka_unit_test(test_the_thread_counts_its_failures_and_ends_at_once),
        cmocka_unit_test(test_a_wrong_archive_or_redis_is_said_before_anything_starts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
