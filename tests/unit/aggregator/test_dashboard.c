/* The gate: who gets which page, and what every answer carries. The server is played by this file. */
#include "dashboard/dashboard.h"
#include "dashboard/routes.h"
#include "readers.h"
#include "seed.h"
#include "sporlos/client_address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include <event2/event.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char password[] = "riktig hest batteri stift";
static char directory[] = "/tmp/sporlos-dashboard-XXXXXX";

/* What the last answer was. */
static int status; /* 0: nothing was answered yet */
static unsigned answers;
static char *headers;
static char *body;
static unsigned char network[HTTP_PEER_BYTES];

void
http_respond(struct http_exchange *exchange, int code, struct span lines, struct span bytes)
{
    (void)exchange;
    free(headers);
    free(body);
    status = code;
    answers++;
    headers = strndup(lines.at == NULL ? "" : lines.at, lines.length);
    body = strndup(bytes.at == NULL ? "" : bytes.at, bytes.length);
}

unsigned char *
http_exchange_peer(struct http_exchange *exchange)
{
    (void)exchange;
    return network;
}

const struct site_config *
config_site(const struct config *config, struct span name)
{
    for (size_t i = 0; i < config->site_count; i++)
        if (span_equal(name, span_text(config->sites[i].key)))
            return &config->sites[i];
    return NULL;
}

/* The connection's peer, as endpoint_accept leaves it. */
static void
come_from(unsigned number, bool trusted)
{
    const struct network peer = { .prefix = number, .family = NETWORK_V4, .trusted = trusted };
    memset(network, 0, sizeof network);
    memcpy(network, &peer, sizeof peer);
}

struct fixture {
    struct archive *archive;
    struct accounts *accounts;
    struct site_config sites[2];
    struct config config;
    struct dashboard *dashboard;
};

static int
set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    char url[128];
    const char *why = "";
    assert_non_null(fixture);
    snprintf(url, sizeof url, "sqlite://%s/a.db", directory);
    assert_int_equal(archive_open(url, ARCHIVE_WRITE, &fixture->archive, &why), SP_OK);
    assert_int_equal(accounts_open(url, &fixture->accounts, &why), SP_OK);
    fixture->sites[0] = seed_site("a.example", MODE_STANDARD);
    fixture->sites[1] = seed_site("b.example", MODE_RESTRICTED);
    fixture->config.sites = fixture->sites;
    fixture->config.site_count = 2;
    fixture->config.aggregator.session_hours = 12;
    fixture->config.aggregator.public_url = strdup("https://stat.example");
    fixture->config.aggregator.archive = strdup(url);
    assert_int_equal(dashboard_new(&fixture->config, fixture->archive, fixture->accounts, &fixture->dashboard), SP_OK);
    assert_int_equal(accounts_add(fixture->accounts, "kari", ROLE_EDITOR, "a.example", password), SP_OK);
    assert_int_equal(accounts_add(fixture->accounts, "sjef", ROLE_ADMINISTRATOR, "*", password), SP_OK);
    assert_int_equal(accounts_add(fixture->accounts, "leser", ROLE_READER, "a.example", password), SP_OK);
    assert_int_equal(accounts_add(fixture->accounts, "annen", ROLE_EDITOR, "b.example", password), SP_OK);
    come_from(1, false);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    static const char *const tails[] = { "", "-wal", "-shm" };
    struct fixture *fixture = *state;
    dashboard_free(fixture->dashboard);
    accounts_close(fixture->accounts);
    archive_close(fixture->archive);
    free(fixture->config.aggregator.archive);
    free(fixture->config.aggregator.public_url);
    free(fixture->config.aggregator.trusted_user_header);
    free(fixture->sites[0].name);
    free(fixture->sites[1].name);
    free(fixture);
    free(headers);
    free(body);
    headers = body = NULL;
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/a.db%s", directory, tails[i]);
        unlink(path);
    }
    return 0;
}

struct question {
    enum http_method method;
    const char *target, *form, *cookie, *origin, *accept_encoding;
    const char *user[2], *forwarded[2]; /* lines of X-Forwarded-User and X-Forwarded-For */
};

static void
add_header(struct http_request *request, enum http_header_id id, const char *value)
{
    if (value == NULL)
        return;
    request->header[request->header_count].value = span_text(value);
    request->known[id] = (uint8_t)++request->header_count;
}

static bool
ask(struct fixture *fixture, struct question question)
{
    const char *mark = strchr(question.target, '?');
    struct http_request request = {
        .method = question.method,
        .target = span_text(question.target),
        .path = span_of(question.target, mark == NULL ? strlen(question.target) : (size_t)(mark - question.target)),
        .query = span_text(mark == NULL ? NULL : mark + 1),
        .body = span_text(question.form),
    };
    add_header(&request, HTTP_COOKIE, question.cookie);
    add_header(&request, HTTP_ORIGIN, question.origin);
    add_header(&request, HTTP_ACCEPT_ENCODING, question.accept_encoding);
    for (int i = 0; i < 2 && question.forwarded[i] != NULL; i++) {
        if (i == 0)
            add_header(&request, HTTP_X_FORWARDED_FOR, question.forwarded[i]);
        request.known_count[HTTP_X_FORWARDED_FOR] = (uint8_t)(i + 1);
    }
    for (int i = 0; i < 2 && question.user[i] != NULL; i++) {
        request.header[request.header_count].name = SPAN_LITERAL("x-forwarded-USER");
        request.header[request.header_count++].value = span_text(question.user[i]);
    }
    return dashboard_request(fixture->dashboard, NULL, &request);
}

