/* Reports from order to sendmail, which a shell script plays; the clock is moved by hand. */
#include "reports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those: */
#include <cmocka.h>

#include <signal.h>
#include <sodium.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <time.h>

#include "archive_file.h"
#include "metrics.h"
#include "report.h"
#include "report_letter.h"
#include "report_list.h"
#include "seed.h"
#include "sendmail.h"
#include "sporlos/clock.h"
#include "sporlos/html.h"

static const struct gazetteer no_gazetteer = { 0 };
static char sender[] = "statistikk@example.no";

enum { HOUR_S = 3600, DAY_S = 86400 };

static int64_t now_s;

static int64_t
monotonic_ms(void *context)
{
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int64_t
wall_s(void *context)
{
    (void)context;
    return now_s;
}

static const struct clock_source test_clock = { wall_s, monotonic_ms, NULL };

struct fixture {
    struct archive_file file;
    struct archive *archive;
    struct accounts *accounts;
    struct site_config sites[2];
    struct config config;
    struct metrics metrics;
    struct reports *reports;
    char sendmail[128], box[128];
    char *text; /* what sendmail was given, all of it */
};

const struct site_config *
config_site(const struct config *config, struct span name)
{
    for (size_t i = 0; i < config->site_count; i++)
        if (span_equal(name, span_text(config->sites[i].key)))
            return &config->sites[i];
    return NULL;
}

static void
write_script(const struct fixture *fixture, const char *body)
{
    FILE *file = fopen(fixture->sendmail, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\nbox=%s\n%s\n", fixture->box, body);
    fclose(file);
    assert_int_equal(chmod(fixture->sendmail, 0700), 0);
}

#define TAKES "{ echo \"ARGUMENTS $*\"; cat; } >> $box"

static int
set_up(void **state)
{
    struct fixture *fixture = *state = calloc(1, sizeof *fixture);
    const char *why = "";
    assert_true(archive_file_make(&fixture->file));
    now_s = seed_now_s(); /* a Sunday: the last closed day is a Saturday */
    assert_int_equal(archive_open(fixture->file.url, ARCHIVE_FILL, &fixture->archive, &why), SP_OK);
    assert_int_equal(accounts_open(fixture->file.url, &fixture->accounts, &why), SP_OK);
    fixture->sites[0] = seed_site("a.example", MODE_STANDARD);
    fixture->sites[1] = seed_site("b.example", MODE_RESTRICTED);
    seed_archive(fixture->archive, &fixture->sites[0], &no_gazetteer, 300);
    snprintf(fixture->sendmail, sizeof fixture->sendmail, "%s/sendmail", fixture->file.directory);
    snprintf(fixture->box, sizeof fixture->box, "%s/box", fixture->file.directory);
    write_script(fixture, TAKES);
    fixture->config = (struct config){ .sites = fixture->sites, .site_count = 2 };
    fixture->config.aggregator.archive = fixture->file.url;
    fixture->config.aggregator.sendmail = fixture->sendmail;
    fixture->config.aggregator.mail_from = sender;
    fixture->config.aggregator.access_log_days = 365;
    assert_int_equal(reports_new(&fixture->config, fixture->archive, &fixture->metrics, &fixture->reports, &why),
                     SP_OK);
    return 0;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;
    reports_free(fixture->reports);
    accounts_close(fixture->accounts);
    archive_close(fixture->archive);
    unlink(fixture->sendmail);
    unlink(fixture->box);
    archive_file_remove(&fixture->file);
    free(fixture->sites[0].name);
    free(fixture->sites[1].name);
    free(fixture->text);
    free(fixture);
    return 0;
}

/* How many messages sendmail has been given so far. */
static size_t
sent(struct fixture *fixture)
{
    free(fixture->text);
    fixture->text = calloc(1, 1 << 20);
    FILE *file = fopen(fixture->box, "r");
    if (file != NULL) {
        fixture->text[fread(fixture->text, 1, (1 << 20) - 1, file)] = '\0';
        fclose(file);
    }
    size_t count = 0;
    for (const char *at = fixture->text; (at = strstr(at, "ARGUMENTS -t -i\n")) != NULL; at++)
        count++;
    return count;
}

static void
round_at(struct fixture *fixture, int64_t at_s)
{
    now_s = at_s;
    reports_round(fixture->reports);
}

static void
order(struct fixture *fixture, const char *site, enum report_kind kind, int64_t made_s)
{
    assert_int_equal(report_order_add(fixture->accounts, site, "kari@example.no", kind, LANGUAGE_NB, "sjef", made_s),
                     SP_OK);
}

/* The part of that type of the last message. */
static char *
part_of(struct fixture *fixture, const char *type)
{
    static char decoded[1 << 17];
    const char *at = NULL;
    for (const char *next = fixture->text; (next = strstr(next, type)) != NULL; next++)
        at = next;
    assert_non_null(at);
    at = strstr(at, "\n\n") + 2;
    size_t length;
    assert_int_equal(sodium_base642bin((unsigned char *)decoded, sizeof decoded - 1, at,
                                       (size_t)(strstr(at, "\n--") - at), "\n", &length, NULL,
                                       sodium_base64_VARIANT_ORIGINAL),
                     0);
    decoded[length] = '\0';
    return decoded;
}

static void
test_the_last_period_is_the_one_that_is_archived_whole(void **state)
{
    struct fixture *fixture = *state;
    int32_t period;
    const struct site_config *site = &fixture->sites[0];
    assert_int_equal(report_last_period(fixture->archive, site, REPORT_WEEK, now_s, &period), SP_OK);
    assert_int_equal(civil_weekday(period), 0);
    assert_int_equal(period, civil_day(2026, 11, 9));
    assert_int_equal(report_last_period(fixture->archive, site, REPORT_MONTH, now_s, &period), SP_OK);
    assert_int_equal(period, (2026 - 1970) * 12 + 9);
    /* On Monday the week has ended, but its Sunday is not archived. */
    assert_int_equal(report_last_period(fixture->archive, site, REPORT_WEEK, now_s + DAY_S, &period), SP_NOT_FOUND);
    assert_int_equal(report_last_period(fixture->archive, &fixture->sites[1], REPORT_WEEK, now_s, &period),
                     SP_NOT_FOUND);
}

static void
test_a_report_is_sent_once_a_period(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, "a.example", REPORT_WEEK, now_s - 10 * DAY_S);
    order(fixture, "a.example", REPORT_MONTH, now_s - 30 * DAY_S);
    round_at(fixture, now_s);
    assert_int_equal(sent(fixture), 2);
    for (int i = 0; i < 50; i++)
        round_at(fixture, now_s + HOUR_S);
    assert_int_equal(sent(fixture), 2);
    const char *why;
    struct reports *again; /* another process, or this one after a crash */
    assert_int_equal(reports_new(&fixture->config, fixture->archive, &fixture->metrics, &again, &why), SP_OK);
    reports_round(again);
    reports_free(again);
    assert_int_equal(sent(fixture), 2);
    assert_non_null(strstr(fixture->text, "\nTo: kari@example.no\n"));
    assert_non_null(strstr(fixture->text, " <statistikk@example.no>\n"));
}

static void
test_a_new_reader_gets_no_old_report(void **state)
{
    struct fixture *fixture = *state;
    order(fixture, "a.example", REPORT_WEEK, now_s - DAY_S); /* after the week that is archived had ended */
    order(fixture, "a.example", REPORT_MONTH, now_s - DAY_S);
    round_at(fixture, now_s);
    assert_int_equal(sent(fixture), 0);
}

static void
test_nobody_is_written_to_at_night(void **state)
{
    struct fixture *fixture = *state;
    int64_t midnight_s = period_start((struct period){ PERIOD_DAY, civil_day(2026, 11, 22) }, &fixture->sites[0].zone);
    order(fixture, "a.example", REPORT_WEEK, now_s - 10 * DAY_S);
    round_at(fixture, midnight_s + 2 * HOUR_S);
    assert_int_equal(sent(fixture), 0);
    round_at(fixture, midnight_s + 6 * HOUR_S);
    assert_int_equal(sent(fixture), 1);
}

static void
test_what_was_refused_is_tried_again_and_given_up(void **state)
{
    struct fixture *fixture = *state;
    write_script(fixture, TAKES "; exit 75");
    order(fixture, "a.example", REPORT_WEEK, now_s - 10 * DAY_S);
    round_at(fixture, now_s);
    assert_int_equal(sent(fixture), 1);
    round_at(fixture, now_s + REPORT_RETRY_FIRST_S - 61);
    assert_int_equal(sent(fixture), 1);
    round_at(fixture, now_s + 122);
    assert_int_equal(sent(fixture), 2);
    write_script(fixture, TAKES);
    round_at(fixture, now_s + REPORT_RETRY_FIRST_S); /* the second wait is twice as long */
    assert_int_equal(sent(fixture), 2);
    round_at(fixture, now_s + REPORT_RETRY_FIRST_S + 61);
    assert_int_equal(sent(fixture), 3);
    round_at(fixture, now_s + 4 * HOUR_S);
    assert_int_equal(sent(fixture), 3);
}

static void
test_attempts_end(void **state)
{
    struct fixture *fixture = *state;
    write_script(fixture, TAKES "; exit 1");
    order(fixture, "a.example", REPORT_WEEK, now_s - 10 * DAY_S);
    int64_t start_s = now_s - 13 * HOUR_S + 7 * HOUR_S; /* a morning, so that retries fit in the day */
    for (int i = 0; i < 200; i++)
        round_at(fixture, start_s + i * 300);
    assert_int_equal(sent(fixture), REPORT_ATTEMPTS_MAX);
}

static void
test_what_may_have_been_sent_is_not_sent_again(void **state)
{
    struct fixture *fixture = *state;
    write_script(fixture, TAKES "; kill -9 $$");
    order(fixture, "a.example", REPORT_WEEK, now_s - 10 * DAY_S);
    for (int i = 0; i < 20; i++)
        round_at(fixture, now_s + HOUR_S / 4);
    assert_int_equal(sent(fixture), 1);
}

/* The process ended between recording and sending. */
static void
test_what_was_recorded_and_not_settled_is_not_sent_again(void **state)
{
    struct fixture *fixture = *state;
    int32_t period;
    order(fixture, "a.example", REPORT_WEEK, now_s - 10 * DAY_S);
    assert_int_equal(report_last_period(fixture->archive, &fixture->sites[0], REPORT_WEEK, now_s, &period), SP_OK);
    assert_int_equal(report_claim(fixture->accounts, 1, period, now_s), SP_OK);
    assert_int_equal(report_claim(fixture->accounts, 1, period, now_s), SP_REFUSED);
    round_at(fixture, now_s + 2 * HOUR_S);
    assert_int_equal(sent(fixture), 0);
}

static void
test_a_program_that_is_not_there_is_a_failure(void **state)
{
    struct fixture *fixture = *state;
    unlink(fixture->sendmail);
    order(fixture, "a.example", REPORT_WEEK, now_s - 10 * DAY_S);
    round_at(fixture, now_s);
    write_script(fixture, TAKES);
    round_at(fixture, now_s + REPORT_RETRY_FIRST_S + 61);
    assert_int_equal(sent(fixture), 1);
}

static void
test_a_program_that_hangs_is_ended(void **state)
{
    struct fixture *fixture = *state;
    write_script(fixture, "exec sleep 60");
    int64_t before_ms = monotonic_ms(NULL);
    static char message[300000]; /* more than a pipe holds */
    memset(message, 'x', sizeof message);
    assert_int_equal(sendmail_run(fixture->sendmail, span_of(message, sizeof message), 300), SP_UNAVAILABLE);
    assert_in_range(monotonic_ms(NULL) - before_ms, 250, 20000);
    write_script(fixture, "exit 3"); /* without reading */
    assert_int_equal(sendmail_run(fixture->sendmail, span_of(message, sizeof message), 5000), SP_REFUSED);
    write_script(fixture, "wc -c > $box");
    assert_int_equal(sendmail_run(fixture->sendmail, span_of(message, sizeof message), 20000), SP_OK);
    sent(fixture);
    assert_int_equal(atoi(fixture->text), sizeof message);
}

static void
test_the_letter_says_what_the_page_says(void **state)
{
    struct fixture *fixture = *state;
    struct report report;
    order(fixture, "a.example", REPORT_WEEK, now_s - 10 * DAY_S);
    round_at(fixture, now_s);
    assert_int_equal(sent(fixture), 1);
    assert_int_equal(report_gather(fixture->archive, &fixture->sites[0], REPORT_WEEK, civil_day(2026, 11, 9), &report),
                     SP_OK);
    struct html digits = { 0 };
    char line[128];
    html_number(&digits, report.visits.value);
    snprintf(line, sizeof line, "Besøk: %.*s", (int)digits.length, digits.at);
    char *text = part_of(fixture, "text/plain");
    assert_non_null(strstr(text, "a.example\n9.–15.\xc2\xa0november\xc2\xa0"
                                 "2026\n"));
    assert_non_null(strstr(text, line));
    assert_non_null(strstr(text, "Mest leste sider\n"));
    assert_non_null(strstr(text, "  /demens\n"));
    char *letter = part_of(fixture, "text/html");
    snprintf(line, sizeof line, ">%.*s<", (int)digits.length, digits.at);
    assert_non_null(strstr(letter, line));
    assert_null(strstr(letter, "<script"));
    html_fini(&digits);
    report_fini(&report);
}

/* The seed begins on a Thursday: the second week has half a week before it, the third a whole one. */
static void
test_a_week_is_not_compared_with_half_a_one(void **state)
{
    struct fixture *fixture = *state;
    int32_t monday = civil_day(2025, 9, 22);
    for (int week = 0; week < 2; week++) {
        struct report report;
        assert_int_equal(report_gather(fixture->archive, &fixture->sites[0], REPORT_WEEK, monday + 7 * week, &report),
                         SP_OK);
        const struct letter letter = { &report, &no_gazetteer, NULL, LANGUAGE_NB };
        struct html text = { 0 };
        struct html page = { 0 };
        letter_text(&text, &letter);
        letter_html(&page, &letter);
        html_literal(&text, "", 1);
        html_literal(&page, "", 1);
        assert_false(text.failed || page.failed);
        assert_true((strstr(text.at, "nettstedet er ikke talt i hele den") != NULL) == (week == 0));
        assert_true((strstr(page.at, "nettstedet er ikke talt i hele den") != NULL) == (week == 0));
        assert_true((strstr(text.at, ", fra ") != NULL) == (week == 1));
        assert_true((strstr(page.at, ", fra ") != NULL) == (week == 1));
        html_fini(&text);
        html_fini(&page);
        report_fini(&report);
    }
}

/* Ten views a week: hidden, everywhere. */
static void
test_what_is_hidden_is_hidden(void **state)
{
    struct fixture *fixture = *state;
    seed_archive(fixture->archive, &fixture->sites[1], &no_gazetteer, 1);
    order(fixture, "b.example", REPORT_WEEK, now_s - 10 * DAY_S);
    struct report report;
    assert_int_equal(report_gather(fixture->archive, &fixture->sites[1], REPORT_WEEK, civil_day(2026, 11, 9), &report),
                     SP_OK);
    assert_null(report.pages); /* months only: no week of them */
    bool is_hidden = !report.visits.shown;
    report_fini(&report);
    round_at(fixture, now_s);
    assert_int_equal(sent(fixture), 1);
    assert_true(is_hidden);
    assert_non_null(strstr(part_of(fixture, "text/plain"), "Besøk: :\n"));
}

static void
see_order(void *context, const struct report_order *found)
{
    struct report_order *seen = context;
    *seen = *found;
}

static void
test_orders_are_kept(void **state)
{
    struct fixture *fixture = *state;
    struct accounts *accounts = fixture->accounts;
    struct report_order seen = { 0 };
    static const char *const bad[] = { "", "kari", "kari@example.no\nBcc: x@y.no", "a@b.no c@d.no" };
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(report_order_add(accounts, "a.example", bad[i], REPORT_WEEK, LANGUAGE_NB, "", now_s),
                         SP_MALFORMED);
    order(fixture, "a.example", REPORT_WEEK, now_s);
    assert_int_equal(report_order_add(accounts, "a.example", "kari@example.no", REPORT_WEEK, LANGUAGE_EN, "", now_s),
                     SP_REFUSED);
    assert_int_equal(report_order_list(accounts, "a.example", see_order, &seen), SP_OK);
    assert_int_equal(seen.id, 1);
    assert_false(seen.was_tried);
    assert_int_equal(report_order_remove(accounts, "b.example", 1), SP_NOT_FOUND);
    assert_int_equal(report_order_remove(accounts, "a.example", 1), SP_OK);
    for (int i = 0; i < REPORTS_A_SITE; i++) {
        char address[40];
        snprintf(address, sizeof address, "n%d@example.no", i);
        assert_int_equal(report_order_add(accounts, "a.example", address, REPORT_WEEK, LANGUAGE_NB, "", now_s), SP_OK);
    }
    assert_int_equal(report_order_add(accounts, "a.example", "x@example.no", REPORT_WEEK, LANGUAGE_NB, "", now_s),
                     SP_FULL);
}

static void
spoil(struct fixture *fixture, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(fixture->file.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
}

static void
count_malformed(void *context, const struct report_order *found)
{
    unsigned *count = context;
    if (!found->is_malformed)
        return;
    ++*count;
    assert_string_equal(found->address, REPORT_MALFORMED_ADDRESS);
    assert_int_equal(found->kind, 0);
}

/* As if somebody had written it into the archive. The other readers get theirs, and it can be removed. */
static void
test_an_order_that_cannot_be_read_holds_back_itself_alone(void **state)
{
    struct fixture *fixture = *state;
    static const char *const spoilt[] = {
        "UPDATE account_report SET address = 'x@y.no' || char(10) || 'Bcc: z@y.no' WHERE id = 1",
        "UPDATE account_report SET address = 'x@y.no' || char(0) || 'z' WHERE id = 2",
        "UPDATE account_report SET kind = 7 WHERE id = 3",
        "UPDATE account_report SET language = -1 WHERE id = 4",
        "INSERT INTO account_report_sent (report, period, state, attempts, at) VALUES (5, 99999, 9, 1, 1)",
    };
    enum { SPOILT = sizeof spoilt / sizeof spoilt[0] };
    for (int i = 0; i <= SPOILT; i++) {
        char address[40];
        snprintf(address, sizeof address, "%d@example.no", i);
        assert_int_equal(report_order_add(fixture->accounts, "a.example", address, REPORT_WEEK, LANGUAGE_NB, "sjef",
                                          now_s - 10 * DAY_S),
                         SP_OK);
    }
    for (int i = 0; i < SPOILT; i++)
        spoil(fixture, spoilt[i]);
    round_at(fixture, now_s);
    assert_int_equal(sent(fixture), 1);
    assert_non_null(strstr(fixture->text, "\nTo: 5@example.no\n"));
    assert_null(strstr(fixture->text, "y.no"));
    assert_int_equal(fixture->metrics.reports_malformed, SPOILT);
    unsigned count = 0;
    assert_int_equal(report_order_list(fixture->accounts, "a.example", count_malformed, &count), SP_OK);
    assert_int_equal(count, SPOILT);
    for (int64_t id = 1; id <= SPOILT; id++)
        assert_int_equal(report_order_remove(fixture->accounts, "a.example", id), SP_OK);
    round_at(fixture, now_s + HOUR_S);
    assert_int_equal(fixture->metrics.reports_malformed, 0);
    assert_int_equal(sent(fixture), 1);
}

int
main(void)
{
    clock_replace(&test_clock);
    signal(SIGPIPE, SIG_IGN);
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_the_last_period_is_the_one_that_is_archived_whole),
        TEST(test_a_report_is_sent_once_a_period),
        TEST(test_a_new_reader_gets_no_old_report),
        TEST(test_nobody_is_written_to_at_night),
        TEST(test_what_was_refused_is_tried_again_and_given_up),
        TEST(test_attempts_end),
        TEST(test_what_may_have_been_sent_is_not_sent_again),
        TEST(test_what_was_recorded_and_not_settled_is_not_sent_again),
        TEST(test_a_program_that_is_not_there_is_a_failure),
        TEST(test_a_program_that_hangs_is_ended),
        TEST(test_the_letter_says_what_the_page_says),
        TEST(test_a_week_is_not_compared_with_half_a_one),
        TEST(test_what_is_hidden_is_hidden),
        TEST(test_orders_are_kept),
        TEST(test_an_order_that_cannot_be_read_holds_back_itself_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
