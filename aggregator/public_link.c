#include "public_link.h"

#include "accounts_database.h"
#include "sporlos/clock.h"

#include <sodium.h>
#include <stdio.h>

enum { SECRET_BYTES = 16, HASH_BYTES = 32, DAY_S = 86400 };

static void
hash_secret(struct span secret, unsigned char hash[HASH_BYTES])
{
    crypto_generichash(hash, HASH_BYTES, (const unsigned char *)secret.at, secret.length, NULL, 0);
}

static enum sp_error
drop_expired(struct accounts *accounts, int64_t now_s)
{
    const struct parameter now[] = { { .integer = now_s } };
    enum sp_error error = database_change(accounts->database, "DELETE FROM account_link WHERE expires <= ?", 1, now);
    return error == SP_NOT_FOUND ? SP_OK : error;
}

static enum sp_error
check_room(struct accounts *accounts, const char *site)
{
    int64_t count = 0;
    const struct parameter of[] = { { .text = span_text(site) } };
    enum sp_error error = database_each(accounts->database, "SELECT count(*) FROM account_link WHERE site = ?", 1, of,
                                        database_integer, &count);
    return error == SP_OK && count >= LINKS_A_SITE ? SP_FULL : error;
}

enum sp_error
public_link_add(struct accounts *accounts, const char *site, const char *label, const char *maker, int64_t days,
                int64_t now_s, char secret[LINK_SECRET_MAX])
{
    secret[0] = '\0';
    size_t length = strnlen(label, LINK_LABEL_MAX);
    if (days < 0 || days > LINK_DAYS_MAX || length == 0 || length == LINK_LABEL_MAX ||
        strnlen(site, LINK_SITE_MAX) == LINK_SITE_MAX)
        return SP_MALFORMED;
    enum sp_error error = drop_expired(accounts, now_s);
    if (error == SP_OK)
        error = check_room(accounts, site);
    if (error != SP_OK)
        return error;
    unsigned char bytes[SECRET_BYTES];
    unsigned char hash[HASH_BYTES];
    char text[LINK_SECRET_MAX];
    random_bytes(bytes, sizeof bytes);
    sodium_bin2base64(text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    hash_secret(span_text(text), hash);
    const struct parameter row[] = { { .blob = span_of((const char *)hash, sizeof hash) },
                                     { .text = span_text(site) },
                                     { .text = span_text(label) },
                                     { .text = span_text(maker) },
                                     { .integer = now_s },
                                     { .integer = now_s + days * DAY_S, .null = days == 0 } };
    error = database_change(accounts->database,
                            "INSERT INTO account_link (hash, site, label, maker, made, expires) "
                            "VALUES (?, ?, ?, ?, ?, ?)",
                            6, row);
    if (error == SP_OK)
        memcpy(secret, text, sizeof text);
    sodium_memzero(bytes, sizeof bytes);
    sodium_memzero(text, sizeof text);
    return error;
}

enum sp_error
public_link_remove(struct accounts *accounts, const char *site, int64_t id)
{
    const struct parameter row[] = { { .integer = id }, { .text = span_text(site) } };
    return database_change(accounts->database, "DELETE FROM account_link WHERE id = ? AND site = ?", 2, row);
}

static enum sp_error
site_row(void *context, sqlite3_stmt *row)
{
    snprintf(context, LINK_SITE_MAX, "%s", database_text(row, 0));
    return SP_OK;
}

enum sp_error
public_link_find(struct accounts *accounts, struct span secret, int64_t now_s, char site[LINK_SITE_MAX])
{
    site[0] = '\0';
    if (secret.length != LINK_SECRET_MAX - 1)
        return SP_NOT_FOUND;
    unsigned char hash[HASH_BYTES];
    hash_secret(secret, hash);
    const struct parameter row[] = { { .blob = span_of((const char *)hash, sizeof hash) }, { .integer = now_s } };
    enum sp_error error = database_each(accounts->database,
                                        "SELECT site FROM account_link "
                                        "WHERE hash = ? AND (expires IS NULL OR expires > ?)",
                                        2, row, site_row, site);
    return error == SP_OK && site[0] == '\0' ? SP_NOT_FOUND : error;
}

struct visiting {
    public_link_visit *visit;
    void *context;
};

static enum sp_error
link_row(void *context, sqlite3_stmt *row)
{
    const struct visiting *visiting = context;
    const struct public_link link = {
        .id = sqlite3_column_int64(row, 0),
        .site = database_text(row, 1),
        .label = database_text(row, 2),
        .maker = database_text(row, 3),
        .made_s = sqlite3_column_int64(row, 4),
        .expires_s = sqlite3_column_int64(row, 5),
    };
    visiting->visit(visiting->context, &link);
    return SP_OK;
}

enum sp_error
public_link_list(struct accounts *accounts, const char *site, int64_t now_s, public_link_visit *visit, void *context)
{
    struct visiting visiting = { visit, context };
    const struct parameter row[] = { { .text = span_text(site) }, { .integer = now_s } };
    return database_each(accounts->database,
                         "SELECT id, site, label, maker, made, expires FROM account_link "
                         "WHERE site = ? AND (expires IS NULL OR expires > ?) ORDER BY id DESC",
                         2, row, link_row, &visiting);
}