static void
get(struct fixture *fixture, const char *target, const char *cookie)
{
    assert_true(ask(fixture, (struct question){ .method = HTTP_GET, .target = target, .cookie = cookie }));
}

/* Log in and leave the cookie in out. */
static void
log_in(struct fixture *fixture, const char *form, char out[128])
{
    assert_true(ask(
        fixture,
        (struct question){ .method = HTTP_POST, .target = "/login", .form = form, .origin = "https://stat.example" }));
    out[0] = '\0';
    const char *at = headers == NULL ? NULL : strstr(headers, "Set-Cookie: ");
    if (at != NULL)
        snprintf(out, 128, "%.*s", (int)strcspn(at + 12, ";"), at + 12);
}

#define KARI "name=kari&password=riktig+hest+batteri+stift"
#define SJEF "name=sjef&password=riktig+hest+batteri+stift"

static bool
says(const char *text, const char *needle)
{
    return strstr(text, needle) != NULL;
}

static void
test_nothing_is_shown_to_nobody(void **state)
{
    static const char *const targets[] = { "/", "/sites/a.example", "/sites/a.example/privacy", "/sites/x", "/sites/" };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        get(*state, targets[i], "__Host-sporlos=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        assert_int_equal(status, 303);
        assert_true(says(headers, "Location: /login\r\n"));
        assert_string_equal(body, "");
    }
}

static void
test_other_paths_are_not_ours(void **state)
{
    static const char *const targets[] = { "/api/v1/sites", "/declarations", "/loginx", "/healthz" };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++)
        assert_false(ask(*state, (struct question){ .method = HTTP_GET, .target = targets[i] }));
}

static void
test_logging_in_shows_ones_own_sites_only(void **state)
{
    char cookie[128];
    log_in(*state, KARI, cookie);
    assert_int_equal(status, 303);
    assert_true(says(headers, "; Path=/; HttpOnly; SameSite=Strict; Secure\r\n"));
    get(*state, "/", cookie);
    assert_int_equal(status, 303);
    assert_true(says(headers, "Location: /sites/a.example\r\n"));
    get(*state, "/sites/a.example", cookie);
    assert_int_equal(status, 200);
    assert_true(says(body, "a.example"));
    assert_false(says(body, "b.example"));
    get(*state, "/sites/a.example/privacy?lang=nn", cookie);
    assert_int_equal(status, 200);
    assert_true(says(body, "Kva denne nettstaden måler"));
    static const char *const others[] = { "/sites/b.example", "/sites/none.example", "/sites/a.example/x", "/sites/" };
    for (size_t i = 0; i < 4; i++) {
        get(*state, others[i], cookie);
        assert_int_equal(status, 404);
        assert_false(says(body, "b.example"));
    }
    log_in(*state, SJEF, cookie);
    get(*state, "/", cookie);
    assert_int_equal(status, 200);
    assert_true(says(body, "a.example") && says(body, "b.example"));
}

static void
test_wrong_passwords_are_refused_and_slowed(void **state)
{
    char cookie[128];
    for (int i = 0; i < 5; i++) {
        log_in(*state, "name=kari&password=feil", cookie);
        assert_int_equal(status, 401);
        assert_string_equal(cookie, "");
        assert_true(says(body, "passordet er feil"));
    }
    log_in(*state, KARI, cookie);
    assert_int_equal(status, 429);
    assert_true(says(headers, "Retry-After: 1\r\n") && says(body, "Vent 1 sekunder"));
    come_from(9, false);
    log_in(*state, KARI, cookie); /* a name waits, wherever it is tried from */
    assert_int_equal(status, 429);
    log_in(*state, SJEF, cookie);
    assert_int_equal(status, 303);
    for (int i = 0; i < 20; i++) {
        char form[64];
        snprintf(form, sizeof form, "name=n%d&password=feil", i);
        log_in(*state, form, cookie);
    }
    log_in(*state, "name=ny&password=feil", cookie); /* and a network, whichever name it tries */
    assert_int_equal(status, 429);
    assert_true(says(headers, "Retry-After: ") && says(body, "minutter og"));
    log_in(*state, SJEF, cookie);
    assert_int_equal(status, 429);
    come_from(1, false);
    log_in(*state, SJEF, cookie);
    assert_int_equal(status, 303);
}

static void
test_forms_of_others_do_nothing(void **state)
{
    char cookie[128];
    log_in(*state, KARI, cookie);
    assert_true(ask(
        *state, (struct question){
                    .method = HTTP_POST, .target = "/logout", .cookie = cookie, .origin = "https://evil.example" }));
    assert_int_equal(status, 403);
    get(*state, "/sites/a.example", cookie);
    assert_int_equal(status, 200);
    assert_true(ask(
        *state,
        (struct question){ .method = HTTP_POST, .target = "/login", .form = KARI, .origin = "https://evil.example" }));
    assert_int_equal(status, 403);
    assert_false(says(headers, "Set-Cookie"));
    get(*state, "/logout", cookie);
    assert_int_equal(status, 405);
    assert_true(ask(*state, (struct question){ .method = HTTP_POST, .target = "/sites/a.example", .cookie = cookie }));
    assert_int_equal(status, 405);
}

