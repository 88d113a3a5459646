/* Sending what is due: each report once, recorded before it is handed over. For the thread of the jobs. */
#ifndef SPORLOS_AGGREGATOR_REPORTS_H
#define SPORLOS_AGGREGATOR_REPORTS_H

#include "archive.h"
#include "sporlos/config.h"

struct metrics;
struct reports;

enum {
    REPORTS_EVERY_S = 60,    /* looked for so often; the other calls do nothing */
    REPORTS_A_ROUND = 20,    /* handed over at most */
    REPORTS_SEND_MS = 20000, /* sendmail gets so long */
    REPORTS_START_HOUR = 6,  /* in the site's zone: nobody wants an e-mail at night */
};

/* Borrows config, archive and metrics, and opens the accounts in the archive. *why: a sentence. */
SP_MUST_CHECK enum sp_error reports_new(const struct config *config, struct archive *archive, struct metrics *metrics,
                                        struct reports **reports, const char **why);
void reports_free(struct reports *reports);

/* Send what is due, and forget what is too old in the access log. Failures are logged, and tried again as report_claim
 * says. */
void reports_round(struct reports *reports);

#endif
