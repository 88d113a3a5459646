#include "key_names.h"

#include <stdlib.h>

bool
key_names_find(const struct key_names *names, int64_t id, struct span *name)
{
    if (id < 0 || (uint64_t)id >= names->room || names->at[id].end == 0)
        return false;
    const struct key_name *found = &names->at[id];
    *name = span_of(names->text + (found->end - 1 - found->length), found->length);
    return true;
}

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
        memset(names->at, 0, names->room * sizeof *names->at);
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
    if (error != SP_OK)
        return error;
    if (text.length > 0)
        memcpy(names->text + names->length, text.at, text.length);
    *name = span_of(names->text + names->length, text.length);
    names->length += text.length;
    names->at[id] = (struct key_name){ (uint32_t)names->length + 1, (uint32_t)text.length };
    return SP_OK;
}

void
key_names_fini(struct key_names *names)
{
    free(names->at);
    free(names->text);
    *names = (struct key_names){ .at = NULL };
}
