/*
 * How many visitors a site had on a day, without knowing any: a set of 64-bit tokens for each site and day. A token is
 * SipHash-2-4 of the truncated network and the browser's User-Agent, under a key of that site and day alone; key and
 * set are in locked memory, left out of core files and forked children, and wiped when the day ends in the site's zone.
 * Only 'this is the first view' ever comes out, and the tokens of a day fit no other day and no other site.
 *
 * What it cannot see: people behind one network with the same browser are one, and a reader whose network or browser
 * changes is two. docs/privacy.md has the bias, tests/privacy/visitors_bias.c simulates it.
 */
#ifndef SPORLOS_COLLECTOR_VISITORS_H
#define SPORLOS_COLLECTOR_VISITORS_H

#include "sporlos/client_address.h"
#include "sporlos/error.h"
#include "sporlos/span.h"

struct visitors; /* of one site */

enum { VISITORS_MAX = 1 << 20 /* tokens of one site and day; from there on its number says 'at least' */ };

enum visitor {
    VISITOR_KNOWN,     /* was here before on that day */
    VISITOR_FIRST,     /* was not */
    VISITOR_UNCOUNTED, /* cannot be told: the set is full, or there is no memory for it to grow */
};

/* visitor_max: tokens, 1 to VISITORS_MAX. */
SP_MUST_CHECK enum sp_error visitors_new(uint32_t visitor_max, struct visitors **visitors);
void visitors_free(struct visitors *visitors);

/*
 * A view on that day (index in the site's zone). A later day than the one of the set ends it: key and tokens are wiped,
 * and both are new. An earlier day, of a clock that was set back, does not: a key turns once.
 */
enum visitor visitors_see(struct visitors *visitors, int32_t day, const struct network *network, struct span agent);

/* Another greatest number of tokens; those that are there stay. */
void visitors_limit(struct visitors *visitors, uint32_t visitor_max);

/* Wipe the set if its day is before that one: a site without views must not keep its tokens past midnight. */
void visitors_turn(struct visitors *visitors, int32_t day);

struct visitors_view {
    uint32_t tokens, token_max;
    size_t bytes; /* of the set */
    bool locked;  /* never swapped out */
};
struct visitors_view visitors_view(const struct visitors *visitors);

#endif
