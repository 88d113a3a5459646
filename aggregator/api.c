#include "api.h"

#include <stdlib.h>
#include <strings.h>

#include "api_problem.h"
#include "api_query.h"
#include "statistics.h"
#include "visitor_bias.h"

struct api {
    const struct config *config;
    struct archive *archive;
    struct accounts *accounts;
};

enum sp_error
api_new(const struct config *config, struct archive *archive, struct accounts *accounts, struct api **api)
{
    *api = calloc(1, sizeof **api);
    if (*api == NULL)
        return SP_NO_MEMORY;
    **api = (struct api){ config, archive, accounts };
    return SP_OK;
}

void
api_free(struct api *api)
{
    free(api);
}

static void
refuse(struct http_exchange *exchange, int status, const char *field, const char *detail)
{
    problem_respond(exchange, &(struct problem){ status, field, detail });
}

/* ---- who asks ---- */

/* The token of 'Authorization: Bearer TOKEN'; empty when there is none. */
static struct span
bearer(const struct http_request *request)
{
    static const struct span scheme = SPAN_LITERAL("Bearer ");
    struct span value = http_request_header(request, HTTP_AUTHORIZATION);
    if (request->known_count[HTTP_AUTHORIZATION] != 1 || value.length <= scheme.length ||
        strncasecmp(value.at, scheme.at, scheme.length) != 0)
        return span_of("", 0);
    return span_of(value.at + scheme.length, value.length - scheme.length);
}

/* ---- /api/v1/sites ---- */

static void
write_site_tables(struct json *json, const struct site_config *site)
{
    json_name(json, "tables");
    json_array(json);
    for (int table = 0; table < TABLE_COUNT; table++)
        if (table_periods((enum table_id)table, site->mode) != 0 && (site->tables & (1U << table)) != 0)
            json_text(json, span_text(table_table[table].name));
    json_array_end(json);
}

static void
write_site(struct json *json, const struct site_config *site)
{
    json_object(json);
    json_name(json, "site");
    json_text(json, span_text(site->key));
    json_name(json, "name");
    json_text(json, span_text(site->name));
    json_name(json, "mode");
    json_text(json, span_text(mode_table[site->mode].name));
    json_name(json, "timezone");
    json_text(json, span_text(site->zone.name));
    write_site_tables(json, site);
    json_object_end(json);
}

/* Those that the token may read. */
static void
answer_sites(struct api *api, struct http_exchange *exchange, const struct http_request *request, struct span rest)
{
    (void)rest;
    struct json json;
    json_init(&json);
    json_object(&json);
    json_name(&json, "sites");
    json_array(&json);
    for (size_t i = 0; i < api->config->site_count; i++)
        if (accounts_token_check(api->accounts, bearer(request), api->config->sites[i].key) == SP_OK)
            write_site(&json, &api->config->sites[i]);
    json_array_end(&json);
    json_object_end(&json);
    json_respond(exchange, &json);
    json_fini(&json);
}

/* ---- /api/v1/sites/SITE/tables/TABLE ---- */

static const char *const kind_names[PERIOD_KIND_COUNT] = { "hour", "day", "month" };

static void
write_moment(struct json *json, const char *name, enum statistic_by by, int32_t index)
{
    char text[PERIOD_TEXT_MAX + 4];
    period_format((struct period){ by == BY_HOUR ? PERIOD_HOUR : PERIOD_DAY, index }, text);
    if (by == BY_HOUR)
        strcat(text, ":00Z");
    json_name(json, name);
    json_text(json, span_text(text));
}

/* Visitors are an estimate: by how much it is known to be off. */
static void
write_bias(struct json *json)
{
    static const struct {
        int readers, percent;
    } rows[] = {
#define X(readers, percent) { (readers), (percent) },
        VISITOR_BIAS(X)
#undef X
    };
    json_name(json, "estimate");
    json_boolean(json, true);
    json_name(json, "bias");
    json_array(json);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_object(json);
        json_name(json, "readers");
        json_integer(json, rows[i].readers);
        json_name(json, "percent");
        json_integer(json, rows[i].percent);
        json_object_end(json);
    }
    json_array_end(json);
}

static void
write_meta(struct json *json, const struct statistic_query *query, const struct statistic *statistic)
{
    const struct mode *mode = &mode_table[query->site->mode];
    json_name(json, "meta");
    json_object(json);
    json_name(json, "mode");
    json_text(json, span_text(mode->name));
    json_name(json, "timezone");
    json_text(json, span_text(query->site->zone.name));
    json_name(json, "leaves");
    json_text(json, span_text(kind_names[statistic_leaf_kind(statistic)]));
    json_name(json, "noise_variance");
    json_integer(json, mode->variance);
    json_name(json, "noise_bound");
    json_integer(json, mode->bound);
    json_name(json, "leaf_threshold");
    json_integer(json, mode->show);
    json_name(json, "sum_threshold_base");
    json_integer(json, mode->k);
    json_name(json, "networks_at_least");
    json_integer(json, mode->witnesses);
    if (query->table == TABLE_VISITORS)
        write_bias(json);
    json_object_end(json);
}

static void
write_row(struct json *json, const struct statistic_query *query, const struct statistic_row *row)
{
    json_object(json);
    write_moment(json, "from", query->by, row->from);
    write_moment(json, "to", query->by, row->to);
    if (table_table[query->table].key != KEY_NONE) {
        json_name(json, "key");
        json_text(json, row->key);
    }
    json_name(json, "value");
    if (row->shown) {
        json_integer(json, row->value);
        json_name(json, "deviation");
        json_decimal(json, row->deviation);
        json_name(json, "leaves");
        json_integer(json, row->leaves);
        if (row->at_least) {
            json_name(json, "at_least");
            json_boolean(json, true);
        }
    } else {
        json_null(json);
        json_name(json, "status");
        json_text(json, SPAN_LITERAL(":"));
    }
    if (row->is_rest) {
        json_name(json, "rest");
        json_boolean(json, true);
    }
    json_object_end(json);
}

