#include "sporlos/period.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/*
 * The C library converts by one zone at a time, named by TZ. Both programs run with their own TZ unused, so it is free
 * to be switched here, under a lock; callers keep what they computed for as long as the period lasts.
 */
static pthread_mutex_t zone_lock = PTHREAD_MUTEX_INITIALIZER;
static char zone_current[sizeof(struct zone) + 1];

static void
zone_use(const struct zone *zone)
{
    if (strcmp(zone_current, zone->name) == 0)
        return;
    char value[sizeof zone_current + 1];
    snprintf(value, sizeof value, ":%s", zone->name);
    setenv("TZ", value, 1);
    tzset();
    memcpy(zone_current, zone->name, sizeof zone->name);
}

static bool
zone_name_plausible(const char *name)
{
    if (!isalpha((unsigned char)name[0]) || strstr(name, "..") != NULL ||
        strlen(name) >= sizeof((struct zone *)0)->name)
        return false;
    return name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_/")] == '\0';
}

/* The C library takes a zone that it cannot find, and a file that is none, for UTC without a word. */
static bool
zone_exists(const char *name)
{
    char path[128];
    char magic[4] = { 0 };
    snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    bool zone = fread(magic, 1, sizeof magic, file) == sizeof magic && memcmp(magic, "TZif", sizeof magic) == 0;
    fclose(file);
    return zone;
}

enum sp_error
zone_init(struct zone *zone, const char *name)
{
    *zone = (struct zone){ { 0 } };
    if (!zone_name_plausible(name))
        return SP_MALFORMED;
    if (strcmp(name, "UTC") != 0 && !zone_exists(name)) /* UTC itself needs no file */
        return SP_NOT_FOUND;
    snprintf(zone->name, sizeof zone->name, "%s", name);
    return SP_OK;
}

static int64_t
floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int32_t
civil_day(int year, int month, int day)
{
    /* Days of the proleptic Gregorian calendar, counted in years that begin in March. */
    int64_t y = year - (month <= 2);
    int64_t era = floor_divide(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int32_t)(era * 146097 + day_of_era - 719468);
}

