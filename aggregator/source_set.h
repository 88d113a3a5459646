/* Sets of sources: the collectors' ids as they stand in Redis. */
#ifndef SPORLOS_AGGREGATOR_SOURCE_SET_H
#define SPORLOS_AGGREGATOR_SOURCE_SET_H

#include "sporlos/keyspace.h"

#include <stddef.h>

/* A set of source ids, sorted. */
struct source_set {
    char (*ids)[SOURCE_TEXT_MAX];
    size_t count, room;
};

/* 32 lower-case hexadecimal digits? */
bool source_is_valid(struct span id);

void source_set_fini(struct source_set *set);
bool source_set_has(const struct source_set *set, const char *id);
/* Add id if it is a source id and not there yet. SP_MALFORMED, SP_NO_MEMORY. */
SP_MUST_CHECK enum sp_error source_set_add(struct source_set *set, struct span id);

#endif
