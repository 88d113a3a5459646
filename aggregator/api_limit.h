/*
 * How many requests a token, or a network without one, may make: token buckets in a table of fixed size. Who is not in
 * it is as good as new, so the one that has waited longest gives way.
 */
#ifndef SPORLOS_AGGREGATOR_API_LIMIT_H
#define SPORLOS_AGGREGATOR_API_LIMIT_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

struct api_limit;

/* rate: requests a second in the long run, 0: no limit; burst: at once. */
SP_MUST_CHECK enum sp_error api_limit_new(int64_t rate, int64_t burst, struct api_limit **limit);
void api_limit_free(struct api_limit *limit);

/* One request of who; now_ms of a clock that does not go back. False: too many, and *wait_s seconds make one more. */
bool api_limit_take(struct api_limit *limit, struct span who, int64_t now_ms, int *wait_s);

#endif