static void
test_logging_out_ends_the_session(void **state)
{
    char cookie[128];
    log_in(*state, KARI, cookie);
    assert_true(ask(
        *state, (struct question){
                    .method = HTTP_POST, .target = "/logout", .cookie = cookie, .origin = "https://stat.example" }));
    assert_int_equal(status, 303);
    assert_true(says(headers, "Max-Age=0"));
    get(*state, "/sites/a.example", cookie);
    assert_int_equal(status, 303);
}

static void
test_a_login_gets_a_new_id_and_ends_the_old(void **state)
{
    char first[128], second[128];
    log_in(*state, KARI, first);
    assert_true(ask(*state, (struct question){ .method = HTTP_POST,
                                               .target = "/login",
                                               .form = KARI,
                                               .cookie = first,
                                               .origin = "https://stat.example" }));
    snprintf(second, sizeof second, "%.*s", (int)strcspn(strstr(headers, "Set-Cookie: ") + 12, ";"),
             strstr(headers, "Set-Cookie: ") + 12);
    assert_string_not_equal(first, second);
    get(*state, "/sites/a.example", first);
    assert_int_equal(status, 303);
    get(*state, "/sites/a.example", second);
    assert_int_equal(status, 200);
}

static void
test_a_removed_account_sees_nothing_more(void **state)
{
    struct fixture *fixture = *state;
    char cookie[128];
    log_in(fixture, KARI, cookie);
    assert_int_equal(accounts_remove(fixture->accounts, "kari"), SP_OK);
    get(fixture, "/sites/a.example", cookie);
    assert_int_equal(status, 303);
}

static void
test_every_answer_forbids_what_it_does_not_need(void **state)
{
    char cookie[128];
    log_in(*state, KARI, cookie);
    static const char *const targets[] = { "/login", "/", "/sites/a.example", "/sites/x", "/logout", "/assets/x.css" };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        get(*state, targets[i], cookie);
        assert_true(says(headers, "Content-Security-Policy: default-src 'none'; style-src 'self'; "));
        assert_true(says(headers, "frame-ancestors 'none'"));
        assert_true(says(headers, "X-Content-Type-Options: nosniff\r\n"));
        assert_true(says(headers, "Referrer-Policy: same-origin\r\n"));
    }
    get(*state, "/sites/a.example", cookie);
    assert_true(says(headers, "Cache-Control: no-store\r\n"));
}

/* ---- who may take which route ---- */

enum { NOBODY, READER, EDITOR, ADMINISTRATOR, ANOTHER, WHO_COUNT }; /* ANOTHER: editor of another site */

/*
 * Written down once more, and not made from the table: what it says is what is meant. 303 on reading: to the log-in,
 * but for the home page of one who has one site. 303 on changing: done or not done, by what the form said.
 */
