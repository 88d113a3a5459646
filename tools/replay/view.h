/* One view of a page, wherever it comes from: a line of an access log, or an invented reader. */
#ifndef SPORLOS_REPLAY_VIEW_H
#define SPORLOS_REPLAY_VIEW_H

#include "sporlos/client_address.h"
#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

struct view {
    struct network network; /* truncated: a whole address does not get this far */
    int64_t time_s;         /* when it was, seconds since the epoch; invented ones begin on day 0 */
    struct span path; /* as it was asked for, percent-encoding and all, without query; borrowed, as all spans here */
    struct span referrer; /* host of an entry's referrer; empty: none */
    struct span agent;    /* User-Agent, printable ASCII; empty: none */
    bool entry;           /* it was not reached from the site itself */
};

#endif
