/* What a screen is about: a site, days and a moment, and the numbers asked for them, always by way of statistics.h. */
#ifndef SPORLOS_AGGREGATOR_SCOPE_H
#define SPORLOS_AGGREGATOR_SCOPE_H

#include "../statistics.h"
#include "range.h"

/* What is wrong with the days that were asked for. */
enum range_problem {
    RANGE_IS_FINE,
    RANGE_IS_NO_DAY,   /* one of them is missing, or not in the calendar */
    RANGE_IS_REVERSED, /* the last comes before the first */
    RANGE_IS_AHEAD,    /* it ends after the last closed day */
    RANGE_IS_LONG,     /* more than STATISTIC_DAYS_MAX days */
    RANGE_IS_BEFORE,   /* it is over before the first closed day */
};

/* Why a table is not compared although that was chosen: numbers of a part of the days would look like a rise or fall.
 */
enum incomparable {
    COMPARABLE,
    COUNTED_LATER,    /* it was counted from a later day on */
    COUNTED_SOMETIMES /* there are days without it among them */
};

/* One number, and the one it is compared with. */
struct figure {
    bool shown, compared_shown;
    bool at_least; /* the value is a lower bound */
    int64_t value, compared;
    double deviation, compared_deviation; /* standard deviations of their noise */
    enum incomparable incomparable;
    int32_t counted_from; /* day */
};

/* A list and the one it is compared with; NULL where the site does not count it, or no period of it has closed. */
struct list {
    struct day_range days, compared_days;
    struct statistic *now, *compared; /* owned */
    enum incomparable incomparable;
    int32_t counted_from; /* first day that the table was counted on */
};

struct scope {
    struct archive *archive;        /* borrowed */
    const struct site_config *site; /* borrowed */
    struct selection selection;
    bool has_days;       /* false: no day of the site has closed yet */
    int32_t first, last; /* first and last closed day */
    bool has_month;      /* a whole month has closed */
    int32_t last_month;  /* the last such, months since 1970-01 */
    struct day_range days, compared;
    enum range_problem problem; /* not RANGE_IS_FINE: days are the last 28, and not what was asked for */
    int64_t now_s;              /* seconds since the epoch */
    int32_t today;              /* day index */
};

/*
 * Find out what has closed and which days the selection means at the moment now_s. scope->selection is what it means
 * here: a month outside the site's becomes its first or last, whole months that there are none of the last 28 days.
 */
SP_MUST_CHECK enum sp_error scope_open(struct archive *archive, const struct site_config *site,
                                       struct selection selection, int64_t now_s, struct scope *scope);

/* Has the week of today a day that has closed? On a Monday it has none. */
bool scope_has_this_week(const struct scope *scope);

/* Has a month ended since the first day? */
bool scope_has_whole_months(const struct scope *scope);

/* Has the total of any day ever been large enough to be shown? A site whose script is not in place has days as well. */
SP_MUST_CHECK enum sp_error scope_has_shown(const struct scope *scope, bool *shown);

/* Is a comparison chosen, and did the site count anything on all of those days? */
bool scope_compares(const struct scope *scope, struct day_range compared);

/* Does the site count that table, in days or months? */
bool scope_counts(const struct scope *scope, enum table_id table);

/*
 * The rows of the scope's days, compared as chosen and if the table was counted in all of both; page as in
 * statistic_about_new, .at NULL for all. A table with months only stands for the last closed month unless whole months
 * were chosen; where two days were, for the whole months between them, or the one that the last of them lies in. *list
 * is to be ended by list_fini, always.
 */
SP_MUST_CHECK enum sp_error scope_list(const struct scope *scope, enum table_id table, struct span page,
                                       struct list *list);
/*
 * In two steps, for a list of which a part is shown: the rows of the scope's days alone; then what those of some keys
 * are compared with (list as the first step left it).
 */
SP_MUST_CHECK enum sp_error scope_list_now(const struct scope *scope, enum table_id table, struct list *list);
SP_MUST_CHECK enum sp_error scope_list_compare(const struct scope *scope, enum table_id table, const struct span *keys,
                                               size_t count, struct list *list);
/* The rows of these keys alone, compared with nothing. */
SP_MUST_CHECK enum sp_error scope_list_of(const struct scope *scope, enum table_id table, const struct span *keys,
                                          size_t count, struct list *list);
/* The same for the scope's days, divided; those of by that the table has no leaves for give an empty list. */
SP_MUST_CHECK enum sp_error scope_trend(const struct scope *scope, enum table_id table, struct span page,
                                        enum statistic_by by, struct list *list);
/* A day's hours of the table of hours. */
SP_MUST_CHECK enum sp_error scope_hours(const struct scope *scope, int32_t day, struct list *list);
void list_fini(struct list *list);

/* The one number of a table without keys in the days of the scope. */
SP_MUST_CHECK enum sp_error scope_figure(const struct scope *scope, enum table_id table, struct figure *figure);
/* The same in other days, and compared with nothing. */
SP_MUST_CHECK enum sp_error scope_total(const struct scope *scope, enum table_id table, struct day_range days,
                                        struct figure *total);

/* A row as a figure, compared with the row of its key in the list compared with. */
struct figure list_figure(const struct list *list, const struct statistic_row *row);

/* -1, 0 or 1: lower, not told apart from the noise (two standard deviations), higher. Both must be shown. */
int figure_direction(const struct figure *figure);

/* Rounded percent of change; false where it says nothing. */
bool figure_percent(const struct figure *figure, int64_t *percent);

/* The standard deviation of a sum whose variance this is. */
double deviation_of(double variance);

/* How far the exact number may be from a shown one: two standard deviations, rounded up. */
int64_t margin_of(double deviation);

/* Share of the total that stands in rows with a name and a value, in percent; -1 when it cannot be told. */
int list_coverage(const struct list *list, const struct figure *total);

/* Is an hour (hours since 1970, UTC) over, and so long that its leaves have come? */
bool scope_hour_is_over(const struct scope *scope, int32_t hour);

/* How a line over the scope's days is divided: days, or, where they are many, months (cut at the ends). */
enum statistic_by scope_by(const struct scope *scope);

/* How a download of a table is divided: hours, days, or, with keys, the whole range. */
enum statistic_by scope_export_by(enum table_id table, enum site_mode mode);

/* A scope of the same site and moment that is about its last closed month. */
struct scope scope_last_month(const struct scope *scope);

#endif
