/* The administrator's routes: users, and who was let in. */
#include "access_log.h"
#include "dashboard_gate.h"

static void
test_an_administrator_manages_users(void **state)
{
    struct fixture *fixture = *state;
    char sjef[128], other[128];
    log_in(fixture, SJEF, sjef);
    post(fixture, "/users", "action=add&name=ny&role=editor&site=a.example&password=et+langt+passord", sjef);
    assert_true(says(headers, "Location: /users?done=saved\r\n"));
    get(fixture, "/users?done=saved", sjef);
    assert_true(says(body, ">ny<") && says(body, "Lagret."));
    log_in(fixture, "name=ny&password=et+langt+passord", other);
    get(fixture, "/sites/a.example/share", other);
    assert_int_equal(status, 200);
    post(fixture, "/users", "action=change&name=ny&role=reader&site=b.example", sjef);
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
        { "action=remove&name=borte", "gone" },
        { "action=change&name=borte&role=reader&site=*", "gone" },
        { "action=remove&name=sjef", "self" },
        { "action=x&name=kari", "unknown" },
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        char location[64];
        snprintf(location, sizeof location, "Location: /users?done=%s\r\n", refused[i].outcome);
        post(fixture, "/users", refused[i].form, sjef);
        assert_int_equal(status, 303);
        assert_true(says(headers, location));
    }
}

/* How often the needle stands in the last answer. */
static unsigned
times(const char *needle)
{
    unsigned count = 0;
    for (const char *at = body; (at = strstr(at, needle)) != NULL; at++)
        count++;
    return count;
}

static void
test_each_fault_has_its_sentence_at_its_field(void **state)
{
    struct fixture *fixture = *state;
    char sjef[128];
    log_in(fixture, SJEF, sjef);
    static const struct {
        const char *form, *field, *sentence;
    } rows[] = {
        { "action=add&name=&role=reader&site=*&password=et+langt+passord", "add-name", "Skriv et brukernavn." },
        { "action=add&name=Ny&role=reader&site=*&password=et+langt+passord", "add-name", "Brukernavnet kan bare ha" },
        { "action=add&name=aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg&role=reader&site=*"
          "&password=et+langt+passord",
          "add-name", "Brukernavnet kan ha høyst 64 tegn." },
        { "action=add&name=kari&role=reader&site=*&password=et+langt+passord", "add-name", "Det finnes en bruker" },
        { "action=add&name=ny&role=konge&site=*&password=et+langt+passord", "add-role", "Velg en rolle." },
        { "action=add&name=ny&role=reader&password=et+langt+passord", "add-site", "eller minst ett nettsted" },
        { "action=add&name=ny&role=reader&site=&password=et+langt+passord", "add-site", "Et av nettstedene finnes" },
        { "action=add&name=ny&role=reader&site=c.example&password=et+langt+passord", "add-site",
          "Et av nettstedene finnes ikke." },
        { "action=add&name=ny&role=reader&site=*&site=a.example&password=et+langt+passord", "add-site",
          "ikke begge deler" },
        { "action=add&name=ny&role=administrator&site=a.example&password=et+langt+passord", "add-site",
          "En administrator har alle nettsteder." },
        { "action=add&name=ny&role=reader&site=*&password=", "add-password", "Skriv et passord." },
        { "action=add&name=ny&role=reader&site=*&password=kort", "add-password", "minst 12 tegn." },
        { "action=add&name=ny&role=reader&site=*&password=%C3%A5%C3%A5%C3%A5%C3%A5%C3%A5%C3%A5%C3%A5", "add-password",
          "minst 12 tegn." },
        { "action=change&name=kari&role=konge&site=a.example", "change-role", "Velg en rolle." },
        { "action=change&name=kari&role=editor", "change-site", "eller minst ett nettsted" },
        { "action=change&name=sjef&role=reader&site=*", "change-role", "ta fra deg selv rollen" },
        { "action=password&name=kari&password=kort", "password-password", "minst 12 tegn." },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char id[64], link[64];
        snprintf(id, sizeof id, "id=\"%s-fault\">", rows[i].field);
        snprintf(link, sizeof link, "<li><a href=\"#%s\">", rows[i].field);
        post(fixture, "/users", rows[i].form, sjef);
        if (status != 422 || !says(body, id) || !says(body, link))
            fail_msg("%s: %d", rows[i].form, status);
        assert_int_equal(times(rows[i].sentence), 2); /* at the field, and on top */
        assert_int_equal(times("class=\"fault\""), 1);
        assert_int_equal(times("<li><a href=\"#"), 1);
        assert_true(says(body, "tabindex=\"-1\" autofocus") && says(body, "<title>Feil: Brukere"));
    }
    log_in(fixture, "name=ny&password=et+langt+passord", sjef);
    assert_int_equal(status, 401); /* nothing of it was done */
}