static const struct row {
    const char *pattern, *target;
    int reads[WHO_COUNT], changes[WHO_COUNT];
} expected[] = {
    { "/login", "/login", { 200, 200, 200, 200, 200 }, { 401, 401, 401, 401, 401 } },
    { "/logout", "/logout", { 405, 405, 405, 405, 405 }, { 303, 303, 303, 303, 303 } },
    { "/assets/**", "/assets/icon.svg", { 200, 200, 200, 200, 200 }, { 405, 405, 405, 405, 405 } },
    { "/declaration", "/declaration", { 503, 503, 503, 503, 503 }, { 405, 405, 405, 405, 405 } },
    { "/declaration.json", "/declaration.json", { 503, 503, 503, 503, 503 }, { 405, 405, 405, 405, 405 } },
    { "/declaration/**", "/declaration/a.example", { 503, 503, 503, 503, 503 }, { 405, 405, 405, 405, 405 } },
    { "/embed/*", "/embed/a.example", { 404, 404, 404, 404, 404 }, { 405, 405, 405, 405, 405 } },
    { "/", "/", { 303, 303, 303, 200, 303 }, { 303, 405, 405, 405, 405 } },
    { "/sites/*", "/sites/a.example", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/content", "/sites/a.example/content", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/page", "/sites/a.example/page", { 303, 404, 404, 404, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/places", "/sites/a.example/places", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/sources", "/sites/a.example/sources", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/searches", "/sites/a.example/searches", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/feedback", "/sites/a.example/feedback", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/events", "/sites/a.example/events", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/reports", "/sites/a.example/reports", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/settings", "/sites/a.example/settings", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/export", "/sites/a.example/export", { 303, 404, 404, 404, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/annotations",
      "/sites/a.example/annotations",
      { 303, 405, 405, 405, 404 },
      { 303, 403, 400, 400, 404 } },
    { "/sites/*/privacy", "/sites/a.example/privacy", { 303, 200, 200, 200, 404 }, { 303, 405, 405, 405, 404 } },
    { "/sites/*/share", "/sites/a.example/share", { 303, 403, 200, 200, 404 }, { 303, 403, 303, 303, 404 } },
    { "/users", "/users", { 303, 403, 403, 200, 403 }, { 303, 403, 403, 303, 403 } },
    { "/access-log", "/access-log", { 303, 403, 403, 200, 403 }, { 303, 405, 405, 405, 405 } },
    { "/sites/**", "/sites/a.example/x/y", { 303, 404, 404, 404, 404 }, { 303, 405, 405, 405, 404 } },
    { "/public/**", "/public/x", { 404, 404, 404, 404, 404 }, { 405, 405, 405, 405, 405 } },
};

enum { ROW_COUNT = sizeof expected / sizeof expected[0] };

static void
log_in_as(struct fixture *fixture, int who, char cookie[128])
{
    static const char *const names[WHO_COUNT] = { NULL, "leser", "kari", "sjef", "annen" };
    char form[128];
    cookie[0] = '\0';
    if (names[who] == NULL)
        return;
    snprintf(form, sizeof form, "name=%s&password=riktig+hest+batteri+stift", names[who]);
    log_in(fixture, form, cookie);
    assert_int_equal(status, 303);
}

static void
check_row(struct fixture *fixture, const struct row *row, int who, const char *cookie)
{
    static const enum http_method methods[] = { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OPTIONS };
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        const struct question question = { .method = methods[i],
                                           .target = row->target,
                                           .form = methods[i] == HTTP_POST ? "action=" : NULL,
                                           .cookie = cookie,
                                           .origin = "https://stat.example" };
        assert_true(ask(fixture, question));
        int wanted = methods[i] == HTTP_POST ? row->changes[who] : row->reads[who];
        if (methods[i] == HTTP_OPTIONS)
            assert_true(status == 405 || status == 303 || status == 404);
        else if (status != wanted)
            fail_msg("%s who %d method %d: %d, not %d", row->target, who, (int)methods[i], status, wanted);
        if (status == 303 && who == NOBODY && strcmp(row->pattern, "/logout") != 0)
            assert_true(says(headers, "Location: /login\r\n"));
    }
}

static void
test_every_role_on_every_route(void **state)
{
    struct fixture *fixture = *state;
    char cookies[WHO_COUNT][128];
    assert_int_equal(route_count(), ROW_COUNT);
    for (int who = 0; who < WHO_COUNT; who++)
        log_in_as(fixture, who, cookies[who]);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        assert_string_equal(route_at(i)->pattern, expected[i].pattern);
        assert_ptr_equal(route_find(span_text(expected[i].target)), route_at(i));
        for (int who = 0; who < WHO_COUNT; who++) {
            check_row(fixture, &expected[i], who, cookies[who]);
            if (strcmp(expected[i].pattern, "/logout") == 0)
                log_in_as(fixture, who, cookies[who]);
        }
    }
}

static void
test_no_change_is_made_for_a_form_of_others(void **state)
{
    struct fixture *fixture = *state;
    static const char *const origins[] = { "https://evil.example", "null", "", NULL,
                                           "https://stat.example.evil.example" };
    char cookie[128];
    log_in(fixture, SJEF, cookie);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (expected[i].changes[ADMINISTRATOR] == 405)
            continue;
        for (size_t n = 0; n < sizeof origins / sizeof origins[0]; n++) {
            assert_true(ask(fixture, (struct question){ .method = HTTP_POST,
                                                        .target = expected[i].target,
                                                        .form = "action=remove&name=kari",
                                                        .cookie = cookie,
                                                        .origin = origins[n] }));
            assert_int_equal(status, 403);
            assert_false(says(headers, "Set-Cookie"));
        }
    }
    log_in(fixture, KARI, cookie);
    assert_int_equal(status, 303); /* she is still there */
}

static void
post(struct fixture *fixture, const char *target, const char *form, const char *cookie)
{
    assert_true(ask(
        fixture,
        (struct question){
            .method = HTTP_POST, .target = target, .form = form, .cookie = cookie, .origin = "https://stat.example" }));
}

static void
test_an_administrator_manages_users(void **state)
{
    struct fixture *fixture = *state;
    char sjef[128], other[128];
    log_in(fixture, SJEF, sjef);
    post(fixture, "/users", "action=add&name=ny&role=editor&sites=a.example&password=et+langt+passord", sjef);
    assert_true(says(headers, "Location: /users?done=saved\r\n"));
    get(fixture, "/users?done=saved", sjef);
    assert_true(says(body, ">ny<") && says(body, "Lagret."));
    log_in(fixture, "name=ny&password=et+langt+passord", other);
    get(fixture, "/sites/a.example/share", other);
    assert_int_equal(status, 200);
    post(fixture, "/users", "action=change&name=ny&role=reader&sites=b.example", sjef);
    get(fixture, "/sites/a.example", other); /* at once, in the middle of a session */
    assert_int_equal(status, 404);
    get(fixture, "/sites/b.example/share", other);
    assert_int_equal(status, 403);
    post(fixture, "/users", "action=password&name=ny&password=et+annet+langt+passord", sjef);
    get(fixture, "/sites/b.example", other); /* another password ends the sessions begun with the old one */
    assert_int_equal(status, 303);
    log_in(fixture, "name=ny&password=et+annet+langt+passord", other);
    assert_int_equal(status, 303);
    post(fixture, "/users", "action=remove&name=ny", sjef);
    get(fixture, "/sites/b.example", other);
    assert_int_equal(status, 303);
    static const struct {
        const char *form, *outcome;
    } refused[] = {
        { "action=add&name=ny&role=editor&password=kort", "bad" },
        { "action=add&name=Ny&role=editor&password=et+langt+passord", "bad" },
        { "action=add&name=ny&role=konge&password=et+langt+passord", "bad" },
        { "action=add&name=ny&role=editor&sites=c.example&password=et+langt+passord", "bad-site" },
        { "action=add&name=kari&role=editor&password=et+langt+passord", "taken" },
        { "action=remove&name=borte", "gone" },
        { "action=remove&name=sjef", "self" },
        { "action=change&name=sjef&role=reader", "self" },
        { "action=x&name=kari", "bad" },
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        char location[64];
        snprintf(location, sizeof location, "Location: /users?done=%s\r\n", refused[i].outcome);
        post(fixture, "/users", refused[i].form, sjef);
        assert_int_equal(status, 303);
        assert_true(says(headers, location));
    }
}

