#include "sporlos/upgrade.h"

#include "sporlos/clock.h"
#include "sporlos/handover.h"
#include "sporlos/http_handover.h"
#include "sporlos/log.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HOLD_POLL_MS = 2, SERVERS_MAX = 4 };

enum upgrade_state { UPGRADE_NONE, UPGRADE_CHECKING, UPGRADE_HOLDING, UPGRADE_PREPARING, UPGRADE_FAILED };

struct upgrade {
    struct upgrade_plan plan;
    struct http_server *servers[SERVERS_MAX];
    size_t server_count;
    enum upgrade_state state;
    pid_t check; /* 0: none */
    struct event *check_ended, *timer;
    int64_t hold_until_ms;
    int kept_signal; /* 0: none */
    uint64_t refused;
};

static void
wait_ms(struct upgrade *upgrade, int ms)
{
    event_add(upgrade->timer, &(struct timeval){ ms / 1000, ms % 1000 * 1000 });
}

static void
refuse(struct upgrade *upgrade, const char *reason, int64_t status)
{
    upgrade->state = UPGRADE_NONE;
    upgrade->refused++;
    event_del(upgrade->timer);
    fprintf(stderr, "%s: no upgrade: %s; the program that runs goes on\n", program_invocation_short_name, reason);
    LOG(LOG_ERROR, "upgrade_refused", { "status", status });
}

/* ---- the check ---- */

/* NULL when memory is short. */
static char **
check_arguments(const struct upgrade_plan *plan)
{
    size_t count = 0;
    while (plan->arguments[count] != NULL)
        count++;
    char **arguments = calloc(count + 2, sizeof *arguments);
    if (arguments != NULL) {
        memcpy(arguments, plan->arguments, count * sizeof *arguments);
        arguments[count] = (char *)(uintptr_t)plan->check;
    }
    return arguments;
}

/* In a process that has the standard three descriptors alone, and no signal blocked or ignored. */
static int
spawn(char **arguments, pid_t *child)
{
    extern char **environ;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawnp(child, arguments[0], &files, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

void
upgrade_begin(struct upgrade *upgrade)
{
    if (upgrade->state != UPGRADE_NONE) {
        LOG_BARE(LOG_WARNING, "upgrade_under_way");
        return;
    }
    char **arguments = check_arguments(&upgrade->plan);
    int error = arguments == NULL ? ENOMEM : spawn(arguments, &upgrade->check);
    free(arguments);
    if (error != 0) {
        upgrade->check = 0;
        refuse(upgrade, strerror(error), error);
        return;
    }
    LOG_BARE(LOG_INFO, "upgrade_checks");
    upgrade->state = UPGRADE_CHECKING;
    wait_ms(upgrade, upgrade->plan.check_ms);
}

static void
end_check(struct upgrade *upgrade)
{
    if (upgrade->check == 0)
        return;
    kill(upgrade->check, SIGKILL);
    waitpid(upgrade->check, NULL, 0);
    upgrade->check = 0;
}

static void
on_check_ended(evutil_socket_t number, short what, void *context)
{
    struct upgrade *upgrade = context;
    int status = 0;
    (void)number;
    (void)what;
    if (upgrade->check == 0 || waitpid(upgrade->check, &status, WNOHANG) != upgrade->check)
        return;
    upgrade->check = 0;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        refuse(upgrade, "the new program says that it cannot start",
               WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
        return;
    }
    upgrade->state = UPGRADE_HOLDING;
    upgrade->hold_until_ms = clock_monotonic_ms() + upgrade->plan.hold_ms;
    wait_ms(upgrade, 0);
}

/* ---- the moment between ---- */

static void
hold(struct upgrade *upgrade)
{
    uint32_t busy = 0;
    for (size_t i = 0; i < upgrade->server_count; i++)
        busy += http_server_hold(upgrade->servers[i]);
    if (busy > 0 && clock_monotonic_ms() < upgrade->hold_until_ms) {
        wait_ms(upgrade, HOLD_POLL_MS);
        return;
    }
    if (busy > 0)
        LOG(LOG_WARNING, "upgrade_cuts_off", { "connections", busy });
    upgrade->state = UPGRADE_PREPARING;
    upgrade->plan.prepare(upgrade->plan.context);
}

void
upgrade_exec(struct upgrade *upgrade)
{
    LOG_BARE(LOG_INFO, "upgrade");
    handover_signals(false);
    if (upgrade->kept_signal != 0)
        raise(upgrade->kept_signal); /* waits, blocked, for whoever takes signals in again */
    upgrade->kept_signal = 0;
    enum sp_error error = handover_exec(upgrade->servers, upgrade->server_count, upgrade->plan.arguments);
    refuse(upgrade, strerror(errno), error);
    upgrade->state = UPGRADE_FAILED;
    handover_signals(true);
    wait_ms(upgrade, 0);
}

static void
go_on(struct upgrade *upgrade)
{
    upgrade->state = UPGRADE_NONE;
    upgrade->plan.failed(upgrade->plan.context);
    for (size_t i = 0; i < upgrade->server_count; i++)
        http_server_resume(upgrade->servers[i]);
    int kept = upgrade->kept_signal;
    upgrade->kept_signal = 0;
    if (kept != 0)
        raise(kept);
}

static void
on_timer(evutil_socket_t fd, short what, void *context)
{
    struct upgrade *upgrade = context;
    (void)fd;
    (void)what;
    if (upgrade->state == UPGRADE_CHECKING) {
        end_check(upgrade);
        refuse(upgrade, "the new program did not say in time that it can start", -1);
    } else if (upgrade->state == UPGRADE_HOLDING) {
        hold(upgrade);
    } else if (upgrade->state == UPGRADE_FAILED) {
        go_on(upgrade);
    }
}

bool
upgrade_yield(struct upgrade *upgrade, int signal_number)
{
    if (upgrade->state == UPGRADE_CHECKING) {
        end_check(upgrade);
        event_del(upgrade->timer);
        upgrade->state = UPGRADE_NONE;
    }
    if (upgrade->state == UPGRADE_NONE)
        return true;
    upgrade->kept_signal = signal_number;
    return false;
}

/* ---- beginning and end ---- */

enum sp_error
upgrade_new(struct event_base *base, const struct upgrade_plan *plan, struct http_server *const *servers, size_t count,
            struct upgrade **out)
{
    *out = NULL;
    struct upgrade *upgrade = count > SERVERS_MAX ? NULL : calloc(1, sizeof *upgrade);
    if (upgrade == NULL)
        return SP_NO_MEMORY;
    upgrade->plan = *plan;
    memcpy(upgrade->servers, servers, count * sizeof *servers);
    upgrade->server_count = count;
    upgrade->timer = evtimer_new(base, on_timer, upgrade);
    upgrade->check_ended = evsignal_new(base, SIGCHLD, on_check_ended, upgrade);
    if (upgrade->timer == NULL || upgrade->check_ended == NULL || event_add(upgrade->check_ended, NULL) != 0) {
        upgrade_free(upgrade);
        return SP_NO_MEMORY;
    }
    *out = upgrade;
    return SP_OK;
}

void
upgrade_free(struct upgrade *upgrade)
{
    if (upgrade == NULL)
        return;
    end_check(upgrade);
    if (upgrade->timer != NULL)
        event_free(upgrade->timer);
    if (upgrade->check_ended != NULL)
        event_free(upgrade->check_ended);
    free(upgrade);
}

uint64_t
upgrade_refused(const struct upgrade *upgrade)
{
    return upgrade == NULL ? 0 : upgrade->refused;
}
