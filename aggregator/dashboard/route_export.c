/* Downloads for those who are logged in: the same forms that the API has, of the days on the screen. */
#include "question.h"

#include "../export/export.h"

#include <stdio.h>
#include <stdlib.h>

#include "sporlos/clock.h"

struct download {
    struct question question; /* first */
    struct selection selection;
    enum table_id table;
    bool is_json;
    struct statistic_query query;
    enum sp_error error;
    struct json json; /* one of these two */
    struct text text;
};

static enum sp_error
write_form(struct download *download, const struct export *export)
{
    if (download->is_json)
        return export_json_stat(&download->json, export);
    export_csv(&download->text, export, CSV_SEMICOLON);
    return SP_OK;
}

static enum sp_error
make(struct download *download, struct archive *archive)
{
    const struct visit *visit = download->question.visit;
    struct scope scope;
    struct statistic *statistic;
    enum sp_error error = scope_open(archive, visit->page.site, download->selection, clock_wall_s(), &scope);
    if (error != SP_OK)
        return error;
    bool is_outside = scope.selection.kind != download->selection.kind ||
                      (scope.selection.kind == RANGE_MONTH && scope.selection.month != download->selection.month);
    if (!scope.has_days || is_outside || !scope_counts(&scope, download->table))
        return SP_NOT_FOUND;
    download->query = (struct statistic_query){ scope.site, download->table, scope.days.from, scope.days.to,
                                                scope_export_by(download->table, scope.site->mode) };
    error = statistic_new(archive, &download->query, &statistic);
    if (error != SP_OK)
        return error;
    const struct export export = { &download->query, statistic, visit->dashboard->gazetteer };
    error = write_form(download, &export);
    statistic_free(statistic);
    return error == SP_OK && (download->json.text.failed || download->text.failed) ? SP_NO_MEMORY : error;
}

static void
ask_download(struct question *question, struct archive *archive)
{
    struct download *download = (struct download *)question;
    download->error = make(download, archive);
}

/* Keys of sites and names of tables have no character that a header would mind. */
static void
send_file(const struct download *download)
{
    const struct statistic_query *query = &download->query;
    char headers[HEADERS_MAX * 2];
    char from[PERIOD_TEXT_MAX];
    char to[PERIOD_TEXT_MAX];
    struct span body = text_span(download->is_json ? &download->json.text : &download->text);
    period_format((struct period){ PERIOD_DAY, query->from }, from);
    period_format((struct period){ PERIOD_DAY, query->to }, to);
    int length = snprintf(headers, sizeof headers,
                          "Content-Type: %s\r\nContent-Disposition: attachment; filename=\"%s-%s-%s-%s.%s\"\r\n"
                          "Cache-Control: no-store\r\n" SECURITY_HEADERS,
                          download->is_json ? "application/json" : "text/csv; charset=utf-8", query->site->key,
                          table_table[query->table].name, from, to, download->is_json ? "json" : "csv");
    http_respond(download->question.visit->exchange, 200, span_of(headers, (size_t)length), body);
}

static void
answer_download(struct question *question)
{
    const struct download *download = (const struct download *)question;
    if (download->error == SP_OK)
        send_file(download);
    else if (download->error == SP_REFUSED)
        answer_error(question->visit, 404, MESSAGE_EXPORT_NONE, MESSAGE_EXPORT_NONE_LEDE);
    else if (download->error == SP_NOT_FOUND)
        answer_error(question->visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
    else
        question_failed(question, download->error);
}

static void
fini_download(struct question *question)
{
    struct download *download = (struct download *)question;
    json_fini(&download->json);
    text_fini(&download->text);
}

/* GET /sites/KEY/export?table=page&form=csv|json-stat, and the choices of days. */
void
route_export(struct visit *visit)
{
    struct span query = visit->request->query;
    char name[QUERY_VALUE_MAX];
    char form[QUERY_VALUE_MAX];
    enum table_id table;
    bool is_asked = query_value(query, "table", name) == SP_OK && query_value(query, "form", form) == SP_OK &&
                    (strcmp(form, "csv") == 0 || strcmp(form, "json-stat") == 0) &&
                    table_find(span_text(name), &table) == SP_OK;
    if (!is_asked) {
        answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
        return;
    }
    struct download *download = calloc(1, sizeof *download);
    if (download != NULL) {
        download->question = (struct question){ .ask = ask_download, .answer = answer_download, .fini = fini_download };
        download->selection = selection_parse(query);
        download->table = table;
        download->is_json = strcmp(form, "json-stat") == 0;
    }
    question_submit(visit, download == NULL ? NULL : &download->question);
}
