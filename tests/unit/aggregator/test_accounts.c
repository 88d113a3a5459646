#include "accounts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include <dlfcn.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char password[] = "riktig hest batteri stift";

struct fixture {
    char directory[64];
    char url[128];
    struct accounts *accounts;
};

static int
set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    const char *why = "";
    assert_non_null(fixture);
    snprintf(fixture->directory, sizeof fixture->directory, "/tmp/sporlos-accounts-XXXXXX");
    assert_non_null(mkdtemp(fixture->directory));
    snprintf(fixture->url, sizeof fixture->url, "sqlite://%s/a.db", fixture->directory);
    assert_int_equal(accounts_open(fixture->url, &fixture->accounts, &why), SP_OK);
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;
    accounts_close(fixture->accounts);
    assert_int_equal(unlink(fixture->url + strlen("sqlite://")), 0);
    assert_int_equal(rmdir(fixture->directory), 0);
    free(fixture);
    return 0;
}

/* As the log-in does it: a name that is none costs the check of a password too. */
static enum sp_error
log_in(struct accounts *accounts, const char *name, const char *secret, struct account *account)
{
    char hash[PASSWORD_HASH_MAX];
    enum sp_error error = accounts_find(accounts, span_text(name), account, hash);
    bool matches = password_matches(hash, span_text(secret));
    return error == SP_OK && !matches ? SP_REFUSED : error;
}

/* May the token read the statistics of site; site NULL: is it a token at all? */
static enum sp_error
check_token(struct accounts *accounts, struct span token, const char *site)
{
    struct token_grant grant;
    enum sp_error error = accounts_token_find(accounts, token, &grant);
    return error == SP_OK && site != NULL && !token_grant_covers(&grant, SCOPE_STATS, site) ? SP_REFUSED : error;
}

static enum sp_error
login(struct accounts *accounts, const char *name, const char *secret)
{
    struct account account;
    enum sp_error error = log_in(accounts, name, secret, &account);
    account_fini(&account);
    return error;
}

static void
test_login_needs_name_and_password(void **state)
{
    struct accounts *accounts = ((struct fixture *)*state)->accounts;
    assert_int_equal(accounts_add(accounts, "kari", ROLE_EDITOR, "a.example b.example", password), SP_OK);
    struct account account;
    assert_int_equal(log_in(accounts, "kari", password, &account), SP_OK);
    assert_string_equal(account.name, "kari");
    assert_int_equal(account.role, ROLE_EDITOR);
    struct account same;
    assert_int_equal(accounts_get(accounts, account.id, &same), SP_OK);
    assert_string_equal(same.sites, "a.example b.example");
    account_fini(&same);
    account_fini(&account);
    assert_int_equal(login(accounts, "kari", "riktig hest batteri stif"), SP_REFUSED);
    assert_int_equal(login(accounts, "kari", ""), SP_REFUSED);
    assert_int_equal(login(accounts, "ola", password), SP_REFUSED);
    assert_int_equal(login(accounts, "Kari", password), SP_REFUSED);
    assert_int_equal(login(accounts, "' OR 1=1 --", password), SP_REFUSED);
    assert_int_equal(login(accounts, "", password), SP_REFUSED);
}

static void
test_names_and_passwords_have_rules(void **state)
{
    struct accounts *accounts = ((struct fixture *)*state)->accounts;
    assert_int_equal(accounts_add(accounts, "kari", ROLE_READER, "*", "elleve tegn"), SP_MALFORMED);
    assert_int_equal(accounts_add(accounts, "", ROLE_READER, "*", password), SP_MALFORMED);
    assert_int_equal(accounts_add(accounts, "kari nordmann", ROLE_READER, "*", password), SP_MALFORMED);
    assert_int_equal(accounts_add(accounts, "<b>", ROLE_READER, "*", password), SP_MALFORMED);
    assert_int_equal(accounts_add(accounts, "kari@x.no", ROLE_READER, "*", password), SP_OK);
    assert_int_equal(accounts_add(accounts, "kari@x.no", ROLE_READER, "*", password), SP_REFUSED);
}

