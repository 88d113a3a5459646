#include "http_fixture.h"

/* ---- draining ---- */

static void
test_draining_ends_what_is_under_way_and_then_reports_once(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int idle = connect_client(&fixture);
    int busy = connect_client(&fixture);
    int late = connect_client(&fixture);
    say(idle, NONE);
    expect(&fixture, idle, NONE_ANSWER);
    say(busy, LATER);
    say(late, NONE);
    expect(&fixture, late, NONE_ANSWER);
    turns(&fixture, 20);
    int queued = connect_client(&fixture); /* in the kernel's queue when draining begins */
    http_server_drain(fixture.server, on_drained, &fixture);
    say(queued, NONE);
    expect(&fixture, queued, NONE_LAST);
    expect_end(&fixture, queued);
    say(late, NONE);
    expect(&fixture, late, NONE_LAST);
    expect_end(&fixture, late);
    expect_end(&fixture, idle);
    turns(&fixture, 20);
    assert_int_equal(fixture.drained, 0);
    http_respond(fixture.later[0], 200, span_of(NULL, 0), SPAN_LITERAL("x"));
    expect(&fixture, busy, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
    expect_end(&fixture, busy);
    turns(&fixture, 20);
    assert_int_equal(fixture.drained, 1);
    assert_int_equal(http_server_statistics(fixture.server).open, 0);
    stop(&fixture);
}

static void
free_when_drained(void *context)
{
    struct fixture *fixture = context;
    fixture->drained++;
    http_server_free(fixture->server);
    fixture->server = NULL;
}

static void
test_draining_without_connections_reports_from_the_loop(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    http_server_drain(fixture.server, free_when_drained, &fixture);
    assert_int_equal(fixture.drained, 0);
    turns(&fixture, 10);
    assert_int_equal(fixture.drained, 1);
    stop(&fixture);
}

static void
test_senseless_options_are_refused(void **state)
{
    (void)state;
    const struct http_handler handler = { .on_accept = on_accept, .on_request = on_request };
    struct http_server *server = NULL;
    struct event_base *base = event_base_new();
    struct http_server_options options = http_server_defaults();
    options.connection_max = 0;
    assert_int_equal(http_server_new(base, &options, &handler, &server), SP_CONFIG);
    options = http_server_defaults();
    options.body_max_bytes = 1000000;
    assert_int_equal(http_server_new(base, &options, &handler, &server), SP_CONFIG);
    options = http_server_defaults();
    options.idle_ms = 0;
    assert_int_equal(http_server_new(base, &options, &handler, &server), SP_CONFIG);
    assert_null(server);
    event_base_free(base);
}

int
main(void)
{
    signal(SIGPIPE, SIG_DFL); /* the server itself must never raise it */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_draining_ends_what_is_under_way_and_then_reports_once),
        cmocka_unit_test(test_draining_without_connections_reports_from_the_loop),
        cmocka_unit_test(test_senseless_options_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