static void
test_all_faults_at_once_and_what_was_typed_is_kept(void **state)
{
    struct fixture *fixture = *state;
    char sjef[128];
    log_in(fixture, SJEF, sjef);
    post(fixture, "/users", "action=add&name=Per+%3Cb%3E&role=editor&password=hemmelig", sjef);
    assert_int_equal(status, 422);
    assert_int_equal(times("class=\"fault\""), 3);
    assert_int_equal(times("<li><a href=\"#"), 3);
    assert_true(says(body, "value=\"Per &lt;b&gt;\"") && says(body, "value=\"editor\" selected"));
    assert_true(says(body, "aria-invalid=\"true\" aria-describedby=\"add-name-fault add-name-help\""));
    assert_false(says(body, "hemmelig"));
    post(fixture, "/users", "action=add&name=Ny&role=reader&site=b.example&password=et+langt+passord", sjef);
    assert_true(says(body, "value=\"b.example\" name=\"site\" checked"));
    assert_false(says(body, "value=\"a.example\" name=\"site\" checked") || says(body, "et langt passord"));
    post(fixture, "/users", "action=change&name=kari&role=konge&site=b.example", sjef);
    assert_true(says(body, "Endre kari") && says(body, "value=\"b.example\" name=\"site\" checked"));
    assert_false(says(body, "value=\"a.example\" name=\"site\" checked"));
}

/* The id of an account, as the list links to it. */
static void
path_of(struct fixture *fixture, const char *name, char out[32])
{
    struct account account;
    char hash[PASSWORD_HASH_MAX];
    assert_int_equal(accounts_find(fixture->accounts, span_text(name), &account, hash), SP_OK);
    snprintf(out, 32, "/users?id=%lld", (long long)account.id);
    account_fini(&account);
}

static void
test_all_sites_are_chosen_as_such(void **state)
{
    struct fixture *fixture = *state;
    char sjef[128], path[32];
    struct account account;
    char hash[PASSWORD_HASH_MAX];
    log_in(fixture, SJEF, sjef);
    post(fixture, "/users", "action=add&name=alle&role=reader&site=*&password=et+langt+passord", sjef);
    assert_int_equal(status, 303);
    assert_int_equal(accounts_find(fixture->accounts, SPAN_LITERAL("alle"), &account, hash), SP_OK);
    assert_string_equal(account.sites, "*");
    account_fini(&account);
    path_of(fixture, "alle", path);
    get(fixture, path, sjef);
    assert_true(says(body, "value=\"*\" name=\"site\" id=\"change-site\" checked"));
    post(fixture, "/users", "action=change&name=alle&role=administrator", sjef);
    assert_int_equal(status, 303);
    get(fixture, path, sjef); /* from administrator to reader, all is not what is left: it has to be chosen */
    assert_false(says(body, "name=\"site\" id=\"change-site\" checked"));
    post(fixture, "/users", "action=change&name=alle&role=reader", sjef);
    assert_int_equal(status, 422);
    /* A site that the configuration has lost is shown, and kept or dropped by choice. */
    assert_int_equal(accounts_set_role(fixture->accounts, "alle", ROLE_READER, "a.example borte.example"), SP_OK);
    get(fixture, path, sjef);
    assert_true(says(body, "value=\"borte.example\" name=\"site\" checked") && says(body, "ikke i konfigurasjonen"));
    post(fixture, "/users", "action=change&name=alle&role=editor&site=borte.example&site=b.example", sjef);
    assert_int_equal(status, 303);
    assert_int_equal(accounts_find(fixture->accounts, SPAN_LITERAL("alle"), &account, hash), SP_OK);
    assert_string_equal(account.sites, "borte.example b.example");
    account_fini(&account);
}

