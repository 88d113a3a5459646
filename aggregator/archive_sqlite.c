/*
 * The archive in SQLite. A leaf is a row of five small integers and its value: site, table and key are interned, and
 * the leaves are one B-tree in the order in which they are read (about 20 bytes each; 5 million leaves are about 100
 * MB), and once more packed (packed.h), which is what questions are answered from. Commits are durable (WAL,
 * synchronous=FULL), since what is committed here is then deleted in Redis.
 */
#include "archive_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive_driver.h"
#include "archive_sqlite_declaration.h"
#include "archive_sqlite_packed.h"
#include "archive_sqlite_rollup.h"
#include "archive_sqlite_schema.h"
#include "archive_sqlite_statements.h"
#include "database.h"
#include "key_names.h"

enum {
    WRITER_PATIENCE_MS = 5000, /* a writer may wait for 'user add' or for a backup */
    READER_PATIENCE_MS = 500,  /* a reader answers people; in WAL mode it hardly ever waits */
};

/* What is closed of a site, in periods of one kind: every question begins with this one. */
struct known_span {
    char site[SITE_NAME_MAX];
    enum sp_error error; /* SP_OK or SP_NOT_FOUND */
    int32_t first, last;
};

struct archive_db {
    struct archive archive;                     /* first: what the caller holds */
    bool is_reading;                            /* between read_begin and read_end */
    struct known_span spans[PERIOD_KIND_COUNT]; /* of this reading; site "": not known */
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    struct key_names names;
};

static _Thread_local char sentence[512];

static struct archive_db *
db_of(struct archive *archive)
{
    return (struct archive_db *)archive;
}

static enum sp_error
error_of(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_CONSTRAINT: /* SP_REFUSED would say that the period was closed already: see mark_closed */
        return SP_IO;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return SP_MALFORMED;
    default:
        return database_error(rc);
    }
}

/* The statement, prepared once and kept; NULL when SQLite cannot prepare it. */
static sqlite3_stmt *
statement(struct archive_db *self, enum statement id)
{
    if (self->statements[id] == NULL)
        sqlite3_prepare_v3(self->db, statement_sql[id], -1, SQLITE_PREPARE_PERSISTENT, &self->statements[id], NULL);
    return self->statements[id];
}

/* Step a statement that gives no rows, and make it ready for the next time. */
static enum sp_error
run(struct archive_db *self, sqlite3_stmt *bound)
{
    if (bound == NULL)
        return error_of(sqlite3_errcode(self->db));
    enum sp_error error = error_of(sqlite3_step(bound));
    sqlite3_reset(bound);
    return error;
}

/* The first column of the first row; SP_NOT_FOUND without one. */
static enum sp_error
run_for_id(struct archive_db *self, sqlite3_stmt *bound, int64_t *id)
{
    if (bound == NULL)
        return error_of(sqlite3_errcode(self->db));
    int rc = sqlite3_step(bound);
    enum sp_error error = rc == SQLITE_DONE ? SP_NOT_FOUND : error_of(rc);
    *id = rc == SQLITE_ROW ? sqlite3_column_int64(bound, 0) : 0;
    sqlite3_reset(bound);
    return error;
}

/* The id of a name in one of the interning tables, added if it is new. name lives until the call returns. */
static enum sp_error
intern(struct archive_db *self, enum statement add, enum statement look_up, struct span name, int64_t *id)
{
    sqlite3_stmt *find = statement(self, look_up);
    if (find != NULL)
        sqlite3_bind_text(find, 1, name.length > 0 ? name.at : "", (int)name.length, SQLITE_STATIC);
    enum sp_error error = run_for_id(self, find, id);
    if (error != SP_NOT_FOUND)
        return error;
    sqlite3_stmt *insert = statement(self, add);
    if (insert != NULL)
        sqlite3_bind_text(insert, 1, name.length > 0 ? name.at : "", (int)name.length, SQLITE_STATIC);
    error = run(self, insert);
    *id = sqlite3_last_insert_rowid(self->db);
    return error;
}

static void
bind_integers(sqlite3_stmt *prepared, int first, const int64_t *values, int count)
{
    for (int i = 0; i < count; i++)
        sqlite3_bind_int64(prepared, first + i, values[i]);
}