static void
test_password_changes_and_accounts_go(void **state)
{
    struct accounts *accounts = ((struct fixture *)*state)->accounts;
    assert_int_equal(accounts_add(accounts, "kari", ROLE_READER, "*", password), SP_OK);
    assert_int_equal(accounts_set_password(accounts, "kari", "en helt annen setning"), SP_OK);
    assert_int_equal(login(accounts, "kari", password), SP_REFUSED);
    assert_int_equal(login(accounts, "kari", "en helt annen setning"), SP_OK);
    assert_int_equal(accounts_set_password(accounts, "ola", password), SP_NOT_FOUND);
    assert_int_equal(accounts_remove(accounts, "kari"), SP_OK);
    assert_int_equal(accounts_remove(accounts, "kari"), SP_NOT_FOUND);
    assert_int_equal(login(accounts, "kari", "en helt annen setning"), SP_REFUSED);
}

/* What was asked of libsodium: this stands in front of its own, which it calls. */
static unsigned verifications;
static char costs[2][32]; /* of the last two: '$argon2id$v=19$m=65536,t=2,p=1' */

int
crypto_pwhash_str_verify(const char hash[crypto_pwhash_STRBYTES], const char *const secret, unsigned long long length)
{
    int (*real)(const char *, const char *, unsigned long long);
    *(void **)&real = dlsym(RTLD_NEXT, "crypto_pwhash_str_verify");
    assert_non_null(real);
    const char *salt = strrchr(hash, '$'); /* before it the salt, after it the hash */
    assert_non_null(salt);
    size_t cost = strcspn(strchr(strchr(hash + 1, '$') + 1, '$') + 1, "$") +
                  (size_t)(strchr(strchr(hash + 1, '$') + 1, '$') + 1 - hash);
    memcpy(costs[1], costs[0], sizeof costs[0]);
    snprintf(costs[0], sizeof costs[0], "%.*s", (int)cost, hash);
    verifications++;
    return real(hash, secret, length);
}

/* Counted, not timed: one Argon2id with the same costs, whether the name is somebody's, nobody's or could be no name.
 */
static void
test_unknown_names_take_the_same_work(void **state)
{
    static const char *const names[] = { "kari", "ola", "<b>", "", "KARI", "kari'--" };
    struct accounts *accounts = ((struct fixture *)*state)->accounts;
    assert_int_equal(accounts_add(accounts, "kari", ROLE_READER, "*", password), SP_OK);
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        unsigned before = verifications;
        assert_int_equal(login(accounts, names[n], "feil passord her"), SP_REFUSED);
        assert_int_equal(verifications, before + 1);
        assert_int_equal(strncmp(costs[0], "$argon2id$", 10), 0);
        assert_non_null(strstr(costs[0], "m="));
        if (n > 0)
            assert_string_equal(costs[0], costs[1]);
    }
}

static void
test_the_stamp_changes_with_the_password(void **state)
{
    struct accounts *accounts = ((struct fixture *)*state)->accounts;
    struct account first, same, other;
    assert_int_equal(accounts_add(accounts, "kari", ROLE_READER, "*", password), SP_OK);
    assert_int_equal(log_in(accounts, "kari", password, &first), SP_OK);
    assert_int_equal(accounts_set_role(accounts, "kari", ROLE_EDITOR, "a.example"), SP_OK);
    assert_int_equal(accounts_get(accounts, first.id, &same), SP_OK);
    assert_int_equal(same.role, ROLE_EDITOR);
    assert_string_equal(same.sites, "a.example");
    assert_true(same.stamp == first.stamp);
    assert_int_equal(accounts_set_password(accounts, "kari", password), SP_OK); /* even to the same one */
    assert_int_equal(accounts_get(accounts, first.id, &other), SP_OK);
    assert_true(other.stamp != first.stamp);
    assert_int_equal(accounts_set_role(accounts, "ola", ROLE_EDITOR, "*"), SP_NOT_FOUND);
    account_fini(&first);
    account_fini(&same);
    account_fini(&other);
}

