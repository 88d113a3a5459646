#include "accounts_database.h"

#include "sporlos/clock.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SITES_MAX = 65536, /* bytes */
    TOKEN_BYTES = 32,
    TOKEN_HASH_BYTES = 32,
    TOKEN_GRANT_MAX = TOKEN_SITE_MAX + 64, /* bytes with the terminator */
};

/* ---- opening ---- */

/* Once in a process: it costs as much as a log-in. */
static enum sp_error
make_nobody(char out[PASSWORD_HASH_MAX])
{
    static char nobody[PASSWORD_HASH_MAX];
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    enum sp_error error = SP_OK;
    pthread_mutex_lock(&lock);
    if (nobody[0] == '\0') {
        char secret[32];
        randombytes_buf(secret, sizeof secret);
        error = password_hash(span_of(secret, sizeof secret), nobody);
        sodium_memzero(secret, sizeof secret);
    }
    memcpy(out, nobody, PASSWORD_HASH_MAX);
    pthread_mutex_unlock(&lock);
    return error;
}

enum sp_error
accounts_open(const char *archive_url, struct accounts **accounts, const char **why)
{
    static const char scheme[] = "sqlite://";
    *accounts = NULL;
    *why = "the archive's address must be sqlite:///path";
    if (strncmp(archive_url, scheme, sizeof scheme - 1) != 0)
        return SP_MALFORMED;
    *why = sp_error_text(SP_NO_MEMORY);
    struct accounts *made = calloc(1, sizeof *made);
    if (made == NULL || sodium_init() < 0) {
        free(made);
        return SP_NO_MEMORY;
    }
    enum sp_error error = make_nobody(made->nobody);
    if (error == SP_OK)
        error = accounts_database_open(made, archive_url + sizeof scheme - 1, why);
    if (error != SP_OK)
        accounts_close(made);
    else
        *accounts = made;
    return error;
}

void
accounts_close(struct accounts *accounts)
{
    if (accounts == NULL)
        return;
    sqlite3_close(accounts->database);
    sodium_memzero(accounts, sizeof *accounts);
    free(accounts);
}

void
accounts_set_patience(struct accounts *accounts, int wait_ms)
{
    sqlite3_busy_timeout(accounts->database, wait_ms);
}

/* ---- people ---- */

bool
account_name_is_valid(struct span name)
{
    for (size_t i = 0; i < name.length; i++) {
        char c = name.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '@'))
            return false;
    }
    return name.length > 0 && name.length < ACCOUNT_NAME_MAX;
}

enum sp_error
accounts_add_hashed(struct accounts *accounts, const char *name, enum role role, const char *sites,
                    const char hash[PASSWORD_HASH_MAX])
{
    if (!account_name_is_valid(span_text(name)) || (unsigned)role >= ROLE_COUNT ||
        strnlen(sites, SITES_MAX) == SITES_MAX)
        return SP_MALFORMED;
    const struct parameter row[] = {
        { .text = span_text(name) }, { .integer = role }, { .text = span_text(sites) }, { .text = span_text(hash) }
    };
    return database_change(accounts->database, "INSERT INTO account (name, role, sites, password) VALUES (?, ?, ?, ?)",
                           4, row);
}

enum sp_error
accounts_add(struct accounts *accounts, const char *name, enum role role, const char *sites, const char *password)
{
    char hash[PASSWORD_HASH_MAX];
    if (!account_name_is_valid(span_text(name)))
        return SP_MALFORMED;
    enum sp_error error = password_hash(span_text(password), hash);
    return error != SP_OK ? error : accounts_add_hashed(accounts, name, role, sites, hash);
}

enum sp_error
accounts_set_hash(struct accounts *accounts, const char *name, const char hash[PASSWORD_HASH_MAX])
{
    const struct parameter row[] = { { .text = span_text(hash) }, { .text = span_text(name) } };
    return database_change(accounts->database, "UPDATE account SET password = ? WHERE name = ?", 2, row);
}

enum sp_error
accounts_set_password(struct accounts *accounts, const char *name, const char *password)
{
    char hash[PASSWORD_HASH_MAX];
    enum sp_error error = password_hash(span_text(password), hash);
    return error != SP_OK ? error : accounts_set_hash(accounts, name, hash);
}

enum sp_error
accounts_set_role(struct accounts *accounts, const char *name, enum role role, const char *sites)
{
    if ((unsigned)role >= ROLE_COUNT || strnlen(sites, SITES_MAX) == SITES_MAX)
        return SP_MALFORMED;
    const struct parameter row[] = { { .integer = role }, { .text = span_text(sites) }, { .text = span_text(name) } };
    return database_change(accounts->database, "UPDATE account SET role = ?, sites = ? WHERE name = ?", 3, row);
}

enum sp_error
accounts_remove(struct accounts *accounts, const char *name)
{
    const struct parameter row[] = { { .text = span_text(name) } };
    return database_change(accounts->database, "DELETE FROM account WHERE name = ?", 1, row);
}

