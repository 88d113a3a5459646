/*
 * Where a visit came from: from the host of a referrer, as somebody outside sent it, to one of seven classes and the
 * registrable domain. No other part of the host leaves, for a subdomain may name a person (ola-nordmann.blogspot.com),
 * unless a row of the table names it (mail.google.com).
 */
#ifndef SPORLOS_COLLECTOR_REFERRER_H
#define SPORLOS_COLLECTOR_REFERRER_H

#include "sporlos/config.h"
#include "sporlos/error.h"
#include "sporlos/known_keys.h"
#include "sporlos/span.h"

enum { REFERRER_DOMAIN_MAX = SITE_NAME_MAX }; /* bytes, with room for a NUL */

extern const char *const referrer_class_keys[REFERRER_CLASS_COUNT];

/* By key. SP_NOT_FOUND, and REFERRER_CLASS_COUNT, for any other. */
SP_MUST_CHECK enum sp_error referrer_class_find(struct span key, enum referrer_class *class);

/*
 * A row of the operator's own. It holds for the host and what is below it (legekontor.no: www.legekontor.no too) unless
 * a longer row does, and replaces a built-in one of the same host. The host is what becomes the key of referrer_host.
 */
struct referrer_override {
    const char
        *host; /* A-label, lower case, as config makes them; or a letter-case mix or U-labels, which are mapped */
    enum referrer_class class; /* not REFERRER_DIRECT */
};

struct referrers;

/*
 * The built-in rows (collector/referrer_rows.h) and on top of them those of overrides, which may be NULL for none and
 * are copied. SP_MALFORMED when a host is none or it has more than eight labels, or a class is not for rows, SP_FULL
 * when two overrides are for the same host. Returned owned.
 */
SP_MUST_CHECK enum sp_error referrers_new(const struct referrer_override *overrides, size_t count,
                                          struct referrers **referrers);
void referrers_free(struct referrers *referrers);

/*
 * The class of a referrer's host, and in domain its registrable domain (not terminated, *length bytes): A-labels, lower
 * case, letters, digits, hyphens and dots only. *length is 0 when it has none: direct, an IP address, a single label, a
 * name under no public suffix such as nas.local. own: the site's hosts; from them is direct,
 * with www. before it or without.
 *
 * host: a host name in any case, also with a port or a dot last, as A-labels or in UTF-8; '' is direct, and so is what
 * is no host name. An app of Android says its package's name (com.google.android.gm), also with 'android-app://'.
 *
 * Suffixes are those of the ICANN part of Mozilla's Public Suffix List (suffixes.h): of a name under a private suffix
 * (ola.github.io) only the owner's domain is told (github.io). Allocates nothing, but for a host with other letters
 * than ASCII, which no browser sends.
 */
enum referrer_class referrers_classify(const struct referrers *referrers, struct span host, const struct text_list *own,
                                       char domain[REFERRER_DOMAIN_MAX], size_t *length);

#endif
