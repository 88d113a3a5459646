#include "dashboard.h"

#include "../annotations.h"
#include "../session.h"
#include "dashboard_assets.h"
#include "declaration_page.h"
#include "page.h"
#include "screen.h"
#include "sporlos/asset.h"
#include "sporlos/clock.h"
#include "sporlos/log.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { STYLE_PATH_MAX = 40, HEADERS_MAX = 2048, REDIRECT_MAX = 1024 };

struct dashboard {
    const struct config *config;
    struct archive *archive;
    struct accounts *accounts;
    struct sessions *sessions;
    struct annotations *annotations;         /* NULL: the archive's database cannot be written */
    const struct declarations *declarations; /* NULL: none were made (tests) */
    struct gazetteer *gazetteer;             /* NULL: none configured or readable */
    char style[STYLE_PATH_MAX];              /* address of the style sheet: named by its content, so cached for ever */
};

/* One request on its way to an answer. */
struct visit {
    struct dashboard *dashboard;
    struct http_exchange *exchange;
    const struct http_request *request;
    struct account account;
    bool has_account;
    struct page page;
    char path[SITE_NAME_MAX + 32]; /* of the page, when it is one of a site */
};

/*
 * Everything comes from us and nothing may run: what a mistake in escaping would let in could do nothing. Referrer
 * stays within the site because a browser that sends none sends 'Origin: null' with forms as well.
 */
#define SECURITY_HEADERS                                                                                               \
    "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "              \
    "frame-ancestors 'none'; base-uri 'none'\r\n"                                                                      \
    "X-Content-Type-Options: nosniff\r\n"                                                                              \
    "Referrer-Policy: same-origin\r\n"                                                                                 \
    "Cross-Origin-Opener-Policy: same-origin\r\n"                                                                      \
    "Cross-Origin-Resource-Policy: same-origin\r\n"

#define PLAIN "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n"

#define PAGE_HEADERS                                                                                                   \
    "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nVary: Cookie, "                              \
    "Accept-Language\r\n" SECURITY_HEADERS

static void
name_style(struct dashboard *dashboard)
{
    const struct asset *style = &dashboard_assets[DASHBOARD_ASSETS_STYLE_CSS];
    char hash[13];
    memcpy(hash, style->sha384, 12);
    hash[12] = '\0';
    for (char *c = hash; *c != '\0'; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    snprintf(dashboard->style, sizeof dashboard->style, "/assets/%s.css", hash);
}

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
    if (error != SP_OK) {
        dashboard_free(made);
        return error;
    }
    read_gazetteer(made);
    open_annotations(made);
    name_style(made);
    *dashboard = made;
    return SP_OK;
}

void
dashboard_declare(struct dashboard *dashboard, const struct declarations *declarations)
{
    dashboard->declarations = declarations;
}

void
dashboard_free(struct dashboard *dashboard)
{
    if (dashboard == NULL)
        return;
    sessions_free(dashboard->sessions);
    annotations_close(dashboard->annotations);
    gazetteer_free(dashboard->gazetteer);
    free(dashboard);
}

/* Send the page and end it. */
static void
answer_page(struct visit *visit, int status, struct html *html)
{
    if (html->failed)
        http_respond(visit->exchange, 503, SPAN_LITERAL(SECURITY_HEADERS), SPAN_LITERAL(""));
    else
        http_respond(visit->exchange, status, SPAN_LITERAL(PAGE_HEADERS), span_of(html->at, html->length));
    html_fini(html);
}

static void
answer_error(struct visit *visit, int status, enum message title, enum message lede)
{
    struct html html = { 0 };
    visit->page.title = title;
    visit->page.site = NULL;
    visit->page.path = NULL;
    page_error_render(&html, &visit->page, title, lede);
    answer_page(visit, status, &html);
}

/* 303 to a path of ours, with the language carried on and a cookie line (or ""). */
static void
answer_redirect(struct visit *visit, const char *path, const char *cookie)
{
    char headers[HEADERS_MAX];
    int length = snprintf(headers, sizeof headers, "Location: %s%s%s\r\n%sCache-Control: no-store\r\n" SECURITY_HEADERS,
                          path, visit->page.language_chosen ? "?lang=" : "",
                          visit->page.language_chosen ? language_tag(visit->page.language) : "", cookie);
    bool fits = length > 0 && (size_t)length < sizeof headers;
    http_respond(visit->exchange, fits ? 303 : 500, span_of(headers, fits ? (size_t)length : 0), SPAN_LITERAL(""));
}

