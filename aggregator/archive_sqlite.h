/* What archive_sqlite.c lends to the other parts of the archive in SQLite, and to its tests. */
#ifndef SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_H
#define SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_H

#include "archive.h"

struct sqlite3;

/* The archive's connection, borrowed. */
struct sqlite3 *archive_sqlite_connection(struct archive *archive);

/* A transaction that writes. Whoever has begun it ends it, with what has come of it so far: it is committed when that
 * is SP_OK, else rolled back. What came of all. */
SP_MUST_CHECK enum sp_error archive_sqlite_begin(struct archive *archive);
SP_MUST_CHECK enum sp_error archive_sqlite_end(struct archive *archive, enum sp_error error);

/* Let the file grow to that many pages of 4 KiB and no further, as on a full disk. For tests. */
void archive_sqlite_limit_pages(struct archive *archive, unsigned pages);

#endif