static enum sp_error
keep_leaf(struct archive_db *self, int64_t site, struct period period, const struct release *release)
{
    int64_t table = 0;
    int64_t key = 0;
    struct span table_name = span_text(table_table[release_table(release)].name);
    enum sp_error error = intern(self, STATEMENT_STATISTIC_ADD, STATEMENT_STATISTIC_ID, table_name, &table);
    if (error == SP_OK)
        error = intern(self, STATEMENT_KEY_ADD, STATEMENT_KEY_ID, release_key(release), &key);
    sqlite3_stmt *add = statement(self, STATEMENT_LEAF_ADD);
    if (error != SP_OK || add == NULL)
        return error == SP_OK ? error_of(sqlite3_errcode(self->db)) : error;
    const int64_t row[] = {
        site,
        table,
        period.kind,
        period.index,
        key,
        release_value(release),
        release_sources(release),
        release_witnessed(release),
    };
    bind_integers(add, 1, row, sizeof row / sizeof row[0]);
    return run(self, add);
}

static enum sp_error
mark_closed(struct archive_db *self, int64_t site, struct period period)
{
    sqlite3_stmt *close = statement(self, STATEMENT_CLOSE);
    if (close == NULL)
        return error_of(sqlite3_errcode(self->db));
    bind_integers(close, 1, (const int64_t[]){ site, period.kind, period.index }, 3);
    int rc = sqlite3_step(close);
    sqlite3_reset(close);
    return (rc & 0xff) == SQLITE_CONSTRAINT ? SP_REFUSED : error_of(rc);
}

/* One row for each table: whatever the batch holds of it, in the order of the B-tree. */
static enum sp_error
pack_all(struct archive_db *self, int64_t site, struct period period)
{
    sqlite3_stmt *pack = statement(self, STATEMENT_PACK);
    if (pack == NULL)
        return error_of(sqlite3_errcode(self->db));
    enum sp_error error = SP_OK;
    for (int table = 0; error == SP_OK && table < TABLE_COUNT; table++) {
        bind_integers(pack, 1, &site, 1);
        sqlite3_bind_text(pack, 2, table_table[table].name, -1, SQLITE_STATIC);
        bind_integers(pack, 3, (const int64_t[]){ period.kind, period.index }, 2);
        error = run(self, pack);
    }
    return error;
}

static enum sp_error
keep_all(struct archive_db *self, const struct release_batch *batch)
{
    int64_t site = 0;
    struct span name = span_text(release_batch_site(batch)->key);
    struct period period = release_batch_period(batch);
    enum sp_error error = intern(self, STATEMENT_SITE_ADD, STATEMENT_SITE_ID, name, &site);
    if (error == SP_OK)
        error = mark_closed(self, site, period);
    for (size_t i = 0; error == SP_OK && i < release_count(batch); i++)
        error = keep_leaf(self, site, period, release_at(batch, i));
    if (error == SP_OK)
        error = pack_all(self, site, period);
    if (error == SP_OK && period.kind == PERIOD_DAY)
        error = archive_sqlite_roll_up(self->db, ROLLUP_WEEK, site, period.index);
    if (error == SP_OK && period.kind == PERIOD_DAY)
        error = archive_sqlite_roll_up(self->db, ROLLUP_MONTH, site, period.index);
    return error;
}

/*
 * What is needed to end a transaction is there before it begins: one that stays open for want of memory would show this
 * connection, and it alone, a period as closed that nobody has kept. SQLite ends some by itself, as on a full disk.
 */
static enum sp_error
begin(struct archive_db *self, enum statement how)
{
    if (statement(self, STATEMENT_ROLLBACK) == NULL)
        return error_of(sqlite3_errcode(self->db));
    return run(self, statement(self, how));
}

/* Commit, or roll back what has failed: what came of it. */
static enum sp_error
end(struct archive_db *self, enum sp_error error)
{
    if (error == SP_OK)
        error = run(self, statement(self, STATEMENT_COMMIT));
    if (sqlite3_get_autocommit(self->db) == 0)
        run(self, self->statements[STATEMENT_ROLLBACK]);
    return error;
}

enum sp_error
archive_sqlite_begin(struct archive *archive)
{
    return begin(db_of(archive), STATEMENT_BEGIN);
}

enum sp_error
archive_sqlite_end(struct archive *archive, enum sp_error error)
{
    return end(db_of(archive), error);
}

static enum sp_error
sqlite_keep(struct archive *archive, const struct release_batch *batch)
{
    enum sp_error error = archive_sqlite_begin(archive);
    return error == SP_OK ? archive_sqlite_end(archive, keep_all(db_of(archive), batch)) : error;
}

