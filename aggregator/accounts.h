/*
 * Who may see what: people with passwords (Argon2id), programs with tokens. Kept in the archive's database, in tables
 * of their own.
 */
#ifndef SPORLOS_AGGREGATOR_ACCOUNTS_H
#define SPORLOS_AGGREGATOR_ACCOUNTS_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

enum role { ROLE_READER, ROLE_EDITOR, ROLE_ADMINISTRATOR, ROLE_COUNT };

enum {
    ACCOUNT_NAME_MAX = 65, /* bytes with the terminator */
    TOKEN_TEXT_MAX = 65,   /* bytes with the terminator: 'sp_' and 43 characters of base64url */
};

struct account {
    int64_t id;
    char name[ACCOUNT_NAME_MAX];
    enum role role;
    char *sites; /* site keys separated by space, "*" for all; owned */
};

struct accounts;

SP_MUST_CHECK enum sp_error accounts_open(const char *archive_url, struct accounts **accounts, const char **why);
void accounts_close(struct accounts *accounts);

/* SP_REFUSED when the name is taken, SP_MALFORMED for a bad name or a password below 12 characters. */
SP_MUST_CHECK enum sp_error accounts_add(struct accounts *accounts, const char *name, enum role role, const char *sites,
                                         const char *password);
SP_MUST_CHECK enum sp_error accounts_set_password(struct accounts *accounts, const char *name, const char *password);
SP_MUST_CHECK enum sp_error accounts_remove(struct accounts *accounts, const char *name);
typedef void account_visit(void *context, const struct account *account);
SP_MUST_CHECK enum sp_error accounts_list(struct accounts *accounts, account_visit *visit, void *context);

/* SP_REFUSED for a wrong name or password, after the same work for both. *account is to be ended by account_fini. */
SP_MUST_CHECK enum sp_error accounts_login(struct accounts *accounts, struct span name, struct span password,
                                           struct account *account);
SP_MUST_CHECK enum sp_error accounts_get(struct accounts *accounts, int64_t id, struct account *account);
void account_fini(struct account *account);
bool account_may_read(const struct account *account, const char *site);

/* A new token for a site (its key) or, with "*", all. Shown once in out; only its hash is kept. */
SP_MUST_CHECK enum sp_error accounts_token_add(struct accounts *accounts, const char *label, const char *site,
                                               char out[TOKEN_TEXT_MAX]);
SP_MUST_CHECK enum sp_error accounts_token_remove(struct accounts *accounts, const char *label);
/* SP_OK when the token may read site; site NULL: when it is a token at all. SP_REFUSED otherwise. */
SP_MUST_CHECK enum sp_error accounts_token_check(struct accounts *accounts, struct span token, const char *site);

#endif
