#include "reports.h"

#include <stdio.h>
#include <stdlib.h>

#include "access_log.h"
#include "mail.h"
#include "metrics.h"
#include "report_letter.h"
#include "sendmail.h"
#include "sporlos/clock.h"
#include "sporlos/log.h"

enum { ID_MAX = SITE_NAME_MAX + 64, DAY_S = 86400 };

/* An order, copied out of the list before anything is written. */
struct due {
    int64_t order, made_s;
    const struct site_config *site;
    enum report_kind kind;
    enum language language;
    char address[MAIL_ADDRESS_MAX];
    int32_t period;
};

struct reports {
    const struct config *config;
    struct archive *archive;
    struct metrics *metrics;
    struct accounts *accounts;
    struct gazetteer *gazetteer; /* NULL: none */
    int64_t next_s, forget_s;    /* seconds since the epoch */
    struct due *due;
    size_t count;
    int64_t malformed, malformed_before; /* orders that cannot be read, of this round and of the one before */
    bool failed;
};

enum sp_error
reports_new(const struct config *config, struct archive *archive, struct metrics *metrics, struct reports **reports,
            const char **why)
{
    char gazetteer_why[GAZETTEER_WHY_MAX];
    *reports = NULL;
    *why = "out of memory";
    struct reports *self = calloc(1, sizeof *self);
    if (self == NULL)
        return SP_NO_MEMORY;
    *self = (struct reports){ .config = config, .archive = archive, .metrics = metrics };
    enum sp_error error = accounts_open(config->aggregator.archive, &self->accounts, why);
    if (error != SP_OK) {
        reports_free(self);
        return error;
    }
    if (config->aggregator.sendmail != NULL && config->geo.gazetteer != NULL &&
        gazetteer_read(config->geo.gazetteer, &self->gazetteer, gazetteer_why) != SP_OK)
        self->gazetteer = NULL;
    *reports = self;
    return SP_OK;
}

void
reports_free(struct reports *reports)
{
    if (reports == NULL)
        return;
    accounts_close(reports->accounts);
    gazetteer_free(reports->gazetteer);
    free(reports);
}

/* ---- one letter ---- */

static enum sp_error
write_letter(const struct reports *self, const struct due *due, struct html *out)
{
    struct report report;
    struct html parts[3] = { { 0 }, { 0 }, { 0 } };
    char id[ID_MAX];
    enum sp_error error = report_gather(self->archive, due->site, due->kind, due->period, &report);
    if (error != SP_OK)
        return error;
    const struct letter letter = { &report, self->gazetteer, self->config->aggregator.public_url, due->language };
    letter_subject(&parts[0], &letter);
    letter_text(&parts[1], &letter);
    letter_html(&parts[2], &letter);
    /* The same for every attempt: a mail program that gets it twice after all shows it once. */
    snprintf(id, sizeof id, "sporlos.%lld.%c%ld@%s", (long long)due->order, due->kind == REPORT_WEEK ? 'w' : 'm',
             (long)due->period, due->site->key);
    const struct mail mail = { .from = self->config->aggregator.mail_from,
                               .to = due->address,
                               .id = span_text(id),
                               .subject = span_of(parts[0].at, parts[0].length),
                               .text = span_of(parts[1].at, parts[1].length),
                               .html = span_of(parts[2].at, parts[2].length) };
    error = parts[0].failed || parts[1].failed || parts[2].failed ? SP_NO_MEMORY : mail_write(out, &mail);
    for (size_t i = 0; i < 3; i++)
        html_fini(&parts[i]);
    report_fini(&report);
    return error;
}

static void
settle(struct reports *self, const struct due *due, enum report_state state)
{
    if (report_settle(self->accounts, due->order, due->period, state, clock_wall_s()) != SP_OK)
        LOG(LOG_WARNING, "report_not_settled", { "order", due->order });
}

