/*
 * What of a site's configuration is in force. The aggregator makes it from the site's declarations and publishes it in
 * Redis; both programs lay it over the configuration, so that what was announced is not counted before its date.
 */
#ifndef SPORLOS_IN_FORCE_H
#define SPORLOS_IN_FORCE_H

#include "sporlos/config.h"
#include "sporlos/error.h"

struct in_force {
    int64_t version;     /* of the declaration that is in force */
    int64_t published_s; /* when that was; IN_FORCE_NEVER: an older program does not say */
    enum site_mode mode, next_mode;
    int64_t min_population, next_min_population; /* persons */
    int64_t next_from_s; /* the next two hold from then on, the beginning of a month; IN_FORCE_NEVER: nothing ahead */
    int64_t from[TABLE_COUNT][PERIOD_KIND_COUNT]; /* as in struct site_in_force */
    int64_t query_from_s;      /* from then on this parameter of a page's query may be read; IN_FORCE_NEVER: nothing */
    char query[PARAMETER_MAX]; /* empty, zeroed to its end: nothing */
};

/*
 * Fields of the hash in Redis: 'version', 'mode', 'next_mode', ..., and 'TABLE.hour', 'TABLE.day', 'TABLE.month';
 * beside them IN_FORCE_DECLARED, the declaration in force as JSON, for an aggregator whose archive does not know the
 * site.
 */
#define IN_FORCE_DECLARED "declared"
enum { IN_FORCE_FIELDS_MAX = 9 + TABLE_COUNT * PERIOD_KIND_COUNT, IN_FORCE_NAME_MAX = 48, IN_FORCE_VALUE_MAX = 72 };

struct in_force_field {
    char name[IN_FORCE_NAME_MAX];
    char value[IN_FORCE_VALUE_MAX];
};

/* Returns how many. What is never in force has no field. */
size_t in_force_write(const struct in_force *in_force, struct in_force_field fields[IN_FORCE_FIELDS_MAX]);

/*
 * Begin with in_force_begin (nothing is in force), then a call a field; unknown names are skipped, for a newer program
 * may have written. in_force_end: SP_MALFORMED when anything was, or what is needed is missing.
 */
struct in_force_reader {
    struct in_force value;
    unsigned seen;
    bool malformed;
};
void in_force_begin(struct in_force_reader *reader);
void in_force_read(struct in_force_reader *reader, struct span name, struct span value);
SP_MUST_CHECK enum sp_error in_force_end(const struct in_force_reader *reader);

enum site_mode in_force_mode(const struct in_force *in_force, int64_t at_s);

/* May a page's query be read for that parameter? NULL: none is wanted. */
bool in_force_reads(const struct in_force *in_force, int64_t at_s, const char *parameter);

/* Narrow a site's configuration to what is in force at at_s. */
void in_force_lay_over(const struct in_force *in_force, int64_t at_s, struct site_config *site);

/* Was the table counted in that period, by the declaration in force when it began? */
bool site_counts(const struct site_config *site, enum table_id table, struct period period);

/* The mode whose rules leaves of a period that began at start_s are shown by: never a wider one than theirs. */
enum site_mode site_mode_since(const struct site_config *site, int64_t start_s);

/* Would a site that goes from one mode to the other count more, or show smaller numbers? */
bool mode_widens(enum site_mode from, enum site_mode to);

#endif
