/* The pages that editors open. */
#ifndef SPORLOS_AGGREGATOR_DASHBOARD_H
#define SPORLOS_AGGREGATOR_DASHBOARD_H

#include "../accounts.h"
#include "../archive.h"
#include "sporlos/config.h"
#include "sporlos/http_server.h"

struct dashboard;
struct event_base;
struct workers;

/* Borrows config, archive (ARCHIVE_READ, of the calling thread) and accounts. */
SP_MUST_CHECK enum sp_error dashboard_new(const struct config *config, struct archive *archive,
                                          struct accounts *accounts, struct dashboard **dashboard);

/* Show these declarations (borrowed), which are of its configuration, at /declaration. */
struct declarations;
void dashboard_declare(struct dashboard *dashboard, const struct declarations *declarations);

/*
 * Check passwords on threads of its own, and ask the archive on those of readers (readers.h; borrowed, to be freed
 * before the dashboard is); both answer on base's loop. Without, all is done at once. *why: a sentence.
 */
enum { LOGIN_THREADS = 2, LOGIN_QUEUE_MAX = 32 };
SP_MUST_CHECK enum sp_error dashboard_start_workers(struct dashboard *dashboard, struct event_base *base,
                                                    struct workers *readers, const char **why);

/*
 * Take over who is logged in, the limits on log-in attempts and what was written to the access log from the dashboard
 * of the configuration before. That one answers what is under way, and is then to be freed.
 */
void dashboard_inherit(struct dashboard *dashboard, struct dashboard *older);

/* Say when something last came from each site (borrowed). */
struct activity;
void dashboard_observe(struct dashboard *dashboard, struct activity *activity);

void dashboard_free(struct dashboard *dashboard);

/* Answer the request if its path is one of the dashboard's (false otherwise, nothing done). */
bool dashboard_request(struct dashboard *dashboard, struct http_exchange *exchange, const struct http_request *request);

/* Answer a request whose path is nobody's: a page that says so. */
void dashboard_missing(struct dashboard *dashboard, struct http_exchange *exchange, const struct http_request *request);

/*
 * The page of a status with which the server itself refused a request; request: its head, NULL where it is not known.
 * Both spans are left as they are when there is no memory, else borrowed until the next call.
 */
void dashboard_word_refusal(struct dashboard *dashboard, int status, const struct http_request *request,
                            struct span *headers, struct span *body);

#endif
