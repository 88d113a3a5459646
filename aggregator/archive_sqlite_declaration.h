/* Declarations in SQLite: four functions of the driver. */
#ifndef SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_DECLARATION_H
#define SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_DECLARATION_H

#include "archive.h"

struct sqlite3;

/* The archive's connection, borrowed. */
struct sqlite3 *archive_sqlite_connection(struct archive *archive);

/* A transaction that writes. Whoever has begun it ends it, with what has come of it so far: it is committed when that
 * is SP_OK, else rolled back. What came of all. */
SP_MUST_CHECK enum sp_error archive_sqlite_begin(struct archive *archive);
SP_MUST_CHECK enum sp_error archive_sqlite_end(struct archive *archive, enum sp_error error);

enum sp_error archive_sqlite_declarations(struct archive *archive, const char *site, archive_declaration_visit *visit,
                                          void *context);
enum sp_error archive_sqlite_declare(struct archive *archive, const char *site, int64_t withdrawn, int64_t now_s,
                                     const struct archive_declaration *added);
enum sp_error archive_sqlite_keep_hosts(struct archive *archive, const char *site, const struct text_list *hosts);
enum sp_error archive_sqlite_host_site(struct archive *archive, const char *host, char site[SITE_NAME_MAX]);

#endif
