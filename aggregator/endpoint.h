/* Which part answers which path. */
#ifndef SPORLOS_AGGREGATOR_ENDPOINT_H
#define SPORLOS_AGGREGATOR_ENDPOINT_H

#include "api.h"
#include "dashboard/dashboard.h"
#include "metrics.h"

struct endpoint {
    const struct config *config; /* all borrowed */
    struct archive *archive;
    struct metrics *metrics;
    struct api *api;
    struct dashboard *dashboard;
};

enum { DRAIN_AGE_MAX_S = 120 }; /* older: not ready */

/* For people and programs: /api/, and the dashboard's pages. */
void endpoint_public(struct endpoint *endpoint, struct http_exchange *exchange, const struct http_request *request);

/* The words of a refusal of the server itself, as http_server_word_refusals has them. */
void endpoint_word_refusal(struct endpoint *endpoint, int status, const struct http_request *request,
                           struct span *headers, struct span *body);

/* For those who run it: /healthz, /readyz, /metrics. */
void endpoint_ops(struct endpoint *endpoint, struct http_exchange *exchange, const struct http_request *request);

/*
 * What may be kept of a peer, for the rate of log-in attempts and for who is trusted: a struct network
 * (client_address.h), trusted for aggregator.trusted_proxies and unix sockets. context: a struct endpoint.
 */
bool endpoint_accept(void *context, enum http_arrival arrival, const struct sockaddr *address, socklen_t length,
                     unsigned char peer[HTTP_PEER_BYTES]);

#endif