static void
answer_method(struct visit *visit, const char *allowed)
{
    char headers[HEADERS_MAX];
    int length = snprintf(headers, sizeof headers, "Allow: %s\r\n" PLAIN SECURITY_HEADERS, allowed);
    http_respond(visit->exchange, 405, span_of(headers, (size_t)length), SPAN_LITERAL("method not allowed\n"));
}

static bool
is_reading(const struct visit *visit)
{
    return visit->request->method == HTTP_GET || visit->request->method == HTTP_HEAD;
}

static void
answer_login(struct visit *visit, int status, enum message problem)
{
    struct html html = { 0 };
    visit->page.title = MESSAGE_LOGIN;
    visit->page.path = "/login";
    page_login_render(&html, &visit->page, problem);
    answer_page(visit, status, &html);
}

/* The credentials are wiped whatever comes of them. */
static void
try_login(struct visit *visit)
{
    struct dashboard *dashboard = visit->dashboard;
    const unsigned char *network = http_exchange_peer(visit->exchange);
    char name[QUERY_VALUE_MAX];
    char password[QUERY_VALUE_MAX];
    bool is_form = query_value(visit->request->body, "name", name) == SP_OK;
    is_form &= query_value(visit->request->body, "password", password) == SP_OK;
    struct account account = { 0 };
    enum sp_error error = SP_REFUSED;
    if (is_form)
        error = accounts_login(dashboard->accounts, span_text(name), span_text(password), &account);
    sodium_memzero(password, sizeof password);
    if (error == SP_OK) {
        char id[SESSION_ID_MAX];
        char cookie[SESSION_COOKIE_MAX];
        session_end(dashboard->sessions, visit->request);
        session_begin(dashboard->sessions, account.id, id);
        session_cookie(dashboard->sessions, id, cookie);
        answer_redirect(visit, "/", cookie);
        sodium_memzero(id, sizeof id);
        sodium_memzero(cookie, sizeof cookie);
    } else if (error == SP_REFUSED) {
        login_failed(dashboard->sessions, network);
        answer_login(visit, 401, MESSAGE_LOGIN_WRONG);
    } else {
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
    }
    account_fini(&account);
}

static void
route_login(struct visit *visit)
{
    if (is_reading(visit))
        answer_login(visit, 200, (enum message)NO_PROBLEM);
    else if (visit->request->method != HTTP_POST)
        answer_method(visit, "GET, HEAD, POST");
    else if (!request_is_same_origin(visit->request, visit->dashboard->config->aggregator.public_url))
        answer_login(visit, 403, MESSAGE_LOGIN_FOREIGN);
    else if (!login_is_allowed(visit->dashboard->sessions, http_exchange_peer(visit->exchange)))
        answer_login(visit, 429, MESSAGE_LOGIN_SLOW);
    else
        try_login(visit);
}

static void
route_logout(struct visit *visit)
{
    if (visit->request->method != HTTP_POST) {
        answer_method(visit, "POST");
    } else if (!request_is_same_origin(visit->request, visit->dashboard->config->aggregator.public_url)) {
        answer_error(visit, 403, MESSAGE_LOGOUT, MESSAGE_LOGIN_FOREIGN);
    } else {
        char cookie[SESSION_COOKIE_MAX];
        session_end(visit->dashboard->sessions, visit->request);
        session_cookie(visit->dashboard->sessions, "", cookie);
        answer_redirect(visit, "/login", cookie);
    }
}

static void
route_asset(struct visit *visit)
{
    struct dashboard *dashboard = visit->dashboard;
    bool is_style = span_equal(visit->request->path, span_text(dashboard->style));
    if (!is_style && !span_equal(visit->request->path, SPAN_LITERAL("/assets/icon.svg"))) {
        http_respond(visit->exchange, 404, SPAN_LITERAL(PLAIN SECURITY_HEADERS), SPAN_LITERAL("not found\n"));
        return;
    }
    const struct asset *asset = &dashboard_assets[is_style ? DASHBOARD_ASSETS_STYLE_CSS : DASHBOARD_ASSETS_ICON_SVG];
    struct asset_body body = asset_body(asset, http_request_header(visit->request, HTTP_ACCEPT_ENCODING));
    char headers[HEADERS_MAX];
    int length = snprintf(headers, sizeof headers,
                          "Content-Type: %s\r\n%s%s%sVary: Accept-Encoding\r\n"
                          "Cache-Control: public, max-age=%s\r\n" SECURITY_HEADERS,
                          asset->content_type,
                          body.encoding == NULL ? "" : "Content-Encoding: ", body.encoding == NULL ? "" : body.encoding,
                          body.encoding == NULL ? "" : "\r\n",
                          is_style ? "31536000, immutable" : "86400"); /* the style's address names its content */
    http_respond(visit->exchange, 200, span_of(headers, (size_t)length), body.bytes);
}

