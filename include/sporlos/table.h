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
    KEY_SECTION,      /* a section of the configuration */
    KEY_TAG,          /* a tag of the configuration */
    KEY_REFERRER,     /* a class of referrers (known_keys.h) */
    KEY_HOST,         /* a host or registrable domain that is admitted, or KEY_OTHER */
    KEY_CAMPAIGN,     /* part of a campaign's name, scrubbed and admitted; KEY_OTHER, KEY_REMOVED */
    KEY_DEVICE,       /* known_keys.h */
    KEY_BROWSER,      /* known_keys.h */
    KEY_SYSTEM,       /* known_keys.h */
    KEY_BUCKET,       /* of visible time: '0' to '6' */
    KEY_BUCKET_PAGE,  /* the same, a space, and a page as KEY_PAGE: '3 /sorg' */
    KEY_QUARTER_PAGE, /* how many quarters were scrolled through, '0' to '4', a space, and a page */
    KEY_ANSWER_PAGE,  /* the name of one of the site's answers, a space, and a page */
    KEY_FILE,         /* a folded path that is admitted, or KEY_OTHER; no page of the site */
    KEY_EVENT,        /* the name of an event, scrubbed, listed or admitted; KEY_OTHER, KEY_REMOVED */
    KEY_KIND_COUNT
};

#define KEY_OTHER "(annet)"
#define KEY_REMOVED "(fjernet)"
#define KEY_UNKNOWN "unknown"
#define KEY_ABROAD "abroad"

/*
 * Where the seven buckets of visible time end, in seconds: bucket 0 is less than 10 s, bucket 6 is 30 minutes or more.
 */
#define VISIBLE_TIME_BOUNDS_S 10, 30, 60, 180, 600, 1800
enum { VISIBLE_TIME_BUCKETS = 7, SCROLL_QUARTERS = 5 /* none to all four */ };

