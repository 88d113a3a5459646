/* The pages' routes, and the gate before them. */
#include "visit.h"

#include "../workers.h"
#include "dashboard_assets.h"
#include "declaration_page.h"
#include "gate.h"
#include "routes.h"
#include "sporlos/clock.h"
#include "sporlos/log.h"

#include <stdio.h>
#include <stdlib.h>

#define ASSETS "/assets/"

static void
read_gazetteer(struct dashboard *dashboard)
{
    char why[GAZETTEER_WHY_MAX];
    if (dashboard->config->geo.gazetteer != NULL &&
        gazetteer_read(dashboard->config->geo.gazetteer, &dashboard->gazetteer, why) != SP_OK) {
        dashboard->gazetteer = NULL;
        LOG_BARE(LOG_WARNING, "dashboard_without_gazetteer");
    }
}

static void
open_annotations(struct dashboard *dashboard)
{
    const char *url = dashboard->config->aggregator.archive;
    const char *why;
    if (url == NULL || annotations_open(url, &dashboard->annotations, &why) != SP_OK)
        LOG_BARE(LOG_WARNING, "dashboard_without_annotations");
}

enum sp_error
dashboard_new(const struct config *config, struct archive *archive, struct accounts *accounts,
              struct dashboard **dashboard)
{
    *dashboard = NULL;
    struct dashboard *made = calloc(1, sizeof *made);
    if (made == NULL)
        return SP_NO_MEMORY;
    *made = (struct dashboard){ .config = config, .archive = archive, .accounts = accounts };
    const char *url = config->aggregator.public_url;
    bool is_secure = url != NULL && strncmp(url, "https:", 6) == 0;
    enum sp_error error = sessions_new(config->aggregator.session_hours, is_secure, &made->sessions);
    if (error == SP_OK)
        error = login_limit_new(&made->limit);
    if (error == SP_OK)
        error = access_log_new(&made->access_log);
    if (error != SP_OK) {
        dashboard_free(made);
        return error;
    }
    read_gazetteer(made);
    open_annotations(made);
    asset_address(&dashboard_assets[DASHBOARD_ASSETS_STYLE_CSS], ASSETS, made->style);
    asset_address(&dashboard_assets[DASHBOARD_ASSETS_COPY_JS], ASSETS, made->copy);
    *dashboard = made;
    return SP_OK;
}

void
dashboard_declare(struct dashboard *dashboard, const struct declarations *declarations)
{
    dashboard->declarations = declarations;
}

void
dashboard_observe(struct dashboard *dashboard, struct activity *activity)
{
    dashboard->activity = activity;
}

enum sp_error
dashboard_start_workers(struct dashboard *dashboard, struct event_base *base, struct workers *readers, const char **why)
{
    dashboard->readers = readers;
    const struct workers_plan plan = { .threads = LOGIN_THREADS, .queue_max = LOGIN_QUEUE_MAX };
    return workers_new(base, &plan, &dashboard->workers, why);
}

/* The two change places, so that both can still be freed. */
void
dashboard_inherit(struct dashboard *dashboard, struct dashboard *older)
{
    workers_free(older->workers); /* who is on the way in ends up in what is handed on */
    older->workers = NULL;
    struct dashboard own = *dashboard;
    const char *url = dashboard->config->aggregator.public_url;
    dashboard->sessions = older->sessions;
    dashboard->limit = older->limit;
    dashboard->access_log = older->access_log;
    older->sessions = own.sessions;
    older->limit = own.limit;
    older->access_log = own.access_log;
    sessions_configure(dashboard->sessions, dashboard->config->aggregator.session_hours,
                       url != NULL && strncmp(url, "https:", 6) == 0);
}

void
dashboard_free(struct dashboard *dashboard)
{
    if (dashboard == NULL)
        return;
    workers_free(dashboard->workers); /* first: it answers what is under way */
    sessions_free(dashboard->sessions);
    login_limit_free(dashboard->limit);
    access_log_free(dashboard->access_log);
    annotations_close(dashboard->annotations);
    gazetteer_free(dashboard->gazetteer);
    html_fini(&dashboard->refusal);
    free(dashboard);
}

