/*
 * Sums of the day leaves of a month, made when its last day is kept: a question over years reads these and the days at
 * both ends. They hold nothing that the day leaves do not say, so an answer is the same with them and without.
 */
#ifndef SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_ROLLUP_H
#define SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_ROLLUP_H

#include "sporlos/error.h"

#include <stdint.h>

struct sqlite3;

/*
 * A day of a site has been kept: make the sums of its month, for every table, if it is the month's last day, or make
 * them again if they are there. Within the transaction under way.
 */
SP_MUST_CHECK enum sp_error archive_sqlite_roll_up(struct sqlite3 *db, int64_t site, int32_t day);

/* Give the connection the same as the SQL function roll_up(site, day), for archives that have days already. */
SP_MUST_CHECK enum sp_error archive_sqlite_rollup_register(struct sqlite3 *db);

#endif
