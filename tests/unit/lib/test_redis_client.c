/* A server that answers anything: the test plays Redis, in the same thread, between turns of the client's loop. */
#include "sporlos/redis_client.h"

#include "sporlos/clock.h"

#include <dlfcn.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <hiredis/async.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

enum { WAIT_MS = 10000, COMMAND_MS = 60000 };

struct stage {
    struct event_base *base;
    struct redis_client *client;
    char folder[32];
    struct sockaddr_un address;
    int listener, peer;
    unsigned ups, downs, replies, lost;
    long long last;
};

static bool forget_next;

/* hiredis 0.14 takes a command, says so and has forgotten who asked, when it had no memory for that. */
int
redisAsyncCommandArgv(redisAsyncContext *async, redisCallbackFn *replied, void *asker, int argc, const char **argv,
                      const size_t *lengths)
{
    int (*take)(redisAsyncContext *, redisCallbackFn *, void *, int, const char **, const size_t *) =
        (int (*)(redisAsyncContext *, redisCallbackFn *, void *, int, const char **, const size_t *))dlsym(
            RTLD_NEXT, "redisAsyncCommandArgv");
    redisCallbackList before = async->replies;
    int status = take(async, replied, asker, argc, argv, lengths);
    if (forget_next) {
        free(async->replies.tail);
        async->replies = before;
        if (before.tail != NULL)
            before.tail->next = NULL;
    }
    forget_next = false;
    return status;
}

static void
on_changed(void *context, bool up)
{
    struct stage *stage = context;
    stage->ups += up;
    stage->downs += !up;
}

static void
on_reply(void *context, const redisReply *reply)
{
    struct stage *stage = context;
    stage->replies++;
    stage->lost += reply == NULL;
    if (reply != NULL && reply->type == REDIS_REPLY_INTEGER)
        stage->last = reply->integer;
}

static void
stage_init(struct stage *stage)
{
    *stage = (struct stage){ .base = event_base_new(), .peer = -1, .folder = "/tmp/sporlos-redis-XXXXXX" };
    assert_non_null(mkdtemp(stage->folder));
    stage->address.sun_family = AF_UNIX;
    snprintf(stage->address.sun_path, sizeof stage->address.sun_path, "%s/s", stage->folder);
    stage->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(stage->listener, (struct sockaddr *)&stage->address, sizeof stage->address), 0);
    assert_int_equal(listen(stage->listener, 4), 0);
    char url[64];
    snprintf(url, sizeof url, "unix://%s/s", stage->folder);
    const struct redis_client_options options = { url, WAIT_MS, COMMAND_MS };
    assert_int_equal(redis_client_new(stage->base, &options, on_changed, stage, &stage->client), SP_OK);
}

static void
stage_fini(struct stage *stage)
{
    redis_client_free(stage->client);
    event_base_free(stage->base);
    close(stage->peer);
    close(stage->listener);
    unlink(stage->address.sun_path);
    rmdir(stage->folder);
}

static void
turn(struct stage *stage)
{
    event_base_loop(stage->base, EVLOOP_NONBLOCK);
    usleep(500);
}

/* Until the client has asked something; false when it has gone instead. */
static bool
asked(struct stage *stage)
{
    char text[4096];
    for (int64_t end = clock_monotonic_ms() + WAIT_MS; clock_monotonic_ms() < end;) {
        turn(stage);
        ssize_t got = recv(stage->peer, text, sizeof text, MSG_DONTWAIT);
        if (got > 0)
            return true;
        if (got == 0 || errno == ECONNRESET)
            return false;
    }
    fail_msg("nothing was asked");
    return false;
}

/* The client's next connection, with its PING. */
static void
expect_connection(struct stage *stage)
{
    if (stage->peer >= 0)
        close(stage->peer);
    stage->peer = -1;
    for (int64_t end = clock_monotonic_ms() + WAIT_MS; stage->peer < 0 && clock_monotonic_ms() < end;) {
        turn(stage);
        stage->peer = accept4(stage->listener, NULL, NULL, SOCK_NONBLOCK);
    }
    assert_true(stage->peer >= 0);
    assert_true(asked(stage));
}

static void
answer(struct stage *stage, const char *text)
{
    assert_int_equal(send(stage->peer, text, strlen(text), MSG_NOSIGNAL), strlen(text));
    for (int i = 0; i < 20; i++)
        turn(stage);
}

static void
come_up(struct stage *stage)
{
    unsigned before = stage->ups;
    expect_connection(stage);
    answer(stage, "+PONG\r\n");
    assert_int_equal(stage->ups, before + 1);
    assert_true(redis_client_up(stage->client));
}