static void
write_statistic(struct json *json, const struct statistic_query *query, const struct statistic *statistic)
{
    json_object(json);
    json_name(json, "site");
    json_text(json, span_text(query->site->key));
    json_name(json, "table");
    json_text(json, span_text(table_table[query->table].name));
    write_moment(json, "from", BY_DAY, query->from);
    write_moment(json, "to", BY_DAY, query->to);
    json_name(json, "by");
    json_text(json, span_text(statistic_by_name(query->by)));
    write_meta(json, query, statistic);
    json_name(json, "rows");
    json_array(json);
    for (size_t i = 0; i < statistic_count(statistic); i++)
        write_row(json, query, statistic_at(statistic, i));
    json_array_end(json);
    json_object_end(json);
}

static void
answer_query(struct api *api, struct http_exchange *exchange, const struct statistic_query *query)
{
    struct statistic *statistic;
    enum sp_error error = statistic_new(api->archive, query, &statistic);
    if (error == SP_REFUSED) {
        refuse(exchange, 400, "by",
               "The site does not count this table in periods that could answer: restricted sites have whole months "
               "only for keyed tables (by month or range, from the first to the last day), and only the table 'hour' "
               "has hours.");
        return;
    }
    if (error == SP_TOO_LONG) {
        refuse(exchange, 400, "to", "The answer would be too long; ask for a shorter range or a coarser 'by'.");
        return;
    }
    if (error != SP_OK) {
        refuse(exchange, 503, NULL, "The archive could not be read.");
        return;
    }
    struct json json;
    json_init(&json);
    write_statistic(&json, query, statistic);
    json_respond(exchange, &json);
    json_fini(&json);
    statistic_free(statistic);
}

/* 'SITE/tables/TABLE' -> both, still encoded. */
static bool
split_table_path(struct span rest, struct span *site, struct span *table)
{
    static const struct span middle = SPAN_LITERAL("/tables/");
    const char *slash = rest.length == 0 ? NULL : memchr(rest.at, '/', rest.length);
    if (slash == NULL)
        return false;
    *site = span_of(rest.at, (size_t)(slash - rest.at));
    struct span tail = span_of(slash, rest.length - site->length);
    if (tail.length <= middle.length || memcmp(tail.at, middle.at, middle.length) != 0)
        return false;
    *table = span_of(tail.at + middle.length, tail.length - middle.length);
    return memchr(table->at, '/', table->length) == NULL;
}

/* A token for one site learns nothing about others, not even whether they are there. */
static bool
may_read(struct api *api, struct http_exchange *exchange, const struct http_request *request,
         const struct site_config *site)
{
    if (accounts_token_check(api->accounts, bearer(request), site == NULL ? "*" : site->key) == SP_OK)
        return true;
    refuse(exchange, 403, NULL, "The token does not give access to this site.");
    return false;
}

static void
answer_table(struct api *api, struct http_exchange *exchange, const struct http_request *request, struct span rest)
{
    struct span site_text;
    struct span table_text;
    struct statistic_query query = { .site = NULL };
    struct problem problem;
    if (!split_table_path(rest, &site_text, &table_text)) {
        refuse(exchange, 404, NULL, "There is nothing here; see docs/api.md.");
        return;
    }
    query.site = api_site(api->config, site_text);
    if (!may_read(api, exchange, request, query.site))
        return;
    if (query.site == NULL)
        refuse(exchange, 404, "site", "There is no such site.");
    else if (table_find(table_text, &query.table) != SP_OK)
        refuse(exchange, 404, "table", "There is no such table.");
    else if (table_periods(query.table, query.site->mode) == 0 || (query.site->tables & (1U << query.table)) == 0)
        refuse(exchange, 404, "table", "The site does not count this table.");
    else if (!api_query_parse(request->query, &query, &problem))
        problem_respond(exchange, &problem);
    else
        answer_query(api, exchange, &query);
}

/* ---- routes ---- */

static const struct route {
    struct span prefix;
    bool exact;
    void (*answer)(struct api *api, struct http_exchange *exchange, const struct http_request *request,
                   struct span rest);
} routes[] = {
    { SPAN_LITERAL("/api/v1/sites"), true, answer_sites },
    { SPAN_LITERAL("/api/v1/sites/"), false, answer_table },
};

static const struct route *
find_route(struct span path)
{
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        size_t length = routes[i].prefix.length;
        if (path.length < length || (routes[i].exact && path.length != length))
            continue;
        if (memcmp(path.at, routes[i].prefix.at, length) == 0)
            return &routes[i];
    }
    return NULL;
}

void
api_request(struct api *api, struct http_exchange *exchange, const struct http_request *request)
{
    const struct route *route = find_route(request->path);
    if (accounts_token_check(api->accounts, bearer(request), NULL) != SP_OK)
        refuse(exchange, 401, NULL,
               "Send 'Authorization: Bearer TOKEN' with a token from 'sporlos-aggregator token add'.");
    else if (route == NULL)
        refuse(exchange, 404, NULL, "There is nothing here; see docs/api.md.");
    else if (request->method != HTTP_GET && request->method != HTTP_HEAD)
        refuse(exchange, 405, NULL, "Only GET and HEAD.");
    else
        route->answer(api, exchange, request,
                      span_of(request->path.at + route->prefix.length, request->path.length - route->prefix.length));
}
