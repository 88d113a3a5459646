/*
 * The declarations of all sites: what each promised, version by version, what is in force and what is announced. Made
 * when a configuration is taken over; never changed after that.
 */
#ifndef SPORLOS_AGGREGATOR_DECLARATION_H
#define SPORLOS_AGGREGATOR_DECLARATION_H

#include "archive.h"
#include "sporlos/declaration.h"
#include "sporlos/in_force.h"

#include <stdio.h>

struct redis_link;

struct declared_version {
    int64_t number;
    int64_t published_s, in_force_s;
    int64_t withdrawn_s; /* 0: it is not */
    char hash[DECLARATION_HASH_TEXT];
    char *json; /* owned, canonical */
    struct declaration declaration;
};

struct declared_site {
    struct declared_version *versions; /* the first first */
    size_t count;
    const struct declared_version *current; /* in force */
    const struct declared_version *ahead;   /* announced; NULL: nothing */
    struct difference difference;           /* of ahead to current, when there is one */
    struct in_force in_force;
    int64_t earlier_from[TABLE_COUNT][PERIOD_KIND_COUNT]; /* as in struct site_in_force */
    int64_t earlier_until[TABLE_COUNT][PERIOD_KIND_COUNT];
    int64_t withdrawn; /* number of the version that this configuration withdraws; 0: none */
    bool is_added;     /* the last version is of this configuration */
    bool is_unsure;    /* Redis, which may know another first version, did not answer: not kept, nothing is told */
    bool is_inherited; /* the first is what the site had promised before this archive knew it (declaration_before.h) */
};

struct declarations {
    struct declared_site *sites; /* in the configuration's order */
    size_t count;
    int64_t next_s; /* when the first of what is announced is in force, or a site is unsure no longer than;
                       IN_FORCE_NEVER */
};

/*
 * What the configuration makes of the archive's history at now_s: a version that collects less is in force at once, one
 * that collects more is announced, and withdrawn when the configuration goes back. Nothing is written. SP_REFUSED, with
 * a sentence that names the promise, when the program would do more than was promised and cannot hold it back. *why: a
 * sentence, valid until the next call. archive NULL: there is none yet. redis is asked about sites that are new to the
 * archive; while it does not answer such a site is unsure, and next_s says when to ask again. NULL: not at all (tests).
 */
SP_MUST_CHECK enum sp_error declarations_new(const struct config *config, struct archive *archive,
                                             struct redis_link *redis, int64_t now_s,
                                             struct declarations **declarations, const char **why);
void declarations_free(struct declarations *declarations);

/*
 * Keep in the archive what is new (ARCHIVE_WRITE). SP_REFUSED: another process was quicker, make them anew.
 */
SP_MUST_CHECK enum sp_error declarations_keep(const struct declarations *declarations, const struct config *config,
                                              struct archive *archive, int64_t now_s);

/* Narrow the configuration, of which they were made, to what is in force at now_s. It borrows from declarations. */
void declarations_lay_over(const struct declarations *declarations, int64_t now_s, struct config *config);

/* One sentence a site of which something would change, for --check-config. */
void declarations_print(const struct declarations *declarations, const struct config *config, FILE *out);

/* '2026-12-05', in the site's zone. */
const char *declaration_date(int64_t at_s, const struct zone *zone, char out[PERIOD_TEXT_MAX]);

/*
 * All of it in one go, for a program that starts: open the archive, make, keep (again when somebody was quicker), lay
 * over. config_free before declarations_free is fine.
 */
SP_MUST_CHECK enum sp_error declarations_take_over(struct config *config, int64_t now_s,
                                                   struct declarations **declarations, const char **why);

/* A connection of the aggregator's user for declarations_new; *why as redis_link_new's. Does not connect yet. */
SP_MUST_CHECK enum sp_error declarations_redis(const struct config *config, struct redis_link **redis,
                                               const char **why);

/* Tell the collectors: one hash a site, renewed. SP_UNAVAILABLE when Redis does not take it. */
SP_MUST_CHECK enum sp_error declarations_publish(struct redis_link *link, const struct config *config);

#endif
