/* Where a log-in leads to: what was asked for, where that is a page of a site; never anywhere else. */
#ifndef SPORLOS_AGGREGATOR_LOGIN_RETURN_H
#define SPORLOS_AGGREGATOR_LOGIN_RETURN_H

#include "sporlos/span.h"

#include <stdbool.h>

enum {
    LOGIN_RETURN_MAX = 256,                       /* bytes of a target, with the terminator */
    LOGIN_ADDRESS_MAX = 16 + 3 * LOGIN_RETURN_MAX /* of the log-in's address that names it */
};

/* A target that a form or an address may name: a page of a site of ours, of letters that need no quoting in a header.
 */
bool login_return_is_ours(const char *target);

/* The log-in's address; with the target, as it was asked for, where it is ours. query: without '?'; empty: none. */
void login_return_address(struct span path, struct span query, char out[LOGIN_ADDRESS_MAX]);

#endif
