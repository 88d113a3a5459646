/* Sizes, times and caps that are not options: each with its unit and its reason. */
#ifndef SPORLOS_LIMITS_H
#define SPORLOS_LIMITS_H

enum {
    /* Collector */
    BEACON_BODY_MAX = 4096,           /* bytes: a beacon is a few hundred */
    PATH_MAX_BYTES = 512,             /* a folded path longer than this is KEY_OTHER */
    SITE_NAME_MAX = 254,              /* a DNS name and its terminator */
    SITE_COUNT_MAX = 10000,           /* sites in one configuration */
    RESTRICTED_POPULATION_MIN = 5000, /* persons: smaller municipalities are merged; docs/privacy.md */
    ADDRESS_V4_BITS = 24,             /* of an IPv4 address are kept in memory while a beacon is counted */
    ADDRESS_V6_BITS = 48,             /* of an IPv6 address */

    /* Aggregator */
    API_BODY_MAX = 65536, /* bytes: a form or a query */
};

#endif