static void
test_a_token_has_its_scopes_and_no_other(void **state)
{
    struct fixture *fixture = *state;
    struct accounts *accounts = fixture->accounts;
    char popular[TOKEN_TEXT_MAX];
    char all[TOKEN_TEXT_MAX];
    char none[TOKEN_TEXT_MAX];
    struct token_grant grant;
    assert_int_equal(accounts_token_grant(accounts, "liste", "a.example", 1U << SCOPE_POPULAR, popular), SP_OK);
    assert_int_equal(accounts_token_grant(accounts, "alt", "*", TOKEN_SCOPES_ALL, all), SP_OK);
    assert_int_equal(accounts_token_grant(accounts, "intet", "*", 0, none), SP_MALFORMED);
    assert_int_equal(accounts_token_grant(accounts, "to", "a.example b.example", 1, none), SP_MALFORMED);
    assert_int_equal(accounts_token_find(accounts, span_text(popular), &grant), SP_OK);
    assert_string_equal(grant.site, "a.example");
    assert_true(token_grant_covers(&grant, SCOPE_POPULAR, "a.example"));
    assert_false(token_grant_covers(&grant, SCOPE_POPULAR, "b.example"));
    assert_false(token_grant_covers(&grant, SCOPE_STATS, "a.example"));
    assert_int_equal(check_token(accounts, span_text(popular), "a.example"), SP_REFUSED);
    assert_int_equal(check_token(accounts, span_text(popular), NULL), SP_OK);
    assert_int_equal(accounts_token_find(accounts, span_text(all), &grant), SP_OK);
    assert_true(token_grant_covers(&grant, SCOPE_STATS, "b.example"));
    assert_int_equal(accounts_token_find(accounts, span_text("sp_"), &grant), SP_REFUSED);
    assert_int_equal(grant.scopes, 0);
}

