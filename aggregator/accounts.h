/*
 * Who may see what: people with passwords (Argon2id), programs with tokens. Kept in the archive's database, in tables
 * of their own.
 */
#ifndef SPORLOS_AGGREGATOR_ACCOUNTS_H
#define SPORLOS_AGGREGATOR_ACCOUNTS_H

#include "password.h"
#include "roles.h"
#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    ACCOUNT_NAME_MAX = 65, /* bytes with the terminator */
    TOKEN_TEXT_MAX = 65,   /* bytes with the terminator: 'sp_' and 43 characters of base64url */
};

struct account {
    int64_t id;
    char name[ACCOUNT_NAME_MAX];
    enum role role;
    char *sites;    /* site keys separated by space, "*" for all; owned */
    uint64_t stamp; /* changes with the password: a session that has another one is over */
};

struct accounts;

SP_MUST_CHECK enum sp_error accounts_open(const char *archive_url, struct accounts **accounts, const char **why);
void accounts_close(struct accounts *accounts);
/* How long a statement may wait for another writer; 5000 unless said. */
void accounts_set_patience(struct accounts *accounts, int wait_ms);

/* SP_REFUSED when the name is taken, SP_MALFORMED for a bad name or a password below 12 characters. */
SP_MUST_CHECK enum sp_error accounts_add(struct accounts *accounts, const char *name, enum role role, const char *sites,
                                         const char *password);
SP_MUST_CHECK enum sp_error accounts_set_password(struct accounts *accounts, const char *name, const char *password);
/* The same with a hash that was made before (password.h). */
SP_MUST_CHECK enum sp_error accounts_add_hashed(struct accounts *accounts, const char *name, enum role role,
                                                const char *sites, const char hash[PASSWORD_HASH_MAX]);
SP_MUST_CHECK enum sp_error accounts_set_hash(struct accounts *accounts, const char *name,
                                              const char hash[PASSWORD_HASH_MAX]);
/* SP_NOT_FOUND when there is no such account. */
SP_MUST_CHECK enum sp_error accounts_set_role(struct accounts *accounts, const char *name, enum role role,
                                              const char *sites);
SP_MUST_CHECK enum sp_error accounts_remove(struct accounts *accounts, const char *name);
typedef void account_visit(void *context, const struct account *account);
SP_MUST_CHECK enum sp_error accounts_list(struct accounts *accounts, account_visit *visit, void *context);

/*
 * The account of that name and its hash; SP_REFUSED, with a hash that no password has, when there is none. What is to
 * be done with the hash is the same, and costs the same, in both cases. *account is to be ended by account_fini.
 */
SP_MUST_CHECK enum sp_error accounts_find(struct accounts *accounts, struct span name, struct account *account,
                                          char hash[PASSWORD_HASH_MAX]);
SP_MUST_CHECK enum sp_error accounts_get(struct accounts *accounts, int64_t id, struct account *account);
void account_fini(struct account *account);
/* The next of an account's sites, which have spaces between them, and *sites behind it; empty at the end. */
struct span account_next_site(const char **sites);
/* One of its sites? An administrator's are all. */
bool account_may_read(const struct account *account, const char *site);

/* [a-z0-9._@-], at most 64: what can be typed the same on every keyboard and shown anywhere. */
bool account_name_is_valid(struct span name);

/* What a token may do: id, name as in OAuth, what that is. */
#define TOKEN_SCOPES(X)                                                                                                \
    X(SCOPE_STATS, "read:stats", "Every table of the site, in every form.")                                            \
    X(SCOPE_POPULAR, "read:popular", "The list of popular pages, where it is not public.")

#define X(id, ...) id,
enum token_scope { TOKEN_SCOPES(X) TOKEN_SCOPE_COUNT };
#undef X

enum {
    TOKEN_SCOPES_ALL = (1U << TOKEN_SCOPE_COUNT) - 1,
    TOKEN_SITE_MAX = 256, /* bytes with the terminator */
    TOKEN_ID_BYTES = 32,
};

extern const char *const token_scope_names[TOKEN_SCOPE_COUNT];

struct token_grant {
    char site[TOKEN_SITE_MAX];        /* a site's key, or "*" for all */
    unsigned scopes;                  /* bits (1U << enum token_scope) */
    unsigned char id[TOKEN_ID_BYTES]; /* the same for the same token; its hash */
};

/*
 * A new token for a site (its key) or, with "*", all, with these scopes. Shown once in out; only its hash is kept.
 * SP_MALFORMED for a label or site that is empty or too long, or no scope.
 */
SP_MUST_CHECK enum sp_error accounts_token_grant(struct accounts *accounts, const char *label, const char *site,
                                                 unsigned scopes, char out[TOKEN_TEXT_MAX]);
/* Every token by label; of the grant site and scopes alone are set. */
typedef void token_visit(void *context, const char *label, const struct token_grant *grant);
SP_MUST_CHECK enum sp_error accounts_token_list(struct accounts *accounts, token_visit *visit, void *context);
SP_MUST_CHECK enum sp_error accounts_token_remove(struct accounts *accounts, const char *label);

/* What the token may do; SP_REFUSED when it is none of ours. */
SP_MUST_CHECK enum sp_error accounts_token_find(struct accounts *accounts, struct span token,
                                                struct token_grant *grant);
bool token_grant_covers(const struct token_grant *grant, enum token_scope scope, const char *site);

#endif
