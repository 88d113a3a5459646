#include "access_log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include "accounts_file.h"

#include <sqlite3.h>

enum { DAY_S = 86400, NOW_S = 20000 * DAY_S + 3723 }; /* 01:02:03 */

struct seen {
    int count;
    char text[1024];
};

static void
see(void *context, const struct access_entry *entry)
{
    struct seen *seen = context;
    size_t used = strlen(seen->text);
    seen->count++;
    snprintf(seen->text + used, sizeof seen->text - used, "%s %d '%s' %lld;", entry->account, (int)entry->kind,
             entry->place, (long long)(entry->first_s - 20000LL * DAY_S));
}

static enum sp_error
enter(struct access_log *log, struct accounts *accounts, const char *account, enum entry_kind kind, const char *place,
      int64_t now_s)
{
    return access_log_enter(log, accounts, account, kind, place, now_s);
}

static void
test_the_first_time_of_a_day_is_kept_to_the_minute(void **state)
{
    struct accounts *accounts = ((struct accounts_file *)*state)->accounts;
    struct access_log *log, *another;
    struct seen seen = { 0 };
    assert_int_equal(access_log_new(&log), SP_OK);
    assert_int_equal(access_log_new(&another), SP_OK); /* of another process */
    assert_int_equal(enter(log, accounts, "kari", ENTRY_LOGIN, "", NOW_S), SP_OK);
    assert_int_equal(enter(log, accounts, "kari", ENTRY_SITE, "a.example", NOW_S + 60), SP_OK);
    assert_int_equal(enter(log, accounts, "kari", ENTRY_SITE, "a.example", NOW_S + 600), SP_OK);
    assert_int_equal(enter(another, accounts, "kari", ENTRY_SITE, "a.example", NOW_S + 900), SP_OK);
    assert_int_equal(enter(log, accounts, "kari", ENTRY_SITE, "b.example", NOW_S + 120), SP_OK);
    assert_int_equal(enter(log, accounts, "kari", ENTRY_SITE, "a.example", NOW_S + DAY_S), SP_OK);
    assert_int_equal(access_log_list(accounts, 0, 100, see, &seen), SP_OK);
    assert_string_equal(seen.text, "kari 2 'a.example' 90120;kari 2 'b.example' 3840;kari 2 'a.example' 3780;"
                                   "kari 0 '' 3720;");
    seen = (struct seen){ 0 };
    assert_int_equal(access_log_list(accounts, 1, 2, see, &seen), SP_OK);
    assert_int_equal(seen.count, 2);
    access_log_free(log);
    access_log_free(another);
}

static void
test_it_forgets(void **state)
{
    struct accounts *accounts = ((struct accounts_file *)*state)->accounts;
    struct access_log *log;
    struct seen seen = { 0 };
    assert_int_equal(access_log_new(&log), SP_OK);
    for (int day = 0; day < 400; day++)
        assert_int_equal(enter(log, accounts, "kari", ENTRY_LOGIN, "", NOW_S + (int64_t)day * DAY_S), SP_OK);
    assert_int_equal(access_log_forget(accounts, 365, NOW_S + 399LL * DAY_S), SP_OK);
    assert_int_equal(access_log_list(accounts, 0, 1000, see, &seen), SP_OK);
    assert_int_equal(seen.count, 366); /* 365 days back, and today */
    assert_int_equal(access_log_forget(accounts, 365, NOW_S + 399LL * DAY_S), SP_OK);
    access_log_free(log);
}

static void
test_what_could_not_be_written_is_tried_again(void **state)
{
    struct accounts_file *file = *state;
    struct accounts *other;
    struct access_log *log;
    struct seen seen = { 0 };
    const char *why = "";
    sqlite3 *blocking;
    assert_int_equal(access_log_new(&log), SP_OK);
    assert_int_equal(accounts_open(file->file.url, &other, &why), SP_OK);
    accounts_set_patience(other, 10);
    assert_int_equal(sqlite3_open(file->file.path, &blocking), SQLITE_OK);
    assert_int_equal(sqlite3_exec(blocking, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(enter(log, other, "kari", ENTRY_LOGIN, "", NOW_S), SP_UNAVAILABLE);
    assert_int_equal(sqlite3_exec(blocking, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(enter(log, other, "kari", ENTRY_LOGIN, "", NOW_S), SP_OK);
    assert_int_equal(access_log_list(other, 0, 10, see, &seen), SP_OK);
    assert_int_equal(seen.count, 1);
    sqlite3_close(blocking);
    accounts_close(other);
    access_log_free(log);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, accounts_file_set_up, accounts_file_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_the_first_time_of_a_day_is_kept_to_the_minute),
        TEST(test_it_forgets),
        TEST(test_what_could_not_be_written_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
