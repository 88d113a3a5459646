/*
 * Who was let in where, and when: one row a day, account, kind and place, with the minute of the first time. No
 * addresses, no counts, no paths: enough to see that somebody looked who should not have, too little to follow anybody
 * through the day. Kept in the archive for aggregator.access_log.
 */
#ifndef SPORLOS_AGGREGATOR_ACCESS_LOG_H
#define SPORLOS_AGGREGATOR_ACCESS_LOG_H

#include "accounts.h"

/*    id, what it means in the archive: never renumbered */
#define ENTRY_KINDS(X)                                                                                                 \
    X(LOGIN)          /* with a password */                                                                            \
    X(PROXY)          /* by the word of a trusted proxy */                                                             \
    X(SITE)           /* the pages of the site that place names */                                                     \
    X(ADMINISTRATION) /* users or this log */                                                                          \
    X(REFUSED)        /* a wrong password for an account that exists */                                                \
    X(CHANGE)         /* something was changed: place says what */

#define X(id) ENTRY_##id,
enum entry_kind { ENTRY_KINDS(X) ENTRY_KIND_COUNT };
#undef X

enum { ACCESS_PLACE_MAX = 400 }; /* bytes with the terminator */

/* What was written before, so that the hundredth page of a day costs no transaction. */
struct access_log;

SP_MUST_CHECK enum sp_error access_log_new(struct access_log **log);
void access_log_free(struct access_log *log);

/*
 * Write the row unless it is there. place: a site's key or "". An error is for the caller to report: nobody is kept out
 * for it, and the next request tries again.
 */
SP_MUST_CHECK enum sp_error access_log_enter(struct access_log *log, struct accounts *accounts, const char *account,
                                             enum entry_kind kind, const char *place, int64_t now_s);

/* Forget what is older than keep_days. */
SP_MUST_CHECK enum sp_error access_log_forget(struct accounts *accounts, int64_t keep_days, int64_t now_s);

struct access_entry {
    int64_t first_s; /* a whole minute */
    enum entry_kind kind;
    const char *account, *place; /* borrowed */
};
typedef void access_visit(void *context, const struct access_entry *entry);

/* How many rows there are. */
SP_MUST_CHECK enum sp_error access_log_count(struct accounts *accounts, int64_t *count);

/* Visit at most count rows, the newest first, after skipping some. */
SP_MUST_CHECK enum sp_error access_log_list(struct accounts *accounts, int64_t skip, int64_t count, access_visit *visit,
                                            void *context);

#endif
