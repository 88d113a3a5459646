/* Listening and accepting: what may refuse a peer, and how accepting pauses instead of spinning. */
#include "http_internal.h"

#include "listen_address.h"
#include "sporlos/address_page.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LISTEN_BACKLOG = 4096,         /* the kernel caps it at net.core.somaxconn */
    ACCEPT_BATCH = 32,             /* peers a wake-up; the others wait for the next turn of the loop */
    ACCEPT_RETRY_MS = 100,         /* without descriptors */
    SEND_BUFFER_BYTES = 64 * 1024, /* the kernel doubles it */
};

/* ---- accepting ---- */

void
http_accept_pause(struct http_server *server)
{
    server->accepting = false;
    for (unsigned i = 0; i < server->listener_count; i++)
        event_del(&server->listeners[i].acceptable);
}

void
http_accept_resume(struct http_server *server)
{
    bool waiting = event_pending(&server->retry_accept, EV_TIMEOUT, NULL) != 0;
    if (server->accepting || server->draining || server->held || waiting ||
        server->slot_count >= server->options.connection_max)
        return;
    server->accepting = true;
    for (unsigned i = 0; i < server->listener_count; i++)
        event_add(&server->listeners[i].acceptable, NULL);
}

void
http_accept_retry(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    http_accept_resume(argument);
}

static void
pause_for_a_while(struct http_server *server)
{
    http_accept_pause(server);
    struct timeval wait = { 0, ACCEPT_RETRY_MS * 1000 };
    event_add(&server->retry_accept, &wait);
}

/* No descriptors: let one peer know with the one that was kept for that, then let the others wait. */
static void
refuse_one(struct http_server *server, int listener)
{
    if (server->reserve_fd >= 0)
        close(server->reserve_fd);
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        http_answer_unavailable(fd);
        close(fd);
        http_count_refusal(server, 503);
    }
    server->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Whether to go on with the next peer. */
static bool
accept_failed(struct http_listener *listener, int error)
{
    switch (error) {
    case EAGAIN:
        return false;
    case EMFILE:
    case ENFILE:
        refuse_one(listener->server, listener->fd);
        pause_for_a_while(listener->server);
        return false;
    case ENOBUFS:
    case ENOMEM:
    case EINVAL: /* shut down by somebody who shares it */
        pause_for_a_while(listener->server);
        return false;
    default: /* the peer's own trouble: ECONNABORTED, EPROTO, ENETDOWN ... (accept(2)) */
        return true;
    }
}

static void
welcome(struct http_listener *listener, int fd, const struct sockaddr *address, socklen_t length)
{
    struct http_server *server = listener->server;
    enum http_arrival arrival = listener->proxy ? HTTP_ARRIVAL_PROXY : HTTP_ARRIVAL_DIRECT;
    struct http_connection *connection = http_connection_new(server, fd);
    if (connection == NULL) {
        close(fd);
        return;
    }
    connection->welcome =
        server->handler.on_accept(server->handler.context, arrival, address, length, connection->exchange.peer);
    if (!connection->welcome) {
        server->statistics.turned_away++;
        close(fd);
        connection->fd = -1; /* there are no events to take back yet */
        http_connection_free(connection);
        return;
    }
    if (address->sa_family != AF_UNIX)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    if (http_connection_start(connection, listener->proxy) != SP_OK)
        http_connection_free(connection);
}