static void
test_a_link_shows_its_site_without_a_log_in(void **state)
{
    struct fixture *fixture = *state;
    char kari[128];
    char link[64];
    log_in(fixture, KARI, kari);
    post(fixture, "/sites/a.example/share", "action=link_add&label=Styret&days=31", kari);
    assert_int_equal(status, 200);
    const char *at = strstr(body, "https://stat.example/public/");
    assert_non_null(at);
    snprintf(link, sizeof link, "%.30s", at + strlen("https://stat.example"));
    get(fixture, link, NULL);
    assert_int_equal(status, 200);
    assert_true(says(body, "a.example") && !says(body, "b.example"));
    assert_false(says(body, "/sites/") || says(body, "action=\"/") || says(body, "method=\"post\""));
    assert_true(says(headers, "Referrer-Policy: no-referrer\r\n"));
    assert_true(says(headers, "X-Robots-Tag: noindex"));
    assert_true(says(headers, "Cache-Control: no-store\r\n"));
    assert_true(says(headers, "frame-ancestors 'none'"));
    assert_false(says(headers, "Set-Cookie"));
    char path[96];
    snprintf(path, sizeof path, "%s/privacy", link);
    get(fixture, path, NULL);
    assert_int_equal(status, 200);
    static const char *const closed[] = { "/share", "/x", "/privacy/x" };
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s%s", link, closed[i]);
        get(fixture, path, NULL);
        assert_int_equal(status, 404);
        get(fixture, path, kari); /* who comes by the link comes as nobody */
        assert_int_equal(status, 404);
    }
    assert_true(
        ask(fixture, (struct question){ .method = HTTP_POST, .target = link, .origin = "https://stat.example" }));
    assert_int_equal(status, 405);
    get(fixture, "/sites/a.example/share", kari);
    assert_true(says(body, "Styret"));
    assert_false(says(body, link)); /* shown once */
    post(fixture, "/sites/a.example/share", "action=link_remove&id=1", kari);
    get(fixture, link, NULL);
    assert_int_equal(status, 404);
}

static void
test_a_frame_is_for_those_the_configuration_names(void **state)
{
    struct fixture *fixture = *state;
    char *origins[] = { strdup("https://www.a.example"), strdup("https://b.example:8443") };
    char cookie[128];
    fixture->sites[0].embed = (struct text_list){ origins, 2 };
    log_in(fixture, KARI, cookie);
    get(fixture, "/embed/a.example?lang=en", cookie);
    assert_int_equal(status, 200);
    assert_true(says(headers, "frame-ancestors https://www.a.example https://b.example:8443 \r\n"));
    assert_true(says(headers, "Referrer-Policy: no-referrer\r\n"));
    assert_false(says(headers, "Set-Cookie"));
    assert_false(says(body, "kari") || says(body, "/sites/") || says(body, "<form"));
    get(fixture, "/embed/b.example", NULL);
    assert_int_equal(status, 404);
    assert_true(says(headers, "frame-ancestors 'none'"));
    free(origins[0]);
    free(origins[1]);
}

static void
test_a_trusted_proxy_says_who_it_is(void **state)
{
    struct fixture *fixture = *state;
    const struct question as_kari = { .method = HTTP_GET, .target = "/sites/a.example", .user = { "kari" } };
    come_from(1, true);
    assert_true(ask(fixture, as_kari));
    assert_int_equal(status, 303); /* no header is configured */
    fixture->config.aggregator.trusted_user_header = strdup("X-Forwarded-User");
    assert_true(ask(fixture, as_kari));
    assert_int_equal(status, 200);
    assert_false(says(headers, "Set-Cookie"));
    assert_false(says(body, "/logout"));
    come_from(1, false); /* anybody can send a header */
    assert_true(ask(fixture, as_kari));
    assert_int_equal(status, 303);
    come_from(1, true);
    static const char *const others[][2] = {
        { "ola" }, { "" }, { "kari,sjef" }, { "KARI" }, { "kari", "kari" }, { "kari", "sjef" }, { "' OR 1=1 --" }
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_true(ask(fixture, (struct question){ .method = HTTP_GET,
                                                    .target = "/sites/a.example",
                                                    .user = { others[i][0], others[i][1] } }));
        assert_int_equal(status, 303);
    }
    assert_true(ask(fixture, (struct question){ .method = HTTP_GET, .target = "/users", .user = { "kari" } }));
    assert_int_equal(status, 403);
    assert_true(ask(fixture, (struct question){ .method = HTTP_POST,
                                                .target = "/users",
                                                .form = "action=remove&name=kari",
                                                .origin = "https://evil.example",
                                                .user = { "sjef" } }));
    assert_int_equal(status, 403); /* a proxy's word does not make a form ours */
}

