/* The statistics API: /api/..., /popular. Reference: docs/api.md and /api/openapi.json, which is made of api_routes.h.
 */
#ifndef SPORLOS_AGGREGATOR_API_H
#define SPORLOS_AGGREGATOR_API_H

#include "accounts.h"
#include "archive.h"
#include "sporlos/config.h"
#include "sporlos/http_server.h"

struct api;
struct event_base;

/*
 * Borrows config and accounts. Questions are answered by threads with an archive (ARCHIVE_READ) each, on the loop of
 * base. *why: a sentence, valid until the next call.
 */
SP_MUST_CHECK enum sp_error api_new(const struct config *config, struct accounts *accounts, struct event_base *base,
                                    struct api **api, const char **why);
/* After the questions under way have been answered. */
void api_free(struct api *api);

/* Answer a request if its path is the API's; false: it is not. */
bool api_request(struct api *api, struct http_exchange *exchange, const struct http_request *request);

/*
 * For a page that has let its reader in already: answer as GET /api/v1/sites/SITE/tables/TABLE?query does, as a
 * download. site and table come from the page's own address.
 */
void api_download(struct api *api, struct http_exchange *exchange, const struct http_request *request,
                  const struct site_config *site, struct span table, struct span query);

#endif
