#include "api_problem.h"

#include <stdio.h>

#define COMMON_HEADERS "Cache-Control: private, no-store\r\nX-Content-Type-Options: nosniff\r\n"

static const struct {
    int status;
    const char *title, *headers;
} kinds[] = {
    { 400, "Bad Request", "" },
    { 401, "Unauthorized", "WWW-Authenticate: Bearer\r\n" },
    { 403, "Forbidden", "" },
    { 404, "Not Found", "" },
    { 405, "Method Not Allowed", "" },
    { 429, "Too Many Requests", "" },
    { 503, "Service Unavailable", "Retry-After: 5\r\n" },
    { 500, "Internal Server Error", "" }, /* last: for whatever else */
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

void
problem_respond(struct http_exchange *exchange, const struct problem *problem)
{
    size_t kind = 0;
    while (kind < KIND_COUNT - 1 && kinds[kind].status != problem->status)
        kind++;
    struct json json = { .comma = false };
    json_object(&json);
    json_name(&json, "type");
    json_text(&json, SPAN_LITERAL("about:blank"));
    json_name(&json, "title");
    json_text(&json, span_text(kinds[kind].title));
    json_name(&json, "status");
    json_integer(&json, kinds[kind].status);
    json_name(&json, "detail");
    json_text(&json, span_text(problem->detail));
    if (problem->field != NULL) {
        json_name(&json, "field");
        json_text(&json, span_text(problem->field));
    }
    json_object_end(&json);
    char headers[256];
    char again[40] = "";
    if (problem->status == 405)
        snprintf(again, sizeof again, "Allow: %s\r\n", problem->allow == NULL ? "GET, HEAD" : problem->allow);
    if (problem->retry_after_s > 0)
        snprintf(again, sizeof again, "Retry-After: %d\r\n", problem->retry_after_s);
    int length = snprintf(headers, sizeof headers, "Content-Type: application/problem+json\r\n" COMMON_HEADERS "%s%s",
                          kinds[kind].headers, again);
    http_respond(exchange, kinds[kind].status, span_of(headers, (size_t)length),
                 json.text.failed ? SPAN_LITERAL("{}") : text_span(&json.text));
    json_fini(&json);
}

void
json_respond(struct http_exchange *exchange, const struct json *json)
{
    static const struct problem no_memory = { .status = 500, .detail = "The answer could not be made." };
    if (json->text.failed)
        problem_respond(exchange, &no_memory);
    else
        http_respond(exchange, 200, SPAN_LITERAL("Content-Type: application/json\r\n" COMMON_HEADERS),
                     text_span(&json->text));
}
