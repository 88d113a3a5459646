/*
 * A table's answer in the forms that it leaves the program in. All are made of a statistic, so that none can tell what
 * another hides.
 */
#ifndef SPORLOS_AGGREGATOR_EXPORT_H
#define SPORLOS_AGGREGATOR_EXPORT_H

#include "../statistics.h"
#include "json.h"
#include "sporlos/gazetteer.h"
#include "sporlos/html.h"
#include "text.h"

/* What is written; all borrowed. */
struct export
{
    const struct statistic_query *query;
    const struct statistic *statistic;
    const struct gazetteer *gazetteer; /* NULL: municipalities have numbers alone */
};

/* id, name in the address, ending of a file, media type */
#define EXPORT_FORMATS(X)                                                                                              \
    X(EXPORT_JSON, "json", "json", "application/json")                                                                 \
    X(EXPORT_CSV, "csv", "csv", "text/csv; charset=utf-8")                                                             \
    X(EXPORT_JSON_STAT, "json-stat", "json", "application/json")                                                       \
    X(EXPORT_SVG, "svg", "svg", "image/svg+xml")

#define X(id, name, ending, type) id,
enum export_format { EXPORT_FORMATS(X) EXPORT_FORMAT_COUNT };
#undef X

/* id, name in the address, separator, decimal point, byte order mark and Norwegian heads */
#define CSV_SEPARATORS(X)                                                                                              \
    X(CSV_SEMICOLON, "semicolon", ';', ',', true)                                                                      \
    X(CSV_COMMA, "comma", ',', '.', false)                                                                             \
    X(CSV_TAB, "tab", '\t', '.', false)

#define X(id, ...) id,
enum csv_separator { CSV_SEPARATORS(X) CSV_SEPARATOR_COUNT };
#undef X

/* Our own JSON: docs/api.md. */
void export_json(struct json *json, const struct export *export);
/* Its 'meta' alone, and the words for who hid what; for other answers made of statistics. */
void export_json_meta(struct json *json, const struct export *export);

/*
 * Comma-separated values (RFC 4180). A cell that a spreadsheet would take for a formula has an apostrophe in front. The
 * semicolon is for Excel in Norwegian: byte order mark, decimal comma.
 */
void export_csv(struct text *text, const struct export *export, enum csv_separator separator);

/*
 * JSON-stat 2.0: time x key. What is not shown is null with the status ':'. SP_TOO_LONG when there would be more than
 * JSON_STAT_CELLS_MAX values. SP_NO_MEMORY.
 */
enum { JSON_STAT_CELLS_MAX = 1000000 };
SP_MUST_CHECK enum sp_error export_json_stat(struct json *json, const struct export *export);

/*
 * A picture that stands alone: a line over time for tables without keys, else bars of the rows of the last bucket that
 * has any, the largest first.
 */
void export_svg(struct html *html, const struct export *export);

/* ---- for the writers ---- */

enum { MOMENT_TEXT_MAX = PERIOD_TEXT_MAX + 4 };

/* A bucket's end as text: a day, or an hour (UTC) BY_HOUR. */
void export_moment(const struct statistic_query *query, int32_t index, char text[MOMENT_TEXT_MAX]);

/* What people call a key: the name of a municipality; otherwise the key itself. Borrowed. */
struct span export_label(const struct export *export, struct span key);

/* Statistics by name: day, week, month, range, hour. */
const char *statistic_by_name(enum statistic_by by);

#endif
