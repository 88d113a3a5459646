/* Declarations in SQLite: four functions of the driver. */
#ifndef SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_DECLARATION_H
#define SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_DECLARATION_H

#include "archive.h"

enum sp_error archive_sqlite_declarations(struct archive *archive, const char *site, archive_declaration_visit *visit,
                                          void *context);
enum sp_error archive_sqlite_declare(struct archive *archive, const char *site, int64_t withdrawn, int64_t now_s,
                                     const struct archive_declaration *added);
enum sp_error archive_sqlite_keep_hosts(struct archive *archive, const char *site, const struct text_list *hosts);
enum sp_error archive_sqlite_host_site(struct archive *archive, const char *host, char site[SITE_NAME_MAX]);

#endif
