/* The gate: who gets which page, and what every answer carries. The server is played by this file. */
#include "dashboard/dashboard.h"
#include "seed.h"

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
static int status;
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
    assert_int_equal(dashboard_new(&fixture->config, fixture->archive, fixture->accounts, &fixture->dashboard), SP_OK);
    assert_int_equal(accounts_add(fixture->accounts, "kari", ROLE_EDITOR, "a.example", password), SP_OK);
    assert_int_equal(accounts_add(fixture->accounts, "sjef", ROLE_ADMINISTRATOR, "*", password), SP_OK);
    memset(network, 1, sizeof network);
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
    free(fixture->config.aggregator.public_url);
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
    for (int i = 0; i < 20; i++) {
        log_in(*state, "name=kari&password=feil", cookie);
        assert_int_equal(status, 401);
        assert_string_equal(cookie, "");
        assert_true(says(body, "passordet er feil"));
    }
    log_in(*state, KARI, cookie);
    assert_int_equal(status, 429);
    network[0] = 9;
    log_in(*state, KARI, cookie);
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
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(directory);
    return failed;
}
