#include "http_fixture.h"

#include "../../../lib/http_internal.h"

/* ---- requests ---- */

static void
test_a_connection_is_kept(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    for (int i = 0; i < 3; i++) {
        say(fd, NONE);
        expect(&fixture, fd, NONE_ANSWER);
    }
    assert_int_equal(fixture.accepted, 1);
    assert_int_equal(http_server_statistics(fixture.server).requests, 3);
    assert_int_equal(http_server_statistics(fixture.server).open, 1);
    close(fd);
    turns(&fixture, 20);
    assert_int_equal(http_server_statistics(fixture.server).open, 0);
    stop(&fixture);
}

static void
test_pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, NONE ECHO("3", "one") ECHO("0", "") ECHO("3", "two") NONE "GET /echo HT");
    expect(&fixture, fd, NONE_ANSWER ECHO_ANSWER("3", "one") ECHO_ANSWER("0", "") ECHO_ANSWER("3", "two") NONE_ANSWER);
    say(fd, "TP/1.1\r\nHost: a\r\n\r\n");
    expect(&fixture, fd, ECHO_ANSWER("0", ""));
    close(fd);
    stop(&fixture);
}

static void
test_a_request_may_come_byte_by_byte(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    assert_int_equal(setsockopt(fd, IPPROTO_TCP, 1 /* TCP_NODELAY */, &(int){ 1 }, sizeof(int)), 0);
    const char *text = ECHO("4", "abcd") NONE;
    for (size_t i = 0; i < strlen(text); i++) {
        assert_int_equal(send(fd, text + i, 1, 0), 1);
        event_base_loop(fixture.base, EVLOOP_NONBLOCK);
    }
    expect(&fixture, fd, ECHO_ANSWER("4", "abcd") NONE_ANSWER);
    close(fd);
    stop(&fixture);
}

static void
test_head_gets_no_body(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, "HEAD /peer HTTP/1.1\r\nHost: a\r\n\r\n" NONE);
    expect(&fixture, fd, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" NONE_ANSWER);
    close(fd);
    stop(&fixture);
}

static void
test_close_is_honoured_from_either_side(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, "GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" NONE);
    expect(&fixture, fd, NONE_LAST);
    expect_end(&fixture, fd);
    fd = connect_client(&fixture);
    say(fd, "GET /none HTTP/1.0\r\n\r\n");
    expect(&fixture, fd, NONE_LAST);
    expect_end(&fixture, fd);
    fd = connect_client(&fixture);
    say(fd, "GET /close HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(&fixture, fd, "HTTP/1.1 299 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    expect_end(&fixture, fd);
    assert_int_equal(fixture.requests, 3);
    stop(&fixture);
}

static void
test_a_peer_that_has_closed_its_half_still_gets_its_answer(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, LATER);
    shutdown(fd, SHUT_WR);
    turns(&fixture, 50);
    http_respond(fixture.later[0], 200, span_of(NULL, 0), SPAN_LITERAL("x"));
    expect(&fixture, fd, ECHO_ANSWER("1", "x"));
    expect_end(&fixture, fd);
    stop(&fixture);
}

static void
test_connection_ends_after_its_number_of_requests(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = http_server_defaults();
    options.requests_per_connection = 2;
    start(&fixture, &options);
    int fd = connect_client(&fixture);
    say(fd, NONE NONE NONE);
    expect(&fixture, fd, NONE_ANSWER NONE_LAST);
    expect_end(&fixture, fd);
    assert_int_equal(fixture.requests, 2);
    stop(&fixture);
}

