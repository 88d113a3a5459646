/* Who gets the reports by e-mail, from the command line. */
#include "command_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "report_list.h"
#include "sporlos/clock.h"
#include "sporlos/mail_address.h"

/* All that is wrong, a line each. */
static bool
is_good(const struct request *request, enum report_kind *kind, enum language *language)
{
    int faults = 0;
    if (!mail_address_is_valid(span_text(request->name)))
        faults += command_complain("that is no plain e-mail address");
    if (command_one_site(request) == NULL)
        faults += command_complain("--site SITE: a report is of one site");
    if (!report_kind_find(request->every, kind))
        faults += command_complain("--every week, or --every month");
    if (request->language != NULL && !language_find(span_text(request->language), language))
        faults += command_complain("--language is one of nb, nn and en");
    return faults == 0;
}

int
report_add_run(struct request *request)
{
    enum report_kind kind = REPORT_WEEK;
    enum language language = LANGUAGE_NB;
    if (!is_good(request, &kind, &language))
        return EXIT_FAILURE;
    if (request->config->aggregator.sendmail == NULL)
        fputs("sporlos-aggregator: nothing is sent until aggregator.sendmail is set\n", stderr);
    return command_report(report_order_add(request->accounts, command_one_site(request), request->name, kind, language,
                                           "", clock_wall_s()),
                          "that address gets this report already", "that is no plain e-mail address");
}

static void
print_order(void *context, const struct report_order *order)
{
    static const char *const states[] = {
        [REPORT_SENDING] = "unknown", [REPORT_SENT] = "sent", [REPORT_FAILED] = "failed"
    };
    (void)context;
    if (order->is_malformed) {
        printf("%s\t%s\t-\t-\tmalformed\t0\n", order->site, order->address);
        return;
    }
    printf("%s\t%s\t%s\t%s\t%s\t%" PRId64 "\n", order->site, order->address, report_kind_names[order->kind],
           language_tag(order->language), !order->was_tried ? "never" : states[order->state],
           order->was_tried ? order->at_s : 0);
}

int
report_list_run(struct request *request)
{
    return command_report(report_order_list(request->accounts, command_one_site(request), print_order, NULL), "refused",
                          "malformed");
}

struct search {
    const struct request *request;
    enum report_kind kind;
    int64_t id;
};

static void
match_order(void *context, const struct report_order *order)
{
    struct search *search = context;
    if (strcmp(order->address, search->request->name) == 0 && order->kind == search->kind)
        search->id = order->id;
}

int
report_remove_run(struct request *request)
{
    struct search search = { .request = request, .id = 0 };
    const char *site = command_one_site(request);
    if (site == NULL || !report_kind_find(request->every, &search.kind))
        return command_complain("--site SITE and --every week|month say which report");
    enum sp_error error = report_order_list(request->accounts, site, match_order, &search);
    if (error == SP_OK)
        error = search.id == 0 ? SP_NOT_FOUND : report_order_remove(request->accounts, site, search.id);
    return command_report(error == SP_NOT_FOUND ? SP_REFUSED : error, "that address does not get this report",
                          "malformed");
}
