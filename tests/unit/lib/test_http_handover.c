/* The moment between two processes, within one. */
#include "http_fixture.h"

#include "sporlos/http_handover.h"

enum { SOCKETS_MAX = 8 };

static uint32_t
hold_until_quiet(struct fixture *fixture)
{
    uint32_t busy = http_server_hold(fixture->server);
    for (int i = 0; i < 200 && busy > 0; i++) {
        turn(fixture);
        busy = http_server_hold(fixture->server);
    }
    return busy;
}

static void
test_a_held_server_begins_no_request(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int idle = connect_client(&fixture);
    say(idle, NONE);
    expect(&fixture, idle, NONE_ANSWER);
    assert_int_equal(hold_until_quiet(&fixture), 0);
    say(idle, NONE);
    int fresh = connect_client(&fixture);
    say(fresh, NONE);
    expect_silence(&fixture, idle, 50);
    expect_silence(&fixture, fresh, 50);
    assert_int_equal(fixture.requests, 1);
    http_server_resume(fixture.server);
    expect(&fixture, idle, NONE_ANSWER);
    expect(&fixture, fresh, NONE_ANSWER);
    close(idle);
    close(fresh);
    stop(&fixture);
}

static void
test_a_held_server_ends_what_is_under_way(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
    turns(&fixture, 20);
    int later = connect_client(&fixture);
    say(later, LATER);
    turns(&fixture, 20);
    assert_int_equal(http_server_hold(fixture.server), 2);
    turns(&fixture, 20);
    say(fd, "cd");
    expect(&fixture, fd, ECHO_ANSWER("4", "abcd"));
    assert_int_equal(http_server_hold(fixture.server), 1);
    http_respond(fixture.later[0], 204, SPAN_LITERAL("X-A: b\r\n"), SPAN_LITERAL(""));
    expect(&fixture, later, NONE_ANSWER);
    assert_int_equal(http_server_hold(fixture.server), 0);
    struct http_socket sockets[SOCKETS_MAX];
    assert_int_equal(http_server_sockets(fixture.server, sockets, SOCKETS_MAX), 3);
    assert_int_equal(sockets[0].kind, HTTP_SOCKET_LISTENS);
    assert_int_equal(sockets[1].kind, HTTP_SOCKET_IDLE);
    assert_int_equal(sockets[1].requests, 1);
    close(fd);
    close(later);
    stop(&fixture);
}

/* The client in the PROXY header stands nowhere but in the process: such a connection ends with its next answer. */
static void
test_who_came_through_a_proxy_header_is_not_handed_over(void **state)
{
    (void)state;
    struct fixture fixture;
    in_port_t port = 0;
    start_default(&fixture);
    assert_int_equal(http_server_adopt_as(fixture.server, listening_socket(&port), HTTP_ADOPT_PROXY), SP_OK);
    fixture.port = port;
    int silent = connect_client(&fixture);
    int fd = connect_client(&fixture);
    say(fd, "PROXY TCP4 192.0.2.7 192.0.2.8 1 2\r\n" NONE);
    expect(&fixture, fd, NONE_ANSWER);
    assert_int_equal(http_server_hold(fixture.server), 1);
    struct http_socket sockets[SOCKETS_MAX];
    assert_int_equal(http_server_sockets(fixture.server, sockets, SOCKETS_MAX), 3);
    assert_int_equal(sockets[2].kind, HTTP_SOCKET_NEW);
    say(fd, NONE);
    expect(&fixture, fd, NONE_LAST);
    close(fd);
    assert_int_equal(hold_until_quiet(&fixture), 0);
    close(silent);
    stop(&fixture);
}

/* A second server takes what the first one had; duplicates stand for what execve() keeps. */
static void
test_another_server_goes_on_with_a_connection(void **state)
{
    (void)state;
    struct fixture before;
    struct fixture after;
    start_default(&before);
    int fd = connect_client(&before);
    say(fd, NONE);
    expect(&before, fd, NONE_ANSWER);
    assert_int_equal(hold_until_quiet(&before), 0);
    struct http_socket sockets[SOCKETS_MAX];
    size_t count = http_server_sockets(before.server, sockets, SOCKETS_MAX);
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++)
        sockets[i].fd = dup(sockets[i].fd);
    struct http_server_options options = http_server_defaults();
    options.requests_per_connection = 3;
    start(&after, &options);
    assert_false(http_server_take(after.server, &sockets[1])); /* not of its listener */
    assert_int_equal(http_server_adopt(after.server, sockets[0].fd), SP_OK);
    assert_true(http_server_take(after.server, &sockets[1]));
    stop(&before);
    say(fd, NONE);
    expect(&after, fd, NONE_ANSWER);
    say(fd, NONE);
    expect(&after, fd, NONE_LAST); /* the third: the first was counted by another */
    assert_int_equal(after.accepted, 1);
    close(fd);
    stop(&after);
}

static void
test_what_on_accept_refuses_is_closed(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    turns(&fixture, 20);
    struct http_socket sockets[SOCKETS_MAX];
    assert_int_equal(http_server_sockets(fixture.server, sockets, SOCKETS_MAX), 2);
    assert_int_equal(getsockname(sockets[1].fd, (struct sockaddr *)&address, &length), 0);
    fixture.refuse[HTTP_ARRIVAL_DIRECT] = true;
    sockets[1].fd = dup(sockets[1].fd);
    assert_true(http_server_take(fixture.server, &sockets[1]));
    assert_int_equal(fcntl(sockets[1].fd, F_GETFD), -1);
    assert_int_equal(http_server_statistics(fixture.server).turned_away, 1);
    close(fd);
    stop(&fixture);
}

/* Somebody else keeps the socket, so that who waits in its queue waits for the next process, and is not reset. */
static void
test_draining_leaves_the_queue_of_a_socket_that_lasts(void **state)
{
    (void)state;
    struct fixture fixture;
    struct fixture next;
    in_port_t port = 0;
    start_default(&fixture);
    int kept = listening_socket(&port);
    assert_int_equal(http_server_adopt_as(fixture.server, dup(kept), HTTP_ADOPT_LASTS), SP_OK);
    fixture.port = port;
    int fd = connect_client(&fixture);
    say(fd, NONE);
    http_server_drain(fixture.server, on_drained, &fixture);
    turns(&fixture, 20);
    assert_int_equal(fixture.drained, 1);
    assert_int_equal(fixture.requests, 0);
    start_default(&next);
    assert_int_equal(http_server_adopt_as(next.server, kept, HTTP_ADOPT_LASTS), SP_OK);
    expect(&next, fd, NONE_ANSWER);
    close(fd);
    stop(&fixture);
    stop(&next);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_held_server_begins_no_request),
        cmocka_unit_test(test_a_held_server_ends_what_is_under_way),
        cmocka_unit_test(test_who_came_through_a_proxy_header_is_not_handed_over),
        cmocka_unit_test(test_another_server_goes_on_with_a_connection),
        cmocka_unit_test(test_what_on_accept_refuses_is_closed),
        cmocka_unit_test(test_draining_leaves_the_queue_of_a_socket_that_lasts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
