/* What the files command*.c share. */
#ifndef SPORLOS_AGGREGATOR_COMMAND_PARTS_H
#define SPORLOS_AGGREGATOR_COMMAND_PARTS_H

#include "accounts.h"
#include "sporlos/config.h"

enum { COMMAND_SITES_MAX = 8192 }; /* bytes with the terminator */

/* What a command was given, whatever the order. */
struct request {
    struct accounts *accounts;
    const struct config *config;
    const char *name;              /* of a user, a token's label, an e-mail address */
    char sites[COMMAND_SITES_MAX]; /* --site, once or more: keys of the configuration, or "*"; "" when not given */
    const char *role;              /* --role */
    unsigned scopes;               /* --scope, each time one more: bits of enum token_scope; 0: all */
    const char *every;             /* --every */
    const char *language;          /* --language */
};

/* Write why, and give EXIT_FAILURE. */
int command_complain(const char *text);
/* Exit status of an error, with the sentence for the two that a command can explain itself. */
int command_report(enum sp_error error, const char *refused, const char *malformed);

/* command_report.c: 'report add', 'report list', 'report remove' */
int report_add_run(const struct request *request);
int report_list_run(const struct request *request);
int report_remove_run(const struct request *request);

#endif
