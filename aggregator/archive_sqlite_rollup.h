/*
 * Sums of the day leaves of a month and of a week, made when its last day is kept: a question over years reads months,
 * then the weeks and days at both ends, one over 28 days three weeks and seven days. They hold nothing that the day
 * leaves do not say, so an answer is the same with them and without.
 */
#ifndef SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_ROLLUP_H
#define SPORLOS_AGGREGATOR_ARCHIVE_SQLITE_ROLLUP_H

#include "sporlos/error.h"

#include <stdint.h>

struct sqlite3;

enum rollup { ROLLUP_MONTH, ROLLUP_WEEK };

/*
 * A day of a site has been kept: make the sums of its month or week, for every table, if it is the last day of it, or
 * make them again if they are there. Within the transaction under way.
 */
SP_MUST_CHECK enum sp_error archive_sqlite_roll_up(struct sqlite3 *db, enum rollup rollup, int64_t site, int32_t day);

/* Give the connection the same as the SQL functions roll_up(site, day) and roll_up_week(site, day), for archives that
 * have days already. */
SP_MUST_CHECK enum sp_error archive_sqlite_rollup_register(struct sqlite3 *db);

#endif
