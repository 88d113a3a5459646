/*
 * Who gets which report by e-mail, and which have been sent. A report is recorded before it is handed over: if this
 * program ends between the two, it is not sent a second time.
 */
#ifndef SPORLOS_AGGREGATOR_REPORT_LIST_H
#define SPORLOS_AGGREGATOR_REPORT_LIST_H

#include "accounts.h"
#include "sporlos/language.h"
#include "sporlos/mail_address.h"

enum report_kind { REPORT_WEEK, REPORT_MONTH, REPORT_KIND_COUNT };

/* 'week' and 'month', as forms and commands say it. */
extern const char *const report_kind_names[REPORT_KIND_COUNT];
/* NULL is none. */
bool report_kind_find(const char *name, enum report_kind *kind);

enum report_state {
    REPORT_SENDING, /* handed over, or about to be; if it stays so, nobody knows */
    REPORT_SENT,    /* sendmail took it */
    REPORT_FAILED,  /* sendmail did not take it: tried again */
};

enum {
    REPORTS_A_SITE = 100,
    REPORT_ATTEMPTS_MAX = 6,        /* then that period's report is given up */
    REPORT_RETRY_FIRST_S = 15 * 60, /* doubles with each failure */
};

#define REPORT_MALFORMED_ADDRESS "?"

/*
 * An order whose row cannot be read (is_malformed) has its id and site, REPORT_MALFORMED_ADDRESS, and else zeroes: it
 * can be seen and removed, and nothing else can be done with it.
 */
struct report_order {
    int64_t id;
    bool is_malformed;
    enum report_kind kind;
    enum language language;
    const char *site, *address, *maker; /* borrowed */
    int64_t made_s;
    bool was_tried; /* once at least; the three that follow are of the latest period */
    enum report_state state;
    int64_t period; /* of a week: day index of its Monday; of a month: months since 1970-01 */
    int64_t at_s;
};

/* SP_MALFORMED: no plain address. SP_REFUSED: it gets that report already. SP_FULL beyond REPORTS_A_SITE. */
SP_MUST_CHECK enum sp_error report_order_add(struct accounts *accounts, const char *site, const char *address,
                                             enum report_kind kind, enum language language, const char *maker,
                                             int64_t now_s);
SP_MUST_CHECK enum sp_error report_order_remove(struct accounts *accounts, const char *site, int64_t id);

/* Visit the orders of a site, or of all with NULL, by site and address. */
typedef void report_order_visit(void *context, const struct report_order *order);
SP_MUST_CHECK enum sp_error report_order_list(struct accounts *accounts, const char *site, report_order_visit *visit,
                                              void *context);

/*
 * Record that the report of order for period is about to be sent. SP_OK: now send it, you alone. SP_REFUSED: it was
 * sent, or may have been, or its next attempt is not due, or there were REPORT_ATTEMPTS_MAX.
 */
SP_MUST_CHECK enum sp_error report_claim(struct accounts *accounts, int64_t order, int64_t period, int64_t now_s);

/* What became of it: REPORT_SENT or REPORT_FAILED. */
SP_MUST_CHECK enum sp_error report_settle(struct accounts *accounts, int64_t order, int64_t period,
                                          enum report_state state, int64_t now_s);

#endif