/* To the only site the account may read, else to the list of them. */
static void
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

/* The screen's own parameter, of the query; the screen is not there when it lacks one that it cannot do without. */
static bool
read_subject(struct visit *visit, const struct screen_kind *kind, char subject[QUERY_VALUE_MAX])
{
    subject[0] = '\0';
    if (kind->parameter == NULL)
        return true;
    bool has_subject = query_value(visit->request->query, kind->parameter, subject) == SP_OK && subject[0] != '\0';
    if (has_subject) {
        visit->page.parameter_name = kind->parameter;
        visit->page.parameter = subject;
    }
    return has_subject || kind->is_whole;
}

static void
write_screen(struct visit *visit, struct screen *screen)
{
    struct html html = { 0 };
    struct annotation *notes = NULL;
    struct annotations *annotations = visit->dashboard->annotations;
    if (annotations != NULL && annotations_list(annotations, visit->page.site->key, &notes, &screen->annotation_count))
        LOG_BARE(LOG_WARNING, "dashboard_without_annotations");
    screen->html = &html;
    screen->annotations = notes;
    screen->may_edit = annotations != NULL && visit->account.role >= ROLE_EDITOR;
    screen_render(screen);
    free(notes);
    if (screen->error == SP_OK) {
        answer_page(visit, 200, &html);
        return;
    }
    html_fini(&html);
    LOG(LOG_ERROR, "dashboard_without_statistics", { "error", screen->error });
    answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
}

static void
answer_screen(struct visit *visit, const struct screen_kind *kind)
{
    char subject[QUERY_VALUE_MAX];
    struct selection selection = selection_parse(visit->request->query);
    struct scope scope;
    if (!read_subject(visit, kind, subject)) {
        answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
        return;
    }
    enum sp_error error =
        scope_open(visit->dashboard->archive, visit->page.site, selection, clock_wall_s(), &scope);
    if (error != SP_OK) {
        LOG(LOG_ERROR, "dashboard_without_statistics", { "error", error });
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
        return;
    }
    visit->page.title = kind->title;
    visit->page.tab = kind->menu_suffix;
    visit->page.selection = &selection;
    struct screen screen = { .page = &visit->page, .scope = &scope, .kind = kind, .subject = subject };
    write_screen(visit, &screen);
}

static void
answer_privacy(struct visit *visit)
{
    struct selection selection = selection_parse(visit->request->query);
    struct html html = { 0 };
    visit->page.title = MESSAGE_PRIVACY;
    visit->page.tab = "/privacy";
    visit->page.selection = &selection;
    page_privacy_render(&html, &visit->page);
    answer_page(visit, 200, &html);
}

/* '2026-11-22' as a day index. */
static bool
parse_day(const char *text, int32_t *day)
{
    struct period period;
    if (period_parse(span_text(text), &period) != SP_OK || period.kind != PERIOD_DAY)
        return false;
    *day = period.index;
    return true;
}

static enum sp_error
change_annotations(struct visit *visit)
{
    struct annotations *annotations = visit->dashboard->annotations;
    char text[QUERY_VALUE_MAX];
    char day_text[QUERY_VALUE_MAX];
    int32_t day;
    if (annotations == NULL)
        return SP_UNAVAILABLE;
    if (query_value(visit->request->body, "remove", text) == SP_OK)
        return annotations_remove(annotations, visit->page.site->key, strtoll(text, NULL, 10));
    bool is_form = query_value(visit->request->body, "text", text) == SP_OK &&
                   query_value(visit->request->body, "day", day_text) == SP_OK && parse_day(day_text, &day);
    return is_form ? annotations_add(annotations, visit->page.site->key, day, span_text(text)) : SP_MALFORMED;
}

