#include "archive.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "archive_sqlite.h"
#include "archive_sqlite_schema.h"
#include "archive_stage.h"

static enum sp_error
open_error(const char *url, enum archive_access access, const char *says)
{
    struct archive *archive;
    const char *why = NULL;
    enum sp_error error = archive_open(url, access, &archive, &why);
    assert_null(archive);
    assert_non_null(why);
    if (strstr(why, says) == NULL)
        fail_msg("'%s' does not say '%s'", why, says);
    return error;
}

/* Run SQL on the file, past the archive. */
static int
sql(const char *path, const char *text)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    int rc = sqlite3_exec(db, text, NULL, NULL, NULL);
    sqlite3_close(db);
    return rc;
}

static int
query(const char *path, const char *text)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &statement, NULL), SQLITE_OK);
    int value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : -1;
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

static const struct given leaves[] = {
    { { PERIOD_DAY, 100 }, TABLE_PAGE, "/b", 12, 1, true },
    { { PERIOD_DAY, 100 }, TABLE_PAGE, "/a", -3, 2, false },
    { { PERIOD_DAY, 100 }, TABLE_TOTAL, "", 40, 1, true },
};

struct seen {
    char text[512];
    unsigned count;
};

static enum sp_error
note(void *context, const struct archive_leaf *leaf)
{
    struct seen *seen = context;
    size_t at = strlen(seen->text);
    snprintf(seen->text + at, sizeof seen->text - at, "%d:%.*s=%d/%u%s ", (int)leaf->period.index,
             (int)leaf->key.length, leaf->key.at, (int)leaf->value, leaf->sources, leaf->witnessed ? "w" : "");
    seen->count++;
    return seen->count == 100 ? SP_FULL : SP_OK;
}

static void
test_what_is_kept_is_read_back(void **state)
{
    (void)state;
    struct archive *archive = open_archive(ARCHIVE_WRITE);
    assert_int_equal(archive_file_keep(archive, &site, day(100), leaves, 3), SP_OK);
    assert_int_equal(archive_file_keep(archive, &site, day(101), leaves, 2), SP_OK);
    struct seen seen = { .text = "" };
    assert_int_equal(archive_leaves(archive, "example.no", TABLE_PAGE, day(100), day(101), note, &seen), SP_OK);
    assert_string_equal(seen.text, "100:/b=12/1w 100:/a=-3/2 101:/b=12/1w 101:/a=-3/2 ");
    seen = (struct seen){ .text = "" };
    assert_int_equal(archive_leaves(archive, "example.no", TABLE_TOTAL, day(101), day(200), note, &seen), SP_OK);
    assert_int_equal(archive_leaves(archive, "other.no", TABLE_TOTAL, day(0), day(200), note, &seen), SP_OK);
    assert_int_equal(seen.count, 0);
    archive_close(archive);
}

static void
test_a_period_is_kept_once(void **state)
{
    (void)state;
    struct archive *archive = open_archive(ARCHIVE_WRITE);
    bool closed;
    assert_int_equal(archive_is_closed(archive, "example.no", day(100), &closed), SP_OK);
    assert_false(closed);
    assert_int_equal(archive_file_keep(archive, &site, day(100), leaves, 2), SP_OK);
    assert_int_equal(archive_file_keep(archive, &site, day(100), leaves, 3), SP_REFUSED);
    assert_int_equal(archive_is_closed(archive, "example.no", day(100), &closed), SP_OK);
    assert_true(closed);
    assert_int_equal(archive_is_closed(archive, "example.no", (struct period){ PERIOD_HOUR, 100 }, &closed), SP_OK);
    assert_false(closed);
    struct seen seen = { .text = "" };
    assert_int_equal(archive_leaves(archive, "example.no", TABLE_TOTAL, day(100), day(100), note, &seen), SP_OK);
    assert_int_equal(seen.count, 0); /* the refused batch has left nothing */
    archive_close(archive);
    assert_int_equal(query(file.path, "SELECT count(*) FROM leaf"), 2);
}

