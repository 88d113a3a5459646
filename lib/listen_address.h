/* Where a listening socket is bound, from the text of an option. */
#ifndef SPORLOS_LISTEN_ADDRESS_H
#define SPORLOS_LISTEN_ADDRESS_H

#include "sporlos/error.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

struct listen_address {
    union {
        struct sockaddr any;
        struct sockaddr_in v4; /* the port stands in the same place in v6 */
        struct sockaddr_in6 v6;
        struct sockaddr_un path;
    };
    socklen_t length;
    bool both; /* IPv6 that takes IPv4 as well */
};

/*
 * "127.0.0.1:8400", "[::1]:8400", "*:8400" (both families in one socket, or IPv4 alone where the kernel has no IPv6)
 * or "unix:/path". SP_MALFORMED, and a static text of why, for any other.
 */
SP_MUST_CHECK enum sp_error listen_address_parse(const char *text, struct listen_address *address, const char **why);

/* Whether the socket fd is bound there, and to the same families. */
bool listen_address_is(const struct listen_address *address, int fd);

/* Whether a connection to that local address (getsockname) can have come through the listening socket fd. */
bool listen_address_reached(int listener, const struct listen_address *local);

/* Where fd is bound; SP_IO when it is no socket or of another family. */
SP_MUST_CHECK enum sp_error listen_address_of(int fd, struct listen_address *address);

/* As an option would say it. */
void listen_address_print(const struct listen_address *address, char *out, size_t size);

#endif
