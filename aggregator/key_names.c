#include "key_names.h"

#include <sodium.h>
#include <stdlib.h>

_Static_assert(sizeof((struct key_names *)NULL)->hash_key == crypto_shorthash_KEYBYTES, "a key of SipHash");

bool
key_names_find(const struct key_names *names, int64_t id, struct span *name)
{
    if (id < 0 || (uint64_t)id >= names->room || names->at[id].end == 0)
        return false;
    const struct key_name *found = &names->at[id];
    *name = span_of(names->text + (found->end - 1 - found->length), found->length);
    return true;
}

/* ---- numbers by name ---- */

/* Names come from readers of the site: the hash is keyed, so that nobody can make them meet. */
static size_t
hash_of(const struct key_names *names, struct span name)
{
    uint64_t hash = 0;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)(name.length == 0 ? "" : name.at), name.length,
                     names->hash_key);
    return (size_t)hash;
}

/* The place of the name, or the free one where it would be. */
static uint32_t *
place_of(const struct key_names *names, struct span name)
{
    size_t place = hash_of(names, name) & (names->index_room - 1);
    struct span found;
    while (names->index[place] != 0 &&
           !(key_names_find(names, (int64_t)names->index[place] - 1, &found) && span_equal(found, name)))
        place = (place + 1) & (names->index_room - 1);
    return &names->index[place];
}

static enum sp_error
grow_index(struct key_names *names)
{
    if ((names->count + 1) * 2 <= names->index_room)
        return SP_OK;
    size_t room = names->index_room == 0 ? 1024 : names->index_room * 2;
    uint32_t *older = names->index;
    size_t older_room = names->index_room;
    names->index = calloc(room, sizeof *names->index);
    if (names->index == NULL) {
        names->index = older;
        return SP_NO_MEMORY;
    }
    if (older == NULL)
        crypto_shorthash_keygen(names->hash_key);
    names->index_room = room;
    for (size_t i = 0; i < older_room; i++) {
        struct span name;
        if (older[i] != 0 && key_names_find(names, (int64_t)older[i] - 1, &name))
            *place_of(names, name) = older[i];
    }
    free(older);
    return SP_OK;
}

enum sp_error
key_names_id(const struct key_names *names, struct span name, int64_t *id)
{
    uint32_t found = names->count == 0 ? 0 : *place_of(names, name);
    *id = (int64_t)found - 1;
    return found == 0 ? SP_NOT_FOUND : SP_OK;
}

/* ---- names by number ---- */

static enum sp_error
grow_ids(struct key_names *names, int64_t id)
{
    size_t room = names->room == 0 ? 1024 : names->room;
    while (room <= (size_t)id)
        room *= 2;
    if (room == names->room)
        return SP_OK;
    struct key_name *at = realloc(names->at, room * sizeof *at);
    if (at == NULL)
        return SP_NO_MEMORY;
    memset(at + names->room, 0, (room - names->room) * sizeof *at);
    names->at = at;
    names->room = room;
    return SP_OK;
}

static enum sp_error
grow_text(struct key_names *names, size_t more)
{
    if (names->length + more > KEY_NAMES_TEXT_MAX) {
        names->length = 0;
        names->count = 0;
        memset(names->at, 0, names->room * sizeof *names->at);
        memset(names->index, 0, names->index_room * sizeof *names->index);
    }
    size_t room = names->text_room == 0 ? 16384 : names->text_room;
    while (room - names->length < more)
        room *= 2;
    if (room == names->text_room)
        return SP_OK;
    char *text = realloc(names->text, room);
    if (text == NULL)
        return SP_NO_MEMORY;
    names->text = text;
    names->text_room = room;
    return SP_OK;
}

enum sp_error
key_names_add(struct key_names *names, int64_t id, struct span text, struct span *name)
{
    *name = text;
    if (id < 0 || id >= KEY_NAMES_MAX || text.length > KEY_NAMES_TEXT_MAX)
        return SP_OK;
    enum sp_error error = grow_ids(names, id);
    if (error == SP_OK)
        error = grow_text(names, text.length);
    if (error == SP_OK)
        error = grow_index(names);
    if (error != SP_OK)
        return error;
    if (text.length > 0)
        memcpy(names->text + names->length, text.at, text.length);
    *name = span_of(names->text + names->length, text.length);
    names->length += text.length;
    names->count += names->at[id].end == 0;
    names->at[id] = (struct key_name){ (uint32_t)names->length + 1, (uint32_t)text.length };
    *place_of(names, *name) = (uint32_t)id + 1;
    return SP_OK;
}

void
key_names_fini(struct key_names *names)
{
    free(names->at);
    free(names->text);
    free(names->index);
    *names = (struct key_names){ .at = NULL };
}
