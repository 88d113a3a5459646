/* The archive's schema in SQLite, as the list of steps that made it. */
#ifndef SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_SCHEMA_H
#define SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_SCHEMA_H

#include "sporlos/error.h"

#include <stdbool.h>
#include <stddef.h>

struct sqlite3;

enum { ARCHIVE_APPLICATION_ID = 0x53704c73 }; /* 'SpLs': PRAGMA application_id of our files */

/* How many steps there are; PRAGMA user_version of an archive that is up to date. */
int archive_schema_version(void);

/*
 * Set the connection's pragmas and bring the schema up to date (write) or check that it is. On failure a sentence
 * about the file at path is written to why: SP_MALFORMED when it is no database or another program's, SP_REFUSED when
 * a newer Sporløs has written it (or, without write, when it is older).
 */
SP_MUST_CHECK enum sp_error archive_schema_prepare(struct sqlite3 *db, bool write, const char *path, char *why,
                                                   size_t why_size);

#endif