void
route_asset(struct visit *visit)
{
    const struct dashboard *dashboard = visit->dashboard;
    const struct {
        const char *path;
        int asset;
        const char *age;
    } rows[] = { { dashboard->style, DASHBOARD_ASSETS_STYLE_CSS, "31536000, immutable" }, /* named by their content */
                 { dashboard->copy, DASHBOARD_ASSETS_COPY_JS, "31536000, immutable" },
                 { ASSETS "icon.svg", DASHBOARD_ASSETS_ICON_SVG, "86400" } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!span_equal(visit->request->path, span_text(rows[i].path)))
            continue;
        const struct asset *asset = &dashboard_assets[rows[i].asset];
        struct asset_body body = asset_body(asset, http_request_header(visit->request, HTTP_ACCEPT_ENCODING));
        char headers[HEADERS_MAX];
        int length =
            snprintf(headers, sizeof headers,
                     "Content-Type: %s\r\n%s%s%sVary: Accept-Encoding\r\n"
                     "Cache-Control: public, max-age=%s\r\n" SECURITY_HEADERS,
                     asset->content_type,
                     body.encoding == NULL ? "" : "Content-Encoding: ", body.encoding == NULL ? "" : body.encoding,
                     body.encoding == NULL ? "" : "\r\n", rows[i].age);
        http_respond(visit->exchange, 200, span_of(headers, (size_t)length), body.bytes);
        return;
    }
    answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
}

/* To the only site the account may read, else to the list of them. */
void
route_home(struct visit *visit)
{
    const struct site_config *only = NULL;
    size_t count = 0;
    for (size_t i = 0; i < visit->page.config->site_count; i++) {
        if (account_may_read(&visit->account, visit->page.config->sites[i].key)) {
            only = &visit->page.config->sites[i];
            count++;
        }
    }
    if (count == 1) {
        snprintf(visit->path, sizeof visit->path, "/sites/%s", only->key);
        answer_redirect(visit, visit->path, "");
        return;
    }
    struct html html = { 0 };
    visit->page.title = MESSAGE_SITES;
    visit->page.path = "/";
    page_sites_render(&html, &visit->page);
    answer_page(visit, 200, &html);
}

void
route_privacy(struct visit *visit)
{
    struct selection selection = selection_parse(visit->request->query);
    struct html html = { 0 };
    visit->page.title = MESSAGE_PRIVACY;
    visit->page.tab = "/privacy";
    visit->page.selection = &selection;
    page_privacy_render(&html, &visit->page);
    answer_page(visit, 200, &html);
}

void
route_missing(struct visit *visit)
{
    answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
}

/* ---- the declaration, for everybody ---- */

#define PUBLIC_HEADERS "Cache-Control: public, max-age=300\r\nVary: Accept-Language\r\n" SECURITY_HEADERS

static void
answer_declaration(struct visit *visit, struct span body, bool failed, const char *content_type)
{
    char headers[HEADERS_MAX];
    int length = snprintf(headers, sizeof headers, "Content-Type: %s\r\n" PUBLIC_HEADERS, content_type);
    if (failed)
        http_respond(visit->exchange, 503, SPAN_LITERAL(SECURITY_HEADERS), SPAN_LITERAL(""));
    else
        http_respond(visit->exchange, 200, span_of(headers, (size_t)length), body);
}

/* '?version=7': that version's own bytes, of which the hash is; NULL when there is none. */
static const char *
find_version(const struct declared_site *declared, const char *number)
{
    for (size_t i = 0; i < declared->count; i++) {
        char text[24];
        snprintf(text, sizeof text, "%lld", (long long)declared->versions[i].number);
        if (strcmp(text, number) == 0)
            return declared->versions[i].json;
    }
    return NULL;
}

static void
answer_json(struct visit *visit, struct json *json)
{
    answer_declaration(visit, text_span(&json->text), json->text.failed, "application/json");
    json_fini(json);
}

static void
answer_declared_json(struct visit *visit, const struct declared_page *declared)
{
    char number[QUERY_VALUE_MAX];
    struct json json = { .comma = false };
    if (query_value(visit->request->query, "version", number) != SP_OK) {
        declaration_json_write(&json, declared->site, declared->declared);
        answer_json(visit, &json);
        return;
    }
    const char *version = find_version(declared->declared, number);
    if (version != NULL)
        answer_declaration(visit, span_text(version), false, "application/json");
    else
        answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
}

static void
answer_html(struct visit *visit, struct html *body, const char *content_type)
{
    answer_declaration(visit, span_of(body->at, body->length), body->failed, content_type);
    html_fini(body);
}

/* The rest of the path without its ending; false if it has another one. */
static bool
cut_ending(struct span *name, const char *ending)
{
    size_t length = strlen(ending);
    if (name->length <= length || memcmp(name->at + name->length - length, ending, length) != 0)
        return false;
    name->length -= length;
    return true;
}

static void
answer_declared_site(struct visit *visit, struct span name)
{
    bool is_json = cut_ending(&name, ".json");
    bool is_text = !is_json && cut_ending(&name, ".txt");
    const struct site_config *site = name.length == 0 ? NULL : config_site(visit->dashboard->config, name);
    if (site == NULL) {
        answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
        return;
    }
    struct html body = { 0 };
    size_t index = (size_t)(site - visit->dashboard->config->sites);
    const struct declared_page declared = { &visit->page, site, &visit->dashboard->declarations->sites[index] };
    snprintf(visit->path, sizeof visit->path, "/declaration/%s", site->key);
    visit->page.path = visit->path;
    if (is_json) {
        answer_declared_json(visit, &declared);
    } else if (is_text) {
        declaration_text_write(&body, &declared);
        answer_html(visit, &body, "text/plain; charset=utf-8");
    } else {
        page_declaration_render(&body, &declared);
        answer_html(visit, &body, "text/html; charset=utf-8");
    }
}