static void
test_the_span_is_that_of_closed_periods(void **state)
{
    (void)state;
    struct archive *archive = open_archive(ARCHIVE_WRITE);
    struct period first;
    struct period last;
    assert_int_equal(archive_span(archive, "example.no", PERIOD_DAY, &first, &last), SP_NOT_FOUND);
    assert_int_equal(archive_file_keep(archive, &site, day(100), leaves, 3), SP_OK);
    assert_int_equal(archive_file_keep(archive, &site, day(140), NULL, 0), SP_OK);
    assert_int_equal(archive_span(archive, "example.no", PERIOD_DAY, &first, &last), SP_OK);
    assert_int_equal(first.index, 100);
    assert_int_equal(last.index, 140);
    assert_int_equal(archive_span(archive, "example.no", PERIOD_MONTH, &first, &last), SP_NOT_FOUND);
    archive_close(archive);
}

static void
test_a_table_tells_since_when_and_how_often_it_is_counted(void **state)
{
    (void)state;
    struct archive *archive = open_archive(ARCHIVE_WRITE);
    struct period from;
    int32_t count = 7;
    assert_int_equal(archive_counted(archive, "example.no", TABLE_TOTAL, day(0), day(200), &count, &from),
                     SP_NOT_FOUND);
    assert_int_equal(count, 0);
    assert_int_equal(archive_file_keep(archive, &site, day(100), leaves, 2), SP_OK); /* without the total */
    for (int i = 101; i <= 104; i++)
        assert_int_equal(archive_file_keep(archive, &site, day(i), leaves, i == 103 ? 2 : 3), SP_OK);
    assert_int_equal(archive_counted(archive, "example.no", TABLE_TOTAL, day(100), day(103), &count, &from), SP_OK);
    assert_int_equal(from.index, 101);
    assert_int_equal(count, 2);
    assert_int_equal(archive_counted(archive, "example.no", TABLE_TOTAL, day(104), day(300), &count, &from), SP_OK);
    assert_int_equal(from.index, 101);
    assert_int_equal(from.kind, PERIOD_DAY);
    assert_int_equal(count, 1);
    assert_int_equal(archive_counted(archive, "other.no", TABLE_TOTAL, day(0), day(300), &count, &from), SP_NOT_FOUND);
    const struct period month = { PERIOD_MONTH, 3 };
    assert_int_equal(archive_counted(archive, "example.no", TABLE_TOTAL, month, month, &count, &from), SP_NOT_FOUND);
    archive_close(archive);
}

static void
test_a_reader_sees_what_a_writer_keeps_and_writes_nothing(void **state)
{
    (void)state;
    struct archive *writer = open_archive(ARCHIVE_WRITE);
    struct archive *reader = open_archive(ARCHIVE_READ);
    assert_int_equal(archive_file_keep(writer, &site, day(100), leaves, 3), SP_OK);
    bool closed;
    assert_int_equal(archive_is_closed(reader, "example.no", day(100), &closed), SP_OK);
    assert_true(closed);
    assert_int_not_equal(archive_file_keep(reader, &site, day(101), leaves, 3), SP_OK);
    assert_int_equal(archive_is_closed(writer, "example.no", day(101), &closed), SP_OK);
    assert_false(closed);
    archive_close(reader);
    archive_close(writer);
}

static void
test_an_archive_is_opened_again_and_is_ours_alone(void **state)
{
    (void)state;
    archive_close(open_archive(ARCHIVE_WRITE));
    archive_close(open_archive(ARCHIVE_WRITE));
    assert_int_equal(query(file.path, "PRAGMA user_version"), archive_schema_version());
    assert_int_equal(query(file.path, "PRAGMA application_id"), ARCHIVE_APPLICATION_ID);
    struct stat status;
    assert_int_equal(stat(file.path, &status), 0);
    assert_int_equal(status.st_mode & 07, 0);
}

