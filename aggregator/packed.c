#include "packed.h"

#include <stdlib.h>

enum {
    NUMBER_BYTES = 9, /* 63 bits */
    LEAF_BYTES = 3 * NUMBER_BYTES,
    VALUE_BITS = 60,
};

static void
put(struct packed_writer *writer, uint64_t number)
{
    while (number >= 0x80) {
        writer->bytes[writer->length++] = (unsigned char)(number | 0x80);
        number >>= 7;
    }
    writer->bytes[writer->length++] = (unsigned char)number;
}

static bool
make_room(struct packed_writer *writer)
{
    if (writer->room - writer->length >= LEAF_BYTES)
        return true;
    size_t room = writer->room == 0 ? 256 : writer->room * 2;
    unsigned char *bytes = realloc(writer->bytes, room);
    if (bytes == NULL)
        return false;
    writer->bytes = bytes;
    writer->room = room;
    return true;
}

enum sp_error
packed_add(struct packed_writer *writer, const struct packed_leaf *leaf)
{
    uint64_t zigzag = ((uint64_t)leaf->value << 1) ^ (leaf->value < 0 ? UINT64_MAX : 0);
    if (leaf->key <= writer->key || leaf->sources == 0 || zigzag >> VALUE_BITS != 0)
        return SP_MALFORMED;
    if (!make_room(writer))
        return SP_NO_MEMORY;
    put(writer, (uint64_t)(leaf->key - writer->key));
    put(writer, zigzag << 2 | (uint64_t)(leaf->sources != 1) << 1 | leaf->witnessed);
    if (leaf->sources != 1)
        put(writer, leaf->sources);
    writer->key = leaf->key;
    return SP_OK;
}

void
packed_writer_fini(struct packed_writer *writer)
{
    free(writer->bytes);
    *writer = (struct packed_writer){ .bytes = NULL };
}
