/* The pages that editors open. */
#ifndef SPORLOS_AGGREGATOR_DASHBOARD_H
#define SPORLOS_AGGREGATOR_DASHBOARD_H

#include "../accounts.h"
#include "../archive.h"
#include "sporlos/config.h"
#include "sporlos/http_server.h"

struct dashboard;

/* Borrows config, archive (ARCHIVE_READ, of the calling thread) and accounts. */
SP_MUST_CHECK enum sp_error dashboard_new(const struct config *config, struct archive *archive,
                                          struct accounts *accounts, struct dashboard **dashboard);

/* Show these declarations (borrowed), which are of its configuration, at /declaration. */
struct declarations;
void dashboard_declare(struct dashboard *dashboard, const struct declarations *declarations);

void dashboard_free(struct dashboard *dashboard);

/* Answer the request if its path is one of the dashboard's (false otherwise, nothing done). */
bool dashboard_request(struct dashboard *dashboard, struct http_exchange *exchange, const struct http_request *request);

#endif
