/*
 * The tables of accounts and what belongs to them (tokens, links, reports, the access log) in the archive's database:
 * opening, their schema, and the few lines that every statement needs. For the files that own a table of it.
 */
#ifndef SPORLOS_AGGREGATOR_ACCOUNTS_DATABASE_H
#define SPORLOS_AGGREGATOR_ACCOUNTS_DATABASE_H

#include "accounts.h"
#include "password.h"

#include <sqlite3.h>

struct accounts {
    sqlite3 *database;
    char nobody[PASSWORD_HASH_MAX]; /* a hash no password has: the work done for unknown names */
};

/* A parameter of an SQL statement: text, blob or integer by what is set; null: NULL. */
struct parameter {
    struct span text, blob;
    int64_t integer;
    bool null;
};

SP_MUST_CHECK enum sp_error database_error(int sqlite_code);

/* Prepare and bind; the caller finalizes *statement, which is NULL on failure. */
SP_MUST_CHECK enum sp_error database_prepare(struct accounts *accounts, const char *sql, size_t count,
                                             const struct parameter *parameters, sqlite3_stmt **statement);

/* Run a statement that changes rows. SP_NOT_FOUND when it changed none, SP_REFUSED when a constraint forbids it. */
SP_MUST_CHECK enum sp_error database_change(struct accounts *accounts, const char *sql, size_t count,
                                            const struct parameter *parameters);

/* Call row for each row of a statement; ends at the first error. */
typedef enum sp_error database_row(void *context, sqlite3_stmt *row);
SP_MUST_CHECK enum sp_error database_each(struct accounts *accounts, const char *sql, size_t count,
                                          const struct parameter *parameters, database_row *row, void *context);

/* The column as text, never NULL. */
const char *database_text(sqlite3_stmt *row, int column);

/* Open path and bring the schema up to date. *why: a static text. */
SP_MUST_CHECK enum sp_error database_open(struct accounts *accounts, const char *path, const char **why);

#endif
