#include "suffixes.h"

struct suffix_slot {
    uint32_t hash;
    uint32_t place : 24; /* of the name in suffix_names, where a line is one */
    uint32_t rules : 8;  /* bits of enum suffix_rule; 0: empty */
};

#include "public_suffixes.h" /* generated: suffix_names, suffix_slots */

_Static_assert(sizeof suffix_names < 1 << 24, "struct suffix_slot");

static bool
is_name(const struct suffix_slot *slot, struct span name, uint32_t hash)
{
    const char *text = suffix_names + slot->place;
    return slot->hash == hash && strncmp(text, name.at, name.length) == 0 && text[name.length] == '\n';
}

unsigned
suffixes_find(struct span name, uint32_t hash)
{
    uint32_t at = suffix_slot_of(hash);
    while (suffix_slots[at].rules != 0 && !is_name(&suffix_slots[at], name, hash))
        at = (at + 1) % SUFFIX_SLOTS;
    return suffix_slots[at].rules;
}
