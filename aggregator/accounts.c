#include "accounts.h"

#include "sporlos/clock.h"

#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    PASSWORD_MIN = 12,   /* bytes */
    PASSWORD_MAX = 1024, /* bytes */
    SITES_MAX = 65536,   /* bytes */
    TOKEN_BYTES = 32,
    TOKEN_HASH_BYTES = 32,
    TOKEN_GRANT_MAX = TOKEN_SITE_MAX + 64, /* bytes with the terminator */
    SCHEMA_VERSION = 1,
    BUSY_MS = 5000,
};

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS accounts_version (version INTEGER NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS account ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, role INTEGER NOT NULL,"
    "  sites TEXT NOT NULL, password TEXT NOT NULL) STRICT;"
    "CREATE TABLE IF NOT EXISTS token ("
    "  hash BLOB PRIMARY KEY, label TEXT NOT NULL UNIQUE, site TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "INSERT INTO accounts_version SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM accounts_version);";

struct accounts {
    sqlite3 *database;
    char nobody[crypto_pwhash_STRBYTES]; /* a hash no password has: the work done for unknown names */
};

/* One SQL statement with its parameters: text, blob or integer by what is set. */
struct parameter {
    struct span text, blob;
    int64_t integer;
};

static enum sp_error
from_sqlite(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return SP_OK;
    case SQLITE_NOMEM:
        return SP_NO_MEMORY;
    case SQLITE_CONSTRAINT:
        return SP_REFUSED;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return SP_UNAVAILABLE;
    default:
        return SP_IO;
    }
}

static int
bind_parameter(sqlite3_stmt *statement, int index, const struct parameter *parameter)
{
    if (parameter->text.at != NULL)
        return sqlite3_bind_text(statement, index, parameter->text.at, (int)parameter->text.length, SQLITE_STATIC);
    if (parameter->blob.at != NULL)
        return sqlite3_bind_blob(statement, index, parameter->blob.at, (int)parameter->blob.length, SQLITE_STATIC);
    return sqlite3_bind_int64(statement, index, parameter->integer);
}

/* Prepare and bind; the caller finalizes *statement, which is NULL on failure. */
static enum sp_error
prepare(struct accounts *accounts, const char *sql, size_t count, const struct parameter *parameters,
        sqlite3_stmt **statement)
{
    int code = sqlite3_prepare_v2(accounts->database, sql, -1, statement, NULL);
    for (size_t i = 0; i < count && code == SQLITE_OK; i++)
        code = bind_parameter(*statement, (int)i + 1, &parameters[i]);
    if (code == SQLITE_OK)
        return SP_OK;
    sqlite3_finalize(*statement);
    *statement = NULL;
    return from_sqlite(code);
}

/* Run a statement that changes rows. SP_NOT_FOUND when it changed none. */
static enum sp_error
change(struct accounts *accounts, const char *sql, size_t count, const struct parameter *parameters)
{
    sqlite3_stmt *statement;
    enum sp_error error = prepare(accounts, sql, count, parameters, &statement);
    if (error != SP_OK)
        return error;
    error = from_sqlite(sqlite3_step(statement));
    sqlite3_finalize(statement);
    if (error == SP_OK && sqlite3_changes(accounts->database) == 0)
        return SP_NOT_FOUND;
    return error;
}

/* Does the schema's version match? SP_REFUSED if a newer program made it. */
static enum sp_error
check_version(struct accounts *accounts, const char **why)
{
    sqlite3_stmt *statement;
    enum sp_error error = prepare(accounts, "SELECT version FROM accounts_version", 0, NULL, &statement);
    if (error != SP_OK)
        return error;
    int code = sqlite3_step(statement);
    bool matches = code == SQLITE_ROW && sqlite3_column_int(statement, 0) == SCHEMA_VERSION;
    sqlite3_finalize(statement);
    if (matches)
        return SP_OK;
    *why = "the accounts in the archive were made by another version of this program";
    return SP_REFUSED;
}

