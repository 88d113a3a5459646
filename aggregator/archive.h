/*
 * The archive of closed leaves and of accounts. One interface, one file a database (archive_sqlite.c).
 */
#ifndef SPORLOS_AGGREGATOR_ARCHIVE_H
#define SPORLOS_AGGREGATOR_ARCHIVE_H

#include "release.h"
#include "sporlos/error.h"

#include <stdbool.h>
#include <stdint.h>

struct archive;

enum archive_access {
    ARCHIVE_READ,
    ARCHIVE_WRITE,
    ARCHIVE_FILL, /* as ARCHIVE_WRITE, but commits do not wait for the disk: for what can be made anew */
};

/*
 * Open sqlite:///path, bring its schema up to date (ARCHIVE_WRITE) or check it (ARCHIVE_READ). *why: a sentence, valid
 * until the next call. One archive belongs to one thread.
 */
SP_MUST_CHECK enum sp_error archive_open(const char *url, enum archive_access access, struct archive **archive,
                                         const char **why);
void archive_close(struct archive *archive);

/*
 * Between these two (ARCHIVE_READ), all answers are of one moment, whatever is closed meanwhile, and cost less: a
 * page's numbers belong together. Not nested.
 */
SP_MUST_CHECK enum sp_error archive_read_begin(struct archive *archive);
void archive_read_end(struct archive *archive);

/* Is this period of this site closed? */
SP_MUST_CHECK enum sp_error archive_is_closed(struct archive *archive, const char *site, struct period period,
                                              bool *closed);

/* Keep all leaves of the batch and mark its period closed, in one transaction. SP_REFUSED when it was closed already.
 */
SP_MUST_CHECK enum sp_error archive_keep(struct archive *archive, const struct release_batch *batch);

/* A row as kept. For tests, and for which keys there were (carried.h): values below their thresholds are among them. */
struct archive_leaf {
    struct period period;
    struct span key;
    int64_t value;
    unsigned sources;
    bool witnessed;
};
typedef enum sp_error archive_visit(void *context, const struct archive_leaf *leaf);

/* Visit the leaves of one site and table with first <= period <= last (same kind), ordered by period, within a
 * period in no order that means anything. */
SP_MUST_CHECK enum sp_error archive_leaves(struct archive *archive, const char *site, enum table_id table,
                                           struct period first, struct period last, archive_visit *visit,
                                           void *context);

/* The same leaves, a period at a time, as packed.h reads them; periods without leaves are left out. */
typedef enum sp_error archive_packed_visit(void *context, struct period period, struct span leaves);
SP_MUST_CHECK enum sp_error archive_packed(struct archive *archive, const char *site, enum table_id table,
                                           struct period first, struct period last, archive_packed_visit *visit,
                                           void *context);

/*
 * The sums of the day leaves of whole months, as packed.h reads them: sources are those of all days together, witnessed
 * says that one day was. Months whose last day is not closed are left out: their days have to be asked for. extra:
 * births of noise beyond one a day, of any key, at most.
 */
typedef enum sp_error archive_rollup_visit(void *context, int32_t number, unsigned extra, struct span leaves);
SP_MUST_CHECK enum sp_error archive_rollups(struct archive *archive, const char *site, enum table_id table,
                                            int32_t first_month, int32_t last_month, archive_rollup_visit *visit,
                                            void *context);

/* The same of whole weeks, Monday to Sunday, by the day index of their Mondays. */
SP_MUST_CHECK enum sp_error archive_weeks(struct archive *archive, const char *site, enum table_id table,
                                          int32_t first_monday, int32_t last_monday, archive_rollup_visit *visit,
                                          void *context);

/* The names of the archive's numbers for keys, one after the other; SP_MALFORMED when there is no such number. */
typedef enum sp_error archive_name_visit(void *context, size_t index, struct span name);
SP_MUST_CHECK enum sp_error archive_key_names(struct archive *archive, const int64_t *ids, size_t count,
                                              archive_name_visit *visit, void *context);

/* The archive's number of the key of that name; SP_NOT_FOUND: it has no leaf, of whatever site. */
SP_MUST_CHECK enum sp_error archive_key_id(struct archive *archive, struct span name, int64_t *id);

/* The first and last closed period of that kind. SP_NOT_FOUND when there is none. */
SP_MUST_CHECK enum sp_error archive_span(struct archive *archive, const char *site, enum period_kind kind,
                                         struct period *first, struct period *last);

/*
 * In how many of the periods first..last (same kind) the site counted the table: those of which there is a leaf. *from:
 * the first such of all. SP_NOT_FOUND when there is none at all.
 */
SP_MUST_CHECK enum sp_error archive_counted(struct archive *archive, const char *site, enum table_id table,
                                            struct period first, struct period last, int32_t *count,
                                            struct period *from);

/* A version of what a site declares that it counts. */
struct archive_declaration {
    int64_t version;                 /* from 1 */
    int64_t published_s, in_force_s; /* seconds since the epoch */
    int64_t withdrawn_s;             /* 0: it is not */
    struct span hash, json;          /* declaration.h */
};
typedef enum sp_error archive_declaration_visit(void *context, const struct archive_declaration *declaration);

/* Visit all versions of a site, the first first. */
SP_MUST_CHECK enum sp_error archive_declarations(struct archive *archive, const char *site,
                                                 archive_declaration_visit *visit, void *context);

/*
 * Withdraw a version (0: none) and add one (NULL: none), in one transaction. SP_REFUSED, and nothing done, when the
 * added version is there already or the withdrawn one is withdrawn: somebody else was quicker.
 */
SP_MUST_CHECK enum sp_error archive_declare(struct archive *archive, const char *site, int64_t withdrawn, int64_t now_s,
                                            const struct archive_declaration *added);

/* Remember that a site that has declared has these hosts (A-labels): whoever had one before has it no longer. */
SP_MUST_CHECK enum sp_error archive_keep_hosts(struct archive *archive, const char *site,
                                               const struct text_list *hosts);

/* The site that had this host last, or the one of that name. SP_NOT_FOUND: none. */
SP_MUST_CHECK enum sp_error archive_host_site(struct archive *archive, const char *host, char site[SITE_NAME_MAX]);

#endif
