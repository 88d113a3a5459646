#include "archive_sqlite_rollup.h"

#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "packed.h"
#include "sporlos/period.h"

/* Leaves by rising key. */
struct sums {
    struct packed_leaf *leaves; /* owned */
    size_t count;
    int64_t extra; /* births of noise beyond one a day, at most; of any key */
};

/* No SP_REFUSED: to who keeps a day it would say that the day was closed already. */
static enum sp_error
error_of(sqlite3 *db)
{
    enum sp_error error = database_error(sqlite3_errcode(db));
    return error == SP_REFUSED ? SP_IO : error;
}

/* Both in order; the new array is in order, too. */
static enum sp_error
merge_day(struct sums *sums, const void *bytes, size_t length)
{
    /* A leaf takes two bytes at least. */
    struct packed_leaf *merged = malloc((sums->count + length / 2 + 1) * sizeof *merged);
    if (merged == NULL)
        return SP_NO_MEMORY;
    struct packed_reader reader = packed_reader(bytes, length);
    struct packed_leaf leaf;
    size_t count = 0;
    size_t old = 0;
    unsigned sources = 1;
    while (packed_next(&reader, &leaf)) {
        while (old < sums->count && sums->leaves[old].key < leaf.key)
            merged[count++] = sums->leaves[old++];
        sources = leaf.sources > sources ? leaf.sources : sources;
        if (old < sums->count && sums->leaves[old].key == leaf.key) {
            leaf.value += sums->leaves[old].value;
            leaf.sources += sums->leaves[old].sources;
            leaf.witnessed |= sums->leaves[old++].witnessed;
        }
        merged[count++] = leaf;
    }
    if (sums->count > old)
        memcpy(merged + count, sums->leaves + old, (sums->count - old) * sizeof *merged);
    free(sums->leaves);
    sums->leaves = merged;
    sums->count = count + sums->count - old;
    sums->extra += sources - 1;
    return reader.is_broken ? SP_MALFORMED : SP_OK;
}

static enum sp_error
write_sums(sqlite3_stmt *write, int64_t statistic, const struct sums *sums)
{
    struct packed_writer writer = { .bytes = NULL };
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < sums->count; i++)
        error = packed_add(&writer, &sums->leaves[i]);
    if (error == SP_OK) {
        sqlite3_bind_int64(write, 2, statistic);
        sqlite3_bind_int64(write, 4, sums->extra);
        sqlite3_bind_blob64(write, 5, writer.bytes, writer.length, SQLITE_STATIC);
        sqlite3_step(write);
        error = sqlite3_reset(write) == SQLITE_OK ? SP_OK : error_of(sqlite3_db_handle(write));
    }
    packed_writer_fini(&writer);
    return error;
}

/* read: the month's days of all tables, table by table. */
static enum sp_error
sum_tables(sqlite3_stmt *read, sqlite3_stmt *write)
{
    struct sums sums = { .leaves = NULL };
    int64_t statistic = 0;
    enum sp_error error = SP_OK;
    while (error == SP_OK && sqlite3_step(read) == SQLITE_ROW) {
        if (sqlite3_column_int64(read, 0) != statistic && sums.count > 0) {
            error = write_sums(write, statistic, &sums);
            free(sums.leaves);
            sums = (struct sums){ .leaves = NULL };
        }
        statistic = sqlite3_column_int64(read, 0);
        const void *bytes = sqlite3_column_blob(read, 1);
        if (error == SP_OK)
            error = merge_day(&sums, bytes, (size_t)sqlite3_column_bytes(read, 1));
    }
    if (error == SP_OK)
        error = error_of(sqlite3_db_handle(read));
    if (error == SP_OK && sums.count > 0)
        error = write_sums(write, statistic, &sums);
    free(sums.leaves);
    return error;
}

static bool
has_sums(sqlite3 *db, int64_t site, int32_t month)
{
    sqlite3_stmt *query = NULL;
    bool found = false;
    if (sqlite3_prepare_v2(db, "SELECT 1 FROM rollup WHERE site = ?1 AND month = ?2 LIMIT 1", -1, &query, NULL) ==
        SQLITE_OK) {
        sqlite3_bind_int64(query, 1, site);
        sqlite3_bind_int(query, 2, month);
        found = sqlite3_step(query) == SQLITE_ROW;
    }
    sqlite3_finalize(query);
    return found;
}

enum sp_error
archive_sqlite_roll_up(sqlite3 *db, int64_t site, int32_t day)
{
    int32_t month = civil_month(day);
    if (civil_month(day + 1) == month && !has_sums(db, site, month))
        return SP_OK;
    sqlite3_stmt *read = NULL;
    sqlite3_stmt *write = NULL;
    enum sp_error error = SP_OK;
    if (sqlite3_prepare_v2(db,
                           "SELECT statistic, leaves FROM packed WHERE site = ?1 AND kind = 1 AND "
                           "statistic IN (SELECT id FROM statistic) AND period BETWEEN ?2 AND ?3 ORDER BY statistic",
                           -1, &read, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db,
                           "INSERT INTO rollup (site, statistic, month, extra, leaves) VALUES (?1, ?2, ?3, ?4, ?5) "
                           "ON CONFLICT (site, month, statistic) DO UPDATE SET extra = ?4, leaves = ?5",
                           -1, &write, NULL) != SQLITE_OK)
        error = error_of(db);
    if (error == SP_OK) {
        sqlite3_bind_int64(read, 1, site);
        sqlite3_bind_int(read, 2, month_first_day(month));
        sqlite3_bind_int(read, 3, month_first_day(month + 1) - 1);
        sqlite3_bind_int64(write, 1, site);
        sqlite3_bind_int(write, 3, month);
        error = sum_tables(read, write);
    }
    sqlite3_finalize(read);
    sqlite3_finalize(write);
    return error;
}

static void
on_call(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    enum sp_error error = archive_sqlite_roll_up(sqlite3_context_db_handle(context), sqlite3_value_int64(values[0]),
                                                 sqlite3_value_int(values[1]));
    if (error == SP_NO_MEMORY)
        sqlite3_result_error_nomem(context);
    else if (error != SP_OK)
        sqlite3_result_error(context, "leaves cannot be summed up", -1);
}

enum sp_error
archive_sqlite_rollup_register(sqlite3 *db)
{
    int rc = sqlite3_create_function(db, "roll_up", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY, NULL, on_call, NULL, NULL);
    return rc == SQLITE_OK ? SP_OK : SP_NO_MEMORY;
}
