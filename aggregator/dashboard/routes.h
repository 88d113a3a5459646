/*
 * The table of pages: who may take which route. The gate in dashboard.c reads it, and the tests try every row with
 * every role.
 */
#ifndef SPORLOS_AGGREGATOR_ROUTES_H
#define SPORLOS_AGGREGATOR_ROUTES_H

#include "../roles.h"

struct visit;

/* Who may: an account whose role has the permission, anybody, or nobody (405). */
enum access {
#define X(id, reader, editor, administrator) ACCESS_##id,
    PERMISSIONS(X)
#undef X
        ACCESS_ANYBODY, /* without a log-in; the route looks itself at who asks */
    ACCESS_NOBODY,
};

struct route {
    const char *pattern;      /* segments; a star stands for one, two at the end for any rest */
    enum access read, change; /* GET and HEAD, POST */
    bool is_public;           /* of a site: also there, to read, under a public link */
    void (*answer)(struct visit *visit);
};

/* A pattern that begins so is of a site, whose key is the segment after it; under a public link it is the link's
 * secret. */
#define ROUTE_SITE "/sites/"
#define ROUTE_LINK "/public/"

/* The first row that fits; NULL: not one of ours. Every path below ROUTE_SITE and ROUTE_LINK is. */
const struct route *route_find(struct span path);

/* The row of the site's page that the path below a public link means; NULL if there is none for the public. */
const struct route *route_find_public(struct span path);

size_t route_count(void);
const struct route *route_at(size_t index);

/* The second segment of a path: the site's key, or the link's secret. */
struct span route_subject(struct span path);

#endif
