/* What an editor lets others see: public links, reports by e-mail; and the frame itself. */
#include "question.h"

#include "../public_link.h"
#include "outcome.h"
#include "page_account.h"
#include "sporlos/clock.h"
#include "sporlos/log.h"

#include <stdio.h>
#include <stdlib.h>

/* secret: of a link made just now, or ""; sent: the form that is given back, or NULL. */
static void
show_share(struct visit *visit, const char *secret, const struct sent_form *sent)
{
    const struct dashboard *dashboard = visit->dashboard;
    const struct site_config *site = visit->page.site;
    struct html html = { 0 };
    struct table_page share = { &html, &visit->page, &site->zone, 0 };
    visit->page.title = MESSAGE_SHARING;
    visit->page.sent = sent;
    page_share_begin(&share, visit_is_reading(visit) ? outcome_of(visit) : MESSAGE_COUNT, secret);
    enum sp_error error = public_link_list(dashboard->accounts, site->key, clock_wall_s(), page_share_link, &share);
    if (error == SP_OK) {
        page_share_reports(&share, dashboard->config->aggregator.sendmail != NULL);
        error = report_order_list(dashboard->accounts, site->key, page_share_report, &share);
    }
    if (error != SP_OK) {
        html_fini(&html);
        answer_error(visit, 503, MESSAGE_FAILED, MESSAGE_FAILED_LEDE);
        return;
    }
    page_share_end(&share);
    answer_page(visit, sent == NULL ? 200 : 422, &html);
}

/* A short plain number; -1 for anything else. */
static int64_t
field_number(const struct visit *visit, const char *name)
{
    char text[QUERY_VALUE_MAX];
    visit_field(visit, name, text);
    size_t length = strlen(text);
    return length == 0 || length > 15 || strspn(text, "0123456789") != length ? -1 : atoll(text);
}

static bool
is_blank(const char *text)
{
    return strspn(text, " \t") == strlen(text);
}

static void
add_link(struct visit *visit)
{
    struct sent_form sent = { .action = "link_add", .body = visit->request->body };
    char label[QUERY_VALUE_MAX];
    char secret[LINK_SECRET_MAX];
    int64_t days = field_number(visit, "days");
    enum sp_error read = query_value(visit->request->body, "label", label);
    if (read == SP_TOO_LONG || strlen(label) >= LINK_LABEL_MAX)
        form_fault(&sent, "label", MESSAGE_LINK_LABEL_LONG);
    else if (is_blank(label))
        form_fault(&sent, "label", MESSAGE_LINK_LABEL_MISSING);
    if (days < 0 || days > LINK_DAYS_MAX)
        form_fault(&sent, "days", MESSAGE_LINK_DAYS_BAD);
    enum sp_error error = SP_MALFORMED;
    if (sent.count == 0)
        error = public_link_add(visit->dashboard->accounts, visit->page.site->key, label, visit->account.name, days,
                                clock_wall_s(), secret);
    if (error == SP_FULL)
        form_fault(&sent, "label", MESSAGE_LINK_FULL);
    if (error == SP_OK) {
        visit_enter(visit, visit->account.name, ENTRY_CHANGE, visit->page.site->key);
        show_share(visit, secret, NULL);
    } else if (sent.count > 0) {
        show_share(visit, "", &sent);
    } else {
        outcome_redirect(visit, visit->path, MESSAGE_FAILED_LEDE);
    }
}

/* What keeps an address from getting the report. */
static void
note_refusal(struct sent_form *sent, enum sp_error error)
{
    if (error == SP_REFUSED)
        form_fault(sent, "address", MESSAGE_REPORT_TAKEN);
    else if (error == SP_FULL)
        form_fault(sent, "address", MESSAGE_REPORT_FULL);
}

static void
add_report(struct visit *visit)
{
    struct sent_form sent = { .action = "report_add", .body = visit->request->body };
    char address[QUERY_VALUE_MAX], word[QUERY_VALUE_MAX];
    enum report_kind kind = REPORT_WEEK;
    enum sp_error error = SP_MALFORMED;
    visit_field(visit, "address", address);
    visit_field(visit, "kind", word);
    if (!mail_address_is_valid(span_text(address)))
        form_fault(&sent, "address", is_blank(address) ? MESSAGE_REPORT_MISSING : MESSAGE_REPORT_BAD);
    if (!report_kind_find(word, &kind))
        form_fault(&sent, "kind", MESSAGE_REPORT_KIND_BAD);
    if (sent.count == 0)
        error = report_order_add(visit->dashboard->accounts, visit->page.site->key, address, kind, visit->page.language,
                                 visit->account.name, clock_wall_s());
    note_refusal(&sent, error);
    if (error == SP_OK)
        visit_enter(visit, visit->account.name, ENTRY_CHANGE, visit->page.site->key);
    if (sent.count > 0)
        show_share(visit, "", &sent);
    else
        outcome_redirect(visit, visit->path, error == SP_OK ? MESSAGE_DONE : MESSAGE_FAILED_LEDE);
}

/* What another has taken away already is taken away. */
static enum message
removed(enum sp_error error)
{
    return error == SP_OK || error == SP_NOT_FOUND ? MESSAGE_DONE : MESSAGE_FAILED_LEDE;
}

static void
change_share(struct visit *visit)
{
    struct accounts *accounts = visit->dashboard->accounts;
    const char *site = visit->page.site->key;
    char action[QUERY_VALUE_MAX];
    enum message outcome = MESSAGE_USER_UNKNOWN_FORM;
    visit_field(visit, "action", action);
    if (strcmp(action, "link_add") == 0) {
        add_link(visit);
        return;
    }
    if (strcmp(action, "report_add") == 0) {
        add_report(visit);
        return;
    }
    if (strcmp(action, "link_remove") == 0)
        outcome = removed(public_link_remove(accounts, site, field_number(visit, "id")));
    else if (strcmp(action, "report_remove") == 0)
        outcome = removed(report_order_remove(accounts, site, field_number(visit, "id")));
    if (outcome == MESSAGE_DONE)
        visit_enter(visit, visit->account.name, ENTRY_CHANGE, site);
    outcome_redirect(visit, visit->path, outcome);
}

void
route_share(struct visit *visit)
{
    struct selection selection =
        selection_parse(visit_is_reading(visit) ? visit->request->query : visit->request->body);
    visit->page.selection = &selection;
    if (visit_is_reading(visit))
        show_share(visit, "", NULL);
    else
        change_share(visit);
}

/* For everybody, where the configuration says that others may show it; no cookie is looked at. */
void
route_embed(struct visit *visit)
{
    static const struct span prefix = SPAN_LITERAL("/embed/");
    struct span path = visit->request->path;
    const struct site_config *site =
        config_site(visit->dashboard->config, span_of(path.at + prefix.length, path.length - prefix.length));
    if (site == NULL || site->embed.count == 0) {
        answer_error(visit, 404, MESSAGE_NOT_FOUND, MESSAGE_NOT_FOUND_LEDE);
        return;
    }
    visit->kind = VISIT_EMBED;
    snprintf(visit->base, sizeof visit->base, "/embed/%s", site->key);
    visit->page.site = site;
    visit->page.base = visit->base;
    struct screen_question *asked = screen_question_new(visit, &screen_frame, page_embed_render);
    if (asked != NULL)
        asked->screen.is_frame = true;
    question_submit(visit, asked == NULL ? NULL : &asked->question);
}
