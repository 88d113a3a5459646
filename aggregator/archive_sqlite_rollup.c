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
            /* Of a broken archive; packed_add refuses what is out of its range. */
            if (__builtin_add_overflow(leaf.value, sums->leaves[old].value, &leaf.value))
                reader.is_broken = true;
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

/* Which days are summed up together, and under which number. */
struct stretch {
    int32_t number, first, last;
};

static struct stretch
month_of(int32_t day)
{
    int32_t month = civil_month(day);
    return (struct stretch){ month, month_first_day(month), month_first_day(month + 1) - 1 };
}

/* By its Monday. */
static struct stretch
week_of(int32_t day)
{
    int32_t monday = day - civil_weekday(day);
    return (struct stretch){ monday, monday, monday + 6 };
}

#define DAYS_OF_ALL_TABLES                                                                                             \
    "SELECT statistic, leaves FROM packed WHERE site = ?1 AND kind = 1 AND "                                           \
    "statistic IN (SELECT id FROM statistic) AND period BETWEEN ?2 AND ?3 ORDER BY statistic"

static const struct kind {
    struct stretch (*holding)(int32_t day);
    const char *has, *add;
} kinds[] = {
    [ROLLUP_MONTH] = { month_of, "SELECT 1 FROM rollup WHERE site = ?1 AND month = ?2 LIMIT 1",
                       "INSERT INTO rollup (site, statistic, month, extra, leaves) VALUES (?1, ?2, ?3, ?4, ?5) "
                       "ON CONFLICT (site, month, statistic) DO UPDATE SET extra = ?4, leaves = ?5" },
    [ROLLUP_WEEK] = { week_of,
                      "SELECT 1 FROM rollup_week WHERE site = ?1 AND statistic IN (SELECT id FROM statistic) "
                      "AND monday = ?2 LIMIT 1",
                      "INSERT INTO rollup_week (site, statistic, monday, extra, leaves) VALUES (?1, ?2, ?3, ?4, ?5) "
                      "ON CONFLICT (site, statistic, monday) DO UPDATE SET extra = ?4, leaves = ?5" },
};

static enum sp_error
find_sums(sqlite3 *db, const struct kind *kind, int64_t site, int32_t number, bool *found)
{
    sqlite3_stmt *query = NULL;
    *found = false;
    if (sqlite3_prepare_v2(db, kind->has, -1, &query, NULL) != SQLITE_OK)
        return error_of(db);
    sqlite3_bind_int64(query, 1, site);
    sqlite3_bind_int(query, 2, number);
    int rc = sqlite3_step(query);
    *found = rc == SQLITE_ROW;
    enum sp_error error = rc == SQLITE_ROW || rc == SQLITE_DONE ? SP_OK : error_of(db);
    sqlite3_finalize(query);
    return error;
}

enum sp_error
archive_sqlite_roll_up(sqlite3 *db, enum rollup rollup, int64_t site, int32_t day)
{
    const struct kind *kind = &kinds[rollup];
    struct stretch stretch = kind->holding(day);
    bool found = false;
    enum sp_error error = day == stretch.last ? SP_OK : find_sums(db, kind, site, stretch.number, &found);
    if (error != SP_OK || (day != stretch.last && !found))
        return error;
    sqlite3_stmt *read = NULL;
    sqlite3_stmt *write = NULL;
    if (sqlite3_prepare_v2(db, DAYS_OF_ALL_TABLES, -1, &read, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, kind->add, -1, &write, NULL) != SQLITE_OK)
        error = error_of(db);
    if (error == SP_OK) {
        sqlite3_bind_int64(read, 1, site);
        sqlite3_bind_int(read, 2, stretch.first);
        sqlite3_bind_int(read, 3, stretch.last);
        sqlite3_bind_int64(write, 1, site);
        sqlite3_bind_int(write, 3, stretch.number);
        error = sum_tables(read, write);
    }
    sqlite3_finalize(read);
    sqlite3_finalize(write);
    return error;
}

static void
call(sqlite3_context *context, enum rollup rollup, sqlite3_value **values)
{
    enum sp_error error = archive_sqlite_roll_up(sqlite3_context_db_handle(context), rollup,
                                                 sqlite3_value_int64(values[0]), sqlite3_value_int(values[1]));
    if (error == SP_NO_MEMORY)
        sqlite3_result_error_nomem(context);
    else if (error != SP_OK)
        sqlite3_result_error(context, "leaves cannot be summed up", -1);
}

static void
on_month(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    call(context, ROLLUP_MONTH, values);
}

static void
on_week(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    call(context, ROLLUP_WEEK, values);
}

enum sp_error
archive_sqlite_rollup_register(sqlite3 *db)
{
    int flags = SQLITE_UTF8 | SQLITE_DIRECTONLY;
    bool ok = sqlite3_create_function(db, "roll_up", 2, flags, NULL, on_month, NULL, NULL) == SQLITE_OK &&
              sqlite3_create_function(db, "roll_up_week", 2, flags, NULL, on_week, NULL, NULL) == SQLITE_OK;
    return ok ? SP_OK : SP_NO_MEMORY;
}
