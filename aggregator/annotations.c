#include "annotations.h"

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "sporlos/utf8.h"

enum { BUSY_MS = 5000 };

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS annotation ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, day INTEGER NOT NULL, text TEXT NOT NULL) STRICT;"
    "CREATE INDEX IF NOT EXISTS annotation_day ON annotation (site, day);";

struct annotations {
    sqlite3 *database;
};

static enum sp_error
from_sqlite(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return SP_OK;
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

enum sp_error
annotations_open(const char *archive_url, struct annotations **annotations, const char **why)
{
    static const char scheme[] = "sqlite://";
    *annotations = NULL;
    *why = "";
    if (strncmp(archive_url, scheme, sizeof scheme - 1) != 0)
        return SP_MALFORMED;
    struct annotations *made = calloc(1, sizeof *made);
    if (made == NULL)
        return SP_NO_MEMORY;
    int code = sqlite3_open_v2(archive_url + sizeof scheme - 1, &made->database,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(made->database, BUSY_MS);
    if (code == SQLITE_OK)
        code = sqlite3_exec(made->database, schema, NULL, NULL, NULL);
    if (code != SQLITE_OK) {
        *why = sqlite3_errstr(code);
        annotations_close(made);
        return from_sqlite(code);
    }
    *annotations = made;
    return SP_OK;
}

void
annotations_close(struct annotations *annotations)
{
    if (annotations == NULL)
        return;
    sqlite3_close(annotations->database);
    free(annotations);
}

static enum sp_error
prepare(struct annotations *annotations, const char *sql, const char *site, sqlite3_stmt **statement)
{
    int code = sqlite3_prepare_v2(annotations->database, sql, -1, statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(*statement, 1, site, -1, SQLITE_STATIC);
    return from_sqlite(code);
}

static void
read_row(sqlite3_stmt *row, struct annotation *annotation)
{
    const char *text = (const char *)sqlite3_column_text(row, 2);
    *annotation = (struct annotation){ .id = sqlite3_column_int64(row, 0), .day = sqlite3_column_int(row, 1) };
    if (text != NULL)
        strncpy(annotation->text, text, sizeof annotation->text - 1);
}

enum sp_error
annotations_list(struct annotations *annotations, const char *site, struct annotation **list, size_t *count)
{
    sqlite3_stmt *query = NULL;
    *count = 0;
    *list = calloc(ANNOTATIONS_MAX, sizeof **list);
    if (*list == NULL)
        return SP_NO_MEMORY;
    enum sp_error error =
        prepare(annotations, "SELECT id, day, text FROM annotation WHERE site = ?1 ORDER BY day, id", site, &query);
    int code = SQLITE_DONE;
    while (error == SP_OK && *count < ANNOTATIONS_MAX && (code = sqlite3_step(query)) == SQLITE_ROW)
        read_row(query, &(*list)[(*count)++]);
    sqlite3_finalize(query);
    if (error == SP_OK)
        error = from_sqlite(code);
    if (error != SP_OK) {
        free(*list);
        *list = NULL;
        *count = 0;
    }
    return error;
}

static bool
is_good(struct span text)
{
    if (text.length == 0 || text.length >= ANNOTATION_TEXT_MAX)
        return false;
    for (size_t i = 0; i < text.length;) {
        uint32_t code;
        size_t taken = utf8_decode(span_of(text.at + i, text.length - i), &code);
        if (taken == 0 || code < 0x20 || (code >= 0x7f && code < 0xa0))
            return false;
        i += taken;
    }
    return true;
}

/* Run a statement that changes one row of the site; SP_NOT_FOUND when it changed none. */
static enum sp_error
change(struct annotations *annotations, const char *sql, const char *site, int64_t number, struct span text)
{
    sqlite3_stmt *statement = NULL;
    enum sp_error error = prepare(annotations, sql, site, &statement);
    if (error == SP_OK)
        error = from_sqlite(sqlite3_bind_int64(statement, 2, number));
    if (error == SP_OK && text.at != NULL)
        error = from_sqlite(sqlite3_bind_text(statement, 3, text.at, (int)text.length, SQLITE_STATIC));
    if (error == SP_OK)
        error = from_sqlite(sqlite3_step(statement));
    sqlite3_finalize(statement);
    if (error == SP_OK && sqlite3_changes(annotations->database) == 0)
        return SP_NOT_FOUND;
    return error;
}

_Static_assert(ANNOTATIONS_MAX == 500, "the limit stands in the statement below too");

enum sp_error
annotations_add(struct annotations *annotations, const char *site, int32_t day, struct span text)
{
    if (!is_good(text))
        return SP_MALFORMED;
    enum sp_error error = change(annotations,
                                 "INSERT INTO annotation (site, day, text) SELECT ?1, ?2, ?3 "
                                 "WHERE (SELECT count(*) FROM annotation WHERE site = ?1) < 500",
                                 site, day, text);
    return error == SP_NOT_FOUND ? SP_FULL : error;
}

enum sp_error
annotations_remove(struct annotations *annotations, const char *site, int64_t id)
{
    return change(annotations, "DELETE FROM annotation WHERE site = ?1 AND id = ?2", site, id,
                  (struct span){ NULL, 0 });
}
