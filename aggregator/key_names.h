/*
 * Names of keys by the archive's numbers for them, and the other way round; neither ever changes: a reader's memory of
 * what it has looked up.
 */
#ifndef SPORLOS_AGGREGATOR_KEY_NAMES_H
#define SPORLOS_AGGREGATOR_KEY_NAMES_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdint.h>

enum {
    KEY_NAMES_MAX = 1 << 20,              /* higher numbers are not remembered */
    KEY_NAMES_TEXT_MAX = 8 * 1024 * 1024, /* bytes; then all is forgotten and begun anew */
};

/* All zero is an empty one. */
struct key_names {
    struct key_name {
        uint32_t end; /* offset into text + 1; 0: not known */
        uint32_t length;
    } * at;
    size_t room;
    char *text; /* owned */
    size_t length, text_room;
    uint32_t *index; /* of a name's keyed hash -> number + 1; open addressing, never more than half full */
    size_t index_room, count;
    unsigned char hash_key[16];
};

/* name is borrowed until the next call of key_names_add. */
bool key_names_find(const struct key_names *names, int64_t id, struct span *name);

/* The number of that name; SP_NOT_FOUND: it is not remembered, which says nothing of the archive. */
SP_MUST_CHECK enum sp_error key_names_id(const struct key_names *names, struct span name, int64_t *id);

/* Copies text; *name as above. */
SP_MUST_CHECK enum sp_error key_names_add(struct key_names *names, int64_t id, struct span text, struct span *name);
void key_names_fini(struct key_names *names);

#endif