/* Behind a proxy it is the reader's network that has attempts, not the proxy's. */
static void
test_attempts_count_for_the_network_that_a_proxy_names(void **state)
{
    struct fixture *fixture = *state;
    come_from(1, true);
    for (int i = 0; i < 25; i++) {
        char form[64];
        snprintf(form, sizeof form, "name=a%d&password=feil", i);
        assert_true(ask(fixture, (struct question){ .method = HTTP_POST,
                                                    .target = "/login",
                                                    .form = form,
                                                    .origin = "https://stat.example",
                                                    .forwarded = { i % 2 == 0 ? "192.0.2.7" : "192.0.2.200" } }));
        assert_int_equal(status, i < 20 ? 401 : 429);
    }
    struct question other = { .method = HTTP_POST,
                              .target = "/login",
                              .form = KARI,
                              .origin = "https://stat.example",
                              .forwarded = { "198.51.100.1" } };
    assert_true(ask(fixture, other));
    assert_int_equal(status, 303);
    come_from(2, false); /* not a proxy of ours: what it says of others is not read */
    for (int i = 0; i < 21; i++) {
        char form[64], from[32];
        snprintf(form, sizeof form, "name=b%d&password=feil", i);
        snprintf(from, sizeof from, "203.0.%d.1", i);
        assert_true(ask(fixture, (struct question){ .method = HTTP_POST,
                                                    .target = "/login",
                                                    .form = form,
                                                    .origin = "https://stat.example",
                                                    .forwarded = { from } }));
        assert_int_equal(status, i < 20 ? 401 : 429);
    }
}

static void
test_another_configuration_logs_nobody_out(void **state)
{
    struct fixture *fixture = *state;
    struct dashboard *next;
    char cookie[128];
    log_in(fixture, KARI, cookie);
    assert_int_equal(dashboard_new(&fixture->config, fixture->archive, fixture->accounts, &next), SP_OK);
    dashboard_inherit(next, fixture->dashboard);
    dashboard_free(fixture->dashboard);
    fixture->dashboard = next;
    get(fixture, "/sites/a.example", cookie);
    assert_int_equal(status, 200);
}

static void
test_the_access_log_says_who_and_where(void **state)
{
    struct fixture *fixture = *state;
    char cookie[128], kari[128];
    log_in(fixture, "name=leser&password=feil", cookie);
    log_in(fixture, "name=finnesikke&password=feil", cookie);
    log_in(fixture, KARI, kari);
    get(fixture, "/sites/a.example", kari);
    get(fixture, "/sites/a.example", kari);
    log_in(fixture, SJEF, cookie);
    get(fixture, "/access-log", cookie);
    assert_int_equal(status, 200);
    assert_true(says(body, "Logget inn") && says(body, "Så tallene for a.example") &&
                says(body, "Avvist: feil passord"));
    assert_true(says(body, ">leser<") && says(body, ">kari<") && says(body, ">sjef<"));
    assert_false(says(body, "finnesikke")); /* what was typed as a name may be a password */
    const char *first = strstr(body, "Så tallene for a.example");
    assert_null(strstr(first + 1, "Så tallene for a.example"));
    static const char *const pages[] = { "/access-log?page=1", "/access-log?page=-1", "/access-log?page=99999999999" };
    for (size_t i = 0; i < 3; i++) {
        get(fixture, pages[i], cookie);
        assert_int_equal(status, 200);
    }
}

static void
test_a_county_that_is_none_is_not_found(void **state)
{
    static const char *const targets[] = { "/sites/a.example/places?county=abc", "/sites/a.example/places?county=4601",
                                           "/sites/a.example/places?county=00" };
    char cookie[128];
    log_in(*state, KARI, cookie);
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        get(*state, targets[i], cookie);
        assert_int_equal(status, 404);
    }
    get(*state, "/sites/a.example/places?county=46", cookie);
    assert_int_equal(status, 200);
}

/* A day on which it would be shown: nobody could take away what nobody sees. */
static void
test_a_note_is_of_a_day_that_is_shown(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *form;
        int status;
    } rows[] = { { "day=9999-12-31&text=x", 400 },
                 { "day=2000-01-01&text=x", 400 },
                 { "day=2026-11-01&text=+++", 400 },
                 { "day=2026-11-01&text=Kampanje", 303 } };
    static const struct gazetteer no_gazetteer = { 0 };
    char cookie[128];
    seed_archive(fixture->archive, &fixture->sites[0], &no_gazetteer, 50);
    log_in(fixture, KARI, cookie);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        post(fixture, "/sites/a.example/annotations", rows[i].form, cookie);
        if (status != rows[i].status)
            fail_msg("%s: %d", rows[i].form, status);
    }
}

