/* /api/v1/: the sites, and a table in all its forms. */
#include <stdio.h>
#include <stdlib.h>

#include "api_call.h"

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
    json_name(json, "tables");
    json_array(json);
    for (int table = 0; table < TABLE_COUNT; table++)
        if (api_site_counts(site, (enum table_id)table))
            json_text(json, span_text(table_table[table].name));
    json_array_end(json);
    json_object_end(json);
}

void
api_answer_sites(struct api_call *call)
{
    const struct config *config = call->api->config;
    struct json json = { .comma = false };
    json_object(&json);
    json_name(&json, "sites");
    json_array(&json);
    for (size_t i = 0; i < config->site_count; i++)
        if (token_grant_covers(&call->grant, SCOPE_STATS, config->sites[i].key))
            write_site(&json, &config->sites[i]);
    json_array_end(&json);
    json_object_end(&json);
    json_respond(call->exchange, &json);
    json_fini(&json);
}

/* ---- a table ---- */

struct table_job {
    struct api_job job; /* first */
    struct statistic_query query;
    enum export_format format;
    enum csv_separator separator;
};

static const struct {
    const char *ending, *type;
} forms[EXPORT_FORMAT_COUNT] = {
#define X(id, name, ending, type) [id] = { ending, type },
    EXPORT_FORMATS(X)
#undef X
};

static enum sp_error
write_form(struct table_job *table, const struct export *export)
{
    struct api_answer *answer = &table->job.answer;
    switch (table->format) {
    case EXPORT_CSV:
        export_csv(&answer->text, export, table->separator);
        return SP_OK;
    case EXPORT_JSON_STAT:
        return export_json_stat(&answer->json, export);
    case EXPORT_SVG:
        export_svg(&answer->html, export);
        return SP_OK;
    case EXPORT_JSON:
    case EXPORT_FORMAT_COUNT:
    default:
        export_json(&answer->json, export);
        return SP_OK;
    }
}

/* Keys of sites and names of tables have no character that a header would mind. */
static void
name_file(struct table_job *table)
{
    char from[PERIOD_TEXT_MAX];
    char to[PERIOD_TEXT_MAX];
    const struct statistic_query *query = &table->query;
    if (table->format == EXPORT_JSON)
        return;
    period_format((struct period){ PERIOD_DAY, query->from }, from);
    period_format((struct period){ PERIOD_DAY, query->to }, to);
    snprintf(table->job.answer.file_name, sizeof table->job.answer.file_name, "%s-%s-%s-%s.%s", query->site->key,
             table_table[query->table].name, from, to, forms[table->format].ending);
}

static void
ask_table(struct api_job *job, struct archive *archive)
{
    struct table_job *table = (struct table_job *)job;
    struct statistic *statistic;
    enum sp_error error = statistic_new(archive, &table->query, &statistic);
    if (error == SP_OK) {
        const struct export export = { &table->query, statistic, job->api->gazetteer };
        error = write_form(table, &export);
    }
    if (error != SP_OK)
        job->answer.problem = api_statistic_problem(error);
    job->answer.type = forms[table->format].type;
    name_file(table);
    statistic_free(statistic);
}

/* The question is whole but for its parameters. */
static void
submit_table(struct api_call *call, const struct statistic_query *about)
{
    struct problem problem;
    struct table_job asked = { .query = *about };
    if (!api_site_counts(about->site, about->table)) {
        api_refuse(call, 404, "table", "The site does not count this table.");
    } else if (!api_query_take(&call->parameters, &asked.query, &problem) ||
               !api_format_take(&call->parameters, &asked.format, &asked.separator, &problem)) {
        problem_respond(call->exchange, &problem);
    } else {
        struct table_job *job = calloc(1, sizeof *job);
        if (job != NULL) {
            *job = asked;
            job->job.ask = ask_table;
        }
        api_submit(call, job == NULL ? NULL : &job->job);
    }
}

void
api_answer_table(struct api_call *call)
{
    struct statistic_query query = { .site = api_readable_site(call, "site", call->parameters.text[PARAMETER_SITE]) };
    if (query.site == NULL)
        return;
    if (table_find(span_text(call->parameters.text[PARAMETER_TABLE]), &query.table) != SP_OK)
        api_refuse(call, 404, "table", "There is no such table.");
    else
        submit_table(call, &query);
}
