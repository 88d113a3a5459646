/* SQLite without memory: its n-th allocation fails, for every n, alone or with all that follow until the call returns.
 */
#include "archive.h"

#include "sporlos/period.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "accounts.h"
#include "archive_stage.h"

enum { FIRST_SUNDAY = 10, WEEK = 7 }; /* the sums of its week are made with each day, and sometimes those of a month */

static sqlite3_mem_methods ordinary;
static struct {
    unsigned calls, from, count; /* count 0: none fails */
} fault;

static bool
fails(void)
{
    fault.calls++;
    return fault.count != 0 && fault.calls >= fault.from && fault.calls - fault.from < fault.count;
}

static void *
allocate(int bytes)
{
    return fails() ? NULL : ordinary.xMalloc(bytes);
}

static void *
reallocate(void *old, int bytes)
{
    return fails() ? NULL : ordinary.xRealloc(old, bytes);
}

static void
begin_fault(unsigned from, unsigned count)
{
    fault.calls = 0;
    fault.from = from;
    fault.count = count;
}

/* Whether a call failed since. */
static bool
end_fault(void)
{
    fault.count = 0;
    return fault.calls >= fault.from;
}

static const struct given leaves[] = {
    { { PERIOD_DAY, 0 }, TABLE_PAGE, "/b", 12, 1, true },
    { { PERIOD_DAY, 0 }, TABLE_PAGE, "/a", -3, 2, false },
    { { PERIOD_DAY, 0 }, TABLE_TOTAL, "", 40, 1, true },
};
enum { LEAVES = sizeof leaves / sizeof leaves[0] };

static enum sp_error
add_value(void *context, const struct archive_leaf *leaf)
{
    *(int64_t *)context += 1000 + leaf->value;
    return SP_OK;
}

/* Leaves of a day, in thousands, and their sum. */
static int64_t
kept(struct archive *archive, int32_t index)
{
    int64_t sum = 0;
    for (int table = 0; table < TABLE_COUNT; table++)
        assert_int_equal(
            archive_leaves(archive, site.key, (enum table_id)table, day(index), day(index), add_value, &sum), SP_OK);
    return sum;
}

static enum sp_error
count_sums(void *context, int32_t number, unsigned extra, struct span sums)
{
    (void)number;
    (void)extra;
    *(unsigned *)context += sums.length > 0;
    return SP_OK;
}

static unsigned
weeks(struct archive *archive, int32_t sunday)
{
    unsigned count = 0;
    int32_t monday = sunday - 6;
    assert_int_equal(archive_weeks(archive, site.key, TABLE_PAGE, monday, monday, count_sums, &count), SP_OK);
    return count;
}

/* Whole or not at all, as this connection sees it and as another does; then whole. */
static void
check_day(struct archive *archive, int32_t index, enum sp_error said)
{
    struct archive *other = open_archive(ARCHIVE_READ);
    bool closed, closed_for_others;
    assert_int_equal(archive_is_closed(archive, site.key, day(index), &closed), SP_OK);
    assert_int_equal(archive_is_closed(other, site.key, day(index), &closed_for_others), SP_OK);
    assert_int_equal(closed, closed_for_others);
    assert_true(closed || said != SP_OK);
    assert_int_equal(kept(other, index), closed ? LEAVES * 1000 + 49 : 0);
    assert_int_equal(archive_file_keep(archive, &site, day(index), leaves, LEAVES), closed ? SP_REFUSED : SP_OK);
    assert_int_equal(kept(other, index), LEAVES * 1000 + 49);
    assert_int_equal(weeks(other, index), 1);
    archive_close(other);
}

/* window: allocations that fail one after the other. Each time with a new connection, which has to prepare anew. */
static void
keep_without(unsigned window)
{
    int32_t index = FIRST_SUNDAY;
    assert_int_equal(civil_weekday(index), 6);
    bool failed = true;
    for (unsigned n = 1; failed; n++, index += WEEK) {
        struct archive *archive = open_archive(ARCHIVE_FILL);
        begin_fault(n, window);
        enum sp_error error = archive_file_keep(archive, &site, day(index), leaves, LEAVES);
        failed = end_fault();
        assert_true(error == SP_OK || failed);
        check_day(archive, index, error);
        archive_close(archive);
    }
    assert_in_range(index, FIRST_SUNDAY + 100 * WEEK, INT32_MAX);
}

static void
test_a_day_is_kept_whole_or_not_at_all_when_one_allocation_fails(void **state)
{
    (void)state;
    keep_without(1);
}

static void
test_a_day_is_kept_whole_or_not_at_all_when_some_fail(void **state)
{
    (void)state;
    keep_without(40);
}

static void
test_a_day_is_kept_whole_or_not_at_all_without_memory(void **state)
{
    (void)state;
    keep_without(UINT32_MAX);
}

static enum sp_error
note_name(void *context, size_t index, struct span name)
{
    char *names = context;
    (void)index;
    snprintf(names + strlen(names), 64 - strlen(names), "%.*s ", (int)name.length, name.at);
    return SP_OK;
}

struct answer {
    int64_t sum;
    char names[64];
};

