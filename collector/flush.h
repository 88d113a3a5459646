/*
 * From the counter table to Redis: absolute values, once a second, under a number that only grows. A retry, a duplicate
 * or a request that arrives late does no harm, because nothing is ever added to what is there.
 *
 * A round: write what has changed, seal the periods that have ended, ask which sealed ones the aggregator has closed.
 */
#ifndef SPORLOS_COLLECTOR_FLUSH_H
#define SPORLOS_COLLECTOR_FLUSH_H

#include "counters.h"
#include "names.h"
#include "sites.h"
#include "sporlos/keyspace.h"
#include "sporlos/redis_client.h"

struct flush;

struct flush_options {
    const char *redis_url;
    int connect_timeout_ms;
    int command_timeout_ms;
    int interval_ms;
    void (*before_round)(void *context); /* turns the sites' periods, so that what has ended is sealed */
    void *context;
    struct names *names; /* that outlive the process in Redis; borrowed, may be NULL */
};

/* Connects and begins to flush. Borrows all but options. */
SP_MUST_CHECK enum sp_error flush_new(struct event_base *base, const struct flush_options *options,
                                      struct counters *counters, struct sites *sites, struct flush **flush);
void flush_free(struct flush *flush);

/* A period of a site has ended (site_period_ended): seal it. */
void flush_period_ended(void *flush, struct site *site, struct period period);

/*
 * Write everything; retire: also seal everything and give this source up, because its memory ends with the process.
 * done is called once, from the loop; complete says whether Redis has it all. Gives up after deadline_ms.
 */
typedef void flush_ended(void *context, bool complete);
void flush_end(struct flush *flush, bool retire, int deadline_ms, flush_ended *done, void *context);

struct flush_statistics {
    bool connected;
    uint64_t rounds, calls, calls_failed, leaves_written, leaves_resent, late_leaves, periods_sealed, periods_closed;
    uint64_t timeouts;                                  /* connections given up because nothing came */
    uint64_t losses;                                    /* sites of which Redis was found to have less than before */
    uint64_t out_of_memory, wrong_type, other_refusals; /* answers of Redis that were errors */
    uint32_t sites_refused;   /* sites that Redis refuses something of, as of the last whole round */
    int64_t last_complete_ms; /* monotonic, of the last round in which Redis took everything; 0: none */
    uint32_t seals_waiting;
};
struct flush_statistics flush_statistics(const struct flush *flush);

#endif
