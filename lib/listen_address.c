#include "listen_address.h"

#include <arpa/inet.h>
#include <event2/util.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Static_assert(offsetof(struct sockaddr_in, sin_port) == offsetof(struct sockaddr_in6, sin6_port), "ports");

/* ---- from text ---- */

static enum sp_error
parse_path(const char *path, struct listen_address *address, const char **why)
{
    size_t length = strlen(path);
    *why = "the path is empty or longer than 107 bytes";
    if (length == 0 || length >= sizeof address->path.sun_path)
        return SP_MALFORMED;
    address->path.sun_family = AF_UNIX;
    memcpy(address->path.sun_path, path, length);
    address->length = sizeof address->path;
    *why = NULL;
    return SP_OK;
}

/* A decimal port behind the last colon; 0 when there is none. */
static in_port_t
port_of(const char *text)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || colon[1] < '0' || colon[1] > '9')
        return 0;
    char *end = NULL;
    unsigned long port = strtoul(colon + 1, &end, 10);
    return *end == '\0' && port <= UINT16_MAX ? htons((in_port_t)port) : 0;
}

static void
any_address(in_port_t port, struct listen_address *address)
{
    int probe = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0) {
        address->v4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = port };
        address->length = sizeof address->v4;
        return;
    }
    close(probe);
    address->v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = port };
    address->length = sizeof address->v6;
    address->both = true;
}

enum sp_error
listen_address_parse(const char *text, struct listen_address *address, const char **why)
{
    memset(address, 0, sizeof *address);
    *why = NULL;
    if (strncmp(text, "unix:", 5) == 0)
        return parse_path(text + 5, address, why);
    in_port_t port = port_of(text);
    if (port != 0 && text[0] == '*' && text[1] == ':') {
        any_address(port, address);
        return SP_OK;
    }
    int length = sizeof address->v6;
    /* Its port is compared because "::1" would be an address without one. */
    if (port == 0 || evutil_parse_sockaddr_port(text, &address->any, &length) != 0 || address->v4.sin_port != port) {
        *why = "not ADDRESS:PORT, [ADDRESS]:PORT, *:PORT or unix:PATH";
        return SP_MALFORMED;
    }
    address->length = (socklen_t)length;
    return SP_OK;
}

/* ---- from a socket ---- */

enum sp_error
listen_address_of(int fd, struct listen_address *address)
{
    memset(address, 0, sizeof *address);
    address->length = sizeof address->path;
    if (getsockname(fd, &address->any, &address->length) != 0)
        return SP_IO;
    if (address->any.sa_family == AF_UNIX || address->any.sa_family == AF_INET)
        return SP_OK;
    int only = 0;
    if (address->any.sa_family != AF_INET6 ||
        getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, &(socklen_t){ sizeof only }) != 0)
        return SP_IO;
    address->both = only == 0 && IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr);
    return SP_OK;
}

static bool
same_host(const struct listen_address *a, const struct listen_address *b)
{
    if (a->any.sa_family == AF_INET)
        return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
    return IN6_ARE_ADDR_EQUAL(&a->v6.sin6_addr, &b->v6.sin6_addr);
}

static bool
any_host(const struct listen_address *address)
{
    if (address->any.sa_family == AF_INET)
        return address->v4.sin_addr.s_addr == htonl(INADDR_ANY);
    return IN6_IS_ADDR_UNSPECIFIED(&address->v6.sin6_addr);
}

static bool
same(const struct listen_address *bound, const struct listen_address *other, bool any)
{
    if (bound->any.sa_family != other->any.sa_family)
        return false;
    if (bound->any.sa_family == AF_UNIX)
        return strncmp(bound->path.sun_path, other->path.sun_path, sizeof bound->path.sun_path) == 0;
    return bound->v4.sin_port == other->v4.sin_port && ((any && any_host(bound)) || same_host(bound, other));
}

bool
listen_address_is(const struct listen_address *address, int fd)
{
    struct listen_address bound;
    return listen_address_of(fd, &bound) == SP_OK && bound.both == address->both && same(&bound, address, false);
}

bool
listen_address_reached(int listener, const struct listen_address *local)
{
    struct listen_address bound;
    return listen_address_of(listener, &bound) == SP_OK && same(&bound, local, true);
}

void
listen_address_print(const struct listen_address *address, char *out, size_t size)
{
    char host[INET6_ADDRSTRLEN] = "";
    if (address->any.sa_family == AF_UNIX)
        snprintf(out, size, "unix:%.*s", (int)sizeof address->path.sun_path, address->path.sun_path);
    else if (address->both)
        snprintf(out, size, "*:%u", (unsigned)ntohs(address->v6.sin6_port));
    else if (address->any.sa_family == AF_INET6)
        snprintf(out, size, "[%s]:%u", inet_ntop(AF_INET6, &address->v6.sin6_addr, host, sizeof host),
                 (unsigned)ntohs(address->v6.sin6_port));
    else
        snprintf(out, size, "%s:%u", inet_ntop(AF_INET, &address->v4.sin_addr, host, sizeof host),
                 (unsigned)ntohs(address->v4.sin_port));
}
