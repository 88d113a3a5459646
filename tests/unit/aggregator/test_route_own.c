/* One's own account: another password, and the end of all sessions. */
#include "access_log.h"
#include "dashboard_gate.h"

#define OWN_PASSWORD                                                                                                   \
    "action=password&old=riktig+hest+batteri+stift&password=et+nytt+langt+passord&again=et+nytt+langt+passord"

static void
cookie_of(char out[128])
{
    const char *at = headers == NULL ? NULL : strstr(headers, "Set-Cookie: ");
    assert_non_null(at);
    snprintf(out, 128, "%.*s", (int)strcspn(at + 12, ";"), at + 12);
}

static void
test_everybody_sees_who_he_is(void **state)
{
    struct fixture *fixture = *state;
    char kari[128], sjef[128];
    log_in(fixture, KARI, kari);
    get(fixture, "/account", kari);
    assert_int_equal(status, 200);
    assert_true(says(body, "<dd>kari</dd>") && says(body, "<dd>Redaktør</dd>") && says(body, "<dd>a.example</dd>"));
    assert_true(says(body, "Innlogginger nå: 1") && says(body, "href=\"/account\" aria-current=\"page\""));
    log_in(fixture, SJEF, sjef);
    get(fixture, "/account?lang=en", sjef);
    assert_true(says(body, "<dd>All sites</dd>") && says(body, "<dd>Administrator</dd>"));
}

static void
test_another_password_ends_all_sessions_but_this(void **state)
{
    struct fixture *fixture = *state;
    char here[128], there[128], now[128];
    log_in(fixture, KARI, there);
    log_in(fixture, KARI, here);
    get(fixture, "/account", here);
    assert_true(says(body, "Innlogginger nå: 2"));
    post(fixture, "/account", OWN_PASSWORD, here);
    assert_int_equal(status, 303);
    assert_true(says(headers, "Location: /account?done=password\r\n"));
    cookie_of(now);
    assert_string_not_equal(now, here); /* a new id */
    get(fixture, "/account?done=password", now);
    assert_true(status == 200 && says(body, "Passordet er byttet") && says(body, "Innlogginger nå: 1"));
    get(fixture, "/account", here);
    assert_int_equal(status, 303);
    get(fixture, "/account", there);
    assert_int_equal(status, 303);
    log_in(fixture, KARI, there);
    assert_int_equal(status, 401);
    log_in(fixture, "name=kari&password=et+nytt+langt+passord", there);
    assert_int_equal(status, 303);
    log_in(fixture, SJEF, there);
    get(fixture, "/access-log", there);
    assert_true(says(body, "Endret: kari"));
}

static void
test_each_fault_is_said_and_nothing_is_changed(void **state)
{
    static const struct {
        const char *form, *fault;
        int count;
    } rows[] = {
        { "action=password", "password-old-fault\">Skriv passordet du har nå.", 2 },
        { "action=password", "password-password-fault\">Skriv et passord.", 2 },
        { "action=password&old=feil+feil+feil&password=et+nytt+langt+passord&again=et+nytt+langt+passord",
          "password-old-fault\">Dette er ikke passordet", 1 },
        { "action=password&old=riktig+hest+batteri+stift&password=kort&again=kort", "password-password-fault\">Pass",
          1 },
        { "action=password&old=riktig+hest+batteri+stift&password=et+nytt+langt+passord&again=et+annet",
          "password-again-fault\">De to nye", 1 },
        { "action=password&old=riktig+hest+batteri+stift&password=riktig+hest+batteri+stift", "password-password-fault",
          1 },
    };
    struct fixture *fixture = *state;
    char kari[128];
    log_in(fixture, KARI, kari);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int count = 0;
        post(fixture, "/account", rows[i].form, kari);
        if (status != 422 || !says(body, rows[i].fault))
            fail_msg("%s: %d", rows[i].form, status);
        for (const char *at = body; (at = strstr(at, "class=\"fault\"")) != NULL; at++)
            count++;
        assert_int_equal(count, rows[i].count);
        assert_false(says(body, "riktig hest") || says(body, "et nytt langt passord") || says(body, "kort<"));
        assert_false(says(headers, "Set-Cookie"));
    }
    get(fixture, "/account", kari);
    assert_int_equal(status, 200);
    log_in(fixture, KARI, kari);
    assert_int_equal(status, 303);
}

/* Who has found an open browser does not guess the password there faster than at the log-in. */
static void
test_guessing_the_old_one_becomes_slow(void **state)
{
    struct fixture *fixture = *state;
    char kari[128];
    log_in(fixture, KARI, kari);
    come_from(2, false);
    for (int i = 0; i < 5; i++) {
        post(fixture, "/account", "action=password&old=feil&password=et+nytt+langt+passord&again=et+nytt+langt+passord",
             kari);
        assert_int_equal(status, 422);
    }
    post(fixture, "/account", OWN_PASSWORD, kari);
    assert_true(status == 429 && says(headers, "Retry-After: ") && says(body, "for mange forsøk"));
    char sjef[128];
    come_from(1, false);
    log_in(fixture, SJEF, sjef);
    get(fixture, "/access-log", sjef);
    assert_true(says(body, "Avvist: feil passord"));
}

static void
test_log_out_everywhere(void **state)
{
    struct fixture *fixture = *state;
    char here[128], there[128], other[128];
    log_in(fixture, KARI, there);
    log_in(fixture, KARI, here);
    log_in(fixture, SJEF, other);
    post(fixture, "/account", "action=logout", here);
    assert_true(status == 303 && says(headers, "Location: /login\r\n") && says(headers, "Max-Age=0"));
    get(fixture, "/account", here);
    assert_int_equal(status, 303);
    get(fixture, "/account", there);
    assert_int_equal(status, 303);
    get(fixture, "/account", other);
    assert_int_equal(status, 200);
}

static void
test_whom_a_proxy_vouches_for_has_no_password_here(void **state)
{
    struct fixture *fixture = *state;
    fixture->config.aggregator.trusted_user_header = strdup("X-Forwarded-User");
    come_from(1, true);
    struct question question = { .method = HTTP_GET, .target = "/account", .user = { "kari" } };
    assert_true(ask(fixture, question));
    assert_int_equal(status, 200);
    assert_true(says(body, "virksomhetens innlogging") && says(body, "<dd>kari</dd>"));
    assert_false(says(body, "<form") || says(body, "type=\"password\""));
    static const char *const forms[] = { OWN_PASSWORD, "action=logout" };
    for (size_t i = 0; i < 2; i++) {
        question = (struct question){ .method = HTTP_POST,
                                      .target = "/account",
                                      .form = forms[i],
                                      .origin = "https://stat.example",
                                      .user = { "kari" } };
        assert_true(ask(fixture, question));
        assert_int_equal(status, 403);
    }
    come_from(1, false);
    char kari[128];
    log_in(fixture, KARI, kari);
    assert_int_equal(status, 303);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_everybody_sees_who_he_is),
        TEST(test_another_password_ends_all_sessions_but_this),
        TEST(test_each_fault_is_said_and_nothing_is_changed),
        TEST(test_guessing_the_old_one_becomes_slow),
        TEST(test_log_out_everywhere),
        TEST(test_whom_a_proxy_vouches_for_has_no_password_here),
    };
    return gate_run(tests, sizeof tests / sizeof tests[0]);
}
