#include "annotations.h"

#include <stdlib.h>
#include <string.h>

#include "database.h"
#include "sporlos/utf8.h"

enum { BUSY_MS = 5000 };

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS annotation ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, site TEXT NOT NULL, day INTEGER NOT NULL, text TEXT NOT NULL) STRICT;"
    "CREATE INDEX IF NOT EXISTS annotation_day ON annotation (site, day);";

struct annotations {
    sqlite3 *database;
};

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
        return database_error(code);
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

struct listing {
    struct annotation *list;
    size_t *count;
};

static enum sp_error
list_row(void *context, sqlite3_stmt *row)
{
    const struct listing *listing = context;
    struct annotation *annotation = &listing->list[(*listing->count)++];
    *annotation = (struct annotation){ .id = sqlite3_column_int64(row, 0), .day = sqlite3_column_int(row, 1) };
    strncpy(annotation->text, database_text(row, 2), sizeof annotation->text - 1);
    return SP_OK;
}

enum sp_error
annotations_list(struct annotations *annotations, const char *site, struct annotation **list, size_t *count)
{
    *count = 0;
    *list = calloc(ANNOTATIONS_MAX, sizeof **list);
    if (*list == NULL)
        return SP_NO_MEMORY;
    struct listing listing = { *list, count };
    const struct parameter of[] = { { .text = span_text(site) }, { .integer = ANNOTATIONS_MAX } };
    enum sp_error error = database_each(
        annotations->database, "SELECT id, day, text FROM annotation WHERE site = ?1 ORDER BY day, id LIMIT ?2", 2, of,
        list_row, &listing);
    if (error != SP_OK) {
        free(*list);
        *list = NULL;
        *count = 0;
    }
    return error;
}

/* Of all sizes, those between no letters as well. */
static bool
is_space(uint32_t code)
{
    return code == 0x20 || code == 0xa0 || (code >= 0x2000 && code <= 0x200f) || code == 0x3000;
}

bool
annotation_is_good(struct span text)
{
    size_t characters = 0;
    bool is_blank = true;
    for (size_t i = 0; i < text.length;) {
        uint32_t code;
        size_t taken = utf8_decode(span_of(text.at + i, text.length - i), &code);
        if (taken == 0 || code < 0x20 || (code >= 0x7f && code < 0xa0))
            return false;
        characters += code > 0xffff ? 2 : 1;
        is_blank = is_blank && is_space(code);
        i += taken;
    }
    return !is_blank && characters <= ANNOTATION_CHARACTERS_MAX;
}

enum sp_error
annotations_add(struct annotations *annotations, const char *site, int32_t day, struct span text)
{
    if (!annotation_is_good(text))
        return SP_MALFORMED;
    const struct parameter row[] = {
        { .text = span_text(site) }, { .integer = day }, { .text = text }, { .integer = ANNOTATIONS_MAX }
    };
    enum sp_error error = database_change(annotations->database,
                                          "INSERT INTO annotation (site, day, text) SELECT ?1, ?2, ?3 "
                                          "WHERE (SELECT count(*) FROM annotation WHERE site = ?1) < ?4",
                                          4, row);
    return error == SP_NOT_FOUND ? SP_FULL : error;
}

enum sp_error
annotations_remove(struct annotations *annotations, const char *site, int64_t id)
{
    const struct parameter row[] = { { .text = span_text(site) }, { .integer = id } };
    return database_change(annotations->database, "DELETE FROM annotation WHERE site = ?1 AND id = ?2", 2, row);
}