static void
test_files_that_are_no_archive_are_refused_untouched(void **state)
{
    (void)state;
    FILE *out = fopen(file.path, "w");
    for (int i = 0; i < 200; i++)
        fputs("this is a text file, not a database\n", out);
    fclose(out);
    assert_int_equal(open_error(file.url, ARCHIVE_WRITE, "not an SQLite database"), SP_MALFORMED);
    struct stat status;
    assert_int_equal(stat(file.path, &status), 0);
    assert_int_equal(status.st_size, 200 * 36);
    unlink(file.path);
    assert_int_equal(sql(file.path, "CREATE TABLE pictures (id)"), SQLITE_OK);
    assert_int_equal(open_error(file.url, ARCHIVE_WRITE, "another program"), SP_MALFORMED);
    assert_int_equal(query(file.path, "SELECT count(*) FROM sqlite_schema"), 1);
}

static void
test_a_newer_archive_is_refused_with_a_sentence(void **state)
{
    (void)state;
    archive_close(open_archive(ARCHIVE_WRITE));
    assert_int_equal(sql(file.path, "PRAGMA user_version = 999"), SQLITE_OK);
    assert_int_equal(open_error(file.url, ARCHIVE_WRITE, "newer"), SP_REFUSED);
    assert_int_equal(open_error(file.url, ARCHIVE_READ, "newer"), SP_REFUSED);
}

static void
test_addresses_that_lead_nowhere_are_refused(void **state)
{
    (void)state;
    assert_int_equal(open_error("postgres://localhost", ARCHIVE_WRITE, "sqlite://"), SP_MALFORMED);
    assert_int_equal(open_error("sqlite://relative.db", ARCHIVE_WRITE, "absolute"), SP_MALFORMED);
    assert_int_equal(open_error("sqlite:///nonexistent/dir/a.db", ARCHIVE_WRITE, "No such file"), SP_IO);
    assert_int_equal(open_error(file.url, ARCHIVE_READ, "cannot be opened"), SP_NOT_FOUND);
}

static void
copy_file(const char *from, const char *to)
{
    FILE *in = fopen(from, "r");
    FILE *out = fopen(to, "w");
    assert_true(in != NULL && out != NULL);
    for (int c = fgetc(in); c != EOF; c = fgetc(in))
        fputc(c, out);
    fclose(in);
    fclose(out);
}