#define ACCOUNT_COLUMNS "SELECT id, name, role, sites, password FROM account "

/* Of the hash, whose salt is new with every password. */
static uint64_t
stamp_of(const char *hash)
{
    unsigned char digest[crypto_generichash_BYTES];
    uint64_t stamp;
    crypto_generichash(digest, sizeof digest, (const unsigned char *)hash, strlen(hash), NULL, 0);
    memcpy(&stamp, digest, sizeof stamp);
    return stamp;
}

/* *account is filled from the statement's row; its sites are owned. */
static enum sp_error
account_from_row(sqlite3_stmt *row, struct account *account)
{
    int role = sqlite3_column_int(row, 2);
    const char *name = database_text(row, 1);
    if (role < 0 || role >= ROLE_COUNT || !account_name_is_valid(span_text(name)))
        return SP_MALFORMED;
    *account = (struct account){ .id = sqlite3_column_int64(row, 0),
                                 .role = (enum role)role,
                                 .stamp = stamp_of(database_text(row, 4)) };
    memcpy(account->name, name, strlen(name) + 1);
    account->sites = strdup(database_text(row, 3));
    return account->sites == NULL ? SP_NO_MEMORY : SP_OK;
}

void
account_fini(struct account *account)
{
    free(account->sites);
    *account = (struct account){ 0 };
}

struct visiting {
    account_visit *visit;
    void *context;
};

static enum sp_error
visit_row(void *context, sqlite3_stmt *row)
{
    const struct visiting *visiting = context;
    struct account account = { 0 };
    enum sp_error error = account_from_row(row, &account);
    if (error == SP_OK)
        visiting->visit(visiting->context, &account);
    account_fini(&account);
    return error;
}

enum sp_error
accounts_list(struct accounts *accounts, account_visit *visit, void *context)
{
    struct visiting visiting = { visit, context };
    return database_each(accounts->database, ACCOUNT_COLUMNS "ORDER BY name", 0, NULL, visit_row, &visiting);
}

/* The one account of a WHERE clause, and its password hash where password is given. */
static enum sp_error
find_account(struct accounts *accounts, const char *sql, const struct parameter *parameter, struct account *account,
             char password[PASSWORD_HASH_MAX])
{
    *account = (struct account){ 0 };
    sqlite3_stmt *statement;
    enum sp_error error = database_prepare(accounts->database, sql, 1, parameter, &statement);
    if (error != SP_OK)
        return error;
    int code = sqlite3_step(statement);
    error = code == SQLITE_DONE ? SP_NOT_FOUND : database_error(code);
    if (error == SP_OK)
        error = account_from_row(statement, account);
    if (error == SP_OK && password != NULL)
        snprintf(password, PASSWORD_HASH_MAX, "%s", database_text(statement, 4));
    int ended = sqlite3_finalize(statement); /* a text for which there was no memory reads as empty until here */
    if (error == SP_OK)
        error = database_error(ended);
    if (error != SP_OK)
        account_fini(account);
    return error;
}

enum sp_error
accounts_get(struct accounts *accounts, int64_t id, struct account *account)
{
    return find_account(accounts, ACCOUNT_COLUMNS "WHERE id = ?", &(struct parameter){ .integer = id }, account, NULL);
}

enum sp_error
accounts_find(struct accounts *accounts, struct span name, struct account *account, char hash[PASSWORD_HASH_MAX])
{
    *account = (struct account){ 0 };
    memcpy(hash, accounts->nobody, PASSWORD_HASH_MAX);
    if (!account_name_is_valid(name))
        return SP_REFUSED;
    enum sp_error error =
        find_account(accounts, ACCOUNT_COLUMNS "WHERE name = ?", &(struct parameter){ .text = name }, account, hash);
    return error == SP_NOT_FOUND ? SP_REFUSED : error;
}

struct span
account_next_site(const char **sites)
{
    struct span site = span_of(*sites, strcspn(*sites, " "));
    *sites += site.length + strspn(*sites + site.length, " ");
    return site;
}

bool
account_may_read(const struct account *account, const char *site)
{
    if (account->sites == NULL || site[0] == '\0')
        return false;
    if (account->role == ROLE_ADMINISTRATOR || strcmp(account->sites, "*") == 0)
        return true;
    for (const char *at = account->sites; *at != '\0';)
        if (span_equal(account_next_site(&at), span_text(site)))
            return true;
    return false;
}

/* ---- programs ---- */

static void
hash_token(struct span token, unsigned char hash[TOKEN_HASH_BYTES])
{
    crypto_generichash(hash, TOKEN_HASH_BYTES, (const unsigned char *)token.at, token.length, NULL, 0);
}

const char *const token_scope_names[TOKEN_SCOPE_COUNT] = {
#define X(id, name, ...) [id] = name,
    TOKEN_SCOPES(X)
#undef X
};