/* '/declaration', '/declaration.json', '/declaration/SITE', '/declaration/SITE.json', '/declaration/SITE.txt' */
void
route_declaration(struct visit *visit)
{
    static const struct span base = SPAN_LITERAL("/declaration");
    struct span rest = span_of(visit->request->path.at + base.length, visit->request->path.length - base.length);
    struct html body = { 0 };
    visit->page.title = MESSAGE_DECLARATION;
    if (visit->dashboard->declarations == NULL) {
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_DECLARATION_NONE);
    } else if (rest.length == 0) {
        visit->page.path = "/declaration";
        page_declarations_render(&body, &visit->page);
        answer_html(visit, &body, "text/html; charset=utf-8");
    } else if (span_equal(rest, SPAN_LITERAL(".json"))) {
        struct json json = { .comma = false };
        declarations_json_write(&json, visit->dashboard->config, visit->dashboard->declarations);
        answer_json(visit, &json);
    } else if (rest.at[0] == '/') {
        answer_declared_site(visit, span_of(rest.at + 1, rest.length - 1));
    } else {
        answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
    }
}

static void
choose_language(struct visit *visit)
{
    char tag[QUERY_VALUE_MAX];
    visit->page.language = language_accepted(http_request_header(visit->request, HTTP_ACCEPT_LANGUAGE));
    if (query_value(visit->request->query, "lang", tag) == SP_OK)
        visit->page.language_chosen = language_find(span_text(tag), &visit->page.language);
}

/* route: NULL for an address that is none of ours. */
static void
answer(struct dashboard *dashboard, struct http_exchange *exchange, const struct http_request *request,
       const struct route *route)
{
    struct visit *visit = calloc(1, sizeof *visit);
    if (visit == NULL) {
        answer_without_memory(exchange, LANGUAGE_NB);
        return;
    }
    visit->dashboard = dashboard;
    visit->exchange = exchange;
    visit->request = request;
    visit->page =
        (struct page){ .style = dashboard->style, .config = dashboard->config, .gazetteer = dashboard->gazetteer };
    choose_language(visit);
    if (route == NULL)
        gate_miss(visit);
    else
        gate_pass(visit, route);
    if (!visit->is_taken)
        visit_free(visit);
}

bool
dashboard_request(struct dashboard *dashboard, struct http_exchange *exchange, const struct http_request *request)
{
    const struct route *route = route_find(request->path);
    if (route != NULL)
        answer(dashboard, exchange, request, route);
    return route != NULL;
}

void
dashboard_missing(struct dashboard *dashboard, struct http_exchange *exchange, const struct http_request *request)
{
    answer(dashboard, exchange, request, NULL);
}

/* ---- what the server itself refuses ---- */

static const struct {
    int status;
    enum message title, lede;
} refusals[] = {
    { 408, MESSAGE_TOO_SLOW, MESSAGE_TOO_SLOW_LEDE },       { 413, MESSAGE_TOO_LARGE, MESSAGE_TOO_LARGE_LEDE },
    { 414, MESSAGE_BAD_ADDRESS, MESSAGE_BAD_ADDRESS_LEDE }, { 503, MESSAGE_BUSY, MESSAGE_BUSY_LEDE },
    { 400, MESSAGE_UNREADABLE, MESSAGE_UNREADABLE_LEDE }, /* last: for whatever else */
};

void
dashboard_word_refusal(struct dashboard *dashboard, int status, const struct http_request *request,
                       struct span *headers, struct span *body)
{
    size_t i = 0;
    struct page page = { .style = dashboard->style, .config = dashboard->config };
    page.language =
        language_accepted(request == NULL ? span_of(NULL, 0) : http_request_header(request, HTTP_ACCEPT_LANGUAGE));
    while (i + 1 < sizeof refusals / sizeof refusals[0] && refusals[i].status != status)
        i++;
    page.title = refusals[i].title;
    html_fini(&dashboard->refusal);
    page_error_render(&dashboard->refusal, &page, refusals[i].title, refusals[i].lede);
    if (dashboard->refusal.failed)
        return;
    *headers = SPAN_LITERAL(PAGE_HEADERS POLICY_BEFORE_FRAMES "'none'\r\n" OTHER_SECURITY_HEADERS);
    *body = span_of(dashboard->refusal.at, dashboard->refusal.length);
}
