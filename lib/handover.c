/* The list goes through a memory file, since an environment variable has no room for ten thousand connections. */
#include "sporlos/handover.h"

#include "listen_address.h"
#include "sporlos/http_handover.h"
#include "sporlos/log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LIST_VARIABLE "SPORLOS_SOCKETS" /* PID:DESCRIPTOR */
#define LIST_TITLE "sporlos sockets 1\n"

enum { FIRST_FD = 3, SUPERVISED_MAX = HTTP_LISTENER_MAX * 2 };

struct handover {
    struct http_socket *sockets; /* fd -1: taken */
    size_t count;
    bool supervised; /* from systemd, not from the process before */
};

static char why_text[512];

/* ---- what a process is started with ---- */

/* A decimal number up to max at the start of text; *rest is what stands behind it, NULL when there is none. */
static long
number(const char *text, long max, const char **rest)
{
    char *end = NULL;
    errno = 0;
    long value = text[0] >= '0' && text[0] <= '9' ? strtol(text, &end, 10) : -1;
    *rest = value >= 0 && value <= max && errno == 0 ? end : NULL;
    return value;
}

static bool
add(struct handover *handover, int fd, enum http_socket_kind kind, uint32_t requests)
{
    struct http_socket *more = realloc(handover->sockets, (handover->count + 1) * sizeof *more);
    if (more == NULL)
        return false;
    handover->sockets = more;
    more[handover->count++] = (struct http_socket){ fd, kind, requests };
    return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static enum sp_error
refuse(const char **why, const char *sentence)
{
    *why = sentence;
    return SP_REFUSED;
}

/* ---- from systemd ---- */

static bool
listens(int fd)
{
    int type = 0;
    int accepts = 0;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &(socklen_t){ sizeof type }) == 0 && type == SOCK_STREAM &&
           getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &(socklen_t){ sizeof accepts }) == 0 && accepts != 0;
}

static long
names_in(const char *list)
{
    long count = 1;
    for (; *list != '\0'; list++)
        count += *list == ':';
    return count;
}

static enum sp_error
read_supervised(struct handover *handover, const char *pid, const char *fds, const char *names, const char **why)
{
    const char *rest;
    if (pid == NULL || fds == NULL || number(pid, INT_MAX, &rest) != getpid() || rest == NULL || *rest != '\0')
        return SP_OK; /* meant for another process */
    long count = number(fds, SUPERVISED_MAX, &rest);
    if (rest == NULL || *rest != '\0' || count == 0)
        return refuse(why, "LISTEN_FDS is not a number of sockets from 1 to 32");
    if (names != NULL && names_in(names) != count)
        return refuse(why, "LISTEN_FDNAMES does not have as many names as LISTEN_FDS has sockets");
    handover->supervised = true;
    for (int fd = FIRST_FD; fd < FIRST_FD + count; fd++) {
        if (!listens(fd)) {
            snprintf(why_text, sizeof why_text,
                     "LISTEN_FDS: descriptor %d is not a listening stream socket; the socket unit needs ListenStream= "
                     "and Accept=no",
                     fd);
            return refuse(why, why_text);
        }
        if (!add(handover, fd, HTTP_SOCKET_LASTS, 0))
            return SP_NO_MEMORY;
    }
    return SP_OK;
}

/* ---- from the process before ---- */

/* A sealed memory file can only come from handover_exec. */
static bool
sealed(int fd)
{
    int seals = fcntl(fd, F_GET_SEALS);
    return seals >= 0 && (seals & F_SEAL_WRITE) != 0;
}

static bool
read_list(struct handover *handover, FILE *list)
{
    char title[sizeof LIST_TITLE];
    int fd;
    unsigned kind;
    uint32_t requests;
    if (fgets(title, sizeof title, list) == NULL || strcmp(title, LIST_TITLE) != 0)
        return false;
    while (fscanf(list, "%d %u %" SCNu32, &fd, &kind, &requests) == 3)
        if (fd < FIRST_FD || kind >= HTTP_SOCKET_KINDS || !add(handover, fd, (enum http_socket_kind)kind, requests))
            return false;
    return true;
}

static enum sp_error
read_left(struct handover *handover, const char *variable, const char **why)
{
    const char *rest;
    long pid = number(variable, INT_MAX, &rest);
    if (rest == NULL || *rest != ':' || pid != getpid())
        return SP_OK;
    int fd = (int)number(rest + 1, INT_MAX, &rest);
    if (rest == NULL || *rest != '\0' || fd < FIRST_FD || !sealed(fd))
        return refuse(why, LIST_VARIABLE " does not name a list of sockets; it is not for others to set");
    FILE *list = fdopen(fd, "r");
    bool fine = list != NULL && fseek(list, 0, SEEK_SET) == 0 && read_list(handover, list);
    if (list != NULL)
        fclose(list);
    return fine ? SP_OK : refuse(why, LIST_VARIABLE ": the list of sockets cannot be read");
}

/* ---- taking ---- */

enum sp_error
handover_take(struct handover **out, const char **why)
{
    *out = NULL;
    *why = "out of memory";
    struct handover *handover = calloc(1, sizeof *handover);
    if (handover == NULL)
        return SP_NO_MEMORY;
    const char *left = getenv(LIST_VARIABLE);
    enum sp_error error = left != NULL ? read_left(handover, left, why)
                                       : read_supervised(handover, getenv("LISTEN_PID"), getenv("LISTEN_FDS"),
                                                         getenv("LISTEN_FDNAMES"), why);
    unsetenv(LIST_VARIABLE);
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    if (error != SP_OK) {
        handover_free(handover);
        return error;
    }
    *out = handover;
    return SP_OK;
}

