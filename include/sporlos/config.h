/*
 * The configuration: one YAML file for both programs, sites.d/<any>.yaml beside it. A value of type struct config is
 * whole and valid; there is no half-loaded one.
 */
#ifndef SPORLOS_CONFIG_H
#define SPORLOS_CONFIG_H

#include "sporlos/error.h"
#include "sporlos/limits.h"
#include "sporlos/period.h"
#include "sporlos/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct text_list {
    char **items; /* owned */
    size_t count;
};

/* A path pattern: '/a', '/a/[*]' (any one segment), '/a/[**]' (any rest; last only), without the brackets. */
struct page_fold {
    char *pattern; /* paths that match ... */
    char *page;    /* ... are counted under this name */
};

/* A line of a map: what stands left of the colon and what right. */
struct text_pair {
    char *left, *right; /* owned */
    char *shown;        /* owned; right as it was written, where case was folded; NULL: as right */
};

static inline const char *
text_pair_shown(const struct text_pair *pair)
{
    return pair->shown == NULL ? pair->right : pair->shown;
}

enum {
    PARAMETER_MAX = 65,    /* of a parameter's name, with the terminator */
    TAG_BYTES_MAX = 64,    /* of a tag, a section or an event's name in the configuration */
    ANSWER_BYTES_MAX = 32, /* of an answer's name */
};

#define IN_FORCE_NEVER INT64_MAX

struct in_force;

/*
 * What of the configuration is in force, laid over it by in_force_lay_over; all zero: all of it, since ever.
 */
struct site_in_force {
    /* Periods that begin then or later are counted, seconds since the epoch; IN_FORCE_NEVER: none is. */
    int64_t from[TABLE_COUNT][PERIOD_KIND_COUNT];
    /* So were those that began between these two, under an earlier declaration: they are still closed and kept. */
    int64_t earlier_from[TABLE_COUNT][PERIOD_KIND_COUNT];
    int64_t earlier_until[TABLE_COUNT][PERIOD_KIND_COUNT];
    int64_t mode_since_s;             /* leaves of periods that began earlier were born under mode_before */
    enum site_mode mode_before;       /* or a narrower one */
    const struct in_force *published; /* for the collectors; borrowed. NULL: nothing was declared (tests) */
    const char *declared;             /* and the declaration's JSON, for aggregators to come */
};

struct site_config {
    char *name;              /* as written, UTF-8; what people see */
    char key[SITE_NAME_MAX]; /* its A-label form, lower case; what beacons and Redis use */
    enum site_mode mode;
    struct text_list hosts; /* A-label, lower case, no port; at least one (default: the site's own name) */
    struct zone zone;
    unsigned tables;        /* bit (1U << enum table_id): what this site counts, within what its mode has */
    struct text_list pages; /* patterns; restricted: the allow-list; standard: names that need no admission */
    struct page_fold *folds;
    size_t fold_count;
    int64_t min_population;     /* restricted: smaller municipalities are merged before counting; persons */
    struct text_pair *sections; /* path pattern -> section, lower case; the first that matches counts */
    size_t section_count;
    struct text_list tags;        /* lower case */
    struct name_index *tag_index; /* of tags, made by config_load; NULL without any */
    struct text_pair *answers;    /* what readers may answer: name -> words; none: nothing is asked */
    size_t answer_count;
    char *question;              /* what is asked, NULL: the programs' own words */
    struct text_pair *referrers; /* host (A-label, lower case) -> key of enum referrer_class */
    size_t referrer_count;
    struct text_list events; /* lower case: they have a name at once */
    char *search_parameter;  /* of the query of a page's URL: what was searched for; NULL: none */
    bool visitors;           /* false: the table of visitors is not counted */
    int64_t visitor_max;     /* told apart on one day; from there on the number is a lower bound */
    struct text_list embed;  /* origins whose pages may show the embedded statistics, to everybody; none: nobody's */
    bool popular;            /* /popular is for everybody */
    struct text_pair *popular_tags; /* path pattern -> tag; all that match count */
    size_t popular_tag_count;
    struct site_in_force in_force; /* not an option: in_force.h */
};

/* An address block that may speak for others. */
struct address_block {
    int family; /* AF_INET, AF_INET6 */
    unsigned char bytes[16];
    unsigned bits;
};