void
civil_date(int32_t day_index, int *year, int *month, int *day)
{
    int64_t z = (int64_t)day_index + 719468;
    int64_t era = floor_divide(z, 146097);
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t m = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

int
civil_weekday(int32_t day_index)
{
    int64_t since_monday = ((int64_t)day_index + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(since_monday < 0 ? since_monday + 7 : since_monday);
}

int32_t
civil_month(int32_t day_index)
{
    int year;
    int month;
    int day;
    civil_date(day_index, &year, &month, &day);
    return (int32_t)((year - 1970) * 12 + month - 1);
}

int32_t
month_first_day(int32_t month_index)
{
    int64_t year = floor_divide(month_index, 12);
    return civil_day((int)(year + 1970), (int)(month_index - year * 12) + 1, 1);
}

struct period
period_at(enum period_kind kind, const struct zone *zone, int64_t utc_s)
{
    if (kind == PERIOD_HOUR)
        return (struct period){ kind, (int32_t)floor_divide(utc_s, 3600) };
    time_t moment = (time_t)utc_s;
    struct tm local;
    pthread_mutex_lock(&zone_lock);
    zone_use(zone);
    localtime_r(&moment, &local);
    pthread_mutex_unlock(&zone_lock);
    if (kind == PERIOD_DAY)
        return (struct period){ kind, civil_day(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday) };
    return (struct period){ kind, (int32_t)((local.tm_year - 70) * 12 + local.tm_mon) };
}

static int32_t
day_at(int64_t utc_s, int *second_of_day)
{
    time_t moment = (time_t)utc_s;
    struct tm local;
    localtime_r(&moment, &local);
    *second_of_day = local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec;
    return civil_day(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
}

int
zone_minute_of_day(const struct zone *zone, int64_t utc_s)
{
    int second;
    pthread_mutex_lock(&zone_lock);
    zone_use(zone);
    day_at(utc_s, &second);
    pthread_mutex_unlock(&zone_lock);
    return second / 60;
}

/*
 * mktime may choose either of two midnights (clocks put back at 01:00), or a moment on either side of a midnight that
 * is left out (clocks put forward at 00:00), depending on what it was asked before: move to the day's first moment.
 */
static int64_t
first_moment(int32_t day_index, int64_t start)
{
    int second;
    if (day_at(start, &second) < day_index)
        start += 86400 - second;
    if (day_at(start - 1, &second) == day_index)
        start -= second + 1;
    return start;
}

/* The first second of a civil day. */
static int64_t
day_start(int32_t day_index, const struct zone *zone)
{
    int year;
    int month;
    int day;
    civil_date(day_index, &year, &month, &day);
    struct tm local = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_isdst = -1 };
    pthread_mutex_lock(&zone_lock);
    zone_use(zone);
    int64_t start = first_moment(day_index, (int64_t)mktime(&local));
    pthread_mutex_unlock(&zone_lock);
    return start;
}

int64_t
period_start(struct period period, const struct zone *zone)
{
    if (period.kind == PERIOD_HOUR)
        return (int64_t)period.index * 3600;
    return day_start(period.kind == PERIOD_DAY ? period.index : month_first_day(period.index), zone);
}

int64_t
period_end(struct period period, const struct zone *zone)
{
    return period_start((struct period){ period.kind, period.index + 1 }, zone);
}

const char *
period_format(struct period period, char out[PERIOD_TEXT_MAX])
{
    int year;
    int month;
    int day;
    int32_t day_index = period.kind == PERIOD_HOUR    ? (int32_t)floor_divide(period.index, 24)
                        : period.kind == PERIOD_MONTH ? month_first_day(period.index)
                                                      : period.index;
    civil_date(day_index, &year, &month, &day);
    if (period.kind == PERIOD_MONTH)
        snprintf(out, PERIOD_TEXT_MAX, "%04d-%02d", year, month);
    else if (period.kind == PERIOD_DAY)
        snprintf(out, PERIOD_TEXT_MAX, "%04d-%02d-%02d", year, month, day);
    else
        snprintf(out, PERIOD_TEXT_MAX, "%04d-%02d-%02dT%02d", year, month, day,
                 (int)(period.index - (int64_t)day_index * 24));
    return out;
}

/* The digits at text[at, at + count), or -1. */
static int
digits(struct span text, size_t at, size_t count)
{
    int value = 0;
    for (size_t i = at; i < at + count; i++) {
        if (i >= text.length || !isdigit((unsigned char)text.at[i]))
            return -1;
        value = value * 10 + (text.at[i] - '0');
    }
    return value;
}

enum sp_error
period_parse(struct span text, struct period *period)
{
    *period = (struct period){ PERIOD_DAY, 0 };
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 2);
    if (year < 1970 || month < 1 || month > 12 || text.at[4] != '-')
        return SP_MALFORMED;
    if (text.length == 7) {
        *period = (struct period){ PERIOD_MONTH, (year - 1970) * 12 + month - 1 };
        return SP_OK;
    }
    int day = digits(text, 8, 2);
    int32_t index = civil_day(year, month, day < 1 ? 1 : day);
    int hour = text.length == 13 ? digits(text, 11, 2) : 0;
    if (text.at[7] != '-' || day < 1 || civil_month(index) != (year - 1970) * 12 + month - 1 || hour < 0 || hour > 23)
        return SP_MALFORMED;
    if (text.length == 10)
        *period = (struct period){ PERIOD_DAY, index };
    else if (text.length == 13 && text.at[10] == 'T')
        *period = (struct period){ PERIOD_HOUR, index * 24 + hour };
    else
        return SP_MALFORMED;
    return SP_OK;
}

bool
period_equal(struct period a, struct period b)
{
    return a.kind == b.kind && a.index == b.index;
}
