/*
 * The server alone, answering 204 to everything, to be compared with nginx's `return 204`:
 *
 *     build/bin/http_server_bench 127.0.0.1:8400 &
 *     wrk -t1 -c32 -d5 -s BEACON.lua http://127.0.0.1:8400/b
 *
 * Instructions a request: run it under callgrind with a number of requests to end after, the same load, and divide.
 */
#include "sporlos/http_server.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

struct bench {
    struct event_base *base;
    unsigned long requests, limit; /* limit 0: none */
};

static bool
on_accept(void *context, enum http_arrival arrival, const struct sockaddr *address, socklen_t length,
          unsigned char peer[HTTP_PEER_BYTES])
{
    (void)context;
    (void)arrival;
    (void)address;
    (void)length;
    peer[0] = 1;
    return true;
}

static void
on_request(void *context, struct http_exchange *exchange, const struct http_request *request)
{
    struct bench *bench = context;
    (void)request;
    http_respond(exchange, 204, SPAN_LITERAL("Access-Control-Allow-Origin: https://parorendesenteret.no\r\n"),
                 span_of(NULL, 0));
    if (++bench->requests == bench->limit)
        event_base_loopbreak(bench->base);
}

static void
on_signal(evutil_socket_t number, short what, void *base)
{
    (void)number;
    (void)what;
    event_base_loopbreak(base);
}

int
main(int argc, char **argv)
{
    struct bench bench = { .base = event_base_new(), .limit = argc > 2 ? strtoul(argv[2], NULL, 10) : 0 };
    struct http_server_options options = http_server_defaults();
    options.requests_per_connection = UINT32_MAX;
    const struct http_handler handler = { .on_accept = on_accept, .on_request = on_request, .context = &bench };
    struct http_server *server = NULL;
    const char *why = "no memory";
    const char *address = argc > 1 ? argv[1] : "127.0.0.1:8400";
    if (bench.base == NULL || http_server_new(bench.base, &options, &handler, &server) != SP_OK ||
        http_server_listen(server, address, &why) != SP_OK) {
        fprintf(stderr, "%s: %s\n", address, why);
        return 1;
    }
    struct event *end = evsignal_new(bench.base, SIGTERM, on_signal, bench.base);
    if (end == NULL || event_add(end, NULL) != 0)
        return 1;
    event_base_dispatch(bench.base);
    printf("%lu requests\n", bench.requests);
    event_free(end);
    http_server_free(server);
    event_base_free(bench.base);
    return 0;
}
