/*
 * The whole way from a beacon to an answer in one process: the real collector, flush, Redis, drain and archive, under a
 * clock that the attack moves.
 */
#ifndef SPORLOS_TESTS_WORLD_H
#define SPORLOS_TESTS_WORLD_H

#include "counters.h"
#include "names.h"
#include "sporlos/clock.h"
#include "sporlos/config.h"

struct world;
struct archive;

/* random (borrowed): NULL for the system's. */
struct world *world_open(const char *yaml, const struct random_source *random);
void world_close(struct world *world);

/* Enough networks have sent that text, so that it has a name. */
void world_name(struct world *world, const char *site, enum name_kind kind, const char *text);

struct counters *world_counters(struct world *world);
struct archive *world_archive(struct world *world);
const char *world_archive_path(struct world *world);
const struct site_config *world_site(struct world *world, const char *site);
struct period world_period(struct world *world, const char *site, enum period_kind kind); /* the open one */

/* A beacon as it comes from the proxy; true when it was accepted. headers: complete lines. */
bool world_beacon(struct world *world, const char *address, const char *headers, const char *body);
/* Views that feed one leaf of the open period, each from a network of its own. */
void world_feed(struct world *world, const char *site, enum table_id table, enum period_kind kind, const char *key,
                int views);

void world_wait(struct world *world, int64_t seconds); /* the clock goes on; nothing is flushed */
void world_flush(struct world *world);                 /* until Redis has everything */
/* Let the open period of that kind end, be sealed, and come into the archive; what ends with it does too. */
struct period world_end(struct world *world, const char *site, enum period_kind kind);

/* What redis-cli would show of a hash or set: fields, in Redis' own order, are handed to visit. */
typedef void world_field(void *context, struct span field);
void world_fields(struct world *world, const char *site, enum table_id table, struct period period, world_field *visit,
                  void *context);
/* Every key and field in Redis' own order; owned by the caller. Random source names are SOURCE. */
char *world_redis_text(struct world *world);

/* Numbers of keys in the archive. */
typedef void world_key_id(void *context, struct span key, int64_t id);
void world_key_ids(struct world *world, world_key_id *visit, void *context);
/* Every row of leaves, keys and closed periods, in the database's order; owned by the caller. */
char *world_archive_text(struct world *world);

/* Its other half, which knows the aggregator. */
struct world_archive;
struct world_archive *world_archive_open(const struct config *config, const char *redis_url, const char *directory);
void world_archive_close(struct world_archive *half);
void world_archive_round(struct world_archive *half);
bool world_archive_has(struct world_archive *half, const char *site, struct period period);
struct archive *world_archive_of(struct world_archive *half);
const char *world_archive_file(struct world_archive *half);
void world_archive_key_ids(struct world_archive *half, world_key_id *visit, void *context);
char *world_archive_dump(struct world_archive *half);

#endif