static enum sp_error
sqlite_is_closed(struct archive *archive, const char *site, struct period period, bool *closed)
{
    struct archive_db *self = db_of(archive);
    sqlite3_stmt *query = statement(self, STATEMENT_IS_CLOSED);
    *closed = false;
    if (query == NULL)
        return error_of(sqlite3_errcode(self->db));
    sqlite3_bind_text(query, 1, site, -1, SQLITE_STATIC);
    bind_integers(query, 2, (const int64_t[]){ period.kind, period.index }, 2);
    int64_t one;
    enum sp_error error = run_for_id(self, query, &one);
    *closed = error == SP_OK;
    return error == SP_NOT_FOUND ? SP_OK : error;
}

/* A question about a site, a table and (from ?3 on) numbers; NULL when SQLite cannot prepare it. */
static sqlite3_stmt *
question(struct archive_db *self, enum statement id, const char *site, enum table_id table, const int64_t *numbers,
         int count)
{
    sqlite3_stmt *query = statement(self, id);
    if (query == NULL)
        return NULL;
    sqlite3_bind_text(query, 1, site, -1, SQLITE_STATIC);
    sqlite3_bind_text(query, 2, table_table[table].name, -1, SQLITE_STATIC);
    bind_integers(query, 3, numbers, count);
    return query;
}

/* Is there another row, and is it wanted after *error? What SQLite says goes to *error. */
static bool
next_row(struct archive_db *self, sqlite3_stmt *query, enum sp_error *error)
{
    if (*error != SP_OK)
        return false;
    int rc = query == NULL ? sqlite3_errcode(self->db) : sqlite3_step(query);
    *error = error_of(rc);
    return query != NULL && rc == SQLITE_ROW;
}

static enum sp_error
sqlite_leaves(struct archive *archive, const char *site, enum table_id table, struct period first, struct period last,
              archive_visit *visit, void *context)
{
    struct archive_db *self = db_of(archive);
    const int64_t numbers[] = { first.kind, first.index, last.index };
    sqlite3_stmt *query = question(self, STATEMENT_LEAVES, site, table, numbers, 3);
    enum sp_error error = SP_OK;
    while (next_row(self, query, &error)) {
        const struct archive_leaf leaf = {
            .period = { first.kind, sqlite3_column_int(query, 0) },
            .key = database_span(query, 1),
            .value = sqlite3_column_int64(query, 2),
            .sources = (unsigned)sqlite3_column_int(query, 3),
            .witnessed = sqlite3_column_int(query, 4) != 0,
        };
        error = visit(context, &leaf);
    }
    sqlite3_reset(query);
    return error;
}

static struct span
column_bytes(sqlite3_stmt *row, int column)
{
    const void *bytes = sqlite3_column_blob(row, column);
    return span_of(bytes, (size_t)sqlite3_column_bytes(row, column));
}

static enum sp_error
sqlite_packed(struct archive *archive, const char *site, enum table_id table, struct period first, struct period last,
              archive_packed_visit *visit, void *context)
{
    struct archive_db *self = db_of(archive);
    const int64_t numbers[] = { first.kind, first.index, last.index };
    sqlite3_stmt *query = question(self, STATEMENT_PACKED, site, table, numbers, 3);
    enum sp_error error = SP_OK;
    while (next_row(self, query, &error)) {
        const struct period period = { first.kind, sqlite3_column_int(query, 0) };
        error = visit(context, period, column_bytes(query, 1));
    }
    sqlite3_reset(query);
    return error;
}

static enum sp_error
visit_sums(struct archive_db *self, sqlite3_stmt *query, archive_rollup_visit *visit, void *context)
{
    enum sp_error error = SP_OK;
    while (next_row(self, query, &error))
        error = visit(context, sqlite3_column_int(query, 0), (unsigned)sqlite3_column_int(query, 1),
                      column_bytes(query, 2));
    sqlite3_reset(query);
    return error;
}

static enum sp_error
sqlite_rollups(struct archive *archive, const char *site, enum table_id table, int32_t first_month, int32_t last_month,
               archive_rollup_visit *visit, void *context)
{
    struct archive_db *self = db_of(archive);
    const int64_t months[] = { first_month, last_month };
    return visit_sums(self, question(self, STATEMENT_ROLLUPS, site, table, months, 2), visit, context);
}

static enum sp_error
sqlite_weeks(struct archive *archive, const char *site, enum table_id table, int32_t first_monday, int32_t last_monday,
             archive_rollup_visit *visit, void *context)
{
    struct archive_db *self = db_of(archive);
    const int64_t mondays[] = { first_monday, last_monday };
    return visit_sums(self, question(self, STATEMENT_WEEKS, site, table, mondays, 2), visit, context);
}

