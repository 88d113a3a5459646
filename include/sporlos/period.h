/*
 * Periods of time that leaves belong to. A day and a month are civil dates in the site's time zone; an hour is a UTC
 * hour, so that every hour of a day with a DST change is a period of its own.
 */
#ifndef SPORLOS_PERIOD_H
#define SPORLOS_PERIOD_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

enum period_kind { PERIOD_HOUR, PERIOD_DAY, PERIOD_MONTH, PERIOD_KIND_COUNT };

#define PERIOD_BIT(kind) (1U << (kind))

struct period {
    enum period_kind kind;
    int32_t index; /* hours, days since 1970-01-01, or months since 1970-01 (0 = January 1970) */
};

enum { PERIOD_TEXT_MAX = 48 }; /* bytes with the terminator; gcc -O3 reckons with any int as year */

/* A time zone by IANA name. A plain value; valid after zone_init. */
struct zone {
    char name[48];
};

/* Check that the operating system knows the zone. SP_NOT_FOUND if not, SP_MALFORMED for a name that cannot be one. */
SP_MUST_CHECK enum sp_error zone_init(struct zone *zone, const char *name);

/* The period of that kind that holds the moment utc_s (seconds since the epoch). */
struct period period_at(enum period_kind kind, const struct zone *zone, int64_t utc_s);

/* Minutes since midnight (0..1439) that the clocks of the zone show at utc_s, also on days of 23 and 25 hours. */
int zone_minute_of_day(const struct zone *zone, int64_t utc_s);

/* First second of the period, and first second after it (seconds since the epoch). */
int64_t period_start(struct period period, const struct zone *zone);
int64_t period_end(struct period period, const struct zone *zone);

/* 2026-11-22T13 (UTC hour), 2026-11-22, 2026-11. Returns out. */
const char *period_format(struct period period, char out[PERIOD_TEXT_MAX]);

/* The inverse; SP_MALFORMED when text is none of the three forms or names no real date. */
SP_MUST_CHECK enum sp_error period_parse(struct span text, struct period *period);

bool period_equal(struct period a, struct period b);

/* Civil date arithmetic, proleptic Gregorian. month 1-12, day 1-31. */
int32_t civil_day(int year, int month, int day); /* days since 1970-01-01 */
void civil_date(int32_t day_index, int *year, int *month, int *day);
int civil_weekday(int32_t day_index);         /* 0 = Monday */
int32_t civil_month(int32_t day_index);       /* months since 1970-01 that the day lies in */
int32_t month_first_day(int32_t month_index); /* day index of the month's first day */

#endif
