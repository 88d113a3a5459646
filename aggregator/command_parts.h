/* What the files command*.c share. */
#ifndef SPORLOS_AGGREGATOR_COMMAND_PARTS_H
#define SPORLOS_AGGREGATOR_COMMAND_PARTS_H

#include "accounts.h"
#include "site_choice.h"
#include "sporlos/config.h"

/* What a command was given, whatever the order. */
struct request {
    struct accounts *accounts;
    const struct config *config;
    const char *name;         /* of a user, a token's label, an e-mail address */
    struct site_choice sites; /* --site, once or more */
    const char *role;         /* --role */
    unsigned scopes;          /* --scope, each time one more: bits of enum token_scope; 0: all */
    const char *every;        /* --every */
    const char *language;     /* --language */
};

/* Write why, and give EXIT_FAILURE. */
int command_complain(const char *text);
/* The same, of a word that was given: it is repeated where a terminal shows nothing else for it. */
int command_complain_of(const char *word, const char *text);

/* The only site that --site named; NULL: it named none, several or all. */
const char *command_one_site(const struct request *request);
/* Exit status of an error, with the sentence for the two that a command can explain itself. */
int command_report(enum sp_error error, const char *refused, const char *malformed);

/* command_report.c: 'report add', 'report list', 'report remove' */
int report_add_run(struct request *request);
int report_list_run(struct request *request);
int report_remove_run(struct request *request);

#endif
