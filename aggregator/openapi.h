/* The OpenAPI 3.1 document, made of the tables that requests are read by. */
#ifndef SPORLOS_AGGREGATOR_OPENAPI_H
#define SPORLOS_AGGREGATOR_OPENAPI_H

#include "export/json.h"

/* server: where the API is reached; NULL: where the document is. */
void openapi_write(struct json *json, const char *server);

#endif
