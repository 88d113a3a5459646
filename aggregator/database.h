/* The few lines that every SQL statement needs, whichever part of the program owns the table. */
#ifndef SPORLOS_AGGREGATOR_DATABASE_H
#define SPORLOS_AGGREGATOR_DATABASE_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

#include <sqlite3.h>

/* A parameter of an SQL statement: text, blob or integer by what is set; null: NULL. */
struct parameter {
    struct span text, blob;
    int64_t integer;
    bool null;
};

/* What a result code of SQLite is here; SP_REFUSED when a constraint forbids it. */
SP_MUST_CHECK enum sp_error database_error(int sqlite_code);

/* Prepare and bind; the caller finalizes *statement, which is NULL on failure. */
SP_MUST_CHECK enum sp_error database_prepare(sqlite3 *database, const char *sql, size_t count,
                                             const struct parameter *parameters, sqlite3_stmt **statement);

/* Run a statement that changes rows. SP_NOT_FOUND when it changed none, SP_REFUSED when a constraint forbids it. */
SP_MUST_CHECK enum sp_error database_change(sqlite3 *database, const char *sql, size_t count,
                                            const struct parameter *parameters);

/* Call row for each row of a statement; ends at the first error. */
typedef enum sp_error database_row(void *context, sqlite3_stmt *row);
SP_MUST_CHECK enum sp_error database_each(sqlite3 *database, const char *sql, size_t count,
                                          const struct parameter *parameters, database_row *row, void *context);

/* A row of database_each whose first column goes to *integer, an int64_t. */
enum sp_error database_integer(void *integer, sqlite3_stmt *row);

/* The column as text, never NULL; valid as long as the row is. */
const char *database_text(sqlite3_stmt *row, int column);
struct span database_span(sqlite3_stmt *row, int column);

#endif
