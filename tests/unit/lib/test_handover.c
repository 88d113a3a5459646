/* Sockets that a process is started with: from systemd, and from itself before execve(). */
#include "http_fixture.h"

#include "sporlos/handover.h"
#include "sporlos/http_handover.h"

#include <sys/wait.h>

enum { FIRST_FD = 3 };

static char self[4096];

/* ---- as systemd does it ---- */

struct start_case {
    const char *pid, *fds, *names; /* pid "": the right one */
    const char *refused;           /* a piece of the sentence, or NULL */
};

static const struct start_case start_cases[] = {
    { "", "1", NULL, NULL },
    { "", "1", "collector", NULL },
    { "1", "1", NULL, NULL }, /* for another: not looked at */
    { "", NULL, NULL, NULL },
    { NULL, "1", NULL, NULL },
    { "x", "1", NULL, NULL },
    { "", "0", NULL, "LISTEN_FDS" },
    { "", "-1", NULL, "LISTEN_FDS" },
    { "", "1x", NULL, "LISTEN_FDS" },
    { "", "99999999999999999999", NULL, "LISTEN_FDS" },
    { "", "33", NULL, "LISTEN_FDS" },
    { "", "1", "a:b", "LISTEN_FDNAMES" },
    { "", "2", NULL, "descriptor 4 is not a listening" },
};

static void
set_or_not(const char *name, const char *value)
{
    if (value == NULL)
        unsetenv(name);
    else
        setenv(name, value, 1);
}

/* In a child: descriptors 3 and 4 are the test's own there, a listening socket and another. 0 when all is as expected.
 */
static int
start_as(const struct start_case *c)
{
    char pid[16];
    const char *why = "";
    in_port_t port = 0;
    struct handover *handover = NULL;
    snprintf(pid, sizeof pid, "%d", getpid());
    close_range(FIRST_FD, ~0U, 0);
    if (listening_socket(&port) != FIRST_FD || socket(AF_INET, SOCK_STREAM, 0) != FIRST_FD + 1)
        return 10;
    set_or_not("LISTEN_PID", c->pid != NULL && c->pid[0] == '\0' ? pid : c->pid);
    set_or_not("LISTEN_FDS", c->fds);
    set_or_not("LISTEN_FDNAMES", c->names);
    enum sp_error error = handover_take(&handover, &why);
    handover_free(handover);
    if (getenv("LISTEN_PID") != NULL || getenv("LISTEN_FDS") != NULL || getenv("LISTEN_FDNAMES") != NULL)
        return 11;
    if (c->refused == NULL)
        return error == SP_OK ? 0 : 12;
    return error == SP_REFUSED && strstr(why, c->refused) != NULL ? 0 : 13;
}

static int
in_child(int (*body)(const void *), const void *context)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(body(context));
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int
start_case_body(const void *context)
{
    return start_as(context);
}

static void
test_what_systemd_says_is_checked(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof start_cases / sizeof start_cases[0]; i++) {
        int status = in_child(start_case_body, &start_cases[i]);
        if (status != 0)
            fail_msg("case %zu: %d", i, status);
    }
}

/* *fit: the socket is for an address of the configuration. */
static int
match_body(const void *context)
{
    const bool *fit = context;
    struct fixture fixture;
    struct handover *handover = NULL;
    const char *why = "";
    char text[64];
    in_port_t port = 0;
    close_range(FIRST_FD, ~0U, 0);
    listening_socket(&port);
    snprintf(text, sizeof text, "%d", getpid());
    setenv("LISTEN_PID", text, 1);
    setenv("LISTEN_FDS", "1", 1);
    start_default(&fixture);
    if (handover_take(&handover, &why) != SP_OK)
        return 10;
    snprintf(text, sizeof text, "127.0.0.1:%u", ntohs(port));
    if (*fit && handover_listen(handover, fixture.server, text, false, &why) != SP_OK)
        return 11;
    enum sp_error error = handover_settle(handover, &fixture.server, 1, "some.listen", &why);
    bool said = strstr(why, text) != NULL && strstr(why, "some.listen") != NULL;
    handover_free(handover);
    stop(&fixture);
    return *fit ? error != SP_OK : error != SP_REFUSED || !said;
}