static void
test_a_user_has_a_page_of_its_own(void **state)
{
    struct fixture *fixture = *state;
    char sjef[128], path[32];
    log_in(fixture, SJEF, sjef);
    path_of(fixture, "kari", path);
    get(fixture, "/users", sjef);
    assert_true(says(body, path) && says(body, "Brukere: 4"));
    get(fixture, path, sjef);
    assert_true(status == 200 && says(body, "Endre kari") && says(body, "value=\"a.example\" name=\"site\" checked"));
    path_of(fixture, "sjef", path);
    get(fixture, path, sjef);
    assert_true(status == 303 && says(headers, "Location: /account\r\n"));
    static const char *const none[] = { "/users?id=999", "/users?id=", "/users?id=x", "/users?id=-1",
                                        "/users?id=99999999999999999999" };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        get(fixture, none[i], sjef);
        assert_true(status == 303 && says(headers, "Location: /users?done=gone\r\n"));
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
    static const char *const pages[] = { "/access-log?page=-1", "/access-log?page=99999999999" };
    for (size_t i = 0; i < 2; i++) {
        get(fixture, pages[i], cookie);
        assert_int_equal(status, 200);
    }
    get(fixture, "/access-log?page=1", cookie);
    assert_true(says(body, "Så langt tilbake går ikke loggen.") && says(body, "/access-log?page=0"));
}

struct log_seen {
    struct accounts *accounts;
    int64_t rows; /* when the last answer left */
};

static void
count_rows(void *context)
{
    struct log_seen *seen = context;
    assert_int_equal(access_log_count(seen->accounts, &seen->rows), SP_OK);
}

/* A row is written for accounts that exist only: an answer that waited for it would tell which do. */
static void
test_a_refusal_does_not_wait_for_the_log(void **state)
{
    struct fixture *fixture = *state;
    struct log_seen seen = { .accounts = fixture->accounts, .rows = -1 };
    char cookie[128];
    int64_t rows;
    when_answered = count_rows;
    when_answered_context = &seen;
    log_in(fixture, "name=leser&password=feil", cookie);
    when_answered = NULL;
    assert_int_equal(status, 401);
    assert_int_equal(seen.rows, 0);
    assert_int_equal(access_log_count(fixture->accounts, &rows), SP_OK);
    assert_int_equal(rows, 1);
}

static void
test_the_access_log_says_how_much_of_it_is_shown(void **state)
{
    struct fixture *fixture = *state;
    struct access_log *log;
    char sjef[128], place[16];
    log_in(fixture, SJEF, sjef);
    get(fixture, "/access-log", sjef);
    assert_true(says(body, "Rad 1–2 av 2") && !says(body, "page="));
    assert_int_equal(access_log_new(&log), SP_OK);
    for (int i = 0; i < 248; i++) {
        snprintf(place, sizeof place, "s%d", i);
        assert_int_equal(access_log_enter(log, fixture->accounts, "kari", ENTRY_SITE, place, 1000 * 86400), SP_OK);
    }
    access_log_free(log);
    get(fixture, "/access-log", sjef);
    assert_true(says(body, "Rad 1–100 av 250") && says(body, "?page=1\">Eldre") && !says(body, "Nyere"));
    get(fixture, "/access-log?page=2", sjef);
    assert_true(says(body, "Rad 201–250 av 250") && says(body, "?page=1\">Nyere") && !says(body, "Eldre"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_an_administrator_manages_users),
        TEST(test_each_fault_has_its_sentence_at_its_field),
        TEST(test_all_faults_at_once_and_what_was_typed_is_kept),
        TEST(test_all_sites_are_chosen_as_such),
        TEST(test_a_user_has_a_page_of_its_own),
        TEST(test_the_access_log_says_who_and_where),
        TEST(test_a_refusal_does_not_wait_for_the_log),
        TEST(test_the_access_log_says_how_much_of_it_is_shown),
    };
    return gate_run(tests, sizeof tests / sizeof tests[0]);
}
