/* The gate: who is let in, and what every answer carries. */
#include "dashboard_gate.h"

static void
test_nothing_is_shown_to_nobody(void **state)
{
    static const char *const targets[][2] = {
        { "/", "Location: /login\r\n" },
        { "/sites/a.example", "Location: /login?to=/sites/a.example\r\n" },
        { "/sites/a.example/privacy?lang=en", "Location: /login?to=/sites/a.example/privacy%3Flang%3Den&lang=en\r\n" },
        { "/sites/x", "Location: /login?to=/sites/x\r\n" },
        { "/sites/", "Location: /login?to=/sites/\r\n" },
    };
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        get(*state, targets[i][0], "__Host-sporlos=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        assert_int_equal(status, 303);
        assert_true(says(headers, targets[i][1]));
        assert_string_equal(body, "");
    }
}

/* A link in a letter: one wants to come where it leads, also after a wrong password; and nowhere else. */
static void
test_a_log_in_leads_to_what_was_asked_for(void **state)
{
    char cookie[128];
    get(*state, "/login?to=/sites/a.example/page%3Fpath%3D%252Fx", NULL);
    assert_true(says(body, "name=\"to\" value=\"/sites/a.example/page?path=%2Fx\""));
    log_in(*state, "name=kari&password=feil&to=/sites/a.example/page%3Fpath%3D%252Fx", cookie);
    assert_int_equal(status, 401);
    assert_true(says(body, "name=\"to\" value=\"/sites/a.example/page?path=%2Fx\""));
    log_in(*state, KARI "&to=/sites/a.example/page%3Fpath%3D%252Fx", cookie);
    assert_int_equal(status, 303);
    assert_true(says(headers, "Location: /sites/a.example/page?path=%2Fx\r\n"));
    get(*state, "/login?to=//evil.example/", NULL);
    assert_false(says(body, "evil"));
    log_in(*state, KARI "&to=https://evil.example/", cookie);
    assert_true(says(headers, "Location: /\r\n"));
    log_in(*state, KARI "&to=/sites/x%0d%0aX:%20y", cookie);
    assert_true(says(headers, "Location: /\r\n"));
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
    } rows[] = { { "day=9999-12-31&text=x", 422 },
                 { "day=2000-01-01&text=x", 422 },
                 { "day=2026-11-01&text=+++", 422 },
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
                                                    .forwarded = i % 2 == 0 ? "192.0.2.7" : "192.0.2.200" }));
        assert_int_equal(status, i < 20 ? 401 : 429);
    }
    struct question other = { .method = HTTP_POST,
                              .target = "/login",
                              .form = KARI,
                              .origin = "https://stat.example",
                              .forwarded = "198.51.100.1" };
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
                                                    .forwarded = from }));
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_is_shown_to_nobody),
        TEST(test_a_log_in_leads_to_what_was_asked_for),
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
        TEST(test_a_trusted_proxy_says_who_it_is),
        TEST(test_attempts_count_for_the_network_that_a_proxy_names),
        TEST(test_another_configuration_logs_nobody_out),
    };
    return gate_run(tests, sizeof tests / sizeof tests[0]);
}
