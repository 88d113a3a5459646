#include "endpoint.h"

#include "feedback/feedback_page.h"
#include "optout/opt_out.h"
#include "peer.h"
#include "scripts.h"
#include "sporlos/clock.h"
#include "sporlos/handover.h"
#include "sporlos/log.h"
#include "sporlos/upgrade.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { METRICS_BYTES_MAX = 32768, READY_FLUSH_AGE_MS = 10000, ORIGIN_MAX = 300 };

struct endpoint {
    struct collector *collector;
    struct http_server *beacons;
    struct http_server *operations;
    struct peers *peers;
    const struct upgrade *upgrade; /* borrowed, may be NULL */
};

#define NO_STORE "Cache-Control: no-store\r\n"
#define PLAIN "Content-Type: text/plain; charset=utf-8\r\n" NO_STORE

static void
answer(struct http_exchange *exchange, int status, const char *text)
{
    http_respond(exchange, status, SPAN_LITERAL(PLAIN), span_text(text));
}

static void
refuse_method(struct http_exchange *exchange, const char *allowed)
{
    char headers[128];
    int length = snprintf(headers, sizeof headers, PLAIN "Allow: %s\r\n", allowed);
    http_respond(exchange, 405, span_of(headers, (size_t)length), SPAN_LITERAL("method not allowed\n"));
}

/* ---- beacons ---- */

static bool
on_accept(void *context, enum http_arrival arrival, const struct sockaddr *address, socklen_t length,
          unsigned char peer[HTTP_PEER_BYTES])
{
    const struct endpoint *endpoint = context;
    return peers_accept(endpoint->peers, collector_config(endpoint->collector), arrival, address, length, peer);
}

static void
on_close(void *context, const unsigned char peer[HTTP_PEER_BYTES])
{
    const struct endpoint *endpoint = context;
    peers_close(endpoint->peers, peer);
}

static bool
begins_with(struct span text, const char *prefix)
{
    size_t length = strlen(prefix);
    return text.length >= length && memcmp(text.at, prefix, length) == 0;
}

/* The types that a page may send without asking first (Fetch standard, 2.2.2), and none at all. */
static bool
is_form(const struct http_request *request)
{
    struct span type = http_request_header(request, HTTP_CONTENT_TYPE);
    return type.length == 0 || begins_with(type, "text/plain") ||
           begins_with(type, "application/x-www-form-urlencoded");
}

struct header_text {
    char text[512];
    size_t length; /* bytes; the longest set of headers below is well under 512 */
};

static inline void
add(struct header_text *headers, struct span text)
{
    memcpy(headers->text + headers->length, text.at, text.length);
    headers->length += text.length;
}

static void
add_retry(struct header_text *headers, int64_t retry_s)
{
    char line[64];
    int length = snprintf(line, sizeof line, "Retry-After: %" PRId64 "\r\n", retry_s);
    add(headers, span_of(line, (size_t)length));
}

static void
answer_outcome(struct http_exchange *exchange, const struct outcome *outcome)
{
    struct header_text headers;
    const struct verdict_row *row = &verdict_table[outcome->verdict];
    headers.length = 0;
    if (row->status != 204)
        add(&headers, SPAN_LITERAL("Content-Type: text/plain; charset=utf-8\r\n"));
    if (outcome->retry_s > 0)
        add_retry(&headers, outcome->retry_s);
    if (outcome->origin.length > 0 && outcome->origin.length < ORIGIN_MAX) {
        add(&headers, SPAN_LITERAL("Access-Control-Allow-Origin: "));
        add(&headers, outcome->origin);
        add(&headers, SPAN_LITERAL("\r\nVary: Origin\r\n"));
    }
    add(&headers, SPAN_LITERAL(NO_STORE));
    http_respond(exchange, row->status, span_of(headers.text, headers.length), row->reason);
}

/* To a browser that posted a form by itself: the verdict as a page. It tells no more than the status of another answer.
 */
static void
answer_page(struct http_exchange *exchange, const struct http_request *request, const struct outcome *outcome)
{
    int status = verdict_table[outcome->verdict].status;
    struct html html = { 0 };
    feedback_page_write(status == 204, outcome->origin,
                        language_accepted(http_request_header(request, HTTP_ACCEPT_LANGUAGE)), &html);
    if (html.failed)
        answer(exchange, 503, "no room\n");
    else
        http_respond(exchange, status == 204 ? 200 : status, feedback_page_headers(), span_of(html.at, html.length));
    html_fini(&html);
}

