#include "report_list.h"

#include "accounts_database.h"

#include <stdio.h>

const char *const report_kind_names[REPORT_KIND_COUNT] = { [REPORT_WEEK] = "week", [REPORT_MONTH] = "month" };

bool
report_kind_find(const char *name, enum report_kind *kind)
{
    for (int i = 0; name != NULL && i < REPORT_KIND_COUNT; i++) {
        if (strcmp(report_kind_names[i], name) == 0) {
            *kind = (enum report_kind)i;
            return true;
        }
    }
    return false;
}

enum sp_error
report_order_add(struct accounts *accounts, const char *site, const char *address, enum report_kind kind,
                 enum language language, const char *maker, int64_t now_s)
{
    int64_t count = 0;
    if (!mail_address_is_valid(span_text(address)) || (unsigned)kind >= REPORT_KIND_COUNT)
        return SP_MALFORMED;
    const struct parameter row[] = {
        { .text = span_text(site) }, { .text = span_text(address) }, { .integer = kind },
        { .integer = language },     { .text = span_text(maker) },   { .integer = now_s }
    };
    enum sp_error error = database_each(accounts->database, "SELECT count(*) FROM account_report WHERE site = ?", 1,
                                        row, database_integer, &count);
    if (error == SP_OK && count >= REPORTS_A_SITE)
        error = SP_FULL;
    if (error != SP_OK)
        return error;
    return database_change(accounts->database,
                           "INSERT INTO account_report (site, address, kind, language, maker, made) "
                           "VALUES (?, ?, ?, ?, ?, ?)",
                           6, row);
}

enum sp_error
report_order_remove(struct accounts *accounts, const char *site, int64_t id)
{
    const struct parameter row[] = { { .integer = id }, { .text = span_text(site) } };
    enum sp_error error =
        database_change(accounts->database, "DELETE FROM account_report WHERE id = ? AND site = ?", 2, row);
    if (error != SP_OK)
        return error;
    error = database_change(accounts->database, "DELETE FROM account_report_sent WHERE report = ?", 1, row);
    return error == SP_NOT_FOUND ? SP_OK : error;
}

struct visiting {
    report_order_visit *visit;
    void *context;
};

static bool
is_malformed(sqlite3_stmt *row)
{
    int kind = sqlite3_column_int(row, 1);
    int language = sqlite3_column_int(row, 2);
    int state = sqlite3_column_int(row, 8);
    return kind < 0 || kind >= REPORT_KIND_COUNT || language < 0 || language >= LANGUAGE_COUNT || state < 0 ||
           state > REPORT_FAILED || !mail_address_is_valid(database_span(row, 4));
}

/* What nobody can have ordered is held back by itself: the other reports are none of its business. */
static enum sp_error
order_row(void *context, sqlite3_stmt *row)
{
    const struct visiting *visiting = context;
    struct report_order order = {
        .id = sqlite3_column_int64(row, 0),
        .is_malformed = is_malformed(row),
        .site = database_text(row, 3),
        .address = REPORT_MALFORMED_ADDRESS,
        .maker = "",
    };
    if (!order.is_malformed) {
        order.kind = (enum report_kind)sqlite3_column_int(row, 1);
        order.language = (enum language)sqlite3_column_int(row, 2);
        order.address = database_text(row, 4);
        order.maker = database_text(row, 5);
        order.made_s = sqlite3_column_int64(row, 6);
        order.was_tried = sqlite3_column_type(row, 7) != SQLITE_NULL;
        order.period = sqlite3_column_int64(row, 7);
        order.state = (enum report_state)sqlite3_column_int(row, 8);
        order.at_s = sqlite3_column_int64(row, 9);
    }
    visiting->visit(visiting->context, &order);
    return SP_OK;
}

enum sp_error
report_order_list(struct accounts *accounts, const char *site, report_order_visit *visit, void *context)
{
    struct visiting visiting = { visit, context };
    const struct parameter of[] = { { .text = span_text(site), .null = site == NULL } };
    return database_each(accounts->database,
                         "SELECT id, kind, language, site, address, maker, made, period, state, at FROM account_report "
                         "LEFT JOIN account_report_sent AS sent ON sent.report = id AND sent.period = "
                         "(SELECT max(period) FROM account_report_sent WHERE report = id) "
                         "WHERE ?1 IS NULL OR site = ?1 ORDER BY site, address, kind",
                         1, of, order_row, &visiting);
}

/* One statement, so that of two programs only one gets it. */
enum sp_error
report_claim(struct accounts *accounts, int64_t order, int64_t period, int64_t now_s)
{
    char sql[640];
    snprintf(sql, sizeof sql,
             "INSERT INTO account_report_sent (report, period, state, attempts, at) VALUES (?1, ?2, %d, 1, ?3) "
             "ON CONFLICT DO UPDATE SET state = %d, attempts = attempts + 1, at = ?3 "
             "WHERE state = %d AND attempts < %d AND at + (%d << (attempts - 1)) <= ?3",
             REPORT_SENDING, REPORT_SENDING, REPORT_FAILED, REPORT_ATTEMPTS_MAX, REPORT_RETRY_FIRST_S);
    const struct parameter row[] = { { .integer = order }, { .integer = period }, { .integer = now_s } };
    enum sp_error error = database_change(accounts->database, sql, 3, row);
    return error == SP_NOT_FOUND ? SP_REFUSED : error;
}

enum sp_error
report_settle(struct accounts *accounts, int64_t order, int64_t period, enum report_state state, int64_t now_s)
{
    const struct parameter row[] = {
        { .integer = state }, { .integer = now_s }, { .integer = order }, { .integer = period }
    };
    return database_change(accounts->database,
                           "UPDATE account_report_sent SET state = ?, at = ? WHERE report = ? AND period = ?", 4, row);
}
