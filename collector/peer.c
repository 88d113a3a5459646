#include "peer.h"

#include "connection_limit.h"
#ifdef SPORLOS_PLANTED_LEAK
#include "planted_leak.h"
#endif
#include "sporlos/address_page.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct network) <= HTTP_PEER_BYTES, "a connection has room for its truncated peer");

struct peers {
    struct connection_limit *connections;
    struct peer_statistics statistics;
};

enum sp_error
peers_new(uint32_t connection_max, struct peers **out)
{
    struct peers *peers = *out = calloc(1, sizeof *peers);
    if (peers == NULL)
        return SP_NO_MEMORY;
    enum sp_error error = connection_limit_new(connection_max, &peers->connections);
    if (error != SP_OK) {
        free(peers);
        *out = NULL;
    }
    return error;
}

void
peers_free(struct peers *peers)
{
    if (peers == NULL)
        return;
    connection_limit_free(peers->connections);
    free(peers);
}

static struct network
truncated(const struct config *config, const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_storage *copy = &address_page()->truncating;
    struct network network;
    memset(copy, 0, sizeof *copy);
    memcpy(copy, address, length < sizeof *copy ? length : sizeof *copy);
    if (client_address_truncate(copy, config->collector.trusted_proxies, config->collector.trusted_proxy_count,
                                &network) != SP_OK)
        network = (struct network){ .family = NETWORK_NONE };
    forget_stack();
    return network;
}

bool
peers_accept(struct peers *peers, const struct config *config, enum http_arrival arrival,
             const struct sockaddr *address, socklen_t length, unsigned char peer[HTTP_PEER_BYTES])
{
    const struct network nobody = { .family = NETWORK_NONE };
    struct network network = truncated(config, address, length);
    if (address->sa_family == AF_UNIX && arrival != HTTP_ARRIVAL_PROXIED)
        network.trusted = 1;
    memcpy(peer, &nobody, sizeof nobody);
    if (arrival == HTTP_ARRIVAL_PROXY && !network.trusted) {
        peers->statistics.untrusted++;
        return false;
    }
    if (!connection_limit_open(peers->connections, &network, (uint32_t)config->collector.network_connections)) {
        peers->statistics.crowded++;
        return false;
    }
    memcpy(peer, &network, sizeof network);
    return true;
}

void
peers_close(struct peers *peers, const unsigned char peer[HTTP_PEER_BYTES])
{
    struct network network;
    memcpy(&network, peer, sizeof network);
    connection_limit_close(peers->connections, &network);
}

enum sp_error
peer_network(const struct config *config, const unsigned char peer[HTTP_PEER_BYTES], const struct http_request *request,
             struct network *network)
{
    memcpy(network, peer, sizeof *network);
    struct span forwarded = http_request_header(request, HTTP_X_FORWARDED_FOR);
    if (!network->trusted || forwarded.at == NULL)
        return SP_OK;
    enum sp_error error = client_address_forwarded(forwarded, config->collector.trusted_proxies,
                                                   config->collector.trusted_proxy_count, network);
    forget_stack_near();
#ifdef SPORLOS_PLANTED_LEAK /* a test build, whose version says so */
    SPORLOS_PLANTED_LEAK(config, forwarded);
#endif
    return error;
}

struct peer_statistics
peer_statistics(const struct peers *peers)
{
    struct peer_statistics now = peers->statistics;
    now.networks = connection_limit_networks(peers->connections);
    return now;
}