/* False when it was not its turn. */
static bool
send_letter(struct reports *self, const struct due *due)
{
    struct html message = { 0 };
    enum sp_error error = report_claim(self->accounts, due->order, due->period, clock_wall_s());
    if (error != SP_OK && error != SP_REFUSED)
        LOG(LOG_WARNING, "report_not_claimed", { "error", error });
    if (error != SP_OK)
        return false;
    error = write_letter(self, due, &message);
    bool was_written = error == SP_OK;
    if (was_written)
        error = sendmail_run(self->config->aggregator.sendmail, span_of(message.at, message.length), REPORTS_SEND_MS);
    html_fini(&message);
    if (error == SP_OK) {
        settle(self, due, REPORT_SENT);
    } else if (was_written && error == SP_UNAVAILABLE) {
        LOG(LOG_WARNING, "report_unsure", { "order", due->order }); /* stays as it was recorded, and is not repeated */
    } else {
        LOG(LOG_WARNING, "report_failed", { "order", due->order }, { "error", error });
        settle(self, due, REPORT_FAILED);
    }
    return true;
}

/* ---- which ---- */

static bool
is_daytime(const struct site_config *site, int64_t now_s)
{
    struct period today = period_at(PERIOD_DAY, &site->zone, now_s);
    return now_s - period_start(today, &site->zone) >= REPORTS_START_HOUR * 3600;
}

/* One that stays is said once, and the metric goes on saying it. */
static void
note_malformed(struct reports *self, const struct report_order *order)
{
    if (++self->malformed > self->malformed_before)
        LOG(LOG_WARNING, "report_malformed", { "order", order->id });
}

static void
collect(void *context, const struct report_order *order)
{
    struct reports *self = context;
    if (order->is_malformed) {
        note_malformed(self, order);
        return;
    }
    const struct site_config *site = config_site(self->config, span_text(order->site));
    int64_t now_s = clock_wall_s();
    struct due due = {
        .order = order->id, .made_s = order->made_s, .site = site, .kind = order->kind, .language = order->language
    };
    if (site == NULL || self->failed || !is_daytime(site, now_s) ||
        report_last_period(self->archive, site, order->kind, now_s, &due.period) != SP_OK)
        return;
    bool is_older = order->made_s >= report_period_end(site, order->kind, due.period);
    bool is_done = order->was_tried && order->period >= due.period && order->state != REPORT_FAILED;
    if (is_older || is_done)
        return;
    struct due *grown = realloc(self->due, (self->count + 1) * sizeof *grown);
    if (grown == NULL) {
        self->failed = true;
        return;
    }
    self->due = grown;
    snprintf(due.address, sizeof due.address, "%s", order->address);
    self->due[self->count++] = due;
}

static void
send_due(struct reports *self)
{
    self->failed = false;
    self->malformed_before = self->malformed;
    self->malformed = 0;
    enum sp_error error = report_order_list(self->accounts, NULL, collect, self);
    if (error != SP_OK)
        LOG(LOG_WARNING, "reports_not_listed", { "error", error });
    atomic_store(&self->metrics->reports_malformed, self->malformed);
    size_t sent = 0;
    for (size_t i = 0; error == SP_OK && i < self->count && sent < REPORTS_A_ROUND; i++)
        sent += send_letter(self, &self->due[i]);
    free(self->due);
    self->due = NULL;
    self->count = 0;
}

void
reports_round(struct reports *reports)
{
    int64_t now_s = clock_wall_s();
    if (now_s < reports->next_s && now_s > reports->next_s - REPORTS_EVERY_S * 2)
        return;
    reports->next_s = now_s + REPORTS_EVERY_S;
    if (reports->config->aggregator.sendmail != NULL)
        send_due(reports);
    if (now_s / DAY_S == reports->forget_s / DAY_S)
        return;
    if (access_log_forget(reports->accounts, reports->config->aggregator.access_log_days, now_s) == SP_OK)
        reports->forget_s = now_s;
}
