/*
 * The conductor: calls the stages of a beacon's journey in order. Knows nothing of sockets; endpoint.c brings it
 * requests, main.c the loop.
 */
#ifndef SPORLOS_COLLECTOR_COLLECTOR_H
#define SPORLOS_COLLECTOR_COLLECTOR_H

#include "metrics.h"
#include "policy.h"
#include "sporlos/client_address.h"

struct collector;

/*
 * A collector over a configuration, which it takes. On failure *why is a sentence (static or valid until the next call)
 * and config still belongs to the caller.
 */
SP_MUST_CHECK enum sp_error collector_new(struct config *config, struct collector **collector, const char **why);
void collector_free(struct collector *collector);

/* Take over another configuration and its data (SIGHUP), or keep the old one and say why. */
SP_MUST_CHECK enum sp_error collector_reload(struct collector *collector, struct config *config, const char **why);

/* Count a configuration that could not even be read. */
void collector_reload_refused(struct collector *collector);

/* Whether the municipality data that a configuration names can be used; a sentence in *why if not. */
SP_MUST_CHECK enum sp_error collector_check_data(const struct config *config, const char **why);

const struct config *collector_config(const struct collector *collector);

/* Flush through that from now on (borrowed); without one, beacons are counted and kept. */
void collector_attach_flush(struct collector *collector, struct flush *flush);
struct counters *collector_counters(struct collector *collector);
struct sites *collector_sites(struct collector *collector);

/* Open the periods of now and seal those that have ended; once a round of the flush. collector: struct collector. */
void collector_turn(void *collector);

/* Do the counters outlive the process (collector.journal)? */
bool collector_lasts(const struct collector *collector);

/* Texts that have a name of their own. */
struct names *collector_names(struct collector *collector);

/* What a beacon came to. */
struct outcome {
    enum verdict verdict;
    struct span origin; /* for Access-Control-Allow-Origin; borrowed from the request, may be empty */
    int64_t retry_s;    /* VERDICT_RATE: seconds after which another would be taken */
};

/*
 * Take one request to the beacon endpoint: form is its body or query. The whole effect of the request is in the
 * counters when this returns.
 */
struct outcome collector_take(struct collector *collector, const struct http_request *request, struct span form,
                              const struct network *network);

/* What the collector says of itself; fills all of view but server. */
void collector_view(const struct collector *collector, struct metrics_view *view);

/* Count a request that did not even come to be a beacon (for metrics alone). */
void collector_refused(struct collector *collector, enum verdict verdict);

#endif
