/* The SQL function that packs leaves (packed.h). */
#ifndef SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_PACKED_H
#define SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_PACKED_H

#include "sporlos/error.h"

struct sqlite3;

/*
 * Give the connection the aggregate pack_leaves(key, value, sources, witnessed), a blob. It wants its rows by rising
 * key, as the B-tree of leaves has them, and fails on any other order.
 */
SP_MUST_CHECK enum sp_error archive_sqlite_packed_register(struct sqlite3 *db);

#endif
