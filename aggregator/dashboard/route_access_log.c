/* Who was let in where: the administrator's. */
#include "visit.h"

#include "page_account.h"

#include <stdlib.h>

static const struct zone *
zone_of(const struct dashboard *dashboard)
{
    static const struct zone utc = { 0 };
    return dashboard->config->site_count > 0 ? &dashboard->config->sites[0].zone : &utc;
}

/* '?page=3'; 0 for what is no small number. */
static int64_t
page_number(const struct visit *visit)
{
    char text[QUERY_VALUE_MAX];
    if (query_value(visit->request->query, "page", text) != SP_OK || strlen(text) > 6 ||
        strspn(text, "0123456789") != strlen(text))
        return 0;
    return atoi(text);
}

void
route_access_log(struct visit *visit)
{
    struct html html = { 0 };
    struct table_page log = { &html, &visit->page, zone_of(visit->dashboard), 0 };
    int64_t number = page_number(visit);
    int64_t all = 0;
    visit->page.title = MESSAGE_ACCESS_LOG;
    visit->page.path = "/access-log";
    page_access_log_begin(&log, visit->dashboard->config->aggregator.access_log_days);
    enum sp_error error = access_log_count(visit->dashboard->accounts, &all);
    if (error == SP_OK)
        error = access_log_list(visit->dashboard->accounts, number * ACCESS_LOG_ROWS, ACCESS_LOG_ROWS,
                                page_access_log_row, &log);
    if (error != SP_OK) {
        html_fini(&html);
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
        return;
    }
    page_access_log_end(&log, number, all);
    answer_page(visit, 200, &html);
}
