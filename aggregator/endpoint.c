#include "endpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sporlos/address_page.h"
#include "sporlos/client_address.h"
#include "sporlos/clock.h"

#define PLAIN "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n"
static const struct span plain = SPAN_LITERAL(PLAIN);

static void
answer_health(struct endpoint *endpoint, struct http_exchange *exchange)
{
    (void)endpoint;
    http_respond(exchange, 200, plain, SPAN_LITERAL("ok\n"));
}

/* A cheap question to the archive. */
static bool
archive_answers(struct endpoint *endpoint)
{
    struct period first;
    struct period last;
    enum sp_error error = archive_span(endpoint->archive, "", PERIOD_DAY, &first, &last);
    return error == SP_OK || error == SP_NOT_FOUND;
}

static void
answer_ready(struct endpoint *endpoint, struct http_exchange *exchange)
{
    int64_t drained_s = atomic_load(&endpoint->metrics->drain_last_s);
    int64_t age_s = drained_s == 0 ? -1 : clock_wall_s() - drained_s;
    bool archive = archive_answers(endpoint);
    bool drained = age_s >= 0 && age_s <= DRAIN_AGE_MAX_S;
    char text[128];
    int length = snprintf(text, sizeof text, "archive %s\ndrain %s\nlast_drain_age_s %" PRId64 "\n",
                          archive ? "ok" : "failing", drained ? "ok" : "failing", age_s);
    http_respond(exchange, archive && drained ? 200 : 503, plain, span_of(text, (size_t)length));
}

static void
answer_metrics(struct endpoint *endpoint, struct http_exchange *exchange)
{
    char text[4096];
    size_t length = metrics_write(endpoint->metrics, text, sizeof text);
    http_respond(exchange, 200,
                 SPAN_LITERAL("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\nCache-Control: no-store\r\n"),
                 span_of(text, length));
}

static const struct {
    struct span path;
    void (*answer)(struct endpoint *endpoint, struct http_exchange *exchange);
} ops_routes[] = {
    { SPAN_LITERAL("/healthz"), answer_health },
    { SPAN_LITERAL("/readyz"), answer_ready },
    { SPAN_LITERAL("/metrics"), answer_metrics },
};

static void
not_found(struct http_exchange *exchange)
{
    http_respond(exchange, 404, plain, SPAN_LITERAL("not found\n"));
}

void
endpoint_ops(struct endpoint *endpoint, struct http_exchange *exchange, const struct http_request *request)
{
    if (request->method != HTTP_GET && request->method != HTTP_HEAD) {
        http_respond(exchange, 405, SPAN_LITERAL("Allow: GET, HEAD\r\n" PLAIN), SPAN_LITERAL("method not allowed\n"));
        return;
    }
    for (size_t i = 0; i < sizeof ops_routes / sizeof ops_routes[0]; i++) {
        if (span_equal(request->path, ops_routes[i].path)) {
            ops_routes[i].answer(endpoint, exchange);
            return;
        }
    }
    not_found(exchange);
}

void
endpoint_public(struct endpoint *endpoint, struct http_exchange *exchange, const struct http_request *request)
{
    if (!api_request(endpoint->api, exchange, request) && !dashboard_request(endpoint->dashboard, exchange, request))
        dashboard_missing(endpoint->dashboard, exchange, request);
}

void
endpoint_word_refusal(struct endpoint *endpoint, int status, const struct http_request *request, struct span *headers,
                      struct span *body)
{
    if (request == NULL || !api_word_refusal(status, request->path, headers, body))
        dashboard_word_refusal(endpoint->dashboard, status, request, headers, body);
}

bool
endpoint_accept(void *context, enum http_arrival arrival, const struct sockaddr *address, socklen_t length,
                unsigned char peer[HTTP_PEER_BYTES])
{
    const struct endpoint *endpoint = context;
    const struct config *config = endpoint->config;
    struct sockaddr_storage *copy = &address_page()->truncating;
    struct network network = { .family = NETWORK_NONE };
    (void)arrival;
    memset(peer, 0, HTTP_PEER_BYTES);
    memset(copy, 0, sizeof *copy);
    memcpy(copy, address, length < sizeof *copy ? length : sizeof *copy);
    bool is_socket = copy->ss_family == AF_UNIX; /* who may write to it, the file's mode has said */
    if (client_address_truncate(copy, config->aggregator.trusted_proxies, config->aggregator.trusted_proxy_count,
                                &network) != SP_OK)
        network = (struct network){ .family = NETWORK_NONE };
    network.trusted |= is_socket;
    memcpy(peer, &network, sizeof network);
    forget_stack();
    return true;
}
