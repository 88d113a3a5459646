/* The administrator's routes: users, and who was let in. */
#include "dashboard_gate.h"

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_an_administrator_manages_users),
        TEST(test_the_access_log_says_who_and_where),
    };
    return gate_run(tests, sizeof tests / sizeof tests[0]);
}
