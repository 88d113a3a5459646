/* What the API answers when it cannot: problem details (RFC 9457) that name the field at fault. */
#ifndef SPORLOS_AGGREGATOR_API_PROBLEM_H
#define SPORLOS_AGGREGATOR_API_PROBLEM_H

#include "export/json.h"
#include "sporlos/http_server.h"

/* field: NULL when no field of the request is at fault. detail: a literal; nothing of the request is repeated. */
struct problem {
    int status;
    const char *field;
    const char *detail;
    int retry_after_s; /* with 429 */
    const char *allow; /* with 405: the methods; NULL: GET, HEAD */
};

void problem_respond(struct http_exchange *exchange, const struct problem *problem);

/* 200 with what json holds, or 500 if it could not be written. */
void json_respond(struct http_exchange *exchange, const struct json *json);

#endif
