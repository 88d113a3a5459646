/*
 * The tables of accounts and what belongs to them (tokens, links, reports, the access log) in the archive's database:
 * opening and their schema. For the files that own a table of it.
 */
#ifndef SPORLOS_AGGREGATOR_ACCOUNTS_DATABASE_H
#define SPORLOS_AGGREGATOR_ACCOUNTS_DATABASE_H

#include "accounts.h"
#include "database.h"
#include "password.h"

struct accounts {
    sqlite3 *database;
    char nobody[PASSWORD_HASH_MAX]; /* a hash no password has: the work done for unknown names */
};

/* Open path and bring the schema up to date. On failure the connection is only good to be closed. *why: a static text.
 */
SP_MUST_CHECK enum sp_error accounts_database_open(struct accounts *accounts, const char *path, const char **why);

#endif