static enum sp_error
send_get(struct stage *stage, bool forget)
{
    const char *words[] = { "GET", "a" };
    const size_t lengths[] = { 3, 1 };
    forget_next = forget;
    return redis_client_send(stage->client, on_reply, stage, 2, words, lengths);
}

static void
ask(struct stage *stage)
{
    assert_int_equal(send_get(stage, false), SP_OK);
    assert_true(asked(stage));
}

static void
test_who_does_not_say_pong_is_not_up(void **state)
{
    (void)state;
    static const char *const answers[] = { ":1\r\n",   "$-1\r\n",       "*-1\r\n",
                                           "*0\r\n",   "*1\r\n$-1\r\n", "$0\r\n\r\n",
                                           "-ERR\r\n", "-\r\n",         "-LOADING Redis is loading\r\n" };
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct stage stage;
        stage_init(&stage);
        expect_connection(&stage);
        answer(&stage, answers[i]);
        assert_false(redis_client_up(stage.client));
        assert_int_equal(redis_client_statistics(stage.client).errors, 1);
        stage_fini(&stage);
    }
}

static void
test_an_answer_that_nobody_asked_for_ends_the_connection(void **state)
{
    (void)state;
    static const char *const answers[] = { "+OK\r\n",      ":1\r\n",      "$-1\r\n", "*0\r\n",
                                           "*1\r\n:1\r\n", "$1\r\na\r\n", "-ERR\r\n" };
    struct stage stage;
    stage_init(&stage);
    for (unsigned i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        come_up(&stage);
        answer(&stage, answers[i]);
        assert_int_equal(stage.downs, i + 1);
    }
    come_up(&stage);
    stage_fini(&stage);
}

static void
test_two_answers_to_one_question(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    come_up(&stage);
    ask(&stage);
    answer(&stage, ":5\r\n:6\r\n");
    assert_int_equal(stage.replies, 1);
    assert_int_equal(stage.last, 5);
    assert_int_equal(stage.downs, 1);
    come_up(&stage);
    stage_fini(&stage);
}

static void
test_an_array_of_gigabytes_is_not_made_room_for(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    for (unsigned i = 1; i <= 2; i++) {
        come_up(&stage);
        ask(&stage);
        answer(&stage, i == 1 ? "*2147483647\r\n:1\r\n" : "*1\r\n*1048577\r\n:1\r\n");
        assert_int_equal(stage.lost, i);
        assert_int_equal(stage.downs, i);
    }
    stage_fini(&stage);
}

static void
test_an_answer_without_end_is_given_up(void **state)
{
    (void)state;
    static char piece[1 << 20];
    struct stage stage;
    stage_init(&stage);
    come_up(&stage);
    ask(&stage);
    memset(piece, 'a', sizeof piece);
    answer(&stage, "$2000000000\r\n");
    size_t sent = 0;
    for (int64_t end = clock_monotonic_ms() + 3 * WAIT_MS; stage.lost == 0 && clock_monotonic_ms() < end;) {
        ssize_t went = send(stage.peer, piece, sizeof piece, MSG_NOSIGNAL | MSG_DONTWAIT);
        sent += went > 0 ? (size_t)went : 0;
        event_base_loop(stage.base, EVLOOP_NONBLOCK);
    }
    assert_int_equal(stage.lost, 1);
    assert_in_range(sent, 1 << 20, 100 << 20);
    come_up(&stage);
    stage_fini(&stage);
}

/* Whoever is forgotten hears it at once, nobody gets another's answer, and the next connection is as good as any. */
static void
test_who_asked_is_forgotten(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage);
    for (unsigned forgotten = 0; forgotten < 3; forgotten++) {
        come_up(&stage);
        stage.replies = stage.lost = 0;
        for (unsigned i = 0; i < 3; i++)
            assert_int_equal(send_get(&stage, i == forgotten), i == forgotten ? SP_UNAVAILABLE : SP_OK);
        assert_false(asked(&stage));
        for (int i = 0; i < 20; i++)
            turn(&stage);
        assert_int_equal(stage.replies, 2);
        assert_int_equal(stage.lost, 2);
        assert_int_equal(stage.downs, forgotten + 1);
    }
    come_up(&stage);
    ask(&stage);
    answer(&stage, ":7\r\n");
    assert_int_equal(stage.replies, 3);
    assert_int_equal(stage.last, 7);
    stage_fini(&stage);
}

int
main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_does_not_say_pong_is_not_up),
        cmocka_unit_test(test_an_answer_that_nobody_asked_for_ends_the_connection),
        cmocka_unit_test(test_two_answers_to_one_question),
        cmocka_unit_test(test_an_array_of_gigabytes_is_not_made_room_for),
        cmocka_unit_test(test_an_answer_without_end_is_given_up),
        cmocka_unit_test(test_who_asked_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
