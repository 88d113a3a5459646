/* One request to the API, from its address to its answer. For the files that answer. */
#ifndef SPORLOS_AGGREGATOR_API_CALL_H
#define SPORLOS_AGGREGATOR_API_CALL_H

#include "accounts.h"
#include "api.h"
#include "api_query.h"
#include "api_routes.h"
#include "workers.h"

struct api_call {
    struct api *api;
    struct http_exchange *exchange;
    const struct http_request *request; /* borrowed until the function that answers returns */
    const struct api_route *route;
    struct token_grant grant; /* scopes 0: nobody */
    struct api_parameters parameters;
};

struct api {
    const struct config *config;
    struct accounts *accounts;
    struct workers *readers;     /* borrowed */
    struct gazetteer *gazetteer; /* NULL: none configured or readable; owned */
    struct api_limit *limit;
};

/* What goes back. Either a problem (status is not 0) or a body. */
struct api_answer {
    struct problem problem;
    const char *type;    /* media type */
    bool is_public;      /* for caches, for a few minutes */
    char file_name[400]; /* of a download; "": none */
    struct text text;    /* at most one of these is used; owned */
    struct json json;
    struct html html;
};

/*
 * What needs the archive: a job that a thread of the pool does with its own connection. The caller's own struct begins
 * with it, is made by calloc and is freed with the answer.
 */
struct api_job {
    struct worker_job job;
    struct api *api;
    struct http_exchange *exchange;
    /* On a thread of the pool. */
    void (*ask)(struct api_job *job, struct archive *archive);
    struct api_answer answer;
};

/* Hand job over; answers 503 and frees it when too many wait. Takes job; NULL: there was no memory. */
void api_submit(struct api_call *call, struct api_job *job);

/* The problem that an error of statistic_new is. */
struct problem api_statistic_problem(enum sp_error error);

void api_refuse(const struct api_call *call, int status, const char *field, const char *detail);

/* A site that the call may read; NULL, and answered, when it may not or there is none. field: which one names it; name:
 * see api_site. */
const struct site_config *api_readable_site(struct api_call *call, const char *field, char *name);

/* Does this site count this table? */
bool api_site_counts(const struct site_config *site, enum table_id table);

#endif
