/* Nobody waits for what others have piled up: one turn of the loop does some of it. */
#include "http_fixture.h"

enum {
    PIPELINE = 200, /* requests, which fit into what one read takes */
    PIPELINES = 20,
    SLOW = 300,      /* peers whose time is over at the same moment */
    TURN_SHARE = 40, /* of a turn: connections closed, requests of pipelines beside the first of each */
};

/* One turn and no more: turn() of the fixture goes on while there is something to do. */
static void
one_turn(struct fixture *fixture)
{
    event_base_loop(fixture->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

static char pipeline[PIPELINE * sizeof NONE];

static void
say_pipeline(int fd)
{
    char *end = pipeline;
    for (int i = 0; i < PIPELINE; i++)
        end = stpcpy(end, NONE);
    say(fd, pipeline);
}

static void
expect_pipeline(struct fixture *fixture, int fd)
{
    for (int i = 0; i < PIPELINE; i++)
        expect(fixture, fd, NONE_ANSWER);
}

static void
test_a_pipeline_does_not_keep_others_waiting(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int other = connect_client(&fixture);
    say(other, NONE);
    expect(&fixture, other, NONE_ANSWER);
    int fds[PIPELINES];
    for (int i = 0; i < PIPELINES; i++)
        fds[i] = connect_client(&fixture);
    turns(&fixture, 20);
    for (int i = 0; i < PIPELINES; i++)
        say_pipeline(fds[i]);
    one_turn(&fixture);
    unsigned first = fixture.requests; /* some of each */
    assert_in_range(first, 1, PIPELINES * TURN_SHARE);
    say(other, NONE);
    one_turn(&fixture);
    char out[sizeof NONE_ANSWER];
    assert_int_equal(recv(other, out, sizeof out, MSG_DONTWAIT), strlen(NONE_ANSWER));
    assert_in_range(fixture.requests - first, 1, PIPELINES * TURN_SHARE);
    for (int i = 0; i < PIPELINES; i++)
        expect_pipeline(&fixture, fds[i]);
    assert_int_equal(fixture.requests, PIPELINES * PIPELINE + 2);
    say(fds[0], NONE);
    expect(&fixture, fds[0], NONE_ANSWER);
    for (int i = 0; i < PIPELINES; i++)
        close(fds[i]);
    close(other);
    stop(&fixture);
}

/* Each turn does a bounded share of what waits, however many connections wait. */
static void
test_waiting_pipelines_share_the_turns(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fds[PIPELINES];
    for (int i = 0; i < PIPELINES; i++) {
        fds[i] = connect_client(&fixture);
        say_pipeline(fds[i]);
    }
    unsigned before = 0, count = 0;
    while (fixture.requests < PIPELINES * PIPELINE && count++ < PIPELINES * PIPELINE) {
        one_turn(&fixture);
        if (before > 0 && fixture.accepted == PIPELINES && count > 3)
            assert_in_range(fixture.requests - before, 0, TURN_SHARE);
        before = fixture.requests;
    }
    assert_int_equal(fixture.requests, PIPELINES * PIPELINE);
    for (int i = 0; i < PIPELINES; i++) {
        expect_pipeline(&fixture, fds[i]);
        close(fds[i]);
    }
    stop(&fixture);
}

static void
test_a_waiting_connection_may_go(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    for (int way = 0; way < 3; way++) {
        int fd = connect_client(&fixture);
        turns(&fixture, 5);
        unsigned before = fixture.requests;
        say_pipeline(fd);
        one_turn(&fixture);
        assert_in_range(fixture.requests - before, 1, PIPELINE - 1); /* it waits */
        if (way == 2) {
            stop(&fixture); /* with the connection in the queue */
            close(fd);
            return;
        }
        struct linger hard = { way, 0 };
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard), 0);
        close(fd);
        turns(&fixture, 50);
        assert_int_equal(http_server_statistics(fixture.server).open, 0);
    }
}

static void
test_draining_answers_one_more_of_a_waiting_connection(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    turns(&fixture, 5);
    say_pipeline(fd);
    one_turn(&fixture);
    unsigned answered = fixture.requests;
    assert_in_range(answered, 1, PIPELINE - 1);
    http_server_drain(fixture.server, on_drained, &fixture);
    turns(&fixture, 20);
    for (unsigned i = 0; i < answered; i++)
        expect(&fixture, fd, NONE_ANSWER);
    expect(&fixture, fd, NONE_LAST);
    assert_int_equal(fixture.requests, answered + 1);
    close(fd);
    turns(&fixture, 20);
    assert_int_equal(fixture.drained, 1);
    stop(&fixture);
}

static void
test_many_whose_time_is_over_are_closed_some_at_a_time(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = quick_options();
    start(&fixture, &options);
    int fds[SLOW];
    for (int i = 0; i < SLOW; i++) {
        fds[i] = connect_client(&fixture);
        if (i % 32 == 31)
            one_turn(&fixture);
    }
    uint32_t before = 0;
    int64_t begun_ms = clock_monotonic_ms();
    for (uint32_t open = 1; open > 0 && clock_monotonic_ms() < begun_ms + WAIT_MS; before = open) {
        one_turn(&fixture);
        open = http_server_statistics(fixture.server).open;
        if (before > open)
            assert_in_range(before - open, 1, TURN_SHARE);
    }
    assert_int_equal(http_server_statistics(fixture.server).open, 0);
    assert_int_equal(http_server_statistics(fixture.server).timed_out, SLOW);
    for (int i = 0; i < SLOW; i++)
        close(fds[i]);
    stop(&fixture);
}

/* What peers leave unread must not fill the machine: the kernel would keep up to tcp_wmem's maximum for each. */
static void
test_the_kernel_keeps_little_for_a_peer_that_does_not_read(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    int seen = 0;
    turns(&fixture, 5);
    for (int other = 3; other < 1024; other++) { /* the server's end */
        int bytes = 0;
        struct sockaddr_in local, peer;
        if (getpeername(other, (struct sockaddr *)&peer, &(socklen_t){ sizeof peer }) != 0 ||
            getsockname(other, (struct sockaddr *)&local, &(socklen_t){ sizeof local }) != 0 ||
            local.sin_port != fixture.port)
            continue;
        assert_int_equal(getsockopt(other, SOL_SOCKET, SO_SNDBUF, &bytes, &(socklen_t){ sizeof bytes }), 0);
        assert_in_range(bytes, 16 * 1024, 256 * 1024);
        seen++;
    }
    assert_int_equal(seen, 1);
    close(fd);
    stop(&fixture);
}

int
main(void)
{
    signal(SIGPIPE, SIG_DFL); /* the server itself must never raise it */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pipeline_does_not_keep_others_waiting),
        cmocka_unit_test(test_waiting_pipelines_share_the_turns),
        cmocka_unit_test(test_a_waiting_connection_may_go),
        cmocka_unit_test(test_draining_answers_one_more_of_a_waiting_connection),
        cmocka_unit_test(test_many_whose_time_is_over_are_closed_some_at_a_time),
        cmocka_unit_test(test_the_kernel_keeps_little_for_a_peer_that_does_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
