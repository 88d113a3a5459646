/*
 * A server's sockets, the ones that listen and the established connections between two requests, on their way from one
 * process to the next that takes its place.
 */
#ifndef SPORLOS_HTTP_HANDOVER_H
#define SPORLOS_HTTP_HANDOVER_H

#include "sporlos/http_server.h"

enum http_socket_kind {
    HTTP_SOCKET_LISTENS,
    HTTP_SOCKET_LASTS, /* listens, and is kept open by somebody else as well (HTTP_ADOPT_LASTS) */
    HTTP_SOCKET_NEW,   /* a connection that has not said anything */
    HTTP_SOCKET_IDLE,  /* a connection between two requests */
    HTTP_SOCKET_KINDS,
};

struct http_socket {
    int fd;
    enum http_socket_kind kind;
    uint32_t requests; /* that the connection has brought so far */
};

/*
 * Accept nothing and begin no request; those under way go on. Returns how many connections could not be handed over
 * now: they are in the middle of a request, or what a PROXY header said of them would be lost (those get an answer that
 * ends them, if they ask again). To be called again and again until it is 0 or patience ends. What arrives meanwhile
 * waits in the kernel.
 */
uint32_t http_server_hold(struct http_server *server);

/* After http_server_hold: go on as before. */
void http_server_resume(struct http_server *server);

/* What can be handed over, at most max of it; the server keeps it. Returns how much there is. */
size_t http_server_sockets(const struct http_server *server, struct http_socket *sockets, size_t max);

/*
 * Go on with a connection of another process, which came through one of this server's listeners: on_accept is asked as
 * for a new one. False, and fd stays the caller's, when it did not. Else fd is taken, also where that meant closing it.
 */
SP_MUST_CHECK bool http_server_take(struct http_server *server, const struct http_socket *socket);

#endif