static void
handle_beacon(struct endpoint *endpoint, struct http_exchange *exchange, const struct http_request *request)
{
    const struct config *config = collector_config(endpoint->collector);
    struct network network;
    if (request->method == HTTP_OPTIONS) {
        http_respond(exchange, 204,
                     SPAN_LITERAL("Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: POST, GET\r\n"
                                  "Access-Control-Allow-Headers: Content-Type\r\nAccess-Control-Max-Age: 86400\r\n"),
                     SPAN_LITERAL(""));
        return;
    }
    if (request->method == HTTP_HEAD) {
        refuse_method(exchange, "GET, POST, OPTIONS");
        return;
    }
    if (request->method == HTTP_POST && !is_form(request)) {
        collector_refused(endpoint->collector, VERDICT_MALFORMED);
        answer(exchange, 415, "a beacon is text/plain or application/x-www-form-urlencoded\n");
        return;
    }
    if (peer_network(config, http_exchange_peer(exchange), request, &network) != SP_OK) {
        collector_refused(endpoint->collector, VERDICT_MALFORMED);
        answer(exchange, 400, "malformed X-Forwarded-For\n");
        return;
    }
    struct span form = request->method == HTTP_POST ? request->body : request->query;
    struct outcome outcome = collector_take(endpoint->collector, request, form, &network);
    if (feedback_wants_page(request))
        answer_page(exchange, request, &outcome);
    else
        answer_outcome(exchange, &outcome);
}

/* False for a method that what only can be read does not have, after saying so. */
static bool
is_read(struct http_exchange *exchange, const struct http_request *request)
{
    if (request->method == HTTP_GET || request->method == HTTP_HEAD)
        return true;
    refuse_method(exchange, "GET, HEAD");
    return false;
}

static void
handle_script(const struct script *script, struct http_exchange *exchange, const struct http_request *request)
{
    if (!is_read(exchange, request))
        return;
    struct asset_body body = asset_body(script->asset, http_request_header(request, HTTP_ACCEPT_ENCODING));
    char headers[SCRIPT_HEADERS_MAX];
    size_t length = script_headers(script, &body, headers);
    http_respond(exchange, 200, span_of(headers, length), body.bytes);
}

static void
handle_index(struct http_exchange *exchange, const struct http_request *request)
{
    if (is_read(exchange, request))
        http_respond(exchange, 200,
                     SPAN_LITERAL("Content-Type: application/json\r\nCache-Control: no-cache\r\n"
                                  "Access-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\n"),
                     scripts_index());
}

/* The page touches no number: who reads it is not counted, whatever is then chosen. */
static void
handle_opt_out(const struct endpoint *endpoint, struct http_exchange *exchange, const struct http_request *request)
{
    if (!is_read(exchange, request))
        return;
    struct html html = { 0 };
    const struct opt_out opt_out = opt_out_read(collector_config(endpoint->collector), request);
    opt_out_write(&opt_out, &html);
    if (html.failed)
        answer(exchange, 503, "no room\n");
    else
        http_respond(exchange, opt_out.status, opt_out_headers(), span_of(html.at, html.length));
    html_fini(&html);
}

static void
on_beacon_request(void *context, struct http_exchange *exchange, const struct http_request *request)
{
    struct script script;
    if (span_equal(request->path, SPAN_LITERAL("/b")))
        handle_beacon(context, exchange, request);
    else if (span_equal(request->path, SPAN_LITERAL("/s.json")))
        handle_index(exchange, request);
    else if (span_equal(request->path, SPAN_LITERAL("/opt-out")))
        handle_opt_out(context, exchange, request);
    else if ((script = script_find(request->path)).asset != NULL)
        handle_script(&script, exchange, request);
    else
        answer(exchange, 404, "nothing here\n");
}

/* ---- operations ---- */

/* Nothing of those who run it is kept, nor do they count against any limit but the number of connections. */
static bool
on_operations_accept(void *context, enum http_arrival arrival, const struct sockaddr *address, socklen_t length,
                     unsigned char peer[HTTP_PEER_BYTES])
{
    (void)context;
    (void)arrival;
    (void)address;
    (void)length;
    (void)peer;
    return true;
}

static void
write_metrics(struct endpoint *endpoint, struct http_exchange *exchange)
{
    static char text[METRICS_BYTES_MAX];
    struct metrics_view view = { .server = http_server_statistics(endpoint->beacons),
                                 .peers = peer_statistics(endpoint->peers),
                                 .upgrades_refused = upgrade_refused(endpoint->upgrade) };
    collector_view(endpoint->collector, &view);
    size_t length = metrics_write(&view, text, sizeof text);
    if (length == 0)
        answer(exchange, 500, "the metrics do not fit\n");
    else
        http_respond(exchange, 200, SPAN_LITERAL("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n" NO_STORE),
                     span_of(text, length));
}

/*
 * Ready means: send beacons here. Without Redis they are counted and kept, so that stays 200 and says so; only a table
 * without any room is not ready.
 */
