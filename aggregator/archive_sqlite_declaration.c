#include "archive_sqlite_declaration.h"

#include <sqlite3.h>

#define SELECT                                                                                                         \
    "SELECT version, published, in_force, ifnull(withdrawn, 0), hash, json FROM declaration "                          \
    "WHERE site = (SELECT id FROM site WHERE name = ?1) ORDER BY version"
#define ADD_SITE "INSERT INTO site (name) VALUES (?1) ON CONFLICT DO NOTHING"
#define WITHDRAW                                                                                                       \
    "UPDATE declaration SET withdrawn = ?3 WHERE site = (SELECT id FROM site WHERE name = ?1) AND version = ?2 "       \
    "AND withdrawn IS NULL"
#define ADD                                                                                                            \
    "INSERT INTO declaration (site, version, published, in_force, hash, json) "                                        \
    "VALUES ((SELECT id FROM site WHERE name = ?1), ?2, ?3, ?4, ?5, ?6)"

static enum sp_error
error_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return SP_OK;
    case SQLITE_CONSTRAINT:
        return SP_REFUSED;
    case SQLITE_NOMEM:
        return SP_NO_MEMORY;
    case SQLITE_FULL:
        return SP_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return SP_UNAVAILABLE;
    default:
        return SP_IO;
    }
}

static struct span
column_span(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return span_of(text, text == NULL ? 0 : (size_t)sqlite3_column_bytes(row, column));
}

enum sp_error
archive_sqlite_declarations(struct archive *archive, const char *site, archive_declaration_visit *visit, void *context)
{
    sqlite3_stmt *query = NULL;
    int rc = sqlite3_prepare_v2(archive_sqlite_connection(archive), SELECT, -1, &query, NULL);
    enum sp_error error = error_of(rc);
    if (error == SP_OK)
        sqlite3_bind_text(query, 1, site, -1, SQLITE_STATIC);
    while (error == SP_OK && (rc = sqlite3_step(query)) == SQLITE_ROW) {
        const struct archive_declaration declaration = {
            .version = sqlite3_column_int64(query, 0),
            .published_s = sqlite3_column_int64(query, 1),
            .in_force_s = sqlite3_column_int64(query, 2),
            .withdrawn_s = sqlite3_column_int64(query, 3),
            .hash = column_span(query, 4),
            .json = column_span(query, 5),
        };
        error = visit(context, &declaration);
    }
    sqlite3_finalize(query);
    return error == SP_OK ? error_of(rc) : error;
}

/* Run one statement over the site's name and up to three integers and two texts. */
static enum sp_error
run(sqlite3 *db, const char *sql, const char *site, const int64_t integers[3], struct span hash, struct span json)
{
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    int count = sqlite3_bind_parameter_count(statement);
    sqlite3_bind_text(statement, 1, site, -1, SQLITE_STATIC);
    for (int i = 2; i <= count && i <= 4; i++)
        sqlite3_bind_int64(statement, i, integers[i - 2]);
    if (count == 6) {
        sqlite3_bind_text(statement, 5, hash.at, (int)hash.length, SQLITE_STATIC);
        sqlite3_bind_text(statement, 6, json.at, (int)json.length, SQLITE_STATIC);
    }
    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    sqlite3_finalize(statement);
    return error_of(rc);
}

static enum sp_error
declare(sqlite3 *db, const char *site, int64_t withdrawn, int64_t now_s, const struct archive_declaration *added)
{
    static const struct span none = { NULL, 0 };
    enum sp_error error = SP_OK;
    if (withdrawn != 0) {
        error = run(db, WITHDRAW, site, (const int64_t[]){ withdrawn, now_s, 0 }, none, none);
        if (error == SP_OK && sqlite3_changes(db) == 0)
            error = SP_REFUSED;
    }
    if (error == SP_OK && added != NULL) {
        error = run(db, ADD_SITE, site, (const int64_t[]){ 0, 0, 0 }, none, none);
        const int64_t integers[] = { added->version, added->published_s, added->in_force_s };
        if (error == SP_OK)
            error = run(db, ADD, site, integers, added->hash, added->json);
    }
    return error;
}

enum sp_error
archive_sqlite_declare(struct archive *archive, const char *site, int64_t withdrawn, int64_t now_s,
                       const struct archive_declaration *added)
{
    sqlite3 *db = archive_sqlite_connection(archive);
    enum sp_error error = error_of(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL));
    if (error != SP_OK)
        return error;
    error = declare(db, site, withdrawn, now_s, added);
    if (error == SP_OK)
        error = error_of(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
    if (error != SP_OK && sqlite3_get_autocommit(db) == 0)
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return error;
}