static enum sp_error
ask(struct archive *archive, struct answer *answer)
{
    static const int64_t ids[] = { 1, 2, 3 };
    *answer = (struct answer){ 0 };
    enum sp_error error = archive_read_begin(archive);
    if (error != SP_OK)
        return error;
    error = archive_leaves(archive, site.key, TABLE_PAGE, day(0), day(1000), add_value, &answer->sum);
    if (error == SP_OK)
        error = archive_key_names(archive, ids, 3, note_name, answer->names);
    archive_read_end(archive);
    return error;
}

/* What an answer without memory has left behind is no part of the next one, and does not hold back what is newer. */
static void
test_a_reader_answers_rightly_or_not_at_all(void **state)
{
    static const unsigned windows[] = { 1, 40, UINT32_MAX };
    (void)state;
    struct archive *writer = open_archive(ARCHIVE_FILL);
    assert_int_equal(archive_file_keep(writer, &site, day(100), leaves, LEAVES), SP_OK);
    struct answer right, answer;
    int32_t index = 101;
    for (size_t w = 0; w < sizeof windows / sizeof windows[0]; w++) {
        bool failed = true;
        for (unsigned n = 1; failed; n++) {
            struct archive *archive = open_archive(ARCHIVE_READ);
            struct archive *other = open_archive(ARCHIVE_READ);
            assert_int_equal(ask(other, &right), SP_OK);
            begin_fault(n, windows[w]);
            enum sp_error error = ask(archive, &answer);
            failed = end_fault();
            assert_true(error == SP_OK || failed);
            if (error == SP_OK)
                assert_memory_equal(&answer, &right, sizeof answer);
            if (n % 16 == 1)
                assert_int_equal(archive_file_keep(writer, &site, day(index++), leaves, LEAVES), SP_OK);
            assert_int_equal(ask(other, &right), SP_OK);
            assert_int_equal(ask(archive, &answer), SP_OK);
            assert_memory_equal(&answer, &right, sizeof answer);
            archive_close(archive);
            archive_close(other);
        }
    }
    archive_close(writer);
}

static enum sp_error
count_declaration(void *context, const struct archive_declaration *declaration)
{
    *(int64_t *)context = declaration->version;
    return SP_OK;
}

static int64_t
last_version(struct archive *archive)
{
    int64_t version = 0;
    assert_int_equal(archive_declarations(archive, site.key, count_declaration, &version), SP_OK);
    return version;
}

static void
test_a_declaration_is_there_or_not(void **state)
{
    (void)state;
    int64_t version = 0;
    bool failed = true;
    for (unsigned n = 1; failed; n++) {
        struct archive *archive = open_archive(ARCHIVE_FILL);
        const struct archive_declaration next = { .version = version + 1,
                                                  .hash = SPAN_LITERAL("h"),
                                                  .json = SPAN_LITERAL("{}") };
        begin_fault(n, UINT32_MAX);
        enum sp_error error = archive_declare(archive, site.key, version, 1, &next);
        failed = end_fault();
        assert_true(error == SP_OK || failed);
        struct archive *other = open_archive(ARCHIVE_READ);
        int64_t there = last_version(other);
        assert_int_equal(there, last_version(archive));
        assert_true(there == next.version || (there == version && error != SP_OK));
        if (there == version)
            assert_int_equal(archive_declare(archive, site.key, version, 1, &next), SP_OK);
        version = last_version(other);
        assert_int_equal(version, next.version);
        archive_close(other);
        archive_close(archive);
    }
}

static void
test_an_account_is_read_whole_or_not_at_all(void **state)
{
    (void)state;
    struct accounts *accounts;
    const char *why;
    char stored[PASSWORD_HASH_MAX] = "a hash";
    static char sites[3 * 4096]; /* longer than a page: put together when it is asked for */
    for (size_t i = 0; i + 11 < sizeof sites; i += 11)
        memcpy(sites + i, "example.no ", 12);
    assert_int_equal(accounts_open(file.url, &accounts, &why), SP_OK);
    assert_int_equal(accounts_add_hashed(accounts, "kari", ROLE_READER, sites, stored), SP_OK);
    bool failed = true;
    for (unsigned n = 1; failed; n++) {
        struct account account;
        char hash[PASSWORD_HASH_MAX];
        begin_fault(n, 1);
        enum sp_error error = accounts_find(accounts, span_text("kari"), &account, hash);
        failed = end_fault();
        assert_true(error == SP_OK || failed);
        if (error == SP_OK) {
            assert_string_equal(account.sites, sites);
            assert_string_equal(hash, stored);
            account_fini(&account);
        }
    }
    accounts_close(accounts);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &ordinary);
    sqlite3_mem_methods failing = ordinary;
    failing.xMalloc = allocate;
    failing.xRealloc = reallocate;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0); /* it would take most allocations past the fault */
    const struct CMUnitTest tests[] = {
        TEST(test_a_day_is_kept_whole_or_not_at_all_when_one_allocation_fails),
        TEST(test_a_day_is_kept_whole_or_not_at_all_when_some_fail),
        TEST(test_a_day_is_kept_whole_or_not_at_all_without_memory),
        TEST(test_a_reader_answers_rightly_or_not_at_all),
        TEST(test_a_declaration_is_there_or_not),
        TEST(test_an_account_is_read_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
