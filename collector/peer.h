/*
 * Who is at the other end: from what a connection and its proxies say to the truncated network that a beacon is
 * counted under, and whether that network may have one connection more. Only trusted proxies are believed: in
 * X-Forwarded-For, and in the PROXY header of listeners that ask for it. Any other header is not looked at.
 */
#ifndef SPORLOS_COLLECTOR_PEER_H
#define SPORLOS_COLLECTOR_PEER_H

#include "sporlos/client_address.h"
#include "sporlos/http_parse.h"
#include "sporlos/http_server.h"

struct peers;

struct peer_statistics {
    uint64_t untrusted; /* connections to a PROXY listener from no trusted proxy */
    uint64_t crowded;   /* connections of networks that had network_connections open */
    uint32_t networks;  /* that have a connection open, trusted proxies aside */
};

/* For so many connections at a time. */
SP_MUST_CHECK enum sp_error peers_new(uint32_t connection_max, struct peers **peers);
void peers_free(struct peers *peers);

/*
 * http_handler.on_accept under that configuration: fills peer with a struct network. False for more than
 * network_connections of one network, and for a PROXY listener's peer that is not trusted. A unix socket is trusted:
 * only a proxy on this machine can open it. A PROXY header that names no client leaves no network, and no trust.
 */
bool peers_accept(struct peers *peers, const struct config *config, enum http_arrival arrival,
                  const struct sockaddr *address, socklen_t length, unsigned char peer[HTTP_PEER_BYTES]);

/* http_handler.on_close. */
void peers_close(struct peers *peers, const unsigned char peer[HTTP_PEER_BYTES]);

/*
 * The network of a request's visitor: the peer's, or, when that is trusted, what its X-Forwarded-For says. SP_MALFORMED
 * when a trusted peer sent one that is no list of addresses. (Two of them are refused by http_parse.h, whoever sends.)
 */
SP_MUST_CHECK enum sp_error peer_network(const struct config *config, const unsigned char peer[HTTP_PEER_BYTES],
                                         const struct http_request *request, struct network *network);

struct peer_statistics peer_statistics(const struct peers *peers);

#endif