static void
write_ready(struct endpoint *endpoint, struct http_exchange *exchange)
{
    struct metrics_view view = { 0 };
    collector_view(endpoint->collector, &view);
    int64_t age_ms = clock_monotonic_ms() - view.flush.last_complete_ms;
    char text[256];
    if (view.counters.leaves == view.counters.leaves_max) {
        answer(exchange, 503, "not ready\nno room for new leaves: raise collector.counter_memory\n");
        return;
    }
    if (!view.flush.connected)
        snprintf(text, sizeof text, "ready\nredis: not connected; beacons are counted and kept\n");
    else if (view.flush.last_complete_ms == 0 || age_ms > READY_FLUSH_AGE_MS)
        snprintf(text, sizeof text, "ready\nredis: connected, but the last flush is not complete; counting goes on\n");
    else
        snprintf(text, sizeof text, "ready\nredis: connected, flushed %" PRId64 " ms ago\n", age_ms);
    answer(exchange, 200, text);
}

static void
on_operations_request(void *context, struct http_exchange *exchange, const struct http_request *request)
{
    if (request->method != HTTP_GET && request->method != HTTP_HEAD)
        refuse_method(exchange, "GET, HEAD");
    else if (span_equal(request->path, SPAN_LITERAL("/healthz")))
        answer(exchange, 200, "ok\n");
    else if (span_equal(request->path, SPAN_LITERAL("/readyz")))
        write_ready(context, exchange);
    else if (span_equal(request->path, SPAN_LITERAL("/metrics")))
        write_metrics(context, exchange);
    else
        answer(exchange, 404, "nothing here\n");
}

/* ---- both ---- */

static enum sp_error
listen_all(struct http_server *server, const struct text_list *addresses, bool proxy, struct handover *handover,
           const char **why)
{
    static char text[512];
    for (size_t i = 0; i < addresses->count; i++) {
        const char *reason = "";
        enum sp_error error = handover_listen(handover, server, addresses->items[i], proxy, &reason);
        if (error != SP_OK) {
            snprintf(text, sizeof text, "cannot listen on %s: %s", addresses->items[i], reason);
            *why = text;
            return error;
        }
    }
    return SP_OK;
}

/* Where the configuration says, on sockets that were left or new ones; then the connections that were left. */
static enum sp_error
begin_service(struct endpoint *endpoint, const struct config *config, struct handover *handover, const char **why)
{
    struct http_server *servers[ENDPOINT_SERVERS];
    endpoint_servers(endpoint, servers);
    enum sp_error error = listen_all(endpoint->beacons, &config->collector.listen, false, handover, why);
    if (error == SP_OK)
        error = listen_all(endpoint->beacons, &config->collector.listen_proxy, true, handover, why);
    if (error == SP_OK)
        error = listen_all(endpoint->operations, &config->collector.ops_listen, false, handover, why);
    if (error == SP_OK)
        error = handover_settle(handover, servers, ENDPOINT_SERVERS,
                                "collector.listen, collector.listen_proxy or collector.ops_listen", why);
    return error;
}

enum sp_error
endpoint_new(struct event_base *base, struct collector *collector, struct handover *handover, struct endpoint **out,
             const char **why)
{
    *out = NULL;
    *why = "out of memory";
    const struct config *config = collector_config(collector);
    struct endpoint *endpoint = calloc(1, sizeof *endpoint);
    if (endpoint == NULL)
        return SP_NO_MEMORY;
    endpoint->collector = collector;
    struct http_server_options options = http_server_defaults();
    options.body_max_bytes = BEACON_BODY_MAX;
    options.connection_max = (uint32_t)config->collector.connection_max;
    options.drain_ms = (int)config->collector.drain_ms;
    const struct http_handler beacons = {
        .on_accept = on_accept, .on_request = on_beacon_request, .on_close = on_close, .context = endpoint
    };
    const struct http_handler operations = { .on_accept = on_operations_accept,
                                             .on_request = on_operations_request,
                                             .context = endpoint };
    enum sp_error error = peers_new(options.connection_max, &endpoint->peers);
    if (error == SP_OK)
        error = http_server_new(base, &options, &beacons, &endpoint->beacons);
    if (error == SP_OK)
        error = http_server_new(base, &options, &operations, &endpoint->operations);
    if (error == SP_OK)
        error = begin_service(endpoint, config, handover, why);
    if (error != SP_OK) {
        endpoint_free(endpoint);
        return error;
    }
    *out = endpoint;
    return SP_OK;
}

void
endpoint_free(struct endpoint *endpoint)
{
    if (endpoint == NULL)
        return;
    http_server_free(endpoint->beacons);
    http_server_free(endpoint->operations);
    peers_free(endpoint->peers);
    free(endpoint);
}

void
endpoint_servers(const struct endpoint *endpoint, struct http_server *servers[ENDPOINT_SERVERS])
{
    servers[0] = endpoint->beacons;
    servers[1] = endpoint->operations;
}

void
endpoint_attach_upgrade(struct endpoint *endpoint, const struct upgrade *upgrade)
{
    endpoint->upgrade = upgrade;
}

void
endpoint_drain(struct endpoint *endpoint, void (*done)(void *context), void *context)
{
    http_server_drain(endpoint->beacons, done, context);
}
