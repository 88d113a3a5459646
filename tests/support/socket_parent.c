/*
 * Plays systemd for a test: holds listening sockets, starts a program with them (LISTEN_PID, LISTEN_FDS) and starts it
 * again each time it ends well. SIGTERM ends the program, and then itself.
 *
 *     socket_parent ADDRESS... -- PROGRAM [ARGUMENT...]
 *
 * Writes 'child PID' for every start.
 */
#include "listen_address.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_FD = 3, SPARE_FD = 64, BACKLOG = 4096 };

static void
fail(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

/* At descriptor FIRST_FD + index; closed in nobody. */
static void
listen_at(const char *text, int index)
{
    struct listen_address address;
    const char *why;
    if (listen_address_parse(text, &address, &why) != SP_OK) {
        fprintf(stderr, "%s: %s\n", text, why);
        exit(EXIT_FAILURE);
    }
    int fd = socket(address.any.sa_family, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
    if (bind(fd, &address.any, address.length) != 0 || listen(fd, BACKLOG) != 0)
        fail(text);
    if (fd != FIRST_FD + index && (dup2(fd, FIRST_FD + index) < 0 || close(fd) != 0))
        fail("dup2");
}

static void
set_number(const char *name, int value)
{
    char text[16];
    snprintf(text, sizeof text, "%d", value);
    setenv(name, text, 1);
}

static pid_t
start(int sockets, char **program, const sigset_t *usual)
{
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (child == 0) {
        sigprocmask(SIG_SETMASK, usual, NULL);
        set_number("LISTEN_PID", getpid());
        set_number("LISTEN_FDS", sockets);
        execv(program[0], program);
        fail(program[0]);
    }
    printf("child %d\n", (int)child);
    fflush(stdout);
    return child;
}

int
main(int argc, char **argv)
{
    int sockets = 0;
    sigset_t watched;
    sigset_t usual;
    for (int fd = FIRST_FD; fd < SPARE_FD; fd++)
        close(fd);
    while (sockets + 1 < argc && strcmp(argv[sockets + 1], "--") != 0) {
        listen_at(argv[sockets + 1], sockets);
        sockets++;
    }
    if (sockets + 2 >= argc)
        return EXIT_FAILURE;
    sigemptyset(&watched);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGCHLD);
    sigprocmask(SIG_BLOCK, &watched, &usual);
    bool ending = false;
    pid_t child = start(sockets, argv + sockets + 2, &usual);
    for (;;) {
        int number = 0;
        int status = 0;
        sigwait(&watched, &number);
        if (number == SIGTERM && (ending = true))
            kill(child, SIGTERM);
        if (waitpid(child, &status, WNOHANG) != child)
            continue;
        if (ending || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        child = start(sockets, argv + sockets + 2, &usual);
    }
}
