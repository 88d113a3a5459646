/* The statistics API: /api/..., /popular. Reference: docs/api.md and /api/openapi.json, which is made of api_routes.h. */
#ifndef SPORLOS_AGGREGATOR_API_H
#define SPORLOS_AGGREGATOR_API_H

#include "accounts.h"
#include "archive.h"
#include "sporlos/config.h"
#include "sporlos/http_server.h"
#include "workers.h"

struct api;

/*
 * Borrows config, accounts and workers, whose threads own an archive (ARCHIVE_READ) each: api_workers_plan. The workers
 * are to be freed first: their jobs answer.
 */
SP_MUST_CHECK enum sp_error api_new(const struct config *config, struct accounts *accounts, struct workers *workers,
                                    struct api **api);
void api_free(struct api *api);

/* The plan of a pool whose threads read the archive of config, which is borrowed. */
struct workers_plan api_workers_plan(const struct config *config);

/* Answer a request if its path is the API's; false: it is not. */
bool api_request(struct api *api, struct http_exchange *exchange, const struct http_request *request);

/*
 * For a page that has let its reader in already: answer as GET /api/v1/sites/SITE/tables/TABLE?query does, as a
 * download. site and table come from the page's own address.
 */
void api_download(struct api *api, struct http_exchange *exchange, const struct http_request *request,
                  const struct site_config *site, struct span table, struct span query);

#endif
