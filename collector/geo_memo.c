#include "geo_memo.h"

#include <stdlib.h>

/* Offsets come from a file that the operator chose, and a memo lives for a second: no keyed hash is needed. */
static struct geo_memo_slot *
find(struct geo_memo_slot *slots, size_t room, uint32_t offset)
{
    size_t at = (size_t)((offset * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (room - 1);
    while (slots[at].used && slots[at].offset != offset)
        at = (at + 1) & (room - 1);
    return &slots[at];
}

static bool
grow(struct geo_memo *memo)
{
    size_t room = memo->room == 0 ? 4096 : memo->room * 2;
    struct geo_memo_slot *slots = calloc(room, sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < memo->room; i++)
        if (memo->slots[i].used)
            *find(slots, room, memo->slots[i].offset) = memo->slots[i];
    free(memo->slots);
    memo->slots = slots;
    memo->room = room;
    return true;
}

struct geo_memo_slot *
geo_memo_slot(struct geo_memo *memo, uint32_t offset)
{
    if (memo->count * 2 >= memo->room && !grow(memo))
        return NULL;
    struct geo_memo_slot *slot = find(memo->slots, memo->room, offset);
    if (!slot->used) {
        slot->offset = offset;
        memo->count++;
    }
    return slot;
}

void
geo_memo_fini(struct geo_memo *memo)
{
    free(memo->slots);
    *memo = (struct geo_memo){ 0 };
}
