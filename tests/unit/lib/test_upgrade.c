/* An upgrade that comes to nothing leaves the program as it was. That it comes to something: test_handover.c,
 * tests/e2e. */
#include "http_fixture.h"

#include "sporlos/upgrade.h"

struct attempt {
    struct fixture fixture; /* first: turn() */
    struct upgrade *upgrade;
    unsigned prepared, failed;
    bool keeps; /* prepare calls upgrade_exec */
};

static void
prepare(void *context)
{
    struct attempt *attempt = context;
    attempt->prepared++;
    if (attempt->keeps)
        upgrade_exec(attempt->upgrade);
}

static void
failed_again(void *context)
{
    ((struct attempt *)context)->failed++;
}

static void
begin(struct attempt *attempt, char *const *arguments, const char *check, int check_ms)
{
    *attempt = (struct attempt){ .keeps = true };
    start_default(&attempt->fixture);
    const struct upgrade_plan plan = { arguments, check, check_ms, 1000, prepare, failed_again, attempt };
    assert_int_equal(upgrade_new(attempt->fixture.base, &plan, &attempt->fixture.server, 1, &attempt->upgrade), SP_OK);
}

static void
expect_refusal_and_service(struct attempt *attempt)
{
    upgrade_begin(attempt->upgrade);
    for (int64_t end = clock_monotonic_ms() + WAIT_MS;
         upgrade_refused(attempt->upgrade) == 0 && clock_monotonic_ms() < end;)
        turn(&attempt->fixture);
    turns(&attempt->fixture, 20);
    assert_int_equal(upgrade_refused(attempt->upgrade), 1);
    int fd = connect_client(&attempt->fixture);
    say(fd, NONE);
    expect(&attempt->fixture, fd, NONE_ANSWER);
    close(fd);
    assert_true(upgrade_yield(attempt->upgrade, SIGTERM));
    upgrade_free(attempt->upgrade);
    stop(&attempt->fixture);
}

static void
test_a_program_that_is_not_there(void **state)
{
    (void)state;
    struct attempt attempt;
    char *arguments[] = { (char *)"/nowhere/program", NULL };
    begin(&attempt, arguments, "--check", 5000);
    expect_refusal_and_service(&attempt);
    assert_int_equal(attempt.prepared, 0);
}

static void
test_a_program_that_says_no(void **state)
{
    (void)state;
    struct attempt attempt;
    char *arguments[] = { (char *)"sh", (char *)"-c", NULL };
    begin(&attempt, arguments, "exit 78", 5000);
    expect_refusal_and_service(&attempt);
    assert_int_equal(attempt.prepared, 0);
}

static void
test_a_program_that_does_not_say_anything(void **state)
{
    (void)state;
    struct attempt attempt;
    char *arguments[] = { (char *)"sleep", NULL };
    begin(&attempt, arguments, "600", 50);
    expect_refusal_and_service(&attempt);
    assert_int_equal(attempt.prepared, 0);
}

/* The check runs 'sh FILE', which ends well and takes itself away; then there is no program any more. */
static void
test_a_program_that_cannot_be_run_after_all(void **state)
{
    (void)state;
    struct attempt attempt;
    char path[] = "/tmp/sporlos-upgrade-XXXXXX";
    int file = mkstemp(path);
    dprintf(file, "#!/bin/sh\nrm \"$0\"\n");
    fchmod(file, 0700);
    close(file);
    char *arguments[] = { path, NULL };
    begin(&attempt, arguments, "--check", 5000);
    expect_refusal_and_service(&attempt);
    assert_int_equal(attempt.prepared, 1);
    assert_int_equal(attempt.failed, 1);
}

static void
test_the_end_comes_before_a_check_and_after_preparing(void **state)
{
    (void)state;
    struct attempt attempt;
    char *arguments[] = { (char *)"sleep", NULL };
    begin(&attempt, arguments, "600", 5000);
    upgrade_begin(attempt.upgrade);
    upgrade_begin(attempt.upgrade); /* one is enough */
    assert_true(upgrade_yield(attempt.upgrade, SIGTERM));
    assert_int_equal(upgrade_refused(attempt.upgrade), 0);
    upgrade_free(attempt.upgrade);
    stop(&attempt.fixture);
    char *at_once[] = { (char *)"sleep", NULL };
    begin(&attempt, at_once, "0", 5000);
    attempt.keeps = false;
    upgrade_begin(attempt.upgrade);
    while (attempt.prepared == 0)
        turn(&attempt.fixture);
    assert_false(upgrade_yield(attempt.upgrade, SIGTERM));
    upgrade_free(attempt.upgrade);
    stop(&attempt.fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_program_that_is_not_there),
        cmocka_unit_test(test_a_program_that_says_no),
        cmocka_unit_test(test_a_program_that_does_not_say_anything),
        cmocka_unit_test(test_a_program_that_cannot_be_run_after_all),
        cmocka_unit_test(test_the_end_comes_before_a_check_and_after_preparing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
