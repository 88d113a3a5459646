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
    enum export_format format;
    struct statistic_query query;
    enum sp_error error;
    struct json json; /* one of these three */
    struct text text;
    struct html html;
};

static const struct {
    const char *name, *ending, *type;
} formats[] = {
#define X(id, name, ending, type) [id] = { name, ending, type },
    EXPORT_FORMATS(X)
#undef X
};

static bool
find_format(const char *name, enum export_format *format)
{
    for (int i = 0; i < EXPORT_FORMAT_COUNT; i++) {
        *format = (enum export_format)i;
        if (i != EXPORT_JSON && strcmp(formats[i].name, name) == 0)
            return true;
    }
    return false;
}

static enum sp_error
write_form(struct download *download, const struct export *export)
{
    if (download->format == EXPORT_JSON_STAT)
        return export_json_stat(&download->json, export);
    if (download->format == EXPORT_SVG)
        export_svg(&download->html, export);
    else
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
    bool is_outside = (download->selection.kind == RANGE_MONTHS_12 && scope.selection.kind != RANGE_MONTHS_12) ||
                      (scope.selection.kind == RANGE_MONTH && scope.selection.month != download->selection.month);
    if (scope.has_days && scope.problem != RANGE_IS_FINE)
        return SP_MALFORMED;
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
    bool failed = download->json.text.failed || download->text.failed || download->html.failed;
    return error == SP_OK && failed ? SP_NO_MEMORY : error;
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
    struct span body = download->format == EXPORT_SVG         ? span_of(download->html.at, download->html.length)
                       : download->format == EXPORT_JSON_STAT ? text_span(&download->json.text)
                                                              : text_span(&download->text);
    period_format((struct period){ PERIOD_DAY, query->from }, from);
    period_format((struct period){ PERIOD_DAY, query->to }, to);
    int length = snprintf(headers, sizeof headers,
                          "Content-Type: %s\r\nContent-Disposition: attachment; filename=\"%s-%s-%s-%s.%s\"\r\n"
                          "Cache-Control: no-store\r\n" SECURITY_HEADERS,
                          formats[download->format].type, query->site->key, table_table[query->table].name, from, to,
                          formats[download->format].ending);
    http_respond(download->question.visit->exchange, 200, span_of(headers, (size_t)length), body);
}

static void
answer_download(struct question *question)
{
    const struct download *download = (const struct download *)question;
    if (download->error == SP_OK)
        send_file(download);
    else if (download->error == SP_MALFORMED)
        answer_error(question->visit, 400, MESSAGE_RANGE_BAD, MESSAGE_RANGE_BAD_LEDE);
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
    html_fini(&download->html);
}

/* GET /sites/KEY/export?table=page&form=csv|json-stat|svg, and the choices of days. */
void
route_export(struct visit *visit)
{
    struct span query = visit->request->query;
    char name[QUERY_VALUE_MAX];
    char form[QUERY_VALUE_MAX];
    enum table_id table;
    enum export_format format;
    bool is_asked = query_value(query, "table", name) == SP_OK && query_value(query, "form", form) == SP_OK &&
                    find_format(form, &format) && table_find(span_text(name), &table) == SP_OK;
    if (!is_asked) {
        answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
        return;
    }
    struct download *download = calloc(1, sizeof *download);
    if (download != NULL) {
        download->question = (struct question){ .ask = ask_download, .answer = answer_download, .fini = fini_download };
        download->selection = selection_parse(query);
        download->table = table;
        download->format = format;
    }
    question_submit(visit, download == NULL ? NULL : &download->question);
}
