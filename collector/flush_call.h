/* One call of a flush: builds the arguments of the scripts and reads their replies. Knows nothing of connections. */
#ifndef SPORLOS_COLLECTOR_FLUSH_CALL_H
#define SPORLOS_COLLECTOR_FLUSH_CALL_H

#include "counters.h"
#include "names.h"
#include "sites.h"
#include "sporlos/keyspace.h"

struct redisReply;

enum {
    CALL_LEAVES_MAX = 500,
    CALL_GROUPS_MAX = 64,
    CALL_NAMES_MAX = 64,
    CALL_ARGUMENTS_MAX = 16 + CALL_GROUPS_MAX * 7 + CALL_LEAVES_MAX * 3,
    CALL_ARENA_BYTES = CALL_GROUPS_MAX * 3 * KEYSPACE_KEY_MAX + CALL_LEAVES_MAX * 24 + 8192,
};

/* The arguments of one command; texts that it makes live in its arena. */
struct call_builder {
    const char *argv[CALL_ARGUMENTS_MAX];
    size_t lengths[CALL_ARGUMENTS_MAX];
    int argc;
    char arena[CALL_ARENA_BYTES];
    size_t arena_used;
};

/* Who writes. */
struct call_writer {
    const char *source;
    int64_t start_s;
    int64_t now_s;
};

/*
 * EVAL of the write script for leaves of one site, sorted by (kind, period, table). Takes as many of them as fit in one
 * call and returns how many; 0 leaves makes a call that only reports that the source is alive.
 */
size_t call_build_write(struct call_builder *builder, const struct call_writer *writer, const struct site *site,
                        uint64_t number, struct counters *counters, const uint32_t *slots, size_t count);

/* EVAL of the seal script. count <= CALL_GROUPS_MAX. retire: also take the source out of the list of living ones. */
void call_build_seal(struct call_builder *builder, const struct call_writer *writer, const struct site *site,
                     uint64_t number, const struct period *periods, size_t count, bool retire);

/*
 * The number that Redis had before a write or seal with that number, from its reply, an array. False when it says none,
 * or one that it can never have had: numbers are counted from 1 on, and the scripts' arithmetic is exact up to 2^53.
 */
SP_MUST_CHECK bool call_number_found(const struct redisReply *reply, uint64_t number, uint64_t *found);

/* MGET of the closed marks of the periods. */
void call_build_poll(struct call_builder *builder, const struct site *site, const struct period *periods, size_t count);

/* EVAL of the script that reads the names of a site, without those not used since before that day. */
void call_build_names_read(struct call_builder *builder, const struct site *site, int32_t before_day);

/* EVAL of the script that deletes the names of a site. */
void call_build_names_forget(struct call_builder *builder, const struct site *site);

/* EVAL of the script that writes names of one site with the days of their last use. count <= CALL_NAMES_MAX. */
void call_build_names_write(struct call_builder *builder, const struct site *site, const struct texts *texts,
                            const struct name_use *uses, size_t count);

/* SET of the audit counter; answers what was there. */
void call_build_audit(struct call_builder *builder, const struct call_writer *writer, uint64_t accepted);

#endif
