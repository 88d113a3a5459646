/* The collector's HTTP: the beacon listener (/b, /s.js, /opt-out, /opt-out.js) and the one for those who run it
 * (/healthz, /readyz, /metrics).
 */
#ifndef SPORLOS_COLLECTOR_ENDPOINT_H
#define SPORLOS_COLLECTOR_ENDPOINT_H

#include "collector.h"
#include "sporlos/http_server.h"

struct endpoint;

/* Both servers, listening on the configured addresses. *why: a sentence, static or valid until the next call. */
SP_MUST_CHECK enum sp_error endpoint_new(struct event_base *base, struct collector *collector,
                                         struct endpoint **endpoint, const char **why);
void endpoint_free(struct endpoint *endpoint);

/* Take no more connections; done is called once, when the last answer is out. */
void endpoint_drain(struct endpoint *endpoint, void (*done)(void *context), void *context);

#endif
