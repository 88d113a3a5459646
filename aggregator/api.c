#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "api_call.h"
#include "api_limit.h"
#include "openapi.h"
#include "sporlos/clock.h"
#include "sporlos/log.h"

#define X(id, method, path, access, parameters, body, answer, forms, summary, description)                             \
    _Static_assert(sizeof(path) > 1 && sizeof(answer) > 1 && sizeof(summary) > 1 && sizeof(description) > 1,           \
                   "a route has words");
API_ROUTES(X)
#undef X

const struct api_route api_routes[API_ROUTE_COUNT] = {
#define X(id, method, path, access, parameters, body, answer, forms, summary, description)                             \
    [ROUTE_##id] = { method, path, access, parameters, body, answer, forms, summary, description, api_answer_##id },
    API_ROUTES(X)
#undef X
};

/* ---- beginning and end ---- */

static void
read_gazetteer(struct api *api)
{
    char why[GAZETTEER_WHY_MAX];
    const char *path = api->config->geo.gazetteer;
    if (path == NULL || gazetteer_read(path, &api->gazetteer, why) == SP_OK)
        return;
    api->gazetteer = NULL;
    LOG_BARE(LOG_WARNING, "api_without_gazetteer");
}

enum sp_error
api_new(const struct config *config, struct accounts *accounts, struct workers *readers, struct api **api)
{
    struct api *self = calloc(1, sizeof *self);
    *api = NULL;
    if (self == NULL)
        return SP_NO_MEMORY;
    self->config = config;
    self->accounts = accounts;
    self->readers = readers;
    enum sp_error error = api_limit_new(config->aggregator.api_rate, config->aggregator.api_burst, &self->limit);
    if (error != SP_OK) {
        api_free(self);
        return error;
    }
    read_gazetteer(self);
    *api = self;
    return SP_OK;
}

void
api_free(struct api *api)
{
    if (api == NULL)
        return;
    gazetteer_free(api->gazetteer);
    api_limit_free(api->limit);
    free(api);
}

/* ---- answers ---- */

void
api_refuse(const struct api_call *call, int status, const char *field, const char *detail)
{
    problem_respond(call->exchange, &(struct problem){ .status = status, .field = field, .detail = detail });
}

struct problem
api_statistic_problem(enum sp_error error)
{
    static const char refused[] =
        "The site does not count this table in periods that could answer: restricted sites have whole months only for "
        "keyed tables (by month or range, from the first to the last day), and only the table 'hour' has hours.";
    static const char too_long[] = "The answer would be too long; ask for a shorter range or a coarser 'by'.";
    if (error == SP_REFUSED)
        return (struct problem){ .status = 400, .field = "by", .detail = refused };
    if (error == SP_TOO_LONG)
        return (struct problem){ .status = 400, .field = "to", .detail = too_long };
    return (struct problem){ .status = 503, .detail = "The archive could not be read." };
}

static struct span
body_of(const struct api_answer *answer, bool *failed)
{
    *failed = answer->text.failed || answer->json.text.failed || answer->html.failed;
    if (answer->json.text.at != NULL)
        return text_span(&answer->json.text);
    if (answer->html.at != NULL)
        return span_of(answer->html.at, answer->html.length);
    return text_span(&answer->text);
}

static void
respond(struct http_exchange *exchange, const struct api_answer *answer)
{
    char headers[1024];
    char download[512] = "";
    bool failed;
    struct span body = body_of(answer, &failed);
    if (answer->problem.status != 0 || failed) {
        static const struct problem no_memory = { .status = 500, .detail = "The answer could not be made." };
        problem_respond(exchange, answer->problem.status != 0 ? &answer->problem : &no_memory);
        return;
    }
    if (answer->file_name[0] != '\0')
        snprintf(download, sizeof download, "Content-Disposition: attachment; filename=\"%s\"\r\n", answer->file_name);
    int length = snprintf(headers, sizeof headers,
                          "Content-Type: %s\r\nCache-Control: %s\r\nX-Content-Type-Options: nosniff\r\n"
                          "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox\r\n%s%s",
                          answer->type, answer->is_public ? "public, max-age=300" : "private, no-store",
                          answer->is_public ? "Access-Control-Allow-Origin: *\r\n" : "", download);
    http_respond(exchange, 200, span_of(headers, (size_t)length), body);
}

static void
end_job(struct worker_job *worker_job, bool worked)
{
    struct api_job *job = (struct api_job *)worker_job;
    if (!worked)
        job->answer.problem = (struct problem){ .status = 503, .detail = "The service is starting anew; ask again." };
    respond(job->exchange, &job->answer);
    text_fini(&job->answer.text);
    json_fini(&job->answer.json);
    html_fini(&job->answer.html);
    free(job);
}

static void
work(struct worker_job *worker_job, void *own)
{
    struct api_job *job = (struct api_job *)worker_job;
    job->ask(job, own);
}

void
api_submit(struct api_call *call, struct api_job *job)
{
    if (job == NULL) {
        api_refuse(call, 503, NULL, "There is no memory for another question; ask again.");
        return;
    }
    job->job = (struct worker_job){ .work = work, .done = end_job };
    job->api = call->api;
    job->exchange = call->exchange;
    job->answer.type = "application/json";
    if (workers_submit(call->api->readers, &job->job) == SP_OK)
        return;
    free(job);
    api_refuse(call, 503, NULL, "Too many questions are waiting for an answer; ask again.");
}

/* ---- who asks ---- */

/* The token of 'Authorization: Bearer TOKEN'; empty when there is none. */
static struct span
bearer(const struct http_request *request)
{
    static const struct span scheme = SPAN_LITERAL("Bearer ");
    struct span value = http_request_header(request, HTTP_AUTHORIZATION);
    if (request->known[HTTP_AUTHORIZATION] == 0 || value.length <= scheme.length ||
        strncasecmp(value.at, scheme.at, scheme.length) != 0)
        return span_of("", 0);
    return span_of(value.at + scheme.length, value.length - scheme.length);
}

/* Those with a token are counted by it, others by their network. */
static bool
is_within_limit(const struct api_call *call)
{
    struct span who = call->grant.scopes != 0
                          ? span_of((const char *)call->grant.id, sizeof call->grant.id)
                          : span_of((const char *)http_exchange_peer(call->exchange), HTTP_PEER_BYTES);
    int wait_s;
    if (api_limit_take(call->api->limit, who, clock_monotonic_ms(), &wait_s))
        return true;
    problem_respond(call->exchange, &(struct problem){ .status = 429,
                                                       .detail = "Too many requests; wait as long as Retry-After says.",
                                                       .retry_after_s = wait_s });
    return false;
}

static bool
is_let_in(const struct api_call *call)
{
    unsigned scopes = call->grant.scopes;
    if (call->route->access != ACCESS_STATS || (scopes & 1U << SCOPE_STATS) != 0)
        return true;
    if (scopes == 0)
        api_refuse(call, 401, NULL,
                   "Send 'Authorization: Bearer TOKEN' with a token from 'sporlos-aggregator token add'.");
    else
        api_refuse(call, 403, NULL, "The token has not the scope read:stats.");
    return false;
}

/* A token for one site learns nothing about others, not even whether they are there. */
const struct site_config *
api_readable_site(struct api_call *call, const char *field, char *name)
{
    const struct site_config *site = api_site(call->api->config, name);
    if (!token_grant_covers(&call->grant, SCOPE_STATS, site == NULL ? "*" : site->key)) {
        api_refuse(call, 403, NULL, "The token does not give access to this site.");
        return NULL;
    }
    if (site == NULL)
        api_refuse(call, 404, field, "There is no such site.");
    return site;
}

bool
api_site_counts(const struct site_config *site, enum table_id table)
{
    return table_periods(table, site->mode) != 0 && (site->tables & (1U << table)) != 0;
}

/* ---- routes ---- */

/* The parameter that a '{name}' of a path is; PARAMETER_COUNT: none. */
static enum api_parameter
path_parameter(struct span name, unsigned mask)
{
    for (unsigned i = 0; i < PARAMETER_COUNT; i++)
        if ((mask & 1U << i) != 0 && parameter_rows[i].place == PLACE_PATH &&
            span_equal(name, span_text(parameter_rows[i].name)))
            return (enum api_parameter)i;
    return PARAMETER_COUNT;
}

static struct span
cut_segment(struct span *path)
{
    const char *slash = path->length == 0 ? NULL : memchr(path->at + 1, '/', path->length - 1);
    size_t length = slash == NULL ? path->length : (size_t)(slash - path->at);
    struct span segment = span_of(path->at, length);
    *path = span_of(path->at + length, path->length - length);
    return segment;
}

/* Does the path match? Its parameters go to parameters, "" for those that are broken. */
static bool
matches(const struct api_route *route, struct span path, struct api_parameters *parameters)
{
    struct span form = span_text(route->path);
    while (form.length > 0 && path.length > 0) {
        struct span expected = cut_segment(&form);
        struct span segment = cut_segment(&path);
        if (expected.length > 3 && expected.at[1] == '{') {
            enum api_parameter id = path_parameter(span_of(expected.at + 2, expected.length - 3), route->parameters);
            if (segment.length < 2 || id == PARAMETER_COUNT)
                return false;
            if (!percent_decode(span_of(segment.at + 1, segment.length - 1), parameters->text[id], PARAMETER_TEXT_MAX))
                parameters->text[id][0] = '\0';
        } else if (!span_equal(expected, segment)) {
            return false;
        }
    }
    return form.length == 0 && path.length == 0;
}

static const struct api_route *
find_route(struct span path, struct api_parameters *parameters)
{
    for (size_t i = 0; i < API_ROUTE_COUNT; i++)
        if (matches(&api_routes[i], path, parameters))
            return &api_routes[i];
    return NULL;
}

static bool
takes_method(const struct api_route *route, enum http_method method)
{
    return method == route->method || (route->method == HTTP_GET && method == HTTP_HEAD);
}

static void
refuse_method(const struct api_call *call)
{
    static const struct problem only_post = { .status = 405, .detail = "Only POST.", .allow = "POST" };
    static const struct problem only_get = { .status = 405, .detail = "Only GET and HEAD." };
    problem_respond(call->exchange, call->route->method == HTTP_POST ? &only_post : &only_get);
}

static void
answer(struct api_call *call)
{
    struct problem problem;
    if (!is_within_limit(call))
        return;
    if (call->route == NULL) {
        if (call->grant.scopes == 0)
            api_refuse(call, 401, NULL,
                       "Send 'Authorization: Bearer TOKEN' with a token from 'sporlos-aggregator token add'.");
        else
            api_refuse(call, 404, NULL, "There is nothing here; see /api/openapi.json.");
    } else if (!is_let_in(call)) {
        return;
    } else if (!takes_method(call->route, call->request->method)) {
        refuse_method(call);
    } else if (!api_parameters_read(call->request->query, call->route->parameters, &call->parameters, &problem)) {
        problem_respond(call->exchange, &problem);
    } else {
        call->route->answer(call);
    }
}

static bool
is_ours(struct span path)
{
    static const struct span folder = SPAN_LITERAL("/api/");
    return span_equal(path, SPAN_LITERAL("/popular")) || span_equal(path, SPAN_LITERAL("/api")) ||
           (path.length >= folder.length && memcmp(path.at, folder.at, folder.length) == 0);
}

bool
api_request(struct api *api, struct http_exchange *exchange, const struct http_request *request)
{
    if (!is_ours(request->path))
        return false;
    struct api_call call = { .api = api, .exchange = exchange, .request = request };
    enum sp_error error = accounts_token_find(api->accounts, bearer(request), &call.grant);
    call.route = find_route(request->path, &call.parameters);
    if (error != SP_OK && error != SP_REFUSED)
        api_refuse(&call, 503, NULL, "The archive could not be read.");
    else
        answer(&call);
    return true;
}

void
api_answer_openapi(struct api_call *call)
{
    struct api_answer answer = { .type = "application/json", .is_public = true };
    openapi_write(&answer.json, call->api->config->aggregator.public_url);
    respond(call->exchange, &answer);
    json_fini(&answer.json);
}

bool
api_word_refusal(int status, struct span path, struct span *headers, struct span *body)
{
    if (!is_ours(path))
        return false;
    *headers = SPAN_LITERAL("Content-Type: application/problem+json\r\nCache-Control: private, no-store\r\n"
                            "X-Content-Type-Options: nosniff\r\n");
    *body = status == 413 ? SPAN_LITERAL("{\"type\":\"about:blank\",\"title\":\"Content Too Large\",\"status\":413,"
                                         "\"detail\":\"The body may have at most 65536 bytes.\"}")
                          : SPAN_LITERAL("{\"type\":\"about:blank\",\"title\":\"Expectation Failed\",\"status\":417,"
                                         "\"detail\":\"Send the body without Expect.\"}");
    return true;
}