static bool
accept_one(struct http_listener *listener)
{
    struct http_server *server = listener->server;
    if (server->slot_count >= server->options.connection_max) {
        http_accept_pause(server);
        return false;
    }
    struct sockaddr_storage *address = &address_page()->accepted;
    socklen_t length = sizeof *address;
    address->ss_family = AF_UNIX; /* what accept(2) leaves as it is for a peer without an address */
    int fd = accept4(listener->fd, (struct sockaddr *)address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return accept_failed(listener, errno);
    welcome(listener, fd, (const struct sockaddr *)address, length);
    explicit_bzero(address, sizeof *address);
    return true;
}

static void
on_acceptable(evutil_socket_t fd, short what, void *argument)
{
    (void)fd;
    (void)what;
    for (int i = 0; i < ACCEPT_BATCH && accept_one(argument); i++)
        ;
}

/* ---- listening ---- */

static enum sp_error
failed(int fd, const char *reason, const char **why)
{
    *why = reason != NULL ? reason : strerror(errno);
    if (fd >= 0)
        close(fd);
    return SP_IO;
}

enum sp_error
http_server_adopt(struct http_server *server, int fd)
{
    return http_server_adopt_as(server, fd, 0);
}

enum sp_error
http_server_adopt_as(struct http_server *server, int fd, unsigned how)
{
    int listens = 0;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &(socklen_t){ sizeof listens }) != 0 || listens == 0)
        return SP_IO;
    if (server->listener_count == HTTP_LISTENER_MAX)
        return SP_FULL;
    /* Connections inherit it: what peers leave lying unread, the kernel would else keep megabytes of for each. */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &(int){ SEND_BUFFER_BYTES }, sizeof(int));
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
        return SP_IO;
    struct http_listener *listener = &server->listeners[server->listener_count];
    *listener = (struct http_listener){ .server = server, .fd = fd };
    listener->proxy = (how & HTTP_ADOPT_PROXY) != 0;
    listener->lasts = (how & HTTP_ADOPT_LASTS) != 0;
    event_assign(&listener->acceptable, server->base, fd, EV_READ | EV_PERSIST, on_acceptable, listener);
    if (server->accepting && event_add(&listener->acceptable, NULL) != 0)
        return SP_NO_MEMORY;
    server->listener_count++;
    return SP_OK;
}

/* Takes fd. */
static enum sp_error
listen_on(struct http_server *server, int fd, const char **why)
{
    if (listen(fd, LISTEN_BACKLOG) != 0)
        return failed(fd, NULL, why);
    enum sp_error error = http_server_adopt(server, fd);
    if (error != SP_OK)
        (void)failed(fd, "too many listening sockets, or no memory", why);
    return error;
}

/* Whether somebody listens at address. */
static bool
in_use(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return true;
    bool refused = connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
    close(fd);
    return !refused;
}

/* Make room for a socket at address; NULL or why not. */
static const char *
clear_path(const struct sockaddr_un *address)
{
    struct stat status;
    if (lstat(address->sun_path, &status) != 0)
        return errno == ENOENT ? NULL : strerror(errno);
    if (!S_ISSOCK(status.st_mode))
        return "a file that is not a socket is in the way";
    if (in_use(address))
        return "another process listens on this socket";
    return unlink(address->sun_path) == 0 ? NULL : strerror(errno);
}

static enum sp_error
listen_unix(struct http_server *server, const struct listen_address *address, const char **why)
{
    *why = clear_path(&address->path);
    if (*why != NULL)
        return SP_IO;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, &address->any, address->length) != 0)
        return failed(fd, NULL, why);
    if (chmod(address->path.sun_path, 0660) != 0) /* before listen: nobody can have come in by the wider mode */
        return failed(fd, NULL, why);
    return listen_on(server, fd, why);
}

static enum sp_error
listen_inet(struct http_server *server, const struct listen_address *address, const char **why)
{
    int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return failed(fd, NULL, why);
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)) != 0)
        return failed(fd, NULL, why);
    if (address->any.sa_family == AF_INET6 &&
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){ !address->both }, sizeof(int)) != 0)
        return failed(fd, NULL, why);
    if (bind(fd, &address->any, address->length) != 0)
        return failed(fd, NULL, why);
    return listen_on(server, fd, why);
}

enum sp_error
http_server_listen(struct http_server *server, const char *text, const char **why)
{
    struct listen_address address;
    enum sp_error error = listen_address_parse(text, &address, why);
    if (error != SP_OK)
        return error;
    return address.any.sa_family == AF_UNIX ? listen_unix(server, &address, why) : listen_inet(server, &address, why);
}

enum sp_error
http_server_listen_proxy(struct http_server *server, const char *address, const char **why)
{
    enum sp_error error = http_server_listen(server, address, why);
    if (error == SP_OK)
        server->listeners[server->listener_count - 1].proxy = true;
    return error;
}

void
http_listen_close(struct http_server *server, bool take_waiting)
{
    for (unsigned i = 0; i < server->listener_count; i++) {
        struct http_listener *listener = &server->listeners[i];
        while (take_waiting && !listener->lasts && server->accepting && accept_one(listener))
            ;
        event_del(&listener->acceptable);
        close(listener->fd);
    }
    server->listener_count = 0;
}
