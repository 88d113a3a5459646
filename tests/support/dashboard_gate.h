/* The dashboard with nobody in front of it: the server is played here, accounts and two sites are there. For one test
 * program each. */
#ifndef SPORLOS_TESTS_DASHBOARD_GATE_H
#define SPORLOS_TESTS_DASHBOARD_GATE_H

#include "dashboard/dashboard.h"
#include "dashboard/routes.h"
#include "seed.h"
#include "sporlos/client_address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

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
static void (*when_answered)(void *context); /* called with it at each answer; NULL: nobody is */
static void *when_answered_context;

void
http_respond(struct http_exchange *exchange, int code, struct span lines, struct span bytes)
{
    (void)exchange;
    free(headers);
    free(body);
    status = code;
    answers++;
    if (when_answered != NULL)
        when_answered(when_answered_context);
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
static inline void
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

static inline int
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

static inline int
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
    const char *user[2];   /* lines of X-Forwarded-User */
    const char *forwarded; /* X-Forwarded-For; of two the server makes no request */
};

static inline void
add_header(struct http_request *request, enum http_header_id id, const char *value)
{
    if (value == NULL)
        return;
    request->header[request->header_count].value = span_text(value);
    request->known[id] = (uint8_t)++request->header_count;
}

static inline bool
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
    add_header(&request, HTTP_X_FORWARDED_FOR, question.forwarded);
    for (int i = 0; i < 2 && question.user[i] != NULL; i++) {
        request.header[request.header_count].name = SPAN_LITERAL("x-forwarded-USER");
        request.header[request.header_count++].value = span_text(question.user[i]);
    }
    return dashboard_request(fixture->dashboard, NULL, &request);
}

static inline void
get(struct fixture *fixture, const char *target, const char *cookie)
{
    assert_true(ask(fixture, (struct question){ .method = HTTP_GET, .target = target, .cookie = cookie }));
}

/* Log in and leave the cookie in out. */
static inline void
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

static inline bool
says(const char *text, const char *needle)
{
    return strstr(text, needle) != NULL;
}

static inline void
post(struct fixture *fixture, const char *target, const char *form, const char *cookie)
{
    assert_true(ask(
        fixture,
        (struct question){
            .method = HTTP_POST, .target = target, .form = form, .cookie = cookie, .origin = "https://stat.example" }));
}

/* A row of the table of tests. */
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

/* The tests with a folder of their own for the archive. */
static inline int
gate_run(const struct CMUnitTest *tests, size_t count)
{
    if (mkdtemp(directory) == NULL)
        return 1;
    int failed = _cmocka_run_group_tests("tests", tests, count, NULL, NULL);
    rmdir(directory);
    return failed;
}

#endif