/* The name of a key, borrowed until the next call: from memory, or from the database and into memory. */
static enum sp_error
key_name(struct archive_db *self, int64_t id, struct span *name)
{
    if (key_names_find(&self->names, id, name))
        return SP_OK;
    sqlite3_stmt *query = statement(self, STATEMENT_KEY_NAME);
    if (query == NULL)
        return error_of(sqlite3_errcode(self->db));
    sqlite3_bind_int64(query, 1, id);
    int rc = sqlite3_step(query);
    enum sp_error error = rc == SQLITE_ROW ? SP_OK : rc == SQLITE_DONE ? SP_MALFORMED : error_of(rc);
    if (rc == SQLITE_ROW)
        error = sqlite3_column_text(query, 0) == NULL ? SP_NO_MEMORY
                                                      : key_names_add(&self->names, id, database_span(query, 0), name);
    sqlite3_reset(query);
    return error;
}

static enum sp_error
sqlite_key_names(struct archive *archive, const int64_t *ids, size_t count, archive_name_visit *visit, void *context)
{
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < count; i++) {
        struct span name;
        error = key_name(db_of(archive), ids[i], &name);
        if (error == SP_OK)
            error = visit(context, i, name);
    }
    return error;
}

/* From memory, or from the database and into memory. That there is none is not remembered: it may come. */
static enum sp_error
sqlite_key_id(struct archive *archive, struct span name, int64_t *id)
{
    struct archive_db *self = db_of(archive);
    if (key_names_id(&self->names, name, id) == SP_OK)
        return SP_OK;
    sqlite3_stmt *query = statement(self, STATEMENT_KEY_ID);
    if (query != NULL)
        sqlite3_bind_text(query, 1, name.length > 0 ? name.at : "", (int)name.length, SQLITE_STATIC);
    enum sp_error error = run_for_id(self, query, id);
    struct span kept;
    return error == SP_OK ? key_names_add(&self->names, *id, name, &kept) : error;
}

static void
ask_span(struct archive_db *self, const char *site, enum period_kind kind, struct known_span *span)
{
    *span = (struct known_span){ .error = SP_OK };
    sqlite3_stmt *query = statement(self, STATEMENT_SPAN);
    if (query == NULL) {
        span->error = error_of(sqlite3_errcode(self->db));
        return;
    }
    sqlite3_bind_text(query, 1, site, -1, SQLITE_STATIC);
    sqlite3_bind_int(query, 2, (int)kind);
    int rc = sqlite3_step(query);
    span->error = error_of(rc);
    if (rc == SQLITE_ROW && sqlite3_column_type(query, 0) != SQLITE_NULL) {
        span->first = sqlite3_column_int(query, 0);
        span->last = sqlite3_column_int(query, 1);
    } else if (span->error == SP_OK) {
        span->error = SP_NOT_FOUND;
    }
    sqlite3_reset(query);
}

static enum sp_error
sqlite_span(struct archive *archive, const char *site, enum period_kind kind, struct period *first, struct period *last)
{
    struct archive_db *self = db_of(archive);
    struct known_span asked, *span = &self->spans[kind];
    if (!self->is_reading || site[0] == '\0' || strcmp(span->site, site) != 0) {
        ask_span(self, site, kind, &asked);
        if (self->is_reading && (asked.error == SP_OK || asked.error == SP_NOT_FOUND)) {
            *span = asked;
            snprintf(span->site, sizeof span->site, "%s", site);
        }
        span = &asked;
    }
    *first = (struct period){ kind, span->first };
    *last = (struct period){ kind, span->last };
    return span->error;
}

static enum sp_error
sqlite_counted(struct archive *archive, const char *site, enum table_id table, struct period first, struct period last,
               int32_t *count, struct period *from)
{
    struct archive_db *self = db_of(archive);
    const int64_t numbers[] = { first.kind, first.index, last.index };
    sqlite3_stmt *query = question(self, STATEMENT_COUNTED, site, table, numbers, 3);
    enum sp_error error = SP_OK;
    bool is_known = next_row(self, query, &error) && sqlite3_column_type(query, 0) != SQLITE_NULL;
    *count = is_known ? sqlite3_column_int(query, 1) : 0;
    *from = (struct period){ first.kind, is_known ? sqlite3_column_int(query, 0) : 0 };
    sqlite3_reset(query);
    return error == SP_OK && !is_known ? SP_NOT_FOUND : error;
}