/* Back to where the choices of the address lead: the overview, with its days and language. */
static void
answer_changed(struct visit *visit)
{
    struct selection selection = selection_parse(visit->request->query);
    struct html html = { 0 };
    char path[REDIRECT_MAX];
    page_address(&html, &visit->page, visit->page.site, "");
    page_choices(&html, &visit->page, &selection, true);
    snprintf(path, sizeof path, "%.*s", (int)html.length, html.at == NULL ? "/" : html.at);
    html_fini(&html);
    for (char *escaped; (escaped = strstr(path, "&amp;")) != NULL;)
        memmove(escaped + 1, escaped + 5, strlen(escaped + 5) + 1);
    visit->page.language_chosen = false; /* it is in the path */
    answer_redirect(visit, path, "");
}

/* POST /sites/KEY/annotations: day and text, or remove. */
static void
answer_annotations(struct visit *visit)
{
    if (visit->request->method != HTTP_POST) {
        answer_method(visit, "POST");
    } else if (!request_is_same_origin(visit->request, visit->dashboard->config->aggregator.public_url)) {
        answer_error(visit, 403, MESSAGE_MARK_BAD, MESSAGE_MARK_FOREIGN);
    } else if (visit->account.role < ROLE_EDITOR) {
        answer_error(visit, 403, MESSAGE_MARK_BAD, MESSAGE_MARK_ROLE);
    } else {
        enum sp_error error = change_annotations(visit);
        if (error == SP_OK || error == SP_NOT_FOUND)
            answer_changed(visit);
        else if (error == SP_MALFORMED || error == SP_FULL)
            answer_error(visit, 400, MESSAGE_MARK_BAD, MESSAGE_MARK_BAD_LEDE);
        else
            answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
    }
}

/* '/sites/KEY' and what screens.c has below it. A site that is not the reader's is answered as one that is not there. */
static void
route_site(struct visit *visit)
{
    struct span rest = span_of(visit->request->path.at + 7, visit->request->path.length - 7);
    const char *slash = rest.length == 0 ? NULL : memchr(rest.at, '/', rest.length);
    struct span key = span_of(rest.at, slash == NULL ? rest.length : (size_t)(slash - rest.at));
    struct span page = span_of(rest.at + key.length, rest.length - key.length);
    const struct site_config *site = key.length == 0 ? NULL : config_site(visit->dashboard->config, key);
    const struct screen_kind *kind = screen_find(page);
    bool is_form = span_equal(page, SPAN_LITERAL("/annotations"));
    if (site == NULL || (kind == NULL && !is_form) || !account_may_read(&visit->account, site->key)) {
        answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
        return;
    }
    visit->page.site = site;
    if (is_form) {
        answer_annotations(visit);
        return;
    }
    if (!is_reading(visit)) {
        answer_method(visit, "GET, HEAD");
        return;
    }
    snprintf(visit->path, sizeof visit->path, "/sites/%s%s", site->key, kind->suffix);
    visit->page.path = visit->path;
    if (kind->block_count == 0)
        answer_privacy(visit);
    else
        answer_screen(visit, kind);
}

/* ---- the declaration, for everybody ---- */

#define PUBLIC_HEADERS "Cache-Control: public, max-age=300\r\nVary: Accept-Language\r\n" SECURITY_HEADERS

static void
answer_declaration(struct visit *visit, struct html *body, const char *content_type)
{
    char headers[HEADERS_MAX];
    int length = snprintf(headers, sizeof headers, "Content-Type: %s\r\n" PUBLIC_HEADERS, content_type);
    if (body->failed)
        http_respond(visit->exchange, 503, SPAN_LITERAL(SECURITY_HEADERS), SPAN_LITERAL(""));
    else
        http_respond(visit->exchange, 200, span_of(headers, (size_t)length), span_of(body->at, body->length));
    html_fini(body);
}

/* '?version=7': that version's own bytes, of which the hash is. False when there is none. */
static bool
write_one_version(struct html *body, const struct declared_site *declared, const char *number)
{
    for (size_t i = 0; i < declared->count; i++) {
        char text[24];
        snprintf(text, sizeof text, "%lld", (long long)declared->versions[i].number);
        if (strcmp(text, number) == 0) {
            html_literal(body, declared->versions[i].json, strlen(declared->versions[i].json));
            return true;
        }
    }
    return false;
}