static void
test_a_socket_that_nothing_is_configured_for_is_refused(void **state)
{
    (void)state;
    assert_int_equal(in_child(match_body, &(bool){ true }), 0);
    assert_int_equal(in_child(match_body, &(bool){ false }), 0);
}

static int
liar_body(const void *descriptor)
{
    struct handover *handover = NULL;
    const char *why = "";
    char text[32];
    snprintf(text, sizeof text, "%d:%s", getpid(), (const char *)descriptor);
    setenv("SPORLOS_SOCKETS", text, 1);
    enum sp_error error = handover_take(&handover, &why);
    handover_free(handover);
    return error == SP_REFUSED ? 0 : 1;
}

static void
test_a_list_that_is_not_ours_is_refused(void **state)
{
    (void)state;
    assert_int_equal(in_child(liar_body, "0"), 0);
    assert_int_equal(in_child(liar_body, "99"), 0);
    assert_int_equal(in_child(liar_body, ""), 0);
    assert_int_equal(in_child(liar_body, "5x"), 0);
}

/* ---- as an upgrade does it ---- */

/* The program after: takes over, and answers until both clients are gone. */
static int
be_next(const char *port)
{
    struct fixture fixture;
    struct handover *handover = NULL;
    const char *why = "";
    char address[32];
    start_default(&fixture);
    snprintf(address, sizeof address, "127.0.0.1:%s", port);
    if (handover_take(&handover, &why) != SP_OK ||
        handover_listen(handover, fixture.server, address, false, &why) != SP_OK ||
        handover_settle(handover, &fixture.server, 1, "here", &why) != SP_OK)
        return 20;
    handover_free(handover);
    handover_signals(true);
    while (fixture.closed < 2)
        turn(&fixture);
    stop(&fixture);
    if (fixture.accepted != 2 || fixture.requests == 0)
        return 22;
    return fcntl(99, F_GETFD) == -1 ? 0 : 21; /* what was open beside the sockets did not come along */
}

static int
be_first(const void *context)
{
    struct fixture fixture = *(const struct fixture *)context;
    const struct http_handler handler = { on_accept, on_request, on_refused, on_close, &fixture };
    struct http_server_options options = http_server_defaults();
    char port[16];
    fixture.base = event_base_new();
    if (http_server_new(fixture.base, &options, &handler, &fixture.server) != SP_OK ||
        http_server_adopt(fixture.server, fixture.refused_status) != SP_OK || dup2(STDIN_FILENO, 99) != 99)
        return 10;
    while (fixture.requests == 0)
        turn(&fixture);
    while (http_server_hold(fixture.server) > 0)
        turn(&fixture);
    char *missing[] = { (char *)"/nowhere/program", NULL };
    if (handover_exec(&fixture.server, 1, missing) == SP_OK || getenv("SPORLOS_SOCKETS") != NULL)
        return 11;
    snprintf(port, sizeof port, "%u", ntohs(fixture.port));
    char *arguments[] = { self, (char *)"next", port, NULL };
    (void)handover_exec(&fixture.server, 1, arguments);
    return 12;
}

static void
test_another_program_answers_on_the_same_connection(void **state)
{
    (void)state;
    int status = 0;
    struct fixture fixture = { .base = NULL };
    int listener = fixture.refused_status = listening_socket(&fixture.port);
    pid_t child = fork();
    if (child == 0)
        _exit(be_first(&fixture));
    close(listener);
    fixture.base = event_base_new();
    int fd = connect_client(&fixture);
    say(fd, NONE);
    expect(&fixture, fd, NONE_ANSWER);
    int waiting = connect_client(&fixture);
    say(fd, NONE); /* before, amid or after execve() */
    expect(&fixture, fd, NONE_ANSWER);
    say(waiting, NONE);
    turns(&fixture, 50);
    say(fd, NONE); /* certainly after */
    expect(&fixture, fd, NONE_ANSWER);
    expect(&fixture, waiting, NONE_ANSWER);
    close(fd);
    close(waiting);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    event_base_free(fixture.base);
}

int
main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "next") == 0)
        return be_next(argv[2]);
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_systemd_says_is_checked),
        cmocka_unit_test(test_a_socket_that_nothing_is_configured_for_is_refused),
        cmocka_unit_test(test_a_list_that_is_not_ours_is_refused),
        cmocka_unit_test(test_another_program_answers_on_the_same_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
