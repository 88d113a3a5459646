#include "sendmail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sporlos/clock.h"

/* Standard input from fd, nothing else; no signal blocked or ignored as they are here. */
static int
spawn(const char *path, int fd, pid_t *pid)
{
    char *const arguments[] = { (char *)(uintptr_t)path, (char *)(uintptr_t) "-t", (char *)(uintptr_t) "-i", NULL };
    char *const environment[] = { (char *)(uintptr_t) "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", NULL };
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t normal;
    sigemptyset(&none);
    sigemptyset(&normal);
    sigaddset(&normal, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &normal);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int code = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return code;
}

/* Until fd is ready; false when the time is over. */
static bool
wait_for(int fd, short events, int64_t until_ms)
{
    for (;;) {
        int64_t rest_ms = until_ms - clock_monotonic_ms();
        struct pollfd ready = { .fd = fd, .events = events };
        int count = rest_ms <= 0 ? 0 : poll(&ready, 1, (int)rest_ms);
        if (count > 0 || (count < 0 && errno != EINTR))
            return count > 0;
        if (count == 0)
            return false;
    }
}

/* A program that does not read to the end has its reasons, which its exit status tells. */
static void
feed(int fd, struct span message, int64_t until_ms)
{
    while (message.length > 0 && wait_for(fd, POLLOUT, until_ms)) {
        ssize_t written = write(fd, message.at, message.length);
        if (written < 0 && errno != EAGAIN && errno != EINTR)
            return;
        if (written > 0)
            message = span_of(message.at + written, message.length - (size_t)written);
    }
}

static enum sp_error
await(pid_t pid, int64_t until_ms)
{
    int fd = pidfd_open(pid, 0);
    int status = 0;
    bool has_ended = fd >= 0 && wait_for(fd, POLLIN, until_ms);
    if (!has_ended)
        kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (fd >= 0)
        close(fd);
    if (!has_ended || !WIFEXITED(status))
        return SP_UNAVAILABLE;
    return WEXITSTATUS(status) == 0 ? SP_OK : SP_REFUSED;
}

enum sp_error
sendmail_run(const char *path, struct span message, int wait_ms)
{
    int64_t until_ms = clock_monotonic_ms() + wait_ms;
    int ends[2];
    pid_t pid;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return SP_REFUSED;
    int code = spawn(path, ends[0], &pid);
    close(ends[0]);
    if (code == 0) {
        fcntl(ends[1], F_SETFL, O_NONBLOCK);
        feed(ends[1], message, until_ms);
    }
    close(ends[1]);
    return code == 0 ? await(pid, until_ms) : SP_REFUSED;
}