/* As the first release made them. */
static void
test_accounts_of_the_first_release_are_taken_over(void **state)
{
    struct fixture *fixture = *state;
    sqlite3 *database;
    assert_int_equal(accounts_add(fixture->accounts, "kari", ROLE_READER, "*", password), SP_OK);
    accounts_close(fixture->accounts);
    assert_int_equal(sqlite3_open(fixture->url + strlen("sqlite://"), &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database,
                                  "DROP TABLE account_link; DROP TABLE account_entry; DROP TABLE account_report;"
                                  "DROP TABLE account_report_sent; UPDATE accounts_version SET version = 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    const char *why = "";
    sqlite3_stmt *statement;
    assert_int_equal(accounts_open(fixture->url, &fixture->accounts, &why), SP_OK);
    assert_int_equal(login(fixture->accounts, "kari", password), SP_OK);
    assert_int_equal(sqlite3_prepare_v2(database,
                                        "SELECT count(*), (SELECT version FROM accounts_version) FROM "
                                        "account_link",
                                        -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 1), 2);
    sqlite3_finalize(statement);
    sqlite3_close(database);
}

static void
test_sites_are_whole_words(void **state)
{
    (void)state;
    struct account account = { .role = ROLE_READER };
    account.sites = strdup("a.example bb.example");
    assert_true(account_may_read(&account, "a.example"));
    assert_true(account_may_read(&account, "bb.example"));
    assert_false(account_may_read(&account, "b.example"));
    assert_false(account_may_read(&account, "a.exampl"));
    assert_false(account_may_read(&account, "a.example bb.example"));
    assert_false(account_may_read(&account, ""));
    assert_false(account_may_read(&account, "*"));
    account_fini(&account);
    account.sites = strdup("*");
    assert_true(account_may_read(&account, "a.example"));
    account_fini(&account);
}

static void
test_tokens_open_their_site_only(void **state)
{
    struct accounts *accounts = ((struct fixture *)*state)->accounts;
    char one[TOKEN_TEXT_MAX], all[TOKEN_TEXT_MAX], again[TOKEN_TEXT_MAX];
    assert_int_equal(accounts_token_grant(accounts, "nattjobb", "a.example", TOKEN_SCOPES_ALL, one), SP_OK);
    assert_int_equal(accounts_token_grant(accounts, "alt", "*", TOKEN_SCOPES_ALL, all), SP_OK);
    assert_int_equal(accounts_token_grant(accounts, "alt", "*", TOKEN_SCOPES_ALL, again), SP_REFUSED);
    assert_string_equal(again, "");
    assert_int_equal(strncmp(one, "sp_", 3), 0);
    assert_int_equal(strlen(one), 46);
    assert_string_not_equal(one, all);
    assert_int_equal(check_token(accounts, span_text(one), "a.example"), SP_OK);
    assert_int_equal(check_token(accounts, span_text(one), "b.example"), SP_REFUSED);
    assert_int_equal(check_token(accounts, span_text(one), NULL), SP_OK);
    assert_int_equal(check_token(accounts, span_text(all), "b.example"), SP_OK);
    one[10] = one[10] == 'a' ? 'b' : 'a';
    assert_int_equal(check_token(accounts, span_text(one), "a.example"), SP_REFUSED);
    assert_int_equal(check_token(accounts, span_of(NULL, 0), NULL), SP_REFUSED);
    assert_int_equal(accounts_token_remove(accounts, "alt"), SP_OK);
    assert_int_equal(check_token(accounts, span_text(all), "b.example"), SP_REFUSED);
    assert_int_equal(accounts_token_remove(accounts, "alt"), SP_NOT_FOUND);
}

static bool
file_holds(const char *path, const char *text)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    static char bytes[1 << 20];
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return memmem(bytes, length, text, strlen(text)) != NULL;
}

static void
test_the_file_holds_no_secret(void **state)
{
    struct fixture *fixture = *state;
    char token[TOKEN_TEXT_MAX];
    assert_int_equal(accounts_add(fixture->accounts, "kari", ROLE_READER, "*", password), SP_OK);
    assert_int_equal(accounts_token_grant(fixture->accounts, "nattjobb", "*", TOKEN_SCOPES_ALL, token), SP_OK);
    const char *path = fixture->url + strlen("sqlite://");
    assert_true(file_holds(path, "kari"));
    assert_true(file_holds(path, "$argon2id$"));
    assert_false(file_holds(path, password));
    assert_false(file_holds(path, token + 3));
}

static void
test_another_version_is_refused(void **state)
{
    struct fixture *fixture = *state;
    sqlite3 *database;
    assert_int_equal(sqlite3_open(fixture->url + strlen("sqlite://"), &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, "UPDATE accounts_version SET version = 99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
    struct accounts *accounts;
    const char *why = "";
    assert_int_equal(accounts_open(fixture->url, &accounts, &why), SP_REFUSED);
    assert_null(accounts);
    assert_non_null(strstr(why, "version"));
    assert_int_equal(accounts_open("postgres://x", &accounts, &why), SP_MALFORMED);
}

static void
collect(void *context, const struct account *account)
{
    char *names = context;
    strcat(strcat(names, account->name), ",");
}

static void
test_list_is_by_name(void **state)
{
    struct accounts *accounts = ((struct fixture *)*state)->accounts;
    char names[64] = "";
    assert_int_equal(accounts_add(accounts, "ola", ROLE_READER, "*", password), SP_OK);
    assert_int_equal(accounts_add(accounts, "kari", ROLE_ADMINISTRATOR, "*", password), SP_OK);
    assert_int_equal(accounts_list(accounts, collect, names), SP_OK);
    assert_string_equal(names, "kari,ola,");
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_login_needs_name_and_password),
        TEST(test_names_and_passwords_have_rules),
        TEST(test_password_changes_and_accounts_go),
        TEST(test_unknown_names_take_the_same_work),
        TEST(test_the_stamp_changes_with_the_password),
        TEST(test_a_token_has_its_scopes_and_no_other),
        TEST(test_accounts_of_the_first_release_are_taken_over),
        cmocka_unit_test(test_sites_are_whole_words),
        TEST(test_tokens_open_their_site_only),
        TEST(test_the_file_holds_no_secret),
        TEST(test_another_version_is_refused),
        TEST(test_list_is_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
