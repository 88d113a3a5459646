#include "archive_sqlite_schema.h"

#include <errno.h>
#include <stdio.h>

#include <sqlite3.h>

/* Steps are never changed once released; a new one is added at the end. Each runs in a transaction with its number. */
static const char *const steps[] = {
    /* 1: closed leaves. kind: 0 hour, 1 day, 2 month; period: hours or days since 1970-01-01, months since 1970-01. */
    "CREATE TABLE site (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE statistic (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE key (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
    "CREATE TABLE closed ("
    "  site INTEGER NOT NULL REFERENCES site (id),"
    "  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),"
    "  period INTEGER NOT NULL,"
    "  PRIMARY KEY (site, kind, period)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE leaf ("
    "  site INTEGER NOT NULL REFERENCES site (id),"
    "  statistic INTEGER NOT NULL REFERENCES statistic (id),"
    "  kind INTEGER NOT NULL,"
    "  period INTEGER NOT NULL,"
    "  key INTEGER NOT NULL REFERENCES key (id),"
    "  value INTEGER NOT NULL,"
    "  sources INTEGER NOT NULL CHECK (sources >= 1),"
    "  witnessed INTEGER NOT NULL CHECK (witnessed IN (0, 1)),"
    "  PRIMARY KEY (site, statistic, kind, period, key),"
    "  FOREIGN KEY (site, kind, period) REFERENCES closed (site, kind, period)"
    ") STRICT, WITHOUT ROWID;",
    /* 2: what each site declared, version by version; times in seconds since the epoch. Nothing is ever deleted. */
    "CREATE TABLE declaration ("
    "  site INTEGER NOT NULL REFERENCES site (id),"
    "  version INTEGER NOT NULL CHECK (version >= 1),"
    "  published INTEGER NOT NULL,"
    "  in_force INTEGER NOT NULL CHECK (in_force >= published),"
    "  withdrawn INTEGER,"
    "  hash TEXT NOT NULL,"
    "  json TEXT NOT NULL,"
    "  PRIMARY KEY (site, version)"
    ") STRICT, WITHOUT ROWID;",
    /* 3: the leaves once more, those of one site, table and period in one row: what questions are answered from. */
    "CREATE TABLE packed ("
    "  id INTEGER PRIMARY KEY,"
    "  site INTEGER NOT NULL REFERENCES site (id),"
    "  statistic INTEGER NOT NULL REFERENCES statistic (id),"
    "  kind INTEGER NOT NULL,"
    "  period INTEGER NOT NULL,"
    "  leaves BLOB NOT NULL,"
    "  UNIQUE (site, statistic, kind, period),"
    "  FOREIGN KEY (site, kind, period) REFERENCES closed (site, kind, period)"
    ") STRICT;"
    "INSERT INTO packed (site, statistic, kind, period, leaves) "
    "SELECT site, statistic, kind, period, pack_leaves(key, value, sources, witnessed) FROM leaf GROUP BY 1, 2, 3, 4;",
    /* 4: sums of the day leaves of whole months. extra: births of noise beyond one a day, of any key, at most. */
    "CREATE TABLE rollup ("
    "  id INTEGER PRIMARY KEY,"
    "  site INTEGER NOT NULL REFERENCES site (id),"
    "  statistic INTEGER NOT NULL REFERENCES statistic (id),"
    "  month INTEGER NOT NULL,"
    "  extra INTEGER NOT NULL,"
    "  leaves BLOB NOT NULL,"
    "  UNIQUE (site, month, statistic)"
    ") STRICT;"
    "SELECT roll_up(site, period) FROM closed WHERE kind = 1;",
    /* 5: which declared site had a host last. A host is in the configuration, and no reader's. */
    "CREATE TABLE host ("
    "  name TEXT NOT NULL PRIMARY KEY,"
    "  site INTEGER NOT NULL REFERENCES site (id)"
    ") STRICT, WITHOUT ROWID;",
    /* 6: as 4, of weeks; monday: day index. And months by table, as they are asked for. */
    "CREATE INDEX rollup_of_statistic ON rollup (site, statistic, month);"
    "CREATE TABLE rollup_week ("
    "  id INTEGER PRIMARY KEY,"
    "  site INTEGER NOT NULL REFERENCES site (id),"
    "  statistic INTEGER NOT NULL REFERENCES statistic (id),"
    "  monday INTEGER NOT NULL,"
    "  extra INTEGER NOT NULL,"
    "  leaves BLOB NOT NULL,"
    "  UNIQUE (site, statistic, monday)"
    ") STRICT;"
    "SELECT roll_up_week(site, period) FROM closed WHERE kind = 1;",
};