/* What a crash leaves: the file and its log as they are while a transaction is under way, and just after its commit. */
static void
test_a_copy_taken_in_the_middle_holds_whole_periods_only(void **state)
{
    (void)state;
    struct archive_file copy;
    assert_true(archive_file_make(&copy));
    char from_wal[128];
    char to_wal[128];
    snprintf(from_wal, sizeof from_wal, "%s-wal", file.path);
    snprintf(to_wal, sizeof to_wal, "%s-wal", copy.path);
    struct archive *archive = open_archive(ARCHIVE_WRITE);
    assert_int_equal(archive_file_keep(archive, &site, day(100), leaves, 3), SP_OK);

    /* Another writer is in the middle: rows are written, some of them are in the log, no commit. */
    sqlite3 *db;
    assert_int_equal(sqlite3_open(file.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE;"
                                  "INSERT INTO closed VALUES (1, 1, 101);"
                                  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                                  "INSERT INTO key (name) SELECT '/' || i FROM n;"
                                  "INSERT INTO leaf SELECT 1, 1, 1, 101, id, 9, 1, 0 FROM key",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    copy_file(file.path, copy.path);
    copy_file(from_wal, to_wal);
    struct stat log;
    assert_int_equal(stat(to_wal, &log), 0);
    assert_true(log.st_size > 100000); /* the unfinished transaction is in the copy */
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(db);

    struct archive *revived;
    const char *why;
    bool closed;
    assert_int_equal(archive_open(copy.url, ARCHIVE_WRITE, &revived, &why), SP_OK);
    assert_int_equal(archive_is_closed(revived, "example.no", day(100), &closed), SP_OK);
    assert_true(closed);
    assert_int_equal(archive_is_closed(revived, "example.no", day(101), &closed), SP_OK);
    assert_false(closed);
    struct seen seen = { .text = "" };
    assert_int_equal(archive_leaves(revived, "example.no", TABLE_PAGE, day(100), day(101), note, &seen), SP_OK);
    assert_int_equal(seen.count, 2);
    assert_int_equal(archive_file_keep(revived, &site, day(101), leaves, 3), SP_OK);
    archive_close(revived);
    archive_close(archive);
    assert_int_equal(query(copy.path, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
    assert_int_equal(query(copy.path, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
    archive_file_remove(&copy);
}

static void
test_a_busy_archive_keeps_nothing_and_takes_it_later(void **state)
{
    (void)state;
    struct archive *archive = open_archive(ARCHIVE_WRITE);
    sqlite3 *db;
    assert_int_equal(sqlite3_open(file.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    struct archive *reader = open_archive(ARCHIVE_READ); /* readers are not held up */
    archive_close(reader);
    assert_int_equal(archive_file_keep(archive, &site, day(100), leaves, 3), SP_UNAVAILABLE);
    sqlite3_close(db);
    assert_int_equal(archive_file_keep(archive, &site, day(100), leaves, 3), SP_OK);
    archive_close(archive);
}

/* A full disk, as SQLite meets it: no page can be added. */
static void
test_a_full_disk_keeps_nothing_and_takes_it_later(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    static struct given many[MANY];
    static char names[MANY][16];
    for (int i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "/side/%d", i);
        many[i] = (struct given){ day(100), TABLE_PAGE, names[i], 10, 1, false };
    }
    struct archive *archive = open_archive(ARCHIVE_WRITE);
    archive_sqlite_limit_pages(archive, 20);
    assert_int_equal(archive_file_keep(archive, &site, day(100), many, MANY), SP_FULL);
    bool closed;
    assert_int_equal(archive_is_closed(archive, "example.no", day(100), &closed), SP_OK);
    assert_false(closed);
    archive_sqlite_limit_pages(archive, 100000);
    assert_int_equal(archive_file_keep(archive, &site, day(100), many, MANY), SP_OK);
    archive_close(archive);
    assert_int_equal(query(file.path, "SELECT count(*) FROM leaf"), MANY);
}

/*
 * Locks of fcntl(2) end when a process closes any descriptor of the file. Another process that then closes it last, as
 * it thinks, takes the write-ahead log away from under us.
 */
static void
test_opening_a_second_time_leaves_the_locks_of_the_first(void **state)
{
    (void)state;
    struct archive *first = open_archive(ARCHIVE_WRITE);
    assert_int_equal(archive_file_keep(first, &site, day(100), leaves, 3), SP_OK);
    struct archive *second = open_archive(ARCHIVE_WRITE); /* as a reload does */
    archive_close(second);
    pid_t pid = fork(); /* locks are not inherited: the child sees them as any other process does */
    if (pid == 0) {
        struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000002, .l_len = 510 };
        int fd = open(file.path, O_RDWR); /* those bytes: sqlite.org/fileformat2.html, 1.4 */
        bool is_held = fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type == F_RDLCK;
        _exit(is_held ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    archive_close(first);
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_what_is_kept_is_read_back),
        T(test_a_period_is_kept_once),
        T(test_the_span_is_that_of_closed_periods),
        T(test_a_table_tells_since_when_and_how_often_it_is_counted),
        T(test_a_reader_sees_what_a_writer_keeps_and_writes_nothing),
        T(test_an_archive_is_opened_again_and_is_ours_alone),
        T(test_files_that_are_no_archive_are_refused_untouched),
        T(test_a_newer_archive_is_refused_with_a_sentence),
        T(test_addresses_that_lead_nowhere_are_refused),
        T(test_a_copy_taken_in_the_middle_holds_whole_periods_only),
        T(test_a_busy_archive_keeps_nothing_and_takes_it_later),
        T(test_a_full_disk_keeps_nothing_and_takes_it_later),
        T(test_opening_a_second_time_leaves_the_locks_of_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
