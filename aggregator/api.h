/* The statistics API: /api/v1/..., JSON, bearer tokens. Reference: docs/api.md. */
#ifndef SPORLOS_AGGREGATOR_API_H
#define SPORLOS_AGGREGATOR_API_H

#include "accounts.h"
#include "archive.h"
#include "sporlos/config.h"
#include "sporlos/http_server.h"

struct api;

/* Borrows config, archive (ARCHIVE_READ, of the calling thread) and accounts. */
SP_MUST_CHECK enum sp_error api_new(const struct config *config, struct archive *archive, struct accounts *accounts,
                                    struct api **api);
void api_free(struct api *api);

/* Answer a request whose path begins with /api/. */
void api_request(struct api *api, struct http_exchange *exchange, const struct http_request *request);

#endif
