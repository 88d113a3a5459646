/*
 * How many connections each network has open. Exact: every connection is counted until it is closed, in a table that
 * has room for all that may be open. Keyed by a hash like the buckets of rate_limit.h.
 */
#ifndef SPORLOS_COLLECTOR_CONNECTION_LIMIT_H
#define SPORLOS_COLLECTOR_CONNECTION_LIMIT_H

#include "sporlos/client_address.h"

struct connection_limit;

/* For so many connections at a time; 16 to 64 bytes each. */
SP_MUST_CHECK enum sp_error connection_limit_new(uint32_t connection_max, struct connection_limit **limit);
void connection_limit_free(struct connection_limit *limit);

/*
 * Count a connection. False, uncounted, when network has max open already (0: as many as it likes), or when the
 * table has no room. Trusted proxies and addresses of no known family are not counted: always true.
 */
bool connection_limit_open(struct connection_limit *limit, const struct network *network, uint32_t max);

/* One that was counted under that network is closed. */
void connection_limit_close(struct connection_limit *limit, const struct network *network);

/* Networks that have a connection open. */
uint32_t connection_limit_networks(const struct connection_limit *limit);

#endif
