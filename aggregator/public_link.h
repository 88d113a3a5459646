/*
 * Links that show the numbers of one site without a log-in: what is shown is what everybody who logs in is shown, and
 * nothing can be changed. The archive keeps a hash of the link's secret, so it cannot give the link away.
 */
#ifndef SPORLOS_AGGREGATOR_PUBLIC_LINK_H
#define SPORLOS_AGGREGATOR_PUBLIC_LINK_H

#include "accounts.h"

enum {
    LINK_SECRET_MAX = 23, /* bytes with the terminator: 16 random bytes as base64url */
    LINK_LABEL_MAX = 401, /* bytes with the terminator: 100 characters */
    LINK_DAYS_MAX = 366,  /* a link that ends lasts at most so long */
    LINKS_A_SITE = 100,   /* at a time */
    LINK_SITE_MAX = 256,  /* bytes with the terminator */
};

struct public_link {
    int64_t id;
    const char *site, *label, *maker; /* borrowed */
    int64_t made_s;
    int64_t expires_s; /* 0: when it is ended */
};

/*
 * A new link. days: how long it lasts, 1 to LINK_DAYS_MAX, or 0 for no end. secret is shown once. SP_MALFORMED for
 * another number of days, an empty or too long label; SP_FULL beyond LINKS_A_SITE.
 */
SP_MUST_CHECK enum sp_error public_link_add(struct accounts *accounts, const char *site, const char *label,
                                            const char *maker, int64_t days, int64_t now_s,
                                            char secret[LINK_SECRET_MAX]);

/* End one of the site's links at once. SP_NOT_FOUND. */
SP_MUST_CHECK enum sp_error public_link_remove(struct accounts *accounts, const char *site, int64_t id);

/* Whose numbers the secret shows. SP_NOT_FOUND when there is no such link or it has expired. */
SP_MUST_CHECK enum sp_error public_link_find(struct accounts *accounts, struct span secret, int64_t now_s,
                                             char site[LINK_SITE_MAX]);

/* Visit the site's links that have not expired, the newest first. */
typedef void public_link_visit(void *context, const struct public_link *link);
SP_MUST_CHECK enum sp_error public_link_list(struct accounts *accounts, const char *site, int64_t now_s,
                                             public_link_visit *visit, void *context);

#endif