static enum sp_error
sqlite_read_begin(struct archive *archive)
{
    struct archive_db *self = db_of(archive);
    enum sp_error error = begin(self, STATEMENT_BEGIN_READ);
    self->is_reading = error == SP_OK;
    memset(self->spans, 0, sizeof self->spans);
    return error;
}

static void
sqlite_read_end(struct archive *archive)
{
    struct archive_db *self = db_of(archive);
    self->is_reading = false;
    end(self, SP_OK);
}

sqlite3 *
archive_sqlite_connection(struct archive *archive)
{
    return db_of(archive)->db;
}

void
archive_sqlite_limit_pages(struct archive *archive, unsigned pages)
{
    char pragma[48];
    snprintf(pragma, sizeof pragma, "PRAGMA max_page_count = %u", pages);
    sqlite3_exec(db_of(archive)->db, pragma, NULL, NULL, NULL);
}

static void
sqlite_close(struct archive *archive)
{
    struct archive_db *self = db_of(archive);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(self->statements[i]);
    sqlite3_close(self->db);
    key_names_fini(&self->names);
    free(self);
}

/* Make the file, readable by its owner and group alone: hidden values are in it. */
static enum sp_error
make_file(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (file < 0 && errno == EEXIST)
        return SP_OK; /* not opened here: closing it would end the locks that SQLite has on it in this process (fcntl)
                       */
    if (file < 0) {
        snprintf(sentence, sizeof sentence, "the archive %.200s cannot be opened: %s", path, strerror(errno));
        return errno == ENOSPC ? SP_FULL : SP_IO;
    }
    close(file);
    return SP_OK;
}

static enum sp_error
open_file(struct archive_db *self, const char *path, enum archive_access access)
{
    if (path[0] != '/') {
        snprintf(sentence, sizeof sentence, "the archive's path must be absolute, as in sqlite:///var/lib/x.db");
        return SP_MALFORMED;
    }
    enum sp_error error = access != ARCHIVE_READ ? make_file(path) : SP_OK;
    if (error != SP_OK)
        return error;
    /* A reader opens for writing too: only so can it take part in the write-ahead log. query_only holds it back. */
    int rc = sqlite3_open_v2(path, &self->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK) {
        snprintf(sentence, sizeof sentence, "the archive %.200s cannot be opened: %s", path, sqlite3_errstr(rc));
        return rc == SQLITE_CANTOPEN ? SP_NOT_FOUND : error_of(rc);
    }
    sqlite3_extended_result_codes(self->db, 1);
    sqlite3_busy_timeout(self->db, access != ARCHIVE_READ ? WRITER_PATIENCE_MS : READER_PATIENCE_MS);
    error = archive_sqlite_packed_register(self->db);
    if (error != SP_OK)
        return error;
    error = archive_sqlite_rollup_register(self->db);
    if (error != SP_OK)
        return error;
    error = archive_schema_prepare(self->db, access != ARCHIVE_READ, path, sentence, sizeof sentence);
    if (error == SP_OK && access == ARCHIVE_FILL &&
        sqlite3_exec(self->db, "PRAGMA synchronous = OFF", NULL, NULL, NULL) != SQLITE_OK)
        error = SP_IO;
    return error;
}

static enum sp_error
sqlite_open(const char *path, enum archive_access access, struct archive **archive, const char **why)
{
    *archive = NULL;
    *why = sentence;
    sentence[0] = '\0';
    struct archive_db *self = calloc(1, sizeof *self);
    if (self == NULL)
        return SP_NO_MEMORY;
    self->archive.driver = &archive_sqlite;
    enum sp_error error = open_file(self, path, access);
    if (error != SP_OK) {
        sqlite_close(&self->archive);
        return error;
    }
    *archive = &self->archive;
    return SP_OK;
}

const struct archive_driver archive_sqlite = {
    .scheme = "sqlite://",
    .open = sqlite_open,
    .close = sqlite_close,
    .read_begin = sqlite_read_begin,
    .read_end = sqlite_read_end,
    .is_closed = sqlite_is_closed,
    .keep = sqlite_keep,
    .leaves = sqlite_leaves,
    .packed = sqlite_packed,
    .rollups = sqlite_rollups,
    .weeks = sqlite_weeks,
    .key_names = sqlite_key_names,
    .key_id = sqlite_key_id,
    .span = sqlite_span,
    .counted = sqlite_counted,
    .declarations = archive_sqlite_declarations,
    .declare = archive_sqlite_declare,
    .keep_hosts = archive_sqlite_keep_hosts,
    .host_site = archive_sqlite_host_site,
};
