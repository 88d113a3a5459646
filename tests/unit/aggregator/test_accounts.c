#include "accounts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
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

static enum sp_error
login(struct accounts *accounts, const char *name, const char *secret)
{
    struct account account;
    enum sp_error error = accounts_login(accounts, span_text(name), span_text(secret), &account);
    account_fini(&account);
    return error;
}

static void
test_login_needs_name_and_password(void **state)
{
    struct accounts *accounts = ((struct fixture *)*state)->accounts;
    assert_int_equal(accounts_add(accounts, "kari", ROLE_EDITOR, "a.example b.example", password), SP_OK);
    struct account account;
    assert_int_equal(accounts_login(accounts, span_text("kari"), span_text(password), &account), SP_OK);
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

static double
seconds(struct accounts *accounts, const char *name)
{
    struct timespec from, to;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    assert_int_equal(login(accounts, name, "feil passord er dette"), SP_REFUSED);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

static double
least_seconds(struct accounts *accounts, const char *name)
{
    double least = seconds(accounts, name);
    for (int i = 0; i < 3; i++) {
        double again = seconds(accounts, name);
        least = again < least ? again : least;
    }
    return least;
}

static void
test_unknown_names_take_the_same_work(void **state)
{
    struct accounts *accounts = ((struct fixture *)*state)->accounts;
    assert_int_equal(accounts_add(accounts, "kari", ROLE_READER, "*", password), SP_OK);
    double known = least_seconds(accounts, "kari");
    double unknown = least_seconds(accounts, "ola");
    double malformed = least_seconds(accounts, "<b>");
    assert_true(unknown > known / 2 && unknown < known * 2);
    assert_true(malformed > known / 2 && malformed < known * 2);
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
    assert_int_equal(accounts_token_add(accounts, "nattjobb", "a.example", one), SP_OK);
    assert_int_equal(accounts_token_add(accounts, "alt", "*", all), SP_OK);
    assert_int_equal(accounts_token_add(accounts, "alt", "*", again), SP_REFUSED);
    assert_string_equal(again, "");
    assert_int_equal(strncmp(one, "sp_", 3), 0);
    assert_int_equal(strlen(one), 46);
    assert_string_not_equal(one, all);
    assert_int_equal(accounts_token_check(accounts, span_text(one), "a.example"), SP_OK);
    assert_int_equal(accounts_token_check(accounts, span_text(one), "b.example"), SP_REFUSED);
    assert_int_equal(accounts_token_check(accounts, span_text(one), NULL), SP_OK);
    assert_int_equal(accounts_token_check(accounts, span_text(all), "b.example"), SP_OK);
    one[10] = one[10] == 'a' ? 'b' : 'a';
    assert_int_equal(accounts_token_check(accounts, span_text(one), "a.example"), SP_REFUSED);
    assert_int_equal(accounts_token_check(accounts, span_of(NULL, 0), NULL), SP_REFUSED);
    assert_int_equal(accounts_token_remove(accounts, "alt"), SP_OK);
    assert_int_equal(accounts_token_check(accounts, span_text(all), "b.example"), SP_REFUSED);
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
    assert_int_equal(accounts_token_add(fixture->accounts, "nattjobb", "*", token), SP_OK);
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
    assert_int_equal(sqlite3_exec(database, "UPDATE accounts_version SET version = 2", NULL, NULL, NULL), SQLITE_OK);
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
        cmocka_unit_test(test_sites_are_whole_words),
        TEST(test_tokens_open_their_site_only),
        TEST(test_the_file_holds_no_secret),
        TEST(test_another_version_is_refused),
        TEST(test_list_is_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
