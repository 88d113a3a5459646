/* The statistics API: /api/..., /popular. Reference: docs/api.md and /api/openapi.json, which is made of api_routes.h.
 */
#ifndef SPORLOS_AGGREGATOR_API_H
#define SPORLOS_AGGREGATOR_API_H

#include "accounts.h"
#include "archive.h"
#include "sporlos/config.h"
#include "sporlos/http_server.h"

struct api;
struct workers;

/* Borrows all. readers (readers.h) answer the questions; they are to be freed before the API is. */
SP_MUST_CHECK enum sp_error api_new(const struct config *config, struct accounts *accounts, struct workers *readers,
                                    struct api **api);
void api_free(struct api *api);

/* Answer a request if its path is the API's; false: it is not. */
bool api_request(struct api *api, struct http_exchange *exchange, const struct http_request *request);

/* The words of a refusal of the server itself (413, 417), if the path is the API's. They stay. */
bool api_word_refusal(int status, struct span path, struct span *headers, struct span *body);

#endif
