/* The pages about users, the access log, sharing, and the frame for other sites. */
#ifndef SPORLOS_AGGREGATOR_PAGE_ACCOUNT_H
#define SPORLOS_AGGREGATOR_PAGE_ACCOUNT_H

#include "../access_log.h"
#include "../public_link.h"
#include "../report_list.h"
#include "form.h"

/*
 * Pages that list what the archive holds are begun, added to row by row (the callbacks fit accounts_list and its
 * like), and ended.
 */
struct table_page {
    struct html *html;
    const struct page *page;
    const struct zone *zone; /* of dates */
    size_t count;            /* rows so far */
};

/* <td>, with what its column is called, for screens too narrow for columns; MESSAGE_COUNT: it needs no name. */
void table_cell(struct table_page *table, enum message column);

/* End the table and say so where it is empty. */
void table_page_end(struct table_page *table, enum message none);

void page_users_begin(struct table_page *users, enum message outcome);
void page_users_row(void *users, const struct account *account);
void page_users_end(struct table_page *users);
/* The page on which one user is changed. */
void page_user_render(struct html *html, const struct page *page, const struct account *account);

/* What a card is for, in small letters below its heading. */
void page_account_lede(struct html *html, const struct page *page, enum message lede);

enum message page_role(enum role role);
/* The names of its sites, or that it has all. */
void page_account_sites(struct html *html, const struct page *page, const struct account *account);

/* One's own account: sessions is how many one has. */
void page_own_render(struct html *html, const struct page *page, enum message outcome, size_t sessions);

enum { ACCESS_LOG_ROWS = 100 };
/* keep_days: as the page says that rows are kept. */
void page_access_log_begin(struct table_page *log, int64_t keep_days);
void page_access_log_row(void *log, const struct access_entry *entry);
/* number: of the page, from 0; all: how many rows there are on all of them. */
void page_access_log_end(struct table_page *log, int64_t number, int64_t all);

/* secret: of a link made just now; "" none. */
void page_share_begin(struct table_page *share, enum message outcome, const char *secret);
void page_share_link(void *share, const struct public_link *link);
void page_share_reports(struct table_page *share, bool is_sending);
void page_share_report(void *share, const struct report_order *order);
void page_share_end(struct table_page *share);

struct screen;
void page_embed_render(struct screen *screen);

/* "22. november 2026 kl. 14:05", of a moment (seconds since the epoch) in a zone. */
void page_moment(struct html *html, enum language language, const struct zone *zone, int64_t at_s);

#endif
