/* The collector's HTTP: the beacon listener (/b, /opt-out, /s.json, the scripts of scripts.h) and the one for those who
 * run it
 * (/healthz, /readyz, /metrics).
 */
#ifndef SPORLOS_COLLECTOR_ENDPOINT_H
#define SPORLOS_COLLECTOR_ENDPOINT_H

#include "collector.h"
#include "sporlos/http_server.h"

struct endpoint;
struct handover;

/*
 * Both servers, listening on the configured addresses, with what was handed over for them (may be NULL). *why: a
 * sentence, static or valid until the next call.
 */
SP_MUST_CHECK enum sp_error endpoint_new(struct event_base *base, struct collector *collector,
                                         struct handover *handover, struct endpoint **endpoint, const char **why);
void endpoint_free(struct endpoint *endpoint);

enum { ENDPOINT_SERVERS = 2 };
/* Both servers; borrowed. */
void endpoint_servers(const struct endpoint *endpoint, struct http_server *servers[ENDPOINT_SERVERS]);

/* The upgrade whose failures the metrics show; borrowed, may be NULL. */
struct upgrade;
void endpoint_attach_upgrade(struct endpoint *endpoint, const struct upgrade *upgrade);

/* Take no more connections; done is called once, when the last answer is out. */
void endpoint_drain(struct endpoint *endpoint, void (*done)(void *context), void *context);

#endif
