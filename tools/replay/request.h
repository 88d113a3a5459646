/* From a view to the request that a browser's beacon would have become behind a proxy. */
#ifndef SPORLOS_REPLAY_REQUEST_H
#define SPORLOS_REPLAY_REQUEST_H

#include "view.h"

enum {
    NETWORK_TEXT_MAX = 46,   /* bytes of network_write, with its NUL: INET6_ADDRSTRLEN */
    REQUEST_BYTES_MAX = 8192 /* a view's path and agent at their longest, each byte encoded as three */
};

struct request_target {
    const char *host;   /* of the collector, for Host */
    const char *path;   /* '/b' */
    const char *site;   /* the site's A-label name */
    const char *origin; /* for Origin: 'https://example.no' */
};

/* '192.0.2.0' or '2001:db8::': what is kept of an address, the rest zero. */
void network_write(const struct network *network, char text[NETWORK_TEXT_MAX]);

/* The form of the view's beacon (docs/beacon.md), not terminated; its length. */
size_t form_write(const char *site, const struct view *view, char form[REQUEST_BYTES_MAX]);

/* The whole POST; its length, 0 if it has no room (then a name in target is longer than any should be). */
size_t request_write(const struct request_target *target, const struct view *view, char request[REQUEST_BYTES_MAX]);

#endif
