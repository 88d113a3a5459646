#include "database.h"

enum sp_error
database_error(int sqlite_code)
{
    switch (sqlite_code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return SP_OK;
    case SQLITE_NOMEM:
        return SP_NO_MEMORY;
    case SQLITE_CONSTRAINT:
        return SP_REFUSED;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return SP_UNAVAILABLE;
    case SQLITE_FULL:
        return SP_FULL;
    default:
        return SP_IO;
    }
}

static int
bind_parameter(sqlite3_stmt *statement, int index, const struct parameter *parameter)
{
    if (parameter->null)
        return sqlite3_bind_null(statement, index);
    if (parameter->text.at != NULL)
        return sqlite3_bind_text(statement, index, parameter->text.at, (int)parameter->text.length, SQLITE_STATIC);
    if (parameter->blob.at != NULL)
        return sqlite3_bind_blob(statement, index, parameter->blob.at, (int)parameter->blob.length, SQLITE_STATIC);
    return sqlite3_bind_int64(statement, index, parameter->integer);
}

enum sp_error
database_prepare(sqlite3 *database, const char *sql, size_t count, const struct parameter *parameters,
                 sqlite3_stmt **statement)
{
    int code = sqlite3_prepare_v2(database, sql, -1, statement, NULL);
    for (size_t i = 0; i < count && code == SQLITE_OK; i++)
        code = bind_parameter(*statement, (int)i + 1, &parameters[i]);
    if (code == SQLITE_OK)
        return SP_OK;
    sqlite3_finalize(*statement);
    *statement = NULL;
    return database_error(code);
}

enum sp_error
database_change(sqlite3 *database, const char *sql, size_t count, const struct parameter *parameters)
{
    sqlite3_stmt *statement;
    enum sp_error error = database_prepare(database, sql, count, parameters, &statement);
    if (error != SP_OK)
        return error;
    error = database_error(sqlite3_step(statement));
    sqlite3_finalize(statement);
    if (error == SP_OK && sqlite3_changes(database) == 0)
        return SP_NOT_FOUND;
    return error;
}

enum sp_error
database_each(sqlite3 *database, const char *sql, size_t count, const struct parameter *parameters, database_row *row,
              void *context)
{
    sqlite3_stmt *statement;
    enum sp_error error = database_prepare(database, sql, count, parameters, &statement);
    if (error != SP_OK)
        return error;
    int code = SQLITE_DONE;
    while (error == SP_OK && (code = sqlite3_step(statement)) == SQLITE_ROW)
        error = row(context, statement);
    sqlite3_finalize(statement);
    return error == SP_OK ? database_error(code) : error;
}

const char *
database_text(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return text == NULL ? "" : text;
}

struct span
database_span(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return span_of(text, text == NULL ? 0 : (size_t)sqlite3_column_bytes(row, column));
}

enum sp_error
database_integer(void *integer, sqlite3_stmt *row)
{
    *(int64_t *)integer = sqlite3_column_int64(row, 0);
    return SP_OK;
}