void
handover_free(struct handover *handover)
{
    if (handover == NULL)
        return;
    for (size_t i = 0; i < handover->count; i++)
        if (handover->sockets[i].fd >= 0)
            close(handover->sockets[i].fd);
    free(handover->sockets);
    free(handover);
}

static bool
is_listener(const struct http_socket *socket)
{
    return socket->fd >= 0 && (socket->kind == HTTP_SOCKET_LISTENS || socket->kind == HTTP_SOCKET_LASTS);
}

static struct http_socket *
find(struct handover *handover, const char *text)
{
    struct listen_address address;
    const char *why;
    if (handover == NULL || listen_address_parse(text, &address, &why) != SP_OK)
        return NULL;
    for (size_t i = 0; i < handover->count; i++)
        if (is_listener(&handover->sockets[i]) && listen_address_is(&address, handover->sockets[i].fd))
            return &handover->sockets[i];
    return NULL;
}

enum sp_error
handover_listen(struct handover *handover, struct http_server *server, const char *address, bool proxy,
                const char **why)
{
    struct http_socket *socket = find(handover, address);
    if (socket == NULL)
        return proxy ? http_server_listen_proxy(server, address, why) : http_server_listen(server, address, why);
    unsigned how = (proxy ? HTTP_ADOPT_PROXY : 0U) | (socket->kind == HTTP_SOCKET_LASTS ? HTTP_ADOPT_LASTS : 0U);
    *why = "the socket that was handed over for it does not listen, or there are too many";
    enum sp_error error = http_server_adopt_as(server, socket->fd, how);
    if (error == SP_OK)
        socket->fd = -1;
    return error;
}

static bool
take_connection(const struct http_socket *socket, struct http_server *const *servers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (http_server_take(servers[i], socket))
            return true;
    return false;
}

/* systemd goes on queueing for it: only its unit can end that. */
static enum sp_error
refuse_unmatched(const struct http_socket *socket, const char *options, const char **why)
{
    struct listen_address address;
    char text[160] = "?";
    if (listen_address_of(socket->fd, &address) == SP_OK)
        listen_address_print(&address, text, sizeof text);
    snprintf(why_text, sizeof why_text,
             "a socket for %s was handed over, but %s has no such address: make the two agree", text, options);
    return refuse(why, why_text);
}

enum sp_error
handover_settle(struct handover *handover, struct http_server *const *servers, size_t count, const char *options,
                const char **why)
{
    int64_t connections = 0;
    int64_t left = 0;
    for (size_t i = 0; handover != NULL && i < handover->count; i++) {
        struct http_socket *socket = &handover->sockets[i];
        if (is_listener(socket) && handover->supervised)
            return refuse_unmatched(socket, options, why);
        left += is_listener(socket);
        if (socket->fd < 0 || is_listener(socket) || !take_connection(socket, servers, count))
            continue;
        socket->fd = -1;
        connections++;
    }
    if (handover != NULL && handover->count > 0)
        LOG(LOG_INFO, "sockets_taken_over", { "supervised", handover->supervised }, { "connections", connections },
            { "listeners_given_up", left });
    return SP_OK;
}

/* ---- giving ---- */

static const int program_signals[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR2, SIGCHLD };

void
handover_signals(bool take)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof program_signals / sizeof program_signals[0]; i++)
        sigaddset(&set, program_signals[i]);
    sigprocmask(take ? SIG_UNBLOCK : SIG_BLOCK, &set, NULL);
}

/* All sockets of all servers; owned. */
static struct http_socket *
gather(struct http_server *const *servers, size_t count, size_t *total)
{
    size_t room = 0;
    for (size_t i = 0; i < count; i++)
        room += http_server_sockets(servers[i], NULL, 0);
    struct http_socket *sockets = calloc(room + 1, sizeof *sockets);
    *total = 0;
    for (size_t i = 0; sockets != NULL && i < count; i++)
        *total += http_server_sockets(servers[i], sockets + *total, room - *total);
    return sockets;
}

static int
write_list(const struct http_socket *sockets, size_t count)
{
    int fd = memfd_create("sporlos-sockets", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    FILE *list = fd < 0 ? NULL : fdopen(dup(fd), "w");
    if (list == NULL) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    fputs(LIST_TITLE, list);
    for (size_t i = 0; i < count; i++)
        fprintf(list, "%d %u %" PRIu32 "\n", sockets[i].fd, (unsigned)sockets[i].kind, sockets[i].requests);
    bool written = ferror(list) == 0;
    if (fclose(list) == 0 && written && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW) == 0)
        return fd;
    close(fd);
    return -1;
}

static void
keep_open(const struct http_socket *sockets, size_t count, bool keep)
{
    for (size_t i = 0; i < count; i++)
        (void)fcntl(sockets[i].fd, F_SETFD, keep ? 0 : FD_CLOEXEC);
}

enum sp_error
handover_exec(struct http_server *const *servers, size_t count, char *const *arguments)
{
    char variable[48];
    size_t total = 0;
    struct http_socket *sockets = gather(servers, count, &total);
    int list = sockets == NULL ? -1 : write_list(sockets, total);
    if (list >= 0) {
        snprintf(variable, sizeof variable, "%d:%d", getpid(), list);
        /* Libraries open descriptors that would stay open: only those that are handed over do. */
        (void)close_range(FIRST_FD, ~0U, CLOSE_RANGE_CLOEXEC);
        handover_signals(false);
        setenv(LIST_VARIABLE, variable, 1);
        keep_open(sockets, total, true);
        (void)fcntl(list, F_SETFD, 0);
        execvp(arguments[0], arguments);
        int error = errno;
        unsetenv(LIST_VARIABLE);
        keep_open(sockets, total, false);
        close(list);
        handover_signals(true);
        errno = error;
    }
    free(sockets);
    return SP_IO;
}
