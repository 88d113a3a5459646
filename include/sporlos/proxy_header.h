/*
 * The PROXY protocol, versions 1 and 2: what a proxy that passes bytes through says of the client before the first of
 * them. After "The PROXY protocol", Willy Tarreau, HAProxy 2.6 (doc/proxy-protocol.txt); sections are those of that
 * text.
 */
#ifndef SPORLOS_PROXY_HEADER_H
#define SPORLOS_PROXY_HEADER_H

#include <stddef.h>
#include <sys/socket.h>

enum {
    PROXY_V1_MAX = 107,     /* bytes, CRLF included: 2.1 */
    PROXY_HEADER_MAX = 4096 /* bytes: a longer one of version 2 is refused; HAProxy's own are below 1 KiB */
};

enum proxy_header_result {
    PROXY_HEADER_MORE, /* it may become one with more bytes */
    PROXY_HEADER_DONE,
    PROXY_HEADER_BAD, /* it is none: close */
};

struct proxy_header {
    struct sockaddr_storage client; /* AF_INET, AF_INET6; AF_UNSPEC when the header names none. The caller wipes it. */
    size_t length;                  /* bytes of the header; what follows is the client's */
};

/*
 * Read a header from the first bytes of a connection: all that have come, again from the first at every call. AF_UNSPEC
 * for UNKNOWN of version 1 and, of version 2, for LOCAL, for an unspecified family, for datagrams and for unix sockets.
 * Whatever else the text does not allow is BAD; the TLVs of version 2 are skipped, but must fill the header to the
 * byte.
 */
enum proxy_header_result proxy_header_parse(const char *bytes, size_t length, struct proxy_header *header);

#endif
