/*
 * THE table of the API's addresses. Requests are dispatched by it and /api/openapi.json is written from it: a route
 * without its words does not compile, and one without its function api_answer_<id> does not link.
 */
#ifndef SPORLOS_AGGREGATOR_API_ROUTES_H
#define SPORLOS_AGGREGATOR_API_ROUTES_H

#include "api_parameters.h"
#include "sporlos/http_parse.h"

#define TABLE_PARAMETERS                                                                                               \
    (PARAMETER_BIT(SITE) | PARAMETER_BIT(TABLE) | PARAMETER_BIT(FROM) | PARAMETER_BIT(TO) | PARAMETER_BIT(BY) |        \
     PARAMETER_BIT(FORMAT) | PARAMETER_BIT(SEP))
#define POPULAR_PARAMETERS (PARAMETER_BIT(POPULAR_SITE) | PARAMETER_BIT(TAG) | PARAMETER_BIT(N))

/* Who is let in: anybody; a token with that scope; anybody where the site publishes it, else such a token. */
enum api_access { ACCESS_OPEN, ACCESS_STATS, ACCESS_POPULAR };

/*
 * id, method, path with {parameters}, access, parameters, schema of the body ("": none), schema of the answer, whether
 * it comes in the other forms of EXPORT_FORMATS, too; summary, description
 */
#define API_ROUTES(X)                                                                                                  \
    X(openapi, HTTP_GET, "/api/openapi.json", ACCESS_OPEN, 0, "", "Document", false, "This document",                  \
      "The OpenAPI 3.1 document of the API, made of the table that requests are dispatched by.")                       \
    X(sites, HTTP_GET, "/api/v1/sites", ACCESS_STATS, 0, "", "Sites", false, "Sites that the token may read",          \
      "What each of them is called, how it counts, and which tables it has.")                                          \
    X(table, HTTP_GET, "/api/v1/sites/{site}/tables/{table}", ACCESS_STATS, TABLE_PARAMETERS, "", "TableAnswer", true, \
      "One table of one site",                                                                                         \
      "Sums of closed periods. What is hidden has no row, in tables without keys a row whose value is null; it is in " \
      "no order and no number of rows. All forms are made of the same answer.")                                        \
    X(query, HTTP_POST, "/api/v2/query", ACCESS_STATS, 0, "Query", "QueryAnswer", false,                               \
      "A question in the shape of Plausible's Stats API v2",                                                           \
      "For programs that speak it already. Filters, order and pages work on what is shown. What is not counted here, " \
      "or cannot be joined, is refused with a sentence that says why.")                                                \
    X(popular, HTTP_GET, "/popular", ACCESS_POPULAR, POPULAR_PARAMETERS, "", "PopularAnswer", false,                   \
      "The most read pages", "For the site's own lists. Public and cacheable where the site's configuration says so.")

#define X(id, ...) ROUTE_##id,
enum api_route_id { API_ROUTES(X) API_ROUTE_COUNT };
#undef X

struct api_call;

struct api_route {
    enum http_method method;
    const char *path;
    enum api_access access;
    unsigned parameters;
    const char *body_schema, *answer_schema;
    bool has_forms;
    const char *summary, *description;
    void (*answer)(struct api_call *call);
};

extern const struct api_route api_routes[API_ROUTE_COUNT];

#define X(id, ...) void api_answer_##id(struct api_call *call);
API_ROUTES(X)
#undef X

#endif