struct geo_point {
    double latitude, longitude; /* degrees */
    double radius_m;            /* metres */
    bool only_without_radius;   /* applies only to records that have no accuracy radius */
};

struct name_index;

struct config {
    struct {
        struct text_list listen;       /* beacons: "127.0.0.1:8400", "[::1]:8400", "unix:/path" */
        struct text_list listen_proxy; /* the same for proxies that send a PROXY header first; may be empty */
        struct text_list ops_listen;   /* /healthz, /readyz, /metrics */
        struct address_block *trusted_proxies;
        size_t trusted_proxy_count;
        char *redis_login;     /* file with user:password; NULL: those of redis.url */
        char *crawlers;        /* file of names of automata; NULL: the built-in rules alone */
        char *journal;         /* folder on tmpfs; NULL: counters end with the process */
        int64_t counter_bytes; /* memory of the counter table */
        int64_t flush_interval_ms;
        int64_t connection_max;
        int64_t drain_ms;            /* at the end: how long a connection without a request is kept */
        int64_t network_connections; /* open at a time from one truncated network; 0: no limit */
        int64_t network_rate;        /* beacons a second from one truncated network; 0: no limit */
        int64_t network_burst;       /* beacons */
        int64_t site_rate;           /* beacons a second for one site; 0: no limit */
        int64_t site_burst;          /* beacons */
    } collector;
    struct {
        char *url; /* unix:///path or redis://[user:password@]host:port */
        int64_t connect_timeout_ms;
        int64_t command_timeout_ms;
    } redis;
    struct {
        struct text_list databases; /* MMDB files; none: every visit is 'unknown' */
        char *gazetteer;            /* CSV; NULL: none */
        char *polygons;             /* GeoJSON; NULL: none */
        char *population;           /* CSV number,population; NULL: the gazetteer's own figures */
        int64_t max_radius_km;
        struct geo_point *placeholders; /* points that mean 'somewhere in Norway' */
        size_t placeholder_count;
    } geo;
    struct {
        struct text_list listen;
        struct text_list ops_listen; /* /healthz, /readyz, /metrics */
        char *redis_login;           /* as the collector's */
        char *archive;               /* sqlite:///path */
        char *public_url; /* where browsers reach it, NULL: unknown; https makes the session cookie Secure + __Host- */
        char *collector_url;                   /* where browsers reach the collector, for the snippet; NULL: unknown */
        struct address_block *trusted_proxies; /* believed in X-Forwarded-For and trusted_user_header */
        size_t trusted_proxy_count;
        char *trusted_user_header; /* names who is logged in at the proxy; NULL: none */
        char *sendmail;            /* path of the program that takes e-mail; NULL: no reports are sent */
        char *mail_from;           /* NULL: what sendmail makes of it */
        int64_t access_log_days;
        int64_t session_hours;
        int64_t drain_ms; /* as collector.drain_ms */
        int64_t drain_interval_ms;
        int64_t api_rate;  /* requests a second of a token or a network; 0: no limit */
        int64_t api_burst; /* requests */
    } aggregator;
    struct site_config *sites;
    size_t site_count;
    struct name_index *site_index; /* config_site, made by config_load */
    struct name_index *host_index; /* config_site_for_host, likewise */
};

/*
 * Read path and sites.d/<any>.yaml beside it. On success *config is a new one, returned owned. On failure SP_CONFIG (or
 * SP_IO, SP_NO_MEMORY) with every error written to errors as 'file:line:column: what is wrong; what to do', one a line.
 */
SP_MUST_CHECK enum sp_error config_load(const char *path, FILE *errors, struct config **config);
void config_free(struct config *config);

/* Write the whole configuration in force as YAML, defaults included, secrets masked. */
void config_print(const struct config *config, FILE *out);

/* Write docs/configuration.md from the option table. */
void config_document(FILE *out);

/* Is it one of the site's tags? By its lower case. *number: its place in the list. */
bool config_tag(const struct site_config *site, struct span tag, size_t *number);

/* The site whose key (A-label) is name; NULL if there is none. Case-insensitive, one hash look-up. */
const struct site_config *config_site(const struct config *config, struct span name);

/* The site that names that host (A-label, no port) among its hosts; otherwise as config_site. */
const struct site_config *config_site_for_host(const struct config *config, struct span host);

enum { EXIT_CONFIG = 78 }; /* EX_CONFIG of sysexits.h */

#endif
