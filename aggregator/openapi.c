#include "openapi.h"

#include "accounts.h"
#include "api_routes.h"
#include "api_schemas.h"
#include "export/export.h"
#include "plausible.h"

static void
name_text(struct json *json, const char *name, const char *text)
{
    json_name(json, name);
    json_text(json, span_text(text));
}

static void
open_object(struct json *json, const char *name)
{
    json_name(json, name);
    json_object(json);
}

static void
write_reference(struct json *json, const char *folder, const char *name)
{
    struct text reference = { .at = NULL };
    text_add(&reference, SPAN_LITERAL("#/components/"));
    text_add(&reference, span_text(folder));
    text_add(&reference, SPAN_LITERAL("/"));
    text_add(&reference, span_text(name));
    json->text.failed |= reference.failed;
    json_object(json);
    json_name(json, "$ref");
    json_text(json, text_span(&reference));
    json_object_end(json);
    text_fini(&reference);
}

static void
write_parameters(struct json *json, const struct api_route *route)
{
    json_name(json, "parameters");
    json_array(json);
    for (unsigned i = 0; i < PARAMETER_COUNT; i++) {
        const struct parameter_row *row = &parameter_rows[i];
        if ((route->parameters & 1U << i) == 0)
            continue;
        json_object(json);
        name_text(json, "name", row->name);
        name_text(json, "in", row->place == PLACE_PATH ? "path" : "query");
        json_name(json, "required");
        json_boolean(json, row->place != PLACE_OPTIONAL);
        name_text(json, "description", row->description);
        json_name(json, "schema");
        json_literal(json, row->schema);
        json_object_end(json);
    }
    json_array_end(json);
}

static void
write_content(struct json *json, const char *type, const char *schema)
{
    json_key(json, span_text(type));
    json_object(json);
    json_name(json, "schema");
    if (schema == NULL)
        json_literal(json, "{\"type\":\"string\"}");
    else
        write_reference(json, "schemas", schema);
    json_object_end(json);
}

/* Each media type once: JSON-stat is JSON, too. */
static void
write_forms(struct json *json)
{
    static const char *const types[EXPORT_FORMAT_COUNT] = {
#define X(id, name, ending, type) [id] = type,
        EXPORT_FORMATS(X)
#undef X
    };
    write_content(json, types[EXPORT_CSV], NULL);
    write_content(json, types[EXPORT_SVG], NULL);
}

static void
write_responses(struct json *json, const struct api_route *route)
{
    static const char *const problems[] = { "400", "401", "403", "404", "429", "503" };
    open_object(json, "responses");
    json_key(json, SPAN_LITERAL("200"));
    json_object(json);
    name_text(json, "description", route->has_forms ? "The answer, in the form that 'format' names." : "The answer.");
    open_object(json, "content");
    write_content(json, "application/json", route->answer_schema);
    if (route->has_forms)
        write_forms(json);
    json_object_end(json);
    json_object_end(json);
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        json_key(json, span_text(problems[i]));
        write_reference(json, "responses", "Problem");
    }
    json_object_end(json);
}

static void
write_security(struct json *json, enum api_access access)
{
    json_name(json, "security");
    json_array(json);
    if (access != ACCESS_STATS)
        json_literal(json, "{}");
    if (access != ACCESS_OPEN)
        json_literal(json, "{\"token\":[]}");
    json_array_end(json);
}

static void
write_route(struct json *json, const struct api_route *route, const char *id)
{
    json_key(json, span_text(route->path));
    json_object(json);
    json_name(json, route->method == HTTP_POST ? "post" : "get");
    json_object(json);
    name_text(json, "operationId", id);
    name_text(json, "summary", route->summary);
    name_text(json, "description", route->description);
    write_security(json, route->access);
    if (route->parameters != 0)
        write_parameters(json, route);
    if (route->body_schema[0] != '\0') {
        open_object(json, "requestBody");
        json_name(json, "required");
        json_boolean(json, true);
        open_object(json, "content");
        write_content(json, "application/json", route->body_schema);
        json_object_end(json);
        json_object_end(json);
    }
    write_responses(json, route);
    json_object_end(json);
    json_object_end(json);
}

static void
write_paths(struct json *json)
{
    static const char *const ids[API_ROUTE_COUNT] = {
#define X(id, ...) [ROUTE_##id] = #id,
        API_ROUTES(X)
#undef X
    };
    open_object(json, "paths");
    for (size_t i = 0; i < API_ROUTE_COUNT; i++)
        write_route(json, &api_routes[i], ids[i]);
    json_object_end(json);
}

/* An enumeration of what a function names, from 0 until it says NULL. */
static void
write_names(struct json *json, const char *schema, const char *(*name)(size_t index))
{
    open_object(json, schema);
    json_name(json, "type");
    json_text(json, SPAN_LITERAL("string"));
    json_name(json, "enum");
    json_array(json);
    for (size_t i = 0; name(i) != NULL; i++)
        json_text(json, span_text(name(i)));
    json_array_end(json);
    json_object_end(json);
}

static const char *
table_name(size_t index)
{
    return index < TABLE_COUNT ? table_table[index].name : NULL;
}

static const char *
mode_name(size_t index)
{
    return index < MODE_COUNT ? mode_table[index].name : NULL;
}

/* The embedded file is an object: its members go beside ours. */
static void
write_schemas(struct json *json)
{
    const struct asset *asset = &api_schemas[API_SCHEMAS_API_SCHEMAS_JSON];
    struct span text = span_of((const char *)asset->identity, asset->identity_length);
    const char *open = memchr(text.at, '{', text.length);
    size_t length = text.length;
    while (length > 0 && text.at[length - 1] != '}')
        length--;
    open_object(json, "schemas");
    write_names(json, "Table", table_name);
    write_names(json, "Mode", mode_name);
    write_names(json, "Metric", plausible_metric_name);
    write_names(json, "Dimension", plausible_dimension_name);
    json_members(json, span_of(open + 1, (size_t)(text.at + length - 1 - (open + 1))));
    json_object_end(json);
}

static void
write_components(struct json *json)
{
    open_object(json, "components");
    json_name(json, "securitySchemes");
    json_literal(json, "{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"From 'sporlos-aggregator "
                       "token add LABEL --site SITE [--scope SCOPE]'. Scopes: "
#define X(id, name, words) name " (" words ") "
                 TOKEN_SCOPES(X)
#undef X
                     "\"}}");
    json_name(json, "responses");
    json_literal(
        json, "{\"Problem\":{\"description\":\"What is wrong, in words; with 429 and 503 Retry-After says when to ask "
              "again.\",\"content\":{\"application/problem+json\":{\"schema\":{\"$ref\":"
              "\"#/components/schemas/Problem\"}}}}}");
    write_schemas(json);
    json_object_end(json);
}

void
openapi_write(struct json *json, const char *server)
{
    json_object(json);
    name_text(json, "openapi", "3.1.0");
    open_object(json, "info");
    name_text(json, "title", "Sporløs statistics API");
    name_text(json, "version", "1");
    name_text(json, "description",
              "Statistics that cannot identify anyone: every number is a sum of closed, noisy leaves, and what is too "
              "small is not there. See docs/api.md.");
    json_name(json, "license");
    json_literal(json, "{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}");
    json_object_end(json);
    json_name(json, "servers");
    json_array(json);
    json_object(json);
    name_text(json, "url", server == NULL ? "/" : server);
    json_object_end(json);
    json_array_end(json);
    write_paths(json);
    write_components(json);
    json_object_end(json);
}
