/*
 * THE contract: which numbers exist. Both programs, the documentation and the tests are driven by these rows; what has
 * no row here cannot be counted, sent, kept or shown.
 */
#ifndef SPORLOS_TABLE_H
#define SPORLOS_TABLE_H

#include "sporlos/error.h"
#include "sporlos/period.h"
#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Modes. bound and variance describe the noise a leaf is born with; a leaf is shown when it is >= show, a sum when it
 * is
 * >= k + ceil(3 sqrt(leaves x variance)); witnesses is how many distinct networks must have fed a leaf within the
 * window. tables says which column of the table of tables applies. Adding a row here is adding a promise.
 *
 *  mode, name in the configuration, tables, bound, variance, show, k, witnesses, window
 */
#define SP_MODES(X)                                                                                                    \
    X(MODE_STANDARD, "standard", TABLES_STANDARD, 5, 3, 10, 5, 3, WINDOW_PERIOD)                                       \
    X(MODE_STRICT, "strict", TABLES_STANDARD, 20, 25, 30, 10, 4, WINDOW_DAY)                                           \
    X(MODE_RESTRICTED, "restricted", TABLES_RESTRICTED, 12, 9, 20, 8, 4, WINDOW_DAY)

enum tables { TABLES_STANDARD, TABLES_RESTRICTED, TABLES_COUNT };

enum witness_window {
    WINDOW_PERIOD, /* distinct networks within the leaf's whole period */
    WINDOW_DAY,    /* distinct networks on one and the same day of it */
};

#define X(mode, ...) mode,
enum site_mode { SP_MODES(X) MODE_COUNT };
#undef X

struct mode {
    const char *name;
    enum tables tables;
    int bound;
    int variance;
    int show;
    int k;
    int witnesses;
    enum witness_window window;
};

/* What the key of a leaf is. */
enum key_kind {
    KEY_NONE,         /* one leaf a period; the key is empty */
    KEY_PAGE,         /* a folded path that is listed or admitted, or KEY_OTHER */
    KEY_MUNICIPALITY, /* four digits, KEY_UNKNOWN, KEY_ABROAD, or 'f' + two digits: the merged small ones of a county */
    KEY_REASON,       /* the name of a verdict */
    KEY_WORD,         /* searched words, scrubbed and admitted; KEY_OTHER, or KEY_REMOVED for what scrubbing refused */
    KEY_KIND_COUNT
};

#define KEY_OTHER "(annet)"
#define KEY_REMOVED "(fjernet)"
#define KEY_UNKNOWN "unknown"
#define KEY_ABROAD "abroad"

#define PERIODS_NEVER 0U
#define PERIODS_HOUR PERIOD_BIT(PERIOD_HOUR)
#define PERIODS_DAY PERIOD_BIT(PERIOD_DAY)
#define PERIODS_MONTH PERIOD_BIT(PERIOD_MONTH)
#define PERIODS_DAY_MONTH (PERIODS_DAY | PERIODS_MONTH)

/* What makes a leaf of the table grow by one. */
enum counted {
    COUNTED_VIEW,      /* a page view */
    COUNTED_ENTRY,     /* a view that was not reached from the site itself */
    COUNTED_VISITOR,   /* a view by somebody who was not there before on that day (visitors.h) */
    COUNTED_SEARCH,    /* a search on the site */
    COUNTED_FRUITLESS, /* a search that found nothing */
    COUNTED_DECLINED,  /* a request whose sender declined to be counted; nothing else of it is used */
    COUNTED_DROPPED,   /* a request for a known site that was not counted */
};

/*
 *  id, name, what is counted, key, periods in standard, periods in restricted,
 *  words for the declaration: bokmal, nynorsk, English
 */