static enum sp_error
open_database(struct accounts *accounts, const char *path, const char **why)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(path, &accounts->database, flags, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(accounts->database, BUSY_MS);
    if (code == SQLITE_OK)
        code = sqlite3_exec(accounts->database, schema, NULL, NULL, NULL);
    if (code != SQLITE_OK) {
        *why = sqlite3_errstr(code);
        return from_sqlite(code);
    }
    return check_version(accounts, why);
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
    unsigned char secret[32];
    randombytes_buf(secret, sizeof secret);
    enum sp_error error = SP_NO_MEMORY;
    if (crypto_pwhash_str(made->nobody, (const char *)secret, sizeof secret, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0)
        error = open_database(made, archive_url + sizeof scheme - 1, why);
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

/* [a-z0-9._@-]: what can be typed the same on every keyboard and shown anywhere. */
static bool
is_name(struct span name)
{
    for (size_t i = 0; i < name.length; i++) {
        char c = name.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '@'))
            return false;
    }
    return name.length > 0 && name.length < ACCOUNT_NAME_MAX;
}

static enum sp_error
hash_password(const char *password, char out[crypto_pwhash_STRBYTES])
{
    size_t length = strnlen(password, PASSWORD_MAX + 1);
    if (length < PASSWORD_MIN || length > PASSWORD_MAX)
        return SP_MALFORMED;
    return crypto_pwhash_str(out, password, length, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0
               ? SP_OK
               : SP_NO_MEMORY;
}

enum sp_error
accounts_add(struct accounts *accounts, const char *name, enum role role, const char *sites, const char *password)
{
    if (!is_name(span_text(name)) || (unsigned)role >= ROLE_COUNT || strnlen(sites, SITES_MAX) == SITES_MAX)
        return SP_MALFORMED;
    char hash[crypto_pwhash_STRBYTES];
    enum sp_error error = hash_password(password, hash);
    if (error != SP_OK)
        return error;
    const struct parameter row[] = {
        { .text = span_text(name) }, { .integer = role }, { .text = span_text(sites) }, { .text = span_text(hash) }
    };
    return change(accounts, "INSERT INTO account (name, role, sites, password) VALUES (?, ?, ?, ?)", 4, row);
}

enum sp_error
accounts_set_password(struct accounts *accounts, const char *name, const char *password)
{
    char hash[crypto_pwhash_STRBYTES];
    enum sp_error error = hash_password(password, hash);
    if (error != SP_OK)
        return error;
    const struct parameter row[] = { { .text = span_text(hash) }, { .text = span_text(name) } };
    return change(accounts, "UPDATE account SET password = ? WHERE name = ?", 2, row);
}

enum sp_error
accounts_remove(struct accounts *accounts, const char *name)
{
    const struct parameter row[] = { { .text = span_text(name) } };
    return change(accounts, "DELETE FROM account WHERE name = ?", 1, row);
}

#define ACCOUNT_COLUMNS "SELECT id, name, role, sites, password FROM account "

/* *account is filled from the statement's row; its sites are owned. */
static enum sp_error
account_from_row(sqlite3_stmt *statement, struct account *account)
{
    int role = sqlite3_column_int(statement, 2);
    const char *name = (const char *)sqlite3_column_text(statement, 1);
    const char *sites = (const char *)sqlite3_column_text(statement, 3);
    if (name == NULL || sites == NULL || role < 0 || role >= ROLE_COUNT || !is_name(span_text(name)))
        return SP_MALFORMED;
    *account = (struct account){ .id = sqlite3_column_int64(statement, 0), .role = (enum role)role };
    memcpy(account->name, name, strlen(name) + 1);
    account->sites = strdup(sites);
    return account->sites == NULL ? SP_NO_MEMORY : SP_OK;
}

void
account_fini(struct account *account)
{
    free(account->sites);
    *account = (struct account){ 0 };
}

enum sp_error
accounts_list(struct accounts *accounts, account_visit *visit, void *context)
{
    sqlite3_stmt *statement;
    enum sp_error error = prepare(accounts, ACCOUNT_COLUMNS "ORDER BY name", 0, NULL, &statement);
    if (error != SP_OK)
        return error;
    int code;
    while (error == SP_OK && (code = sqlite3_step(statement)) != SQLITE_DONE) {
        if (code != SQLITE_ROW) {
            error = from_sqlite(code);
            break;
        }
        struct account account = { 0 };
        error = account_from_row(statement, &account);
        if (error == SP_OK)
            visit(context, &account);
        account_fini(&account);
    }
    sqlite3_finalize(statement);
    return error;
}

/* The one account of a WHERE clause, and its password hash where password is given. */
static enum sp_error
find_account(struct accounts *accounts, const char *sql, const struct parameter *parameter, struct account *account,
             char password[crypto_pwhash_STRBYTES])
{
    *account = (struct account){ 0 };
    sqlite3_stmt *statement;
    enum sp_error error = prepare(accounts, sql, 1, parameter, &statement);
    if (error != SP_OK)
        return error;
    int code = sqlite3_step(statement);
    error = code == SQLITE_DONE ? SP_NOT_FOUND : from_sqlite(code);
    if (error == SP_OK)
        error = account_from_row(statement, account);
    if (error == SP_OK && password != NULL)
        snprintf(password, crypto_pwhash_STRBYTES, "%s", (const char *)sqlite3_column_text(statement, 4));
    sqlite3_finalize(statement);
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
accounts_login(struct accounts *accounts, struct span name, struct span password, struct account *account)
{
    *account = (struct account){ 0 };
    if (password.length > PASSWORD_MAX)
        password.length = PASSWORD_MAX + 1;
    char hash[crypto_pwhash_STRBYTES];
    memcpy(hash, accounts->nobody, sizeof hash);
    enum sp_error error = SP_REFUSED;
    if (is_name(name))
        error = find_account(accounts, ACCOUNT_COLUMNS "WHERE name = ?", &(struct parameter){ .text = name }, account,
                             hash);
    if (error == SP_NOT_FOUND)
        error = SP_REFUSED;
    /* Always, and with the same costs: the time an answer takes does not tell which names exist. */
    int verdict = crypto_pwhash_str_verify(hash, password.at == NULL ? "" : password.at, password.length);
    sodium_memzero(hash, sizeof hash);
    if (error == SP_OK && verdict != 0)
        error = SP_REFUSED;
    if (error != SP_OK)
        account_fini(account);
    return error;
}

bool
account_may_read(const struct account *account, const char *site)
{
    size_t length = strlen(site);
    if (account->sites == NULL || length == 0)
        return false;
    if (strcmp(account->sites, "*") == 0)
        return true;
    for (const char *at = account->sites; *at != '\0';) {
        size_t word = strcspn(at, " ");
        if (word == length && memcmp(at, site, length) == 0)
            return true;
        at += word + strspn(at + word, " ");
    }
    return false;
}

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
    enum sp_error error = change(accounts, "INSERT INTO token (hash, label, site) VALUES (?, ?, ?)", 3, row);
    if (error == SP_OK)
        memcpy(out, token, sizeof token);
    sodium_memzero(token, sizeof token);
    return error;
}

enum sp_error
accounts_token_add(struct accounts *accounts, const char *label, const char *site, char out[TOKEN_TEXT_MAX])
{
    return accounts_token_grant(accounts, label, site, TOKEN_SCOPES_ALL, out);
}

enum sp_error
accounts_token_remove(struct accounts *accounts, const char *label)
{
    const struct parameter row[] = { { .text = span_text(label) } };
    return change(accounts, "DELETE FROM token WHERE label = ?", 1, row);
}

enum sp_error
accounts_token_find(struct accounts *accounts, struct span token, struct token_grant *grant)
{
    *grant = (struct token_grant){ .scopes = 0 };
    if (token.length != 3 + 43 || memcmp(token.at, "sp_", 3) != 0)
        return SP_REFUSED;
    _Static_assert(TOKEN_HASH_BYTES == TOKEN_ID_BYTES, "the hash is the id");
    hash_token(token, grant->id);
    sqlite3_stmt *statement;
    const struct parameter row[] = { { .blob = span_of((const char *)grant->id, sizeof grant->id) } };
    enum sp_error error = prepare(accounts, "SELECT site FROM token WHERE hash = ?", 1, row, &statement);
    if (error != SP_OK)
        return error;
    int code = sqlite3_step(statement);
    error = code == SQLITE_DONE ? SP_REFUSED : from_sqlite(code);
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

enum sp_error
accounts_token_check(struct accounts *accounts, struct span token, const char *site)
{
    struct token_grant grant;
    enum sp_error error = accounts_token_find(accounts, token, &grant);
    if (error == SP_OK && site != NULL && !token_grant_covers(&grant, SCOPE_STATS, site))
        error = SP_REFUSED;
    return error;
}