static void
answer_declared_json(struct visit *visit, const struct declared_page *declared)
{
    char number[QUERY_VALUE_MAX];
    struct html body = { 0 };
    if (query_value(visit->request->query, "version", number) != SP_OK) {
        declaration_json_write(&body, declared->site, declared->declared);
    } else if (!write_one_version(&body, declared->declared, number)) {
        answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
        return;
    }
    answer_declaration(visit, &body, "application/json");
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
        answer_declaration(visit, &body, "text/plain; charset=utf-8");
    } else {
        page_declaration_render(&body, &declared);
        answer_declaration(visit, &body, "text/html; charset=utf-8");
    }
}

/* '/declaration', '/declaration.json', '/declaration/SITE', '/declaration/SITE.json', '/declaration/SITE.txt' */
static void
route_declaration(struct visit *visit)
{
    static const struct span base = SPAN_LITERAL("/declaration");
    struct span rest = span_of(visit->request->path.at + base.length, visit->request->path.length - base.length);
    struct html body = { 0 };
    visit->page.title = MESSAGE_DECLARATION;
    if (!is_reading(visit)) {
        answer_method(visit, "GET, HEAD");
    } else if (visit->dashboard->declarations == NULL) {
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_DECLARATION_NONE);
    } else if (rest.length == 0) {
        visit->page.path = "/declaration";
        page_declarations_render(&body, &visit->page);
        answer_declaration(visit, &body, "text/html; charset=utf-8");
    } else if (span_equal(rest, SPAN_LITERAL(".json"))) {
        declarations_json_write(&body, visit->dashboard->config, visit->dashboard->declarations);
        answer_declaration(visit, &body, "application/json");
    } else if (rest.at[0] == '/') {
        answer_declared_site(visit, span_of(rest.at + 1, rest.length - 1));
    } else {
        answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
    }
}

struct route {
    const char *path;
    bool is_prefix;
    bool is_open;  /* without a log-in */
    bool is_form;  /* with any method: it looks itself */
    void (*answer)(struct visit *visit);
};

static const struct route routes[] = {
    { "/login", false, true, true, route_login },
    { "/logout", false, true, true, route_logout },
    { "/assets/", true, true, true, route_asset },
    { "/", false, false, false, route_home },
    { "/sites/", true, false, true, route_site },
    { "/declaration", false, true, true, route_declaration },
    { "/declaration.json", false, true, true, route_declaration },
    { "/declaration/", true, true, true, route_declaration },
};

static const struct route *
find_route(struct span path)
{
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        size_t length = strlen(routes[i].path);
        bool fits = routes[i].is_prefix ? path.length >= length : path.length == length;
        if (fits && memcmp(path.at, routes[i].path, length) == 0)
            return &routes[i];
    }
    return NULL;
}

static void
choose_language(struct visit *visit)
{
    char tag[QUERY_VALUE_MAX];
    visit->page.language = language_accepted(http_request_header(visit->request, HTTP_ACCEPT_LANGUAGE));
    if (query_value(visit->request->query, "lang", tag) == SP_OK)
        visit->page.language_chosen = language_find(span_text(tag), &visit->page.language);
}

/* Who asks? An account that was removed is logged out by that. */
static void
find_account(struct visit *visit)
{
    int64_t id;
    if (session_find(visit->dashboard->sessions, visit->request, &id) != SP_OK)
        return;
    visit->has_account = accounts_get(visit->dashboard->accounts, id, &visit->account) == SP_OK;
    if (visit->has_account)
        visit->page.account = &visit->account;
}

static void
pass_gate(struct visit *visit, const struct route *route)
{
    if (route->is_open) {
        route->answer(visit);
        return;
    }
    find_account(visit);
    if (!visit->has_account)
        answer_redirect(visit, "/login", "");
    else if (!route->is_form && !is_reading(visit))
        answer_method(visit, "GET, HEAD");
    else
        route->answer(visit);
    account_fini(&visit->account);
}

bool
dashboard_request(struct dashboard *dashboard, struct http_exchange *exchange, const struct http_request *request)
{
    const struct route *route = find_route(request->path);
    if (route == NULL)
        return false;
    struct visit visit = {
        .dashboard = dashboard,
        .exchange = exchange,
        .request = request,
        .page = { .style = dashboard->style, .config = dashboard->config, .gazetteer = dashboard->gazetteer },
    };
    choose_language(&visit);
    pass_gate(&visit, route);
    return true;
}