#define SP_TABLES(X)                                                                                                   \
    X(TABLE_TOTAL, "total", COUNTED_VIEW, KEY_NONE, PERIODS_DAY, PERIODS_DAY, "antall sidevisninger per dag",          \
      "talet på sidevisingar per dag", "the number of page views each day")                                            \
    X(TABLE_HOUR, "hour", COUNTED_VIEW, KEY_NONE, PERIODS_HOUR, PERIODS_NEVER, "antall sidevisninger per time",        \
      "talet på sidevisingar per time", "the number of page views each hour")                                          \
    X(TABLE_VISITS, "visits", COUNTED_ENTRY, KEY_NONE, PERIODS_DAY, PERIODS_DAY, "antall besøk per dag",               \
      "talet på besøk per dag", "the number of visits each day")                                                       \
    X(TABLE_PAGE, "page", COUNTED_VIEW, KEY_PAGE, PERIODS_DAY_MONTH, PERIODS_MONTH,                                    \
      "hvor mange ganger hver side er vist", "kor mange gonger kvar side er vist",                                     \
      "how many times each page was viewed")                                                                           \
    X(TABLE_MUNICIPALITY, "municipality", COUNTED_ENTRY, KEY_MUNICIPALITY, PERIODS_DAY_MONTH, PERIODS_MONTH,           \
      "omtrent hvilken kommune besøk kommer fra (anslag)", "omtrent kva kommune besøk kjem frå (overslag)",            \
      "roughly which municipality visits come from (an estimate)")                                                     \
    X(TABLE_DECLINED, "declined", COUNTED_DECLINED, KEY_NONE, PERIODS_DAY, PERIODS_DAY,                                \
      "hvor mange forespørsler som har reservert seg", "kor mange førespurnader som har reservert seg",                \
      "how many requests declined to be counted")                                                                      \
    X(TABLE_DROPPED, "dropped", COUNTED_DROPPED, KEY_REASON, PERIODS_DAY, PERIODS_DAY,                                 \
      "hvor mange forespørsler som ikke ble talt, og hvorfor",                                                         \
      "kor mange førespurnader som ikkje vart talde, og kvifor", "how many requests were not counted, and why")        \
    X(TABLE_VISITORS, "visitors", COUNTED_VISITOR, KEY_NONE, PERIODS_DAY, PERIODS_NEVER,                               \
      "omtrent hvor mange besøkende per dag (anslag)", "omtrent kor mange besøkjande per dag (overslag)",              \
      "roughly how many visitors each day (an estimate)")                                                              \
    X(TABLE_SEARCH, "search", COUNTED_SEARCH, KEY_WORD, PERIODS_DAY_MONTH, PERIODS_NEVER,                              \
      "hvilke ord flere har søkt etter på nettstedet", "kva ord fleire har søkt etter på nettstaden",                  \
      "which words several have searched for on the site")                                                             \
    X(TABLE_SEARCH_EMPTY, "search_empty", COUNTED_FRUITLESS, KEY_WORD, PERIODS_DAY_MONTH, PERIODS_NEVER,               \
      "hvilke ord flere har søkt etter uten å få treff", "kva ord fleire har søkt etter utan å få treff",              \
      "which words several have searched for without a result")

#define X(id, ...) id,
enum table_id { SP_TABLES(X) TABLE_COUNT };
#undef X

enum language { LANGUAGE_NB, LANGUAGE_NN, LANGUAGE_EN, LANGUAGE_COUNT };

struct table {
    const char *name;
    enum counted counted;
    enum key_kind key;
    unsigned periods[TABLES_COUNT]; /* PERIOD_BIT mask */
    const char *words[LANGUAGE_COUNT];
};

extern const struct mode mode_table[MODE_COUNT];
extern const struct table table_table[TABLE_COUNT];

/* The periods in which that mode counts that table; 0 where it does not count it at all. */
unsigned table_periods(enum table_id table, enum site_mode mode);

/* By name. SP_NOT_FOUND for any other. */
SP_MUST_CHECK enum sp_error table_find(struct span name, enum table_id *table);

/*
 * The least sum of that many leaves (each fed by one source) that is shown; leaves >= 1. One leaf has the mode's own
 * threshold. A leaf that s sources fed counts as s leaves.
 */
int64_t release_threshold(enum site_mode mode, unsigned leaves);

/*
 * Fields of a beacon and what may become of each. struct beacon is made from these rows, and observe.c must have a
 * function observe_<name> for each: a field without a stated fate does not compile.
 *
 *  name, wire key, fate in standard and strict, fate in restricted
 */
#define SP_BEACON_FIELDS(X)                                                                                            \
    X(site, 's', FATE_SELECTS, FATE_SELECTS)                                                                           \
    X(type, 't', FATE_SELECTS, FATE_SELECTS)                                                                           \
    X(url, 'u', FATE_PAGE, FATE_LISTED_PAGE)                                                                           \
    X(entry, 'n', FATE_FLAG, FATE_FLAG)                                                                                \
    X(word, 'q', FATE_WORD, FATE_UNREAD)                                                                               \
    X(fruitless, 'z', FATE_FLAG, FATE_UNREAD)

enum fate {
    FATE_UNREAD,      /* the mode does not look at it */
    FATE_SELECTS,     /* chooses a row of the configuration or of a table; never kept */
    FATE_FLAG,        /* one bit: counted or not */
    FATE_PAGE,        /* its path may become a key once listed or admitted; the rest is dropped unread */
    FATE_WORD,        /* scrubbed, it may become a key once admitted */
    FATE_LISTED_PAGE, /* its path may become a key if it is on the site's list; the rest is dropped unread */
};

#endif