/* How a grant is kept: the site, then the scopes, unless it has all; with spaces between. False: it does not fit. */
static bool
write_grant(const char *site, unsigned scopes, char out[TOKEN_GRANT_MAX])
{
    size_t length = strnlen(site, TOKEN_SITE_MAX);
    if (length == 0 || length == TOKEN_SITE_MAX || strchr(site, ' ') != NULL || (scopes & TOKEN_SCOPES_ALL) == 0)
        return false;
    memcpy(out, site, length + 1);
    for (int i = 0; i < TOKEN_SCOPE_COUNT && scopes != TOKEN_SCOPES_ALL; i++)
        if ((scopes & 1U << i) != 0)
            length += (size_t)snprintf(out + length, TOKEN_GRANT_MAX - length, " %s", token_scope_names[i]);
    return length < TOKEN_GRANT_MAX;
}

static enum sp_error
read_grant(const char *text, struct token_grant *grant)
{
    size_t length = strcspn(text, " ");
    if (length >= TOKEN_SITE_MAX)
        return SP_MALFORMED;
    memcpy(grant->site, text, length);
    grant->site[length] = '\0';
    grant->scopes = text[length] == '\0' ? TOKEN_SCOPES_ALL : 0;
    for (text += length; *text != '\0'; text += strcspn(text, " ")) {
        text += strspn(text, " ");
        for (int i = 0; i < TOKEN_SCOPE_COUNT; i++)
            if (span_equal(span_of(text, strcspn(text, " ")), span_text(token_scope_names[i])))
                grant->scopes |= 1U << i;
    }
    return SP_OK;
}

enum sp_error
accounts_token_grant(struct accounts *accounts, const char *label, const char *site, unsigned scopes,
                     char out[TOKEN_TEXT_MAX])
{
    char grant[TOKEN_GRANT_MAX];
    out[0] = '\0';
    if (label[0] == '\0' || strnlen(label, 256) == 256 || !write_grant(site, scopes, grant))
        return SP_MALFORMED;
    unsigned char bytes[TOKEN_BYTES];
    unsigned char hash[TOKEN_HASH_BYTES];
    char token[TOKEN_TEXT_MAX] = "sp_";
    random_bytes(bytes, sizeof bytes);
    sodium_bin2base64(token + 3, sizeof token - 3, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
    hash_token(span_text(token), hash);
    const struct parameter row[] = { { .blob = span_of((const char *)hash, sizeof hash) },
                                     { .text = span_text(label) },
                                     { .text = span_text(grant) } };
    enum sp_error error =
        database_change(accounts->database, "INSERT INTO token (hash, label, site) VALUES (?, ?, ?)", 3, row);
    if (error == SP_OK)
        memcpy(out, token, sizeof token);
    sodium_memzero(token, sizeof token);
    return error;
}

struct token_visiting {
    token_visit *visit;
    void *context;
};

static enum sp_error
token_row(void *context, sqlite3_stmt *row)
{
    const struct token_visiting *visiting = context;
    struct token_grant grant = { .scopes = 0 };
    enum sp_error error = read_grant(database_text(row, 1), &grant);
    if (error == SP_OK)
        visiting->visit(visiting->context, database_text(row, 0), &grant);
    return error;
}

enum sp_error
accounts_token_list(struct accounts *accounts, token_visit *visit, void *context)
{
    struct token_visiting visiting = { visit, context };
    return database_each(accounts->database, "SELECT label, site FROM token ORDER BY label", 0, NULL, token_row,
                         &visiting);
}

enum sp_error
accounts_token_remove(struct accounts *accounts, const char *label)
{
    const struct parameter row[] = { { .text = span_text(label) } };
    return database_change(accounts->database, "DELETE FROM token WHERE label = ?", 1, row);
}

enum sp_error
accounts_token_find(struct accounts *accounts, struct span token, struct token_grant *grant)
{
    *grant = (struct token_grant){ .scopes = 0 };
    if (token.length != 3 + 43 || memcmp(token.at, "sp_", 3) != 0)
        return SP_REFUSED;
    _Static_assert((int)TOKEN_HASH_BYTES == (int)TOKEN_ID_BYTES, "the hash is the id");
    hash_token(token, grant->id);
    sqlite3_stmt *statement;
    const struct parameter row[] = { { .blob = span_of((const char *)grant->id, sizeof grant->id) } };
    enum sp_error error =
        database_prepare(accounts->database, "SELECT site FROM token WHERE hash = ?", 1, row, &statement);
    if (error != SP_OK)
        return error;
    int code = sqlite3_step(statement);
    error = code == SQLITE_DONE ? SP_REFUSED : database_error(code);
    const char *text = error == SP_OK ? (const char *)sqlite3_column_text(statement, 0) : NULL;
    if (error == SP_OK)
        error = text == NULL ? SP_REFUSED : read_grant(text, grant);
    sqlite3_finalize(statement);
    return error;
}

bool
token_grant_covers(const struct token_grant *grant, enum token_scope scope, const char *site)
{
    return (grant->scopes & 1U << scope) != 0 && (strcmp(grant->site, "*") == 0 || strcmp(grant->site, site) == 0);
}