static void
test_a_chart_is_had_as_a_picture(void **state)
{
    struct fixture *fixture = *state;
    static const struct gazetteer no_gazetteer = { 0 };
    char cookie[128];
    seed_archive(fixture->archive, &fixture->sites[0], &no_gazetteer, 50);
    log_in(fixture, KARI, cookie);
    get(fixture, "/sites/a.example/export?table=visits&form=svg", cookie);
    assert_int_equal(status, 200);
    assert_true(says(headers, "Content-Type: image/svg+xml\r\n"));
    assert_true(says(headers, "filename=\"a.example-visits-") && says(headers, ".svg\"\r\n"));
    assert_true(says(headers, "Content-Security-Policy: default-src 'none'"));
    assert_true(says(body, "<svg xmlns=") && says(body, "class=\"l\""));
    get(fixture, "/sites/a.example/export?table=visits&form=csv", cookie);
    assert_true(says(headers, "Content-Type: text/csv") && says(body, ";"));
    get(fixture, "/sites/a.example/export?table=visits&form=json", cookie); /* the API's own */
    assert_int_equal(status, 404);
    get(fixture, "/sites/a.example/export?table=visits&form=csv&period=month:2031-01", cookie);
    assert_int_equal(status, 404);
    get(fixture, "/sites/a.example/reports", cookie);
    assert_true(says(body, "/export?table=visits&amp;form=svg\""));
}

static void
test_the_style_sheet_is_named_by_its_content(void **state)
{
    get(*state, "/login", NULL);
    char path[64];
    const char *at = strstr(body, "rel=\"stylesheet\" href=\"");
    assert_non_null(at);
    at = strstr(at, "/assets/");
    assert_non_null(at);
    snprintf(path, sizeof path, "%.*s", (int)strcspn(at, "\""), at);
    assert_true(ask(*state, (struct question){ .method = HTTP_GET, .target = path, .accept_encoding = "gzip" }));
    assert_int_equal(status, 200);
    assert_true(says(headers, "Content-Type: text/css"));
    assert_true(says(headers, "Content-Encoding: gzip\r\n"));
    assert_true(says(headers, "max-age=31536000, immutable"));
    assert_true(ask(*state, (struct question){ .method = HTTP_GET, .target = path }));
    assert_false(says(headers, "Content-Encoding"));
    assert_true(says(body, ".ds-card"));
    get(*state, "/assets/x.css", NULL);
    assert_int_equal(status, 404);
}

/* ---- questions on threads: the gate keeps both from working until a test opens it ---- */

struct pool {
    struct event_base *base;
    struct workers *readers;
    sem_t entered, gate;
    unsigned done;
};

struct slow_job {
    struct worker_job job; /* first */
    struct pool *pool;
};

static void
wait_at_gate(struct worker_job *job, void *own)
{
    struct pool *pool = ((struct slow_job *)(void *)job)->pool;
    (void)own;
    sem_post(&pool->entered);
    sem_wait(&pool->gate);
}

static void
count_done(struct worker_job *job, bool worked)
{
    (void)worked;
    ((struct slow_job *)(void *)job)->pool->done++;
    free(job);
}

static void
add_slow(struct pool *pool)
{
    struct slow_job *slow = calloc(1, sizeof *slow);
    assert_non_null(slow);
    *slow = (struct slow_job){ { .work = wait_at_gate, .done = count_done }, pool };
    assert_int_equal(workers_submit(pool->readers, &slow->job), SP_OK);
}

/* All threads are busy with what takes until open_gate. */
static void
pool_init(struct fixture *fixture, struct pool *pool)
{
    const char *why = "";
    *pool = (struct pool){ .base = event_base_new() };
    sem_init(&pool->entered, 0, 0);
    sem_init(&pool->gate, 0, 0);
    assert_int_equal(readers_new(pool->base, fixture->config.aggregator.archive, &pool->readers, &why), SP_OK);
    assert_int_equal(dashboard_start_workers(fixture->dashboard, pool->base, pool->readers, &why), SP_OK);
    for (int i = 0; i < READER_THREADS; i++)
        add_slow(pool);
    for (int i = 0; i < READER_THREADS; i++)
        sem_wait(&pool->entered);
    status = 0;
    answers = 0;
}

static void
open_gate(struct pool *pool, unsigned jobs)
{
    for (unsigned i = 0; i < jobs; i++)
        sem_post(&pool->gate);
}

static void
wait_for_answers(struct pool *pool, unsigned count)
{
    while (answers < count)
        assert_int_equal(event_base_loop(pool->base, EVLOOP_ONCE), 0);
}

/* As a snapshot ends: first the threads, then whom they answer for. */
static void
pool_fini(struct fixture *fixture, struct pool *pool)
{
    workers_free(pool->readers);
    dashboard_free(fixture->dashboard);
    fixture->dashboard = NULL;
    event_base_free(pool->base);
    sem_destroy(&pool->entered);
    sem_destroy(&pool->gate);
}

