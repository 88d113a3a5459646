#include "accounts_database.h"

enum { BUSY_MS = 5000 };

/* Steps are never changed once released; a new one is added at the end. The first is also that of the first release. */
static const char *const steps[] = {
    "CREATE TABLE IF NOT EXISTS account ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, role INTEGER NOT NULL,"
    "  sites TEXT NOT NULL, password TEXT NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS token ("
    "  hash BLOB PRIMARY KEY, label TEXT NOT NULL UNIQUE, site TEXT NOT NULL) STRICT, WITHOUT ROWID;",
    /* 2: links without a log-in, who was let in, who gets reports. Times in seconds since the epoch. */
    "CREATE TABLE account_link ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, site TEXT NOT NULL, label TEXT NOT NULL,"
    "  maker TEXT NOT NULL, made INTEGER NOT NULL, expires INTEGER) STRICT;"
    "CREATE TABLE account_entry ("
    "  day INTEGER NOT NULL, account TEXT NOT NULL, kind INTEGER NOT NULL, place TEXT NOT NULL,"
    "  first INTEGER NOT NULL, PRIMARY KEY (day, account, kind, place)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE account_report ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, address TEXT NOT NULL, kind INTEGER NOT NULL,"
    "  language INTEGER NOT NULL, maker TEXT NOT NULL, made INTEGER NOT NULL,"
    "  UNIQUE (site, address, kind)) STRICT;"
    "CREATE TABLE account_report_sent ("
    "  report INTEGER NOT NULL, period INTEGER NOT NULL, state INTEGER NOT NULL, attempts INTEGER NOT NULL,"
    "  at INTEGER NOT NULL, PRIMARY KEY (report, period)) STRICT, WITHOUT ROWID;",
};

enum { STEP_COUNT = sizeof steps / sizeof steps[0] };

static int
execute(struct accounts *accounts, const char *sql)
{
    return sqlite3_exec(accounts->database, sql, NULL, NULL, NULL);
}

/* -1 when it cannot be told. */
static int
schema_version(struct accounts *accounts)
{
    sqlite3_stmt *statement;
    if (database_prepare(accounts->database, "SELECT version FROM accounts_version", 0, NULL, &statement) != SP_OK)
        return -1;
    int version = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : -1;
    sqlite3_finalize(statement);
    return version;
}

/* Asked for inside the transaction: another process may be doing the same. */
static int
take_steps(struct accounts *accounts, const char **why)
{
    int code = execute(accounts, "CREATE TABLE IF NOT EXISTS accounts_version (version INTEGER NOT NULL) STRICT;"
                                 "INSERT INTO accounts_version SELECT 0 "
                                 "WHERE NOT EXISTS (SELECT 1 FROM accounts_version)");
    int version = code == SQLITE_OK ? schema_version(accounts) : 0;
    if (version < 0 || version > STEP_COUNT) {
        *why = "the accounts in the archive were made by another version of this program";
        return SQLITE_CONSTRAINT;
    }
    for (; code == SQLITE_OK && version < STEP_COUNT; version++)
        code = execute(accounts, steps[version]);
    if (code == SQLITE_OK)
        code = sqlite3_exec(accounts->database, "UPDATE accounts_version SET version = 2", NULL, NULL, NULL);
    return code;
}

_Static_assert(STEP_COUNT == 2, "the number that take_steps writes");

enum sp_error
accounts_database_open(struct accounts *accounts, const char *path, const char **why)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    *why = NULL;
    int code = sqlite3_open_v2(path, &accounts->database, flags, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(accounts->database, BUSY_MS);
    if (code == SQLITE_OK && schema_version(accounts) == STEP_COUNT)
        return SP_OK; /* the usual case needs no lock */
    if (code == SQLITE_OK)
        code = execute(accounts, "BEGIN IMMEDIATE");
    if (code == SQLITE_OK)
        code = take_steps(accounts, why);
    if (code == SQLITE_OK)
        code = execute(accounts, "COMMIT");
    if (code == SQLITE_OK)
        return SP_OK;
    if (*why == NULL)
        *why = sqlite3_errstr(code);
    return database_error(code);
}
