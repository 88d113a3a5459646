#include "access_log.h"

#include "accounts_database.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { REMEMBERED = 1024, DAY_S = 86400, MINUTE_S = 60 };

struct access_log {
    unsigned char key[crypto_shorthash_KEYBYTES];
    uint64_t written[REMEMBERED]; /* keyed hashes of rows; 0: none */
};

enum sp_error
access_log_new(struct access_log **log)
{
    *log = calloc(1, sizeof **log);
    if (*log == NULL)
        return SP_NO_MEMORY;
    crypto_shorthash_keygen((*log)->key);
    return SP_OK;
}

void
access_log_free(struct access_log *log)
{
    free(log);
}

static uint64_t
hash_row(const struct access_log *log, const char *account, enum entry_kind kind, const char *place, int64_t day)
{
    char row[ACCOUNT_NAME_MAX + ACCESS_PLACE_MAX + 48];
    uint64_t hash;
    int length = snprintf(row, sizeof row, "%lld %d %s %s", (long long)day, (int)kind, account, place);
    size_t used = (size_t)length < sizeof row ? (size_t)length : sizeof row - 1;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)row, used, log->key);
    return hash == 0 ? 1 : hash;
}

enum sp_error
access_log_enter(struct access_log *log, struct accounts *accounts, const char *account, enum entry_kind kind,
                 const char *place, int64_t now_s)
{
    int64_t day = now_s / DAY_S;
    uint64_t hash = hash_row(log, account, kind, place, day);
    uint64_t *slot = &log->written[hash % REMEMBERED];
    if (*slot == hash)
        return SP_OK;
    const struct parameter row[] = { { .integer = day },
                                     { .text = span_text(account) },
                                     { .integer = kind },
                                     { .text = span_text(place) },
                                     { .integer = now_s - now_s % MINUTE_S } };
    enum sp_error error = database_change(accounts->database,
                                          "INSERT INTO account_entry (day, account, kind, place, first) "
                                          "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                                          5, row);
    if (error == SP_NOT_FOUND) /* it was there: another process wrote it */
        error = SP_OK;
    if (error == SP_OK)
        *slot = hash;
    return error;
}

enum sp_error
access_log_forget(struct accounts *accounts, int64_t keep_days, int64_t now_s)
{
    const struct parameter before[] = { { .integer = now_s / DAY_S - keep_days } };
    enum sp_error error = database_change(accounts->database, "DELETE FROM account_entry WHERE day < ?", 1, before);
    return error == SP_NOT_FOUND ? SP_OK : error;
}

enum sp_error
access_log_count(struct accounts *accounts, int64_t *count)
{
    return database_each(accounts->database, "SELECT count(*) FROM account_entry", 0, NULL, database_integer, count);
}

struct visiting {
    access_visit *visit;
    void *context;
};

static enum sp_error
entry_row(void *context, sqlite3_stmt *row)
{
    const struct visiting *visiting = context;
    int kind = sqlite3_column_int(row, 1);
    if (kind < 0 || kind >= ENTRY_KIND_COUNT)
        return SP_MALFORMED;
    const struct access_entry entry = { .first_s = sqlite3_column_int64(row, 0),
                                        .kind = (enum entry_kind)kind,
                                        .account = database_text(row, 2),
                                        .place = database_text(row, 3) };
    visiting->visit(visiting->context, &entry);
    return SP_OK;
}

enum sp_error
access_log_list(struct accounts *accounts, int64_t skip, int64_t count, access_visit *visit, void *context)
{
    struct visiting visiting = { visit, context };
    const struct parameter range[] = { { .integer = count }, { .integer = skip } };
    return database_each(accounts->database,
                         "SELECT first, kind, account, place FROM account_entry "
                         "ORDER BY day DESC, first DESC, account, kind, place LIMIT ? OFFSET ?",
                         2, range, entry_row, &visiting);
}
