/*
 * Which sites an account is given: the one reading of a choice, for the form and for the command. All sites are chosen
 * as such ("*"), never by choosing none.
 */
#ifndef SPORLOS_AGGREGATOR_SITE_CHOICE_H
#define SPORLOS_AGGREGATOR_SITE_CHOICE_H

#include "roles.h"
#include "sporlos/config.h"

#include <stdbool.h>

enum site_choice_fault {
    SITES_GOOD,
    SITES_NONE,          /* no choice was made */
    SITES_BOTH,          /* all, and some of them by name */
    SITES_UNKNOWN,       /* one is no site's */
    SITES_ADMINISTRATOR, /* whose sites are all, was given some */
    SITES_NO_MEMORY,
    SITE_CHOICE_FAULTS,
};

/* Zeroed, but for the first two. */
struct site_choice {
    const struct config *config;
    const char *had; /* keys that the account has, of the configuration or not; NULL: none */
    char *keys;      /* owned, until site_choice_end */
    size_t length;
    bool has_all, has_unknown, failed;
};

/* One more: "*", or a site's key or name. False: it is no site's. */
bool site_choice_add(struct site_choice *choice, const char *site);

/* *sites: as accounts.h keeps them, to be freed; NULL when there is a fault. The choice is ended. */
enum site_choice_fault site_choice_end(struct site_choice *choice, enum role role, char **sites);

#endif