/* What joins the two halves of a key; the first of them has no space. */
#define KEY_SEPARATOR ' '

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
    COUNTED_SECTION,   /* a page view in a section */
    COUNTED_TAG,       /* a page view, once for each tag of the page */
    COUNTED_REFERRED,  /* an entry from another host */
    COUNTED_SOURCE,    /* an entry whose address names a source */
    COUNTED_MEDIUM,    /* ... a medium */
    COUNTED_CAMPAIGN,  /* ... a campaign */
    COUNTED_VISIBLE,   /* the end of a page view, with how long it was visible */
    COUNTED_LENGTH,    /* the end of a visit, as far as its tab knows */
    COUNTED_SCROLLED,  /* the end of a page view, with how far it was scrolled */
    COUNTED_ANSWER,    /* an answer to the site's question */
    COUNTED_DOWNLOAD,  /* a file that was asked for */
    COUNTED_OUTBOUND,  /* a link away from the site that was followed */
    COUNTED_MISSING,   /* a page that was asked for and is not there */
    COUNTED_EVENT,     /* an event of the site's own */
    COUNTED_COUNT
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
      "which words several have searched for without a result")                                                        \
    X(TABLE_SECTION, "section", COUNTED_SECTION, KEY_SECTION, PERIODS_DAY_MONTH, PERIODS_NEVER,                        \
      "hvor mange sidevisninger hver del av nettstedet har", "kor mange sidevisingar kvar del av nettstaden har",      \
      "how many page views each section of the site has")                                                              \
    X(TABLE_TAG, "tag", COUNTED_TAG, KEY_TAG, PERIODS_DAY_MONTH, PERIODS_NEVER,                                        \
      "hvor mange sidevisninger hvert av nettstedets emneord har",                                                     \
      "kor mange sidevisingar kvart av emneorda til nettstaden har",                                                   \
      "how many page views each of the site's topics has")                                                             \
    X(TABLE_REFERRER, "referrer", COUNTED_ENTRY, KEY_REFERRER, PERIODS_DAY_MONTH, PERIODS_NEVER,                       \
      "hva slags nettsted besøk kommer fra", "kva slags nettstad besøk kjem frå",                                      \
      "what kind of website visits come from")                                                                         \
    X(TABLE_REFERRER_HOST, "referrer_host", COUNTED_REFERRED, KEY_HOST, PERIODS_DAY_MONTH, PERIODS_NEVER,              \
      "hvilke nettsteder flere besøk kommer fra", "kva nettstader fleire besøk kjem frå",                              \
      "which websites several visits come from")                                                                       \
    X(TABLE_UTM_SOURCE, "utm_source", COUNTED_SOURCE, KEY_CAMPAIGN, PERIODS_DAY_MONTH, PERIODS_NEVER,                  \
      "hvilken kilde lenken til et besøk er merket med", "kva kjelde lenkja til eit besøk er merkt med",               \
      "which source the link of a visit is marked with")                                                               \
    X(TABLE_UTM_MEDIUM, "utm_medium", COUNTED_MEDIUM, KEY_CAMPAIGN, PERIODS_DAY_MONTH, PERIODS_NEVER,                  \
      "hvilken kanal lenken til et besøk er merket med", "kva kanal lenkja til eit besøk er merkt med",                \
      "which medium the link of a visit is marked with")                                                               \
    X(TABLE_UTM_CAMPAIGN, "utm_campaign", COUNTED_CAMPAIGN, KEY_CAMPAIGN, PERIODS_DAY_MONTH, PERIODS_NEVER,            \
      "hvilken kampanje lenken til et besøk er merket med", "kva kampanje lenkja til eit besøk er merkt med",          \
      "which campaign the link of a visit is marked with")                                                             \
    X(TABLE_DEVICE, "device", COUNTED_ENTRY, KEY_DEVICE, PERIODS_DAY, PERIODS_NEVER,                                   \
      "om besøk kommer fra datamaskin, mobil eller nettbrett", "om besøk kjem frå datamaskin, mobil eller nettbrett",  \
      "whether visits come from a computer, a mobile phone or a tablet")                                               \
    X(TABLE_BROWSER, "browser", COUNTED_ENTRY, KEY_BROWSER, PERIODS_DAY, PERIODS_NEVER,                                \
      "hvilken nettleser besøk kommer fra, uten versjon", "kva nettlesar besøk kjem frå, utan versjon",                \
      "which browser visits come from, without its version")                                                           \
    X(TABLE_SYSTEM, "system", COUNTED_ENTRY, KEY_SYSTEM, PERIODS_DAY, PERIODS_NEVER,                                   \
      "hvilket operativsystem besøk kommer fra, uten versjon", "kva operativsystem besøk kjem frå, utan versjon",      \
      "which operating system visits come from, without its version")                                                  \
    X(TABLE_ENGAGEMENT, "engagement", COUNTED_VISIBLE, KEY_BUCKET, PERIODS_DAY, PERIODS_NEVER,                         \
      "hvor lenge sider er synlige, i sju grove trinn", "kor lenge sider er synlege, i sju grove steg",                \
      "how long pages are visible, in seven coarse steps")                                                             \
    X(TABLE_PAGE_ENGAGEMENT, "page_engagement", COUNTED_VISIBLE, KEY_BUCKET_PAGE, PERIODS_MONTH, PERIODS_NEVER,        \
      "hvor lenge hver side er synlig, i sju grove trinn", "kor lenge kvar side er synleg, i sju grove steg",          \
      "how long each page is visible, in seven coarse steps")                                                          \
    X(TABLE_VISIT_LENGTH, "visit_length", COUNTED_LENGTH, KEY_BUCKET, PERIODS_DAY, PERIODS_NEVER,                      \
      "hvor lenge siden som et besøk begynner med, er synlig, i sju grove trinn",                                      \
      "kor lenge sida som eit besøk byrjar med, er synleg, i sju grove steg",                                          \
      "how long the page that a visit begins with is visible, in seven coarse steps")                                  \
    X(TABLE_SCROLL, "scroll", COUNTED_SCROLLED, KEY_QUARTER_PAGE, PERIODS_MONTH, PERIODS_NEVER,                        \
      "hvor langt ned hver side blir lest, i fire deler", "kor langt ned kvar side blir lesen, i fire delar",          \
      "how far down each page is read, in four parts")                                                                 \
    X(TABLE_FEEDBACK, "feedback", COUNTED_ANSWER, KEY_ANSWER_PAGE, PERIODS_DAY_MONTH, PERIODS_NEVER,                   \
      "hvilket av nettstedets faste svar lesere gir på en side",                                                       \
      "kva for eit av dei faste svara til nettstaden lesarar gir på ei side",                                          \
      "which of the site's fixed answers readers give on a page")                                                      \
    X(TABLE_DOWNLOAD, "download", COUNTED_DOWNLOAD, KEY_FILE, PERIODS_DAY_MONTH, PERIODS_NEVER,                        \
      "hvilke filer flere laster ned", "kva filer fleire lastar ned", "which files several download")                  \
    X(TABLE_OUTBOUND, "outbound", COUNTED_OUTBOUND, KEY_HOST, PERIODS_DAY_MONTH, PERIODS_NEVER,                        \
      "hvilke nettsteder flere går videre til", "kva nettstader fleire går vidare til",                                \
      "which websites several go on to")                                                                               \
    X(TABLE_MISSING, "missing", COUNTED_MISSING, KEY_FILE, PERIODS_DAY_MONTH, PERIODS_NEVER,                           \
      "hvilke adresser flere spør etter uten at siden finnes", "kva adresser fleire spør etter utan at sida finst",    \
      "which addresses several ask for that are not there")                                                            \
    X(TABLE_EVENT, "event", COUNTED_EVENT, KEY_EVENT, PERIODS_DAY_MONTH, PERIODS_NEVER,                                \
      "hvilke av nettstedets egne hendelser flere utløser",                                                            \
      "kva for nokre av eigne hendingar på nettstaden fleire utløyser",                                                \
      "which of the site's own events several set off")

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
 * What a beacon can be: its type, how it is written, whether restricted mode takes it. The first is what one without a
 * type is.
 */
