/* What a database must do to be an archive. archive.c chooses by the URL's scheme; one file a database implements it.
 */
#ifndef SPORLOS_AGGREGATOR_ARCHIVE_DRIVER_H
#define SPORLOS_AGGREGATOR_ARCHIVE_DRIVER_H

#include "archive.h"

struct archive_driver {
    const char *scheme; /* with "://" */
    enum sp_error (*open)(const char *place, enum archive_access access, struct archive **archive, const char **why);
    void (*close)(struct archive *archive);
    enum sp_error (*read_begin)(struct archive *archive);
    void (*read_end)(struct archive *archive);
    enum sp_error (*is_closed)(struct archive *archive, const char *site, struct period period, bool *closed);
    enum sp_error (*keep)(struct archive *archive, const struct release_batch *batch);
    enum sp_error (*leaves)(struct archive *archive, const char *site, enum table_id table, struct period first,
                            struct period last, archive_visit *visit, void *context);
    enum sp_error (*packed)(struct archive *archive, const char *site, enum table_id table, struct period first,
                            struct period last, archive_packed_visit *visit, void *context);
    enum sp_error (*rollups)(struct archive *archive, const char *site, enum table_id table, int32_t first_month,
                             int32_t last_month, archive_rollup_visit *visit, void *context);
    enum sp_error (*weeks)(struct archive *archive, const char *site, enum table_id table, int32_t first_monday,
                           int32_t last_monday, archive_rollup_visit *visit, void *context);
    enum sp_error (*key_names)(struct archive *archive, const int64_t *ids, size_t count, archive_name_visit *visit,
                               void *context);
    enum sp_error (*key_id)(struct archive *archive, struct span name, int64_t *id);
    enum sp_error (*span)(struct archive *archive, const char *site, enum period_kind kind, struct period *first,
                          struct period *last);
    enum sp_error (*counted)(struct archive *archive, const char *site, enum table_id table, struct period first,
                             struct period last, int32_t *count, struct period *from);
    enum sp_error (*declarations)(struct archive *archive, const char *site, archive_declaration_visit *visit,
                                  void *context);
    enum sp_error (*declare)(struct archive *archive, const char *site, int64_t withdrawn, int64_t now_s,
                             const struct archive_declaration *added);
    enum sp_error (*keep_hosts)(struct archive *archive, const char *site, const struct text_list *hosts);
    enum sp_error (*host_site)(struct archive *archive, const char *host, char site[SITE_NAME_MAX]);
};

/* The first member of every driver's own struct. */
struct archive {
    const struct archive_driver *driver;
};

extern const struct archive_driver archive_sqlite;

#endif
