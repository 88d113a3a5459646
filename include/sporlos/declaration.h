/*
 * The declaration of a site: what it counts, how coarsely, for how long and for whom, made from the running
 * configuration and the same tables that the code counts by. A plain value, and its canonical JSON: keys sorted, no
 * spaces, integers only, so that equal declarations have equal hashes.
 *
 * Which pages have a name is not part of it: that is the site's own structure.
 */
#ifndef SPORLOS_DECLARATION_H
#define SPORLOS_DECLARATION_H

#include "sporlos/config.h"

enum declared_sense {
    DECLARED_MORE_IF_SMALLER,
    DECLARED_MORE_IF_LARGER,
};

#define DECLARED_NO_END INT64_MAX /* days: for ever; null in JSON */

/*  id, key in JSON, what is more */
#define DECLARED_NUMBERS(X)                                                                                            \
    X(ADDRESS_BITS_IPV4, "address_bits_ipv4", DECLARED_MORE_IF_LARGER)                                                 \
    X(ADDRESS_BITS_IPV6, "address_bits_ipv6", DECLARED_MORE_IF_LARGER)                                                 \
    X(ARCHIVE_DAYS, "archive_days", DECLARED_MORE_IF_LARGER)                                                           \
    X(REDIS_HOUR_DAYS, "redis_days_hour", DECLARED_MORE_IF_LARGER)                                                     \
    X(REDIS_DAY_DAYS, "redis_days_day", DECLARED_MORE_IF_LARGER)                                                       \
    X(REDIS_MONTH_DAYS, "redis_days_month", DECLARED_MORE_IF_LARGER)                                                   \
    X(MIN_POPULATION, "min_population", DECLARED_MORE_IF_SMALLER)                                                      \
    X(NOISE_BOUND, "noise_bound", DECLARED_MORE_IF_SMALLER)                                                            \
    X(NOISE_VARIANCE, "noise_variance", DECLARED_MORE_IF_SMALLER)                                                      \
    X(SHOWN_FROM, "shown_from", DECLARED_MORE_IF_SMALLER)                                                              \
    X(SHOWN_LEAST, "shown_least", DECLARED_MORE_IF_SMALLER)                                                            \
    X(WITNESSES, "witnesses", DECLARED_MORE_IF_SMALLER)

#define X(id, ...) DECLARED_##id,
enum declared_number { DECLARED_NUMBERS(X) DECLARED_NUMBER_COUNT };
#undef X

/*
 * id, key in JSON, values from the narrowest to the widest. A value that is not among them is wider than any other.
 *   audience: who sees the numbers; municipalities: what they are looked up in; user_agent: what it is read for
 *   (tables: also for those that count devices, browsers, systems or visitors, with client hints);
 *   witness_window: the time in which the networks behind a leaf must have come
 */
#define DECLARED_CHOICES(X)                                                                                            \
    X(AUDIENCE, "audience", "accounts", "public")                                                                      \
    X(MUNICIPALITIES, "municipalities", "none", "database")                                                            \
    X(USER_AGENT, "user_agent", "unread", "bots", "tables")                                                            \
    X(WITNESS_WINDOW, "witness_window", "day", "period")

#define X(id, ...) DECLARED_##id,
enum declared_choice { DECLARED_CHOICES(X) DECLARED_CHOICE_COUNT };
#undef X

enum {
    DECLARED_NAME_MAX = 32,                /* bytes with the terminator */
    DECLARED_LIST_MAX = 64,                /* tables, fields, ways to decline */
    DECLARATION_NOTICE_S = 14 * 24 * 3600, /* the promise: more is announced this long before it is counted */
    DECLARATION_HASH_TEXT = 65,            /* SHA-256 as lower-case hexadecimal digits, terminated */
};

struct declared_table {
    char name[DECLARED_NAME_MAX];
    unsigned periods; /* PERIOD_BIT mask */
};

/* A field of a beacon, and what may become of it. */
struct declared_field {
    char name[DECLARED_NAME_MAX];
    char fate[DECLARED_NAME_MAX];
};

struct declaration {
    char site[SITE_NAME_MAX]; /* A-label */
    char timezone[48];
    char mode[DECLARED_NAME_MAX];
    int64_t numbers[DECLARED_NUMBER_COUNT];
    char choices[DECLARED_CHOICE_COUNT][DECLARED_NAME_MAX];
    struct declared_table tables[DECLARED_LIST_MAX]; /* those that are counted, by name */
    size_t table_count;
    struct declared_field fields[DECLARED_LIST_MAX]; /* those that are read, by name */
    size_t field_count;
    char declines[DECLARED_LIST_MAX][DECLARED_NAME_MAX]; /* request headers that refuse, by name; "opt-out": the page */
    size_t decline_count;
    char search_parameter[PARAMETER_MAX]; /* of a page's query, what is read of it; empty, and not in the JSON: nothing
                                           */
};

/* What the site declares under that configuration; at_s: of its tables those that are in force by then. */
void declaration_of(const struct config *config, const struct site_config *site, int64_t at_s,
                    struct declaration *declaration);

/* The canonical JSON, terminated, returned owned; NULL without memory. */
char *declaration_write(const struct declaration *declaration);

/* The inverse. SP_MALFORMED for what declaration_write never wrote; members that are unknown are skipped. */
SP_MUST_CHECK enum sp_error declaration_read(struct span json, struct declaration *declaration);

void declaration_hash(const char *json, char hash[DECLARATION_HASH_TEXT]);

/* Its table of that name; NULL for none. */
const struct declared_table *declaration_table(const struct declaration *declaration, const char *name);

enum difference_verdict { DIFFERENCE_SAME, DIFFERENCE_LESS, DIFFERENCE_MORE };

enum { DIFFERENCE_ITEM_MAX = 96, DIFFERENCE_COUNT_MAX = 32, DIFFERENCE_TEXT_MAX = 2048 };

struct difference {
    enum difference_verdict verdict;
    bool rules;   /* more is not only tables and fields that are new: what existing leaves mean would change */
    size_t count; /* of what is more; the rest is not listed */
    char more[DIFFERENCE_COUNT_MAX][DIFFERENCE_ITEM_MAX]; /* 'hour', 'page (day)', 'witnesses 4 -> 3' */
};

/* What is new to somebody who was promised before. */
void declaration_compare(const struct declaration *before, const struct declaration *after,
                         struct difference *difference);

/* 'hour, page (day)'. Returns out. */
const char *difference_text(const struct difference *difference, char out[DIFFERENCE_TEXT_MAX]);

/*
 * When more may be counted that was published at published_s: the first midnight of the site's zone that is
 * DECLARATION_NOTICE_S later or more. Where rules of existing leaves change, the first such beginning of a month: no
 * leaf, of whatever period, then lies under two rules.
 */
int64_t declaration_in_force_from(int64_t published_s, bool rules, const struct zone *zone);

#endif