#define SP_BEACON_TYPES(X)                                                                                             \
    X(BEACON_TYPE_VIEW, "view", true)                                                                                  \
    X(BEACON_TYPE_DECLINED, "declined", true)                                                                          \
    X(BEACON_TYPE_SEARCH, "search", false)                                                                             \
    X(BEACON_TYPE_END, "end", false)                                                                                   \
    X(BEACON_TYPE_FEEDBACK, "feedback", false)                                                                         \
    X(BEACON_TYPE_DOWNLOAD, "download", false)                                                                         \
    X(BEACON_TYPE_OUTBOUND, "outbound", false)                                                                         \
    X(BEACON_TYPE_MISSING, "missing", false)                                                                           \
    X(BEACON_TYPE_EVENT, "event", false)

#define X(type, name, restricted) type,
enum beacon_type { SP_BEACON_TYPES(X) BEACON_TYPE_COUNT, BEACON_TYPE_UNKNOWN = BEACON_TYPE_COUNT };
#undef X

/* In which types a field is read: bits (1U << enum beacon_type). */
#define OF_VIEW (1U << BEACON_TYPE_VIEW)
#define OF_SEARCH (1U << BEACON_TYPE_SEARCH)
#define OF_END (1U << BEACON_TYPE_END)
#define OF_FEEDBACK (1U << BEACON_TYPE_FEEDBACK)
#define OF_PAGE (OF_VIEW | OF_END | OF_FEEDBACK)
#define OF_VALUE                                                                                                       \
    (1U << BEACON_TYPE_DOWNLOAD | 1U << BEACON_TYPE_OUTBOUND | 1U << BEACON_TYPE_MISSING | 1U << BEACON_TYPE_EVENT)
#define OF_ALL (OF_PAGE | OF_SEARCH | OF_VALUE)

/*
 * Fields of a beacon and what may become of each. struct beacon is made from these rows, and observe.c must have a
 * function observe_<name> for each: a field without a stated fate does not compile. 'declined' reads nothing more.
 *
 *  name, wire key, in which types it is read, fate in standard and strict, fate in restricted
 */
#define SP_BEACON_FIELDS(X)                                                                                            \
    X(site, 's', OF_ALL, FATE_SELECTS, FATE_SELECTS)                                                                   \
    X(type, 't', OF_ALL, FATE_SELECTS, FATE_SELECTS)                                                                   \
    X(url, 'u', OF_PAGE, FATE_PAGE, FATE_LISTED_PAGE)                                                                  \
    X(entry, 'n', OF_VIEW, FATE_FLAG, FATE_FLAG)                                                                       \
    X(word, 'q', OF_SEARCH, FATE_WORD, FATE_UNREAD)                                                                    \
    X(fruitless, 'z', OF_SEARCH, FATE_FLAG, FATE_UNREAD)                                                               \
    X(referrer, 'r', OF_VIEW, FATE_HOST, FATE_UNREAD)                                                                  \
    X(source, 'a', OF_VIEW, FATE_WORD, FATE_UNREAD)                                                                    \
    X(medium, 'm', OF_VIEW, FATE_WORD, FATE_UNREAD)                                                                    \
    X(campaign, 'c', OF_VIEW, FATE_WORD, FATE_UNREAD)                                                                  \
    X(viewport, 'w', OF_VIEW, FATE_FLAG, FATE_UNREAD)                                                                  \
    X(tags, 'g', OF_VIEW, FATE_LISTED, FATE_UNREAD)                                                                    \
    X(visible, 'b', OF_END, FATE_STEP, FATE_UNREAD)                                                                    \
    X(depth, 'd', OF_END, FATE_STEP, FATE_UNREAD)                                                                      \
    X(length, 'l', OF_END, FATE_STEP, FATE_UNREAD)                                                                     \
    X(answer, 'f', OF_FEEDBACK, FATE_LISTED, FATE_UNREAD)                                                              \
    X(value, 'v', OF_VALUE, FATE_VALUE, FATE_UNREAD)

enum fate {
    FATE_UNREAD,      /* the mode does not look at it */
    FATE_SELECTS,     /* chooses a row of the configuration or of a table; never kept */
    FATE_FLAG,        /* one bit: counted or not, or one of two keys */
    FATE_PAGE,        /* its path may become a key once listed or admitted; the rest is dropped unread, but for what
                         the site's own search parameter holds, which is as FATE_WORD */
    FATE_WORD,        /* scrubbed, it may become a key once admitted */
    FATE_LISTED_PAGE, /* its path may become a key if it is on the site's list; the rest is dropped unread */
    FATE_HOST,        /* its class, and its registrable domain once admitted */
    FATE_LISTED,      /* becomes a key if it is on the site's list; else it is dropped */
    FATE_STEP,        /* one digit: a step of a fixed scale */
    FATE_VALUE,       /* by type a path, a host or a name: scrubbed, it may become a key once listed or admitted */
};

#endif