enum { STEP_COUNT = sizeof steps / sizeof steps[0] };

int
archive_schema_version(void)
{
    return STEP_COUNT;
}

static enum sp_error
explain(sqlite3 *db, const char *path, const char *what, char *why, size_t why_size)
{
    int rc = sqlite3_errcode(db);
    if (rc == SQLITE_NOTADB) {
        snprintf(why, why_size, "%.200s is not an SQLite database; name another file or move this one away", path);
        return SP_MALFORMED;
    }
    /* A write-ahead log that gets no room for its index is an I/O error to SQLite. */
    bool is_full = (rc & 0xff) == SQLITE_FULL || ((rc & 0xff) == SQLITE_IOERR && sqlite3_system_errno(db) == ENOSPC);
    if (is_full) {
        snprintf(why, why_size, "the archive %.200s cannot be %s: the disk is full; make room on it", path, what);
        return SP_FULL;
    }
    snprintf(why, why_size, "the archive %.200s cannot be %s: %.150s", path, what, sqlite3_errmsg(db));
    return (rc & 0xff) == SQLITE_BUSY ? SP_UNAVAILABLE : SP_IO;
}

static bool
query_integer(sqlite3 *db, const char *sql, int *value)
{
    sqlite3_stmt *query = NULL;
    bool ok = sqlite3_prepare_v2(db, sql, -1, &query, NULL) == SQLITE_OK && sqlite3_step(query) == SQLITE_ROW;
    *value = ok ? sqlite3_column_int(query, 0) : 0;
    sqlite3_finalize(query);
    return ok;
}

static bool
execute(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* One step and its number, both or neither. Another process may have been quicker: then nothing is done. */
static bool
apply_step(sqlite3 *db, int step)
{
    char number[80];
    snprintf(number, sizeof number, "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
             ARCHIVE_APPLICATION_ID, step + 1);
    int version;
    if (!execute(db, "BEGIN IMMEDIATE"))
        return false;
    if (query_integer(db, "PRAGMA user_version", &version) && version > step)
        return execute(db, "ROLLBACK");
    if (execute(db, steps[step]) && execute(db, number))
        return true;
    if (sqlite3_get_autocommit(db) == 0)
        execute(db, "ROLLBACK");
    return false;
}

/* Files that somebody else made must not get our tables. The tables of accounts may be there first. */
#define FOREIGN_TABLES                                                                                                 \
    "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "                            \
    "AND name NOT LIKE 'account%' AND name NOT LIKE 'token%' AND name NOT LIKE 'session%'"

static enum sp_error
check_origin(sqlite3 *db, int version, const char *path, char *why, size_t why_size)
{
    int application;
    int tables;
    if (!query_integer(db, "PRAGMA application_id", &application) || !query_integer(db, FOREIGN_TABLES, &tables))
        return explain(db, path, "read", why, why_size);
    if (application != ARCHIVE_APPLICATION_ID && (application != 0 || version != 0 || tables != 0)) {
        snprintf(why, why_size, "%.200s is the database of another program; name another file", path);
        return SP_MALFORMED;
    }
    if (version <= STEP_COUNT)
        return SP_OK;
    snprintf(why, why_size,
             "the archive %.200s has schema version %d, and this program knows up to %d: it was written by a newer "
             "Sporløs; install that version again, or restore an older backup",
             path, version, STEP_COUNT);
    return SP_REFUSED;
}

static enum sp_error
upgrade(sqlite3 *db, int version, bool write, const char *path, char *why, size_t why_size)
{
    if (version < STEP_COUNT && !write) {
        snprintf(why, why_size, "the archive %.200s has schema version %d of %d: let the aggregator start first", path,
                 version, STEP_COUNT);
        return SP_REFUSED;
    }
    for (int step = version; step < STEP_COUNT; step++)
        if (!apply_step(db, step))
            return explain(db, path, "brought up to date", why, why_size);
    return SP_OK;
}

enum sp_error
archive_schema_prepare(sqlite3 *db, bool write, const char *path, char *why, size_t why_size)
{
    int version;
    if (!query_integer(db, "PRAGMA user_version", &version))
        return explain(db, path, "read", why, why_size);
    enum sp_error error = check_origin(db, version, path, why, why_size);
    if (error != SP_OK)
        return error;
    if (!execute(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                     "PRAGMA trusted_schema = OFF; PRAGMA journal_size_limit = 67108864"))
        return explain(db, path, "opened", why, why_size);
    error = upgrade(db, version, write, path, why, why_size);
    if (error == SP_OK && !write && !execute(db, "PRAGMA query_only = ON"))
        return explain(db, path, "opened", why, why_size);
    return error;
}