static void
test_a_body_larger_than_the_buffer_arrives_whole(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = http_server_defaults();
    options.body_max_bytes = 65536;
    start(&fixture, &options);
    static char request[70000], out[70000];
    int head = sprintf(request, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n");
    for (int i = 0; i < 65536; i++)
        request[head + i] = (char)('a' + i % 23);
    int fd = connect_client(&fixture);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(send(fd, request, (size_t)head + 65536, 0), head + 65536);
        expect(&fixture, fd, "HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n");
        int closed = 0;
        assert_int_equal(receive(&fixture, fd, out, 65536, &closed), 65536);
        assert_memory_equal(out, request + head, 65536);
    }
    say(fd, NONE);
    expect(&fixture, fd, NONE_ANSWER);
    say(fd, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n");
    expect_refusal(&fixture, fd, "HTTP/1.1 413 ");
    stop(&fixture);
}

/* The path where the head is known. */
static void
say_own_words(void *context, int status, const struct http_request *request, struct span *headers, struct span *body)
{
    unsigned *count = context;
    (*count)++;
    if (status == 431)
        return;
    *headers = SPAN_LITERAL("X-Own: 1\r\n");
    *body = request == NULL ? SPAN_LITERAL("nothing known") : request->path;
}

static void
test_a_refusal_says_the_words_that_it_is_given(void **state)
{
    (void)state;
    static const struct {
        const char *request, *answer;
    } rows[] = {
        { "POST /x?y HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n",
          "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\nConnection: close\r\nX-Own: 1\r\n\r\n/x" },
        { "GET /x HTTP/1.1\r\nHost: a\r\nExpect: y\r\n\r\n",
          "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\nConnection: close\r\nX-Own: 1\r\n\r\n/x" },
        { "GET /x HTTP/1.1\r\n\r\n",
          "HTTP/1.1 400 Bad Request\r\nContent-Length: 13\r\nConnection: close\r\nX-Own: 1\r\n\r\nnothing known" },
        { "HEAD /x HTTP/1.1\r\n\r\n",
          "HTTP/1.1 400 Bad Request\r\nContent-Length: 13\r\nConnection: close\r\nX-Own: 1\r\n\r\n" },
    };
    struct fixture fixture;
    struct http_server_options options = http_server_defaults();
    unsigned count = 0;
    options.body_max_bytes = 65536;
    start(&fixture, &options);
    http_server_word_refusals(fixture.server, say_own_words, &count);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int fd = connect_client(&fixture);
        say(fd, rows[i].request);
        expect_refusal(&fixture, fd, rows[i].answer);
    }
    assert_int_equal(count, sizeof rows / sizeof rows[0]);
    stop(&fixture);
}

static void
test_a_refusal_is_readable_though_the_peer_goes_on_sending(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    static char flood[100000];
    memset(flood, 'x', sizeof flood);
    int fd = connect_client(&fixture);
    say(fd, NONE "GET / HTTP/1.1\nHost: a\n\n");
    assert_int_equal(send(fd, flood, sizeof flood, MSG_NOSIGNAL), sizeof flood);
    expect(&fixture, fd, NONE_ANSWER);
    turns(&fixture, 20);
    expect_refusal(&fixture, fd, "HTTP/1.1 400 Bad Request\r\n");
    assert_int_equal(fixture.refused_status, 400);
    assert_int_equal(http_server_statistics(fixture.server).refused, 1);
    stop(&fixture);
}

static void
assert_clean_behind(const struct http_desk *desk, size_t used)
{
    assert_int_equal(desk->used, used);
    for (size_t i = used; i < sizeof desk->buffer; i++)
        assert_int_equal(desk->buffer[i], 0);
}

static void
test_nothing_of_a_request_stays_in_memory(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, LATER);
    turns(&fixture, 20);
    const struct http_connection *connection = (const void *)fixture.later[0];
    const struct http_desk *desk = fixture.server->spare_desks;
    assert_null(connection->desk);
    assert_clean_behind(desk, 0);
    http_respond(fixture.later[0], 204, span_of(NULL, 0), span_of(NULL, 0));
    expect(&fixture, fd, "HTTP/1.1 204 No Content\r\n\r\n");
    say(fd, NONE NONE "GET /192.0.2.77");
    expect(&fixture, fd, NONE_ANSWER NONE_ANSWER);
    assert_ptr_equal(connection->desk, desk);
    assert_int_equal(desk->used, 15);
    assert_clean_behind(desk, 15);
    close(fd);
    turns(&fixture, 20);
    assert_ptr_equal(fixture.server->spares, connection);
    assert_ptr_equal(fixture.server->spare_desks, desk);
    assert_clean_behind(desk, 0);
    assert_int_equal(connection->exchange.peer[0], 0);
    stop(&fixture);
}

static unsigned
desks_held(const struct fixture *fixture)
{
    unsigned held = 0;
    for (uint32_t i = 0; i < fixture->server->slot_count; i++)
        held += fixture->server->slots[i].connection->desk != NULL;
    return held;
}