static void
test_a_slow_question_keeps_nobody_else_waiting(void **state)
{
    static const char *const asking[] = { "/sites/a.example", "/sites/a.example/content?period=12m",
                                          "/sites/a.example/page?path=/x", "/sites/a.example/settings?wait=1",
                                          "/sites/a.example/export?table=page&form=csv" };
    struct fixture *fixture = *state;
    struct pool pool;
    char cookie[128];
    log_in(fixture, KARI, cookie);
    pool_init(fixture, &pool);
    for (size_t i = 0; i < sizeof asking / sizeof asking[0]; i++) {
        get(fixture, asking[i], cookie);
        assert_int_equal(status, 0);
    }
    static const char *const others[] = { "/sites/a.example/privacy", "/sites/a.example/share", "/login",
                                          "/sites/a.example/x" };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        get(fixture, others[i], cookie);
        assert_int_equal(status, i == 3 ? 404 : 200);
    }
    answers = 0;
    open_gate(&pool, READER_THREADS);
    wait_for_answers(&pool, sizeof asking / sizeof asking[0]);
    pool_fini(fixture, &pool);
}

/* Who was let in gets the page that he asked for; the next one he does not. */
static void
test_logging_out_while_a_question_is_under_way(void **state)
{
    struct fixture *fixture = *state;
    struct pool pool;
    char cookie[128];
    log_in(fixture, KARI, cookie);
    pool_init(fixture, &pool);
    get(fixture, "/sites/a.example", cookie);
    assert_int_equal(status, 0);
    assert_int_equal(accounts_remove(fixture->accounts, "kari"), SP_OK);
    get(fixture, "/sites/a.example", cookie);
    assert_int_equal(status, 303);
    answers = 0;
    open_gate(&pool, READER_THREADS);
    wait_for_answers(&pool, 1);
    assert_int_equal(status, 200);
    assert_true(says(body, "a.example") && says(body, "</html>"));
    pool_fini(fixture, &pool);
}

static void
test_when_too_many_wait_the_browser_is_to_ask_again(void **state)
{
    struct fixture *fixture = *state;
    struct pool pool;
    char cookie[128];
    log_in(fixture, KARI, cookie);
    pool_init(fixture, &pool);
    for (int i = 0; i < READER_QUEUE; i++)
        add_slow(&pool);
    get(fixture, "/sites/a.example", cookie);
    assert_int_equal(status, 503);
    assert_true(says(headers, "Refresh: 2\r\n") && says(body, "</html>"));
    open_gate(&pool, READER_THREADS + READER_QUEUE);
    pool_fini(fixture, &pool);
    assert_int_equal(pool.done, READER_THREADS + READER_QUEUE);
}

/* A reload: what was asked of the old configuration is answered by it, before it goes. */
static void
test_another_configuration_while_a_question_is_under_way(void **state)
{
    struct fixture *fixture = *state;
    struct dashboard *next;
    struct pool pool;
    char cookie[128];
    log_in(fixture, KARI, cookie);
    pool_init(fixture, &pool);
    get(fixture, "/sites/a.example", cookie);
    assert_int_equal(status, 0);
    assert_int_equal(dashboard_new(&fixture->config, fixture->archive, fixture->accounts, &next), SP_OK);
    dashboard_inherit(next, fixture->dashboard);
    open_gate(&pool, READER_THREADS);
    workers_finish(pool.readers);
    pool_fini(fixture, &pool);
    assert_int_equal(answers, 1);
    assert_int_equal(status, 200);
    fixture->dashboard = next;
    get(fixture, "/sites/a.example", cookie);
    assert_int_equal(status, 200);
}

int
main(void)
{
    if (mkdtemp(directory) == NULL)
        return 1;
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_is_shown_to_nobody),
        TEST(test_other_paths_are_not_ours),
        TEST(test_logging_in_shows_ones_own_sites_only),
        TEST(test_wrong_passwords_are_refused_and_slowed),
        TEST(test_forms_of_others_do_nothing),
        TEST(test_logging_out_ends_the_session),
        TEST(test_a_login_gets_a_new_id_and_ends_the_old),
        TEST(test_a_removed_account_sees_nothing_more),
        TEST(test_every_answer_forbids_what_it_does_not_need),
        TEST(test_the_style_sheet_is_named_by_its_content),
        TEST(test_a_county_that_is_none_is_not_found),
        TEST(test_a_note_is_of_a_day_that_is_shown),
        TEST(test_a_chart_is_had_as_a_picture),
        TEST(test_every_role_on_every_route),
        TEST(test_no_change_is_made_for_a_form_of_others),
        TEST(test_an_administrator_manages_users),
        TEST(test_a_link_shows_its_site_without_a_log_in),
        TEST(test_a_frame_is_for_those_the_configuration_names),
        TEST(test_a_trusted_proxy_says_who_it_is),
        TEST(test_attempts_count_for_the_network_that_a_proxy_names),
        TEST(test_another_configuration_logs_nobody_out),
        TEST(test_a_slow_question_keeps_nobody_else_waiting),
        TEST(test_logging_out_while_a_question_is_under_way),
        TEST(test_when_too_many_wait_the_browser_is_to_ask_again),
        TEST(test_another_configuration_while_a_question_is_under_way),
        TEST(test_the_access_log_says_who_and_where),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(directory);
    return failed;
}
