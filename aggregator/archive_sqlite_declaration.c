#include "archive_sqlite_declaration.h"

#include <string.h>

#include "archive_sqlite.h"
#include "database.h"

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
#define KEEP_HOST                                                                                                      \
    "INSERT INTO host (name, site) SELECT ?2, id FROM site WHERE name = ?1 "                                           \
    "ON CONFLICT (name) DO UPDATE SET site = excluded.site WHERE site <> excluded.site"
#define HOST_SITE                                                                                                      \
    "SELECT name FROM site WHERE id = (SELECT site FROM host WHERE name = ?1) OR name = ?1 "                           \
    "ORDER BY id <> (SELECT site FROM host WHERE name = ?1) LIMIT 1"

struct visiting {
    archive_declaration_visit *visit;
    void *context;
};

static enum sp_error
visit_row(void *context, sqlite3_stmt *row)
{
    const struct visiting *visiting = context;
    const struct archive_declaration declaration = {
        .version = sqlite3_column_int64(row, 0),
        .published_s = sqlite3_column_int64(row, 1),
        .in_force_s = sqlite3_column_int64(row, 2),
        .withdrawn_s = sqlite3_column_int64(row, 3),
        .hash = database_span(row, 4),
        .json = database_span(row, 5),
    };
    return visiting->visit(visiting->context, &declaration);
}

enum sp_error
archive_sqlite_declarations(struct archive *archive, const char *site, archive_declaration_visit *visit, void *context)
{
    struct visiting visiting = { visit, context };
    const struct parameter of[] = { { .text = span_text(site) } };
    return database_each(archive_sqlite_connection(archive), SELECT, 1, of, visit_row, &visiting);
}

static enum sp_error
withdraw(sqlite3 *db, const char *site, int64_t version, int64_t now_s)
{
    const struct parameter row[] = { { .text = span_text(site) }, { .integer = version }, { .integer = now_s } };
    enum sp_error error = database_change(db, WITHDRAW, 3, row);
    return error == SP_NOT_FOUND ? SP_REFUSED : error;
}

static enum sp_error
add(sqlite3 *db, const char *site, const struct archive_declaration *added)
{
    const struct parameter row[] = { { .text = span_text(site) },       { .integer = added->version },
                                     { .integer = added->published_s }, { .integer = added->in_force_s },
                                     { .text = added->hash },           { .text = added->json } };
    enum sp_error error = database_change(db, ADD_SITE, 1, row);
    if (error == SP_NOT_FOUND) /* the site was there */
        error = SP_OK;
    return error == SP_OK ? database_change(db, ADD, 6, row) : error;
}

enum sp_error
archive_sqlite_declare(struct archive *archive, const char *site, int64_t withdrawn, int64_t now_s,
                       const struct archive_declaration *added)
{
    sqlite3 *db = archive_sqlite_connection(archive);
    enum sp_error error = archive_sqlite_begin(archive);
    if (error != SP_OK)
        return error;
    if (withdrawn != 0)
        error = withdraw(db, site, withdrawn, now_s);
    if (error == SP_OK && added != NULL)
        error = add(db, site, added);
    return archive_sqlite_end(archive, error);
}

enum sp_error
archive_sqlite_keep_hosts(struct archive *archive, const char *site, const struct text_list *hosts)
{
    sqlite3 *db = archive_sqlite_connection(archive);
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < hosts->count; i++) {
        const struct parameter row[] = { { .text = span_text(site) }, { .text = span_text(hosts->items[i]) } };
        error = database_change(db, KEEP_HOST, 2, row);
        if (error == SP_NOT_FOUND) /* it was the site's already */
            error = SP_OK;
    }
    return error;
}

struct named {
    char *name;
    bool found;
};

static enum sp_error
take_name(void *context, sqlite3_stmt *row)
{
    struct named *named = context;
    const char *name = database_text(row, 0);
    if (strlen(name) >= SITE_NAME_MAX)
        return SP_MALFORMED;
    strcpy(named->name, name);
    named->found = true;
    return SP_OK;
}

enum sp_error
archive_sqlite_host_site(struct archive *archive, const char *host, char site[SITE_NAME_MAX])
{
    struct named named = { site, false };
    const struct parameter of[] = { { .text = span_text(host) } };
    enum sp_error error = database_each(archive_sqlite_connection(archive), HOST_SITE, 1, of, take_name, &named);
    return error == SP_OK && !named.found ? SP_NOT_FOUND : error;
}