static void
test_a_connection_holds_a_buffer_only_while_there_is_something_in_it(void **state)
{
    (void)state;
    enum { MANY = 100 };
    struct fixture fixture;
    start_default(&fixture);
    int fds[MANY];
    for (int i = 0; i < MANY; i++) {
        fds[i] = connect_client(&fixture);
        say(fds[i], NONE);
        expect(&fixture, fds[i], NONE_ANSWER);
        assert_int_equal(desks_held(&fixture), 0);
    }
    assert_int_equal(fixture.server->spare_desk_count, 1);
    for (int i = 0; i < MANY; i++)
        say(fds[i], i % 2 == 0 ? "GET /none HTTP/1.1\r\nHo" : "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    turns(&fixture, 50);
    assert_int_equal(desks_held(&fixture), MANY / 2);
    for (int i = 0; i < MANY; i += 2) {
        say(fds[i], "st: a\r\n\r\n");
        expect(&fixture, fds[i], NONE_ANSWER);
    }
    assert_int_equal(desks_held(&fixture), 0);
    assert_in_range(fixture.server->spare_desk_count, 1, MANY / 2 + 1);
    for (int i = 0; i < MANY; i++)
        close(fds[i]);
    turns(&fixture, 20);
    stop(&fixture);
}

static void
test_buffers_of_a_crowd_are_given_back(void **state)
{
    (void)state;
    enum { MANY = 100 };
    struct fixture fixture;
    start_default(&fixture);
    int fds[MANY];
    for (int i = 0; i < MANY; i++) {
        fds[i] = connect_client(&fixture);
        say(fds[i], "GET /none HTTP/1.1\r\nHo");
        turn(&fixture);
    }
    turns(&fixture, 50);
    assert_int_equal(desks_held(&fixture), MANY);
    for (int i = 0; i < MANY; i++)
        close(fds[i]);
    turns(&fixture, 50);
    assert_int_equal(http_server_statistics(fixture.server).open, 0);
    assert_int_equal(fixture.server->spare_desk_count, 64);
    stop(&fixture);
}

/* ---- answers ---- */

static void
test_a_slow_reader_gets_everything_and_nothing_else_before(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n" NONE);
    turns(&fixture, 50);
    assert_int_equal(fixture.requests, 1);
    expect(&fixture, fd, "HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\n");
    char *out = malloc(BIG);
    int closed = 0;
    assert_int_equal(receive(&fixture, fd, out, BIG, &closed), BIG);
    assert_memory_equal(out, fixture.big, BIG);
    free(out);
    expect(&fixture, fd, NONE_ANSWER);
    say(fd, NONE);
    expect(&fixture, fd, NONE_ANSWER);
    close(fd);
    stop(&fixture);
}

static void
test_answers_may_come_later_and_what_is_pipelined_waits(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, LATER LATER NONE);
    expect_silence(&fixture, fd, 30);
    assert_int_equal(fixture.later_count, 1);
    assert_int_equal(http_exchange_peer(fixture.later[0])[0], '4');
    http_respond(fixture.later[0], 200, span_of(NULL, 0), SPAN_LITERAL("first"));
    assert_int_equal(fixture.later_count, 1); /* never from inside the call */
    expect(&fixture, fd, ECHO_ANSWER("5", "first"));
    turns(&fixture, 20);
    assert_int_equal(fixture.later_count, 2);
    say(fd, NONE);
    expect_silence(&fixture, fd, 20);
    http_respond(fixture.later[1], 200, span_of(NULL, 0), SPAN_LITERAL("second"));
    expect(&fixture, fd, ECHO_ANSWER("6", "second") NONE_ANSWER NONE_ANSWER);
    close(fd);
    stop(&fixture);
}

static void
test_an_answer_to_a_peer_that_has_left_goes_nowhere(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    for (unsigned reset = 0; reset < 2; reset++) {
        int fd = connect_client(&fixture);
        say(fd, LATER);
        turns(&fixture, 20);
        struct linger hard = { (int)reset, 0 };
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard), 0);
        close(fd);
        turns(&fixture, 20);
        assert_int_equal(http_server_statistics(fixture.server).open, 1);
        http_respond(fixture.later[reset], 200, span_of(NULL, 0), SPAN_LITERAL("x"));
        turns(&fixture, 20);
        assert_int_equal(http_server_statistics(fixture.server).open, 0);
    }
    stop(&fixture);
}

static void
test_an_exchange_outlives_the_server(void **state)
{
    (void)state;
    struct fixture fixture;
    start_default(&fixture);
    int fd = connect_client(&fixture);
    say(fd, LATER);
    turns(&fixture, 20);
    assert_int_equal(fixture.later_count, 1);
    stop(&fixture);
    http_respond(fixture.later[0], 200, span_of(NULL, 0), SPAN_LITERAL("x"));
    close(fd);
}

/* ---- deadlines ---- */

