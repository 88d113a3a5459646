/* Downloads for those who are logged in: the same forms that the API has, of the days on the screen. */
#include "../export/export.h"
#include "scope.h"
#include "visit.h"

#include <stdio.h>

#include "sporlos/clock.h"
#include "sporlos/log.h"

struct download {
    struct json json;
    struct text text;
    bool is_json;
};

static enum sp_error
write_form(struct download *download, const struct export *export)
{
    if (download->is_json)
        return export_json_stat(&download->json, export);
    export_csv(&download->text, export, CSV_SEMICOLON);
    return SP_OK;
}

/* Keys of sites and names of tables have no character that a header would mind. */
static void
send_file(struct visit *visit, const struct statistic_query *query, const struct download *download)
{
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
    http_respond(visit->exchange, 200, span_of(headers, (size_t)length), body);
}

static void
answer(struct visit *visit, const struct statistic_query *query, bool is_json)
{
    struct statistic *statistic;
    struct download download = { .is_json = is_json };
    enum sp_error error = statistic_new(visit->dashboard->archive, query, &statistic);
    if (error == SP_OK) {
        const struct export export = { query, statistic, visit->dashboard->gazetteer };
        error = write_form(&download, &export);
    }
    if (error == SP_REFUSED) {
        answer_error(visit, 404, MESSAGE_EXPORT_NONE, MESSAGE_EXPORT_NONE_LEDE);
    } else if (error != SP_OK || download.json.text.failed || download.text.failed) {
        LOG(LOG_ERROR, "dashboard_without_statistics", { "error", error });
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
    } else {
        send_file(visit, query, &download);
    }
    json_fini(&download.json);
    text_fini(&download.text);
    statistic_free(statistic);
}

/* GET /sites/KEY/export?table=page&form=csv|json-stat, and the choices of days. */
void
route_export(struct visit *visit)
{
    char name[QUERY_VALUE_MAX];
    char form[QUERY_VALUE_MAX];
    struct scope scope;
    enum table_id table;
    bool is_asked = query_value(visit->request->query, "table", name) == SP_OK &&
                    query_value(visit->request->query, "form", form) == SP_OK &&
                    (strcmp(form, "csv") == 0 || strcmp(form, "json-stat") == 0) &&
                    table_find(span_text(name), &table) == SP_OK &&
                    scope_open(visit->dashboard->archive, visit->page.site, selection_parse(visit->request->query),
                               clock_wall_s(), &scope) == SP_OK;
    if (!is_asked || !scope.has_days || !scope_counts(&scope, table)) {
        answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
        return;
    }
    const struct statistic_query query = { scope.site, table, scope.days.from, scope.days.to,
                                           scope_export_by(table, scope.site->mode) };
    answer(visit, &query, strcmp(form, "json-stat") == 0);
}
