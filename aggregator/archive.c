#include "archive.h"

#include <string.h>

#include "archive_driver.h"

static const struct archive_driver *const drivers[] = { &archive_sqlite };

enum sp_error
archive_open(const char *url, enum archive_access access, struct archive **archive, const char **why)
{
    *archive = NULL;
    for (size_t i = 0; i < sizeof drivers / sizeof drivers[0]; i++) {
        size_t length = strlen(drivers[i]->scheme);
        if (strncmp(url, drivers[i]->scheme, length) == 0)
            return drivers[i]->open(url + length, access, archive, why);
    }
    *why = "the archive's address must begin with sqlite://, as in sqlite:///var/lib/sporlos/archive.db";
    return SP_MALFORMED;
}

void
archive_close(struct archive *archive)
{
    if (archive != NULL)
        archive->driver->close(archive);
}

enum sp_error
archive_read_begin(struct archive *archive)
{
    return archive->driver->read_begin(archive);
}

void
archive_read_end(struct archive *archive)
{
    archive->driver->read_end(archive);
}

enum sp_error
archive_is_closed(struct archive *archive, const char *site, struct period period, bool *closed)
{
    return archive->driver->is_closed(archive, site, period, closed);
}

enum sp_error
archive_keep(struct archive *archive, const struct release_batch *batch)
{
    return archive->driver->keep(archive, batch);
}

enum sp_error
archive_leaves(struct archive *archive, const char *site, enum table_id table, struct period first, struct period last,
               archive_visit *visit, void *context)
{
    return archive->driver->leaves(archive, site, table, first, last, visit, context);
}

enum sp_error
archive_packed(struct archive *archive, const char *site, enum table_id table, struct period first, struct period last,
               archive_packed_visit *visit, void *context)
{
    return archive->driver->packed(archive, site, table, first, last, visit, context);
}

enum sp_error
archive_rollups(struct archive *archive, const char *site, enum table_id table, int32_t first_month, int32_t last_month,
                archive_rollup_visit *visit, void *context)
{
    return archive->driver->rollups(archive, site, table, first_month, last_month, visit, context);
}

enum sp_error
archive_weeks(struct archive *archive, const char *site, enum table_id table, int32_t first_monday, int32_t last_monday,
              archive_rollup_visit *visit, void *context)
{
    return archive->driver->weeks(archive, site, table, first_monday, last_monday, visit, context);
}

enum sp_error
archive_key_names(struct archive *archive, const int64_t *ids, size_t count, archive_name_visit *visit, void *context)
{
    return archive->driver->key_names(archive, ids, count, visit, context);
}

enum sp_error
archive_key_id(struct archive *archive, struct span name, int64_t *id)
{
    return archive->driver->key_id(archive, name, id);
}

enum sp_error
archive_span(struct archive *archive, const char *site, enum period_kind kind, struct period *first,
             struct period *last)
{
    return archive->driver->span(archive, site, kind, first, last);
}

enum sp_error
archive_counted(struct archive *archive, const char *site, enum table_id table, struct period first, struct period last,
                int32_t *count, struct period *from)
{
    return archive->driver->counted(archive, site, table, first, last, count, from);
}

enum sp_error
archive_declarations(struct archive *archive, const char *site, archive_declaration_visit *visit, void *context)
{
    return archive->driver->declarations(archive, site, visit, context);
}

enum sp_error
archive_declare(struct archive *archive, const char *site, int64_t withdrawn, int64_t now_s,
                const struct archive_declaration *added)
{
    return archive->driver->declare(archive, site, withdrawn, now_s, added);
}

enum sp_error
archive_keep_hosts(struct archive *archive, const char *site, const struct text_list *hosts)
{
    return archive->driver->keep_hosts(archive, site, hosts);
}

enum sp_error
archive_host_site(struct archive *archive, const char *host, char site[SITE_NAME_MAX])
{
    return archive->driver->host_site(archive, host, site);
}