static void
test_slow_requests_are_refused_and_idle_connections_closed(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = quick_options();
    start(&fixture, &options);
    int64_t before = clock_monotonic_ms();
    int head = connect_client(&fixture);
    int body = connect_client(&fixture);
    int silent = connect_client(&fixture);
    say(head, "GET / HTTP/1.1\r\nHo");
    say(body, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc");
    expect_end(&fixture, silent);
    expect_refusal(&fixture, head, "HTTP/1.1 408 ");
    expect_refusal(&fixture, body, "HTTP/1.1 408 ");
    assert_in_range(clock_monotonic_ms() - before, 150, 1000);
    int idle = connect_client(&fixture);
    say(idle, NONE);
    expect(&fixture, idle, NONE_ANSWER);
    before = clock_monotonic_ms();
    expect_end(&fixture, idle);
    assert_in_range(clock_monotonic_ms() - before, 500, 1500);
    assert_int_equal(http_server_statistics(fixture.server).timed_out, 3);
    stop(&fixture);
}

static void
test_a_trickle_does_not_move_the_deadline(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = quick_options();
    start(&fixture, &options);
    int fd = connect_client(&fixture);
    say(fd, "GET / HTTP/1.1\r\nX: ");
    int64_t before = clock_monotonic_ms();
    while (http_server_statistics(fixture.server).refused == 0 && clock_monotonic_ms() < before + WAIT_MS) {
        say(fd, "x");
        turns(&fixture, 10);
    }
    assert_in_range(clock_monotonic_ms() - before, 100, 1500);
    expect_refusal(&fixture, fd, "HTTP/1.1 408 ");
    stop(&fixture);
}

static void
test_a_peer_that_does_not_read_is_dropped(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = quick_options();
    start(&fixture, &options);
    int fd = connect_client(&fixture);
    say(fd, "GET /big HTTP/1.1\r\nHost: a\r\n\r\n");
    turns(&fixture, 100);
    assert_int_equal(http_server_statistics(fixture.server).open, 1);
    turns(&fixture, 500);
    assert_int_equal(http_server_statistics(fixture.server).open, 0);
    close(fd);
    stop(&fixture);
}

static void
test_a_handler_that_takes_too_long_is_answered_for(void **state)
{
    (void)state;
    struct fixture fixture;
    struct http_server_options options = quick_options();
    start(&fixture, &options);
    int fd = connect_client(&fixture);
    say(fd, LATER);
    expect(&fixture, fd, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    expect_end(&fixture, fd);
    assert_int_equal(fixture.refused_status, 503);
    assert_int_equal(http_server_statistics(fixture.server).open, 1);
    http_respond(fixture.later[0], 200, span_of(NULL, 0), SPAN_LITERAL("x"));
    assert_int_equal(http_server_statistics(fixture.server).open, 0);
    stop(&fixture);
}

static int64_t stopped_ms; /* how long the process seems to have been stopped */

static int64_t
late_monotonic(void *context)
{
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + stopped_ms;
}

static void
test_a_process_that_was_stopped_blames_no_peer(void **state)
{
    (void)state;
    const struct clock_source late = { .monotonic_ms = late_monotonic };
    struct fixture fixture;
    start_default(&fixture);
    stopped_ms = 0;
    clock_replace(&late);
    int fd = connect_client(&fixture);
    say(fd, NONE "GET /no");
    expect(&fixture, fd, NONE_ANSWER);
    stopped_ms = 3600000;
    turns(&fixture, 600);
    say(fd, "ne HTTP/1.1\r\nHost: a\r\n\r\n");
    expect(&fixture, fd, NONE_ANSWER);
    clock_replace(NULL);
    close(fd);
    stop(&fixture);
}

int
main(void)
{
    signal(SIGPIPE, SIG_DFL); /* the server itself must never raise it */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_connection_is_kept),
        cmocka_unit_test(test_pipelined_requests_are_answered_in_order),
        cmocka_unit_test(test_a_request_may_come_byte_by_byte),
        cmocka_unit_test(test_head_gets_no_body),
        cmocka_unit_test(test_close_is_honoured_from_either_side),
        cmocka_unit_test(test_a_peer_that_has_closed_its_half_still_gets_its_answer),
        cmocka_unit_test(test_connection_ends_after_its_number_of_requests),
        cmocka_unit_test(test_a_body_larger_than_the_buffer_arrives_whole),
        cmocka_unit_test(test_a_refusal_says_the_words_that_it_is_given),
        cmocka_unit_test(test_a_refusal_is_readable_though_the_peer_goes_on_sending),
        cmocka_unit_test(test_nothing_of_a_request_stays_in_memory),
        cmocka_unit_test(test_a_connection_holds_a_buffer_only_while_there_is_something_in_it),
        cmocka_unit_test(test_buffers_of_a_crowd_are_given_back),
        cmocka_unit_test(test_a_slow_reader_gets_everything_and_nothing_else_before),
        cmocka_unit_test(test_answers_may_come_later_and_what_is_pipelined_waits),
        cmocka_unit_test(test_an_answer_to_a_peer_that_has_left_goes_nowhere),
        cmocka_unit_test(test_an_exchange_outlives_the_server),
        cmocka_unit_test(test_slow_requests_are_refused_and_idle_connections_closed),
        cmocka_unit_test(test_a_trickle_does_not_move_the_deadline),
        cmocka_unit_test(test_a_peer_that_does_not_read_is_dropped),
        cmocka_unit_test(test_a_handler_that_takes_too_long_is_answered_for),
        cmocka_unit_test(test_a_process_that_was_stopped_blames_no_peer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
