#include "suffixes.h"

#include "public_suffixes.h" /* generated: suffix_rules */

#include <stdlib.h>

enum { SLOTS = 16384 }; /* twice the rules and a bit, so that a name that is not there is soon known */

struct slot {
    uint32_t hash;
    uint32_t place; /* of the name in suffix_rules, above the bits of enum suffix_rule; 0: empty */
};

enum { RULE_BITS = 3, RULE_MASK = (1 << RULE_BITS) - 1 };

struct suffixes {
    struct slot slots[SLOTS];
};

uint32_t
suffix_hash(struct span text)
{
    uint32_t hash = SUFFIX_HASH_SEED;
    while (text.length > 0)
        hash = suffix_hash_step(hash, text.at[--text.length]);
    return hash;
}

/* Names in suffix_rules end with a line. */
static bool
is_name(const struct slot *slot, struct span name, uint32_t hash)
{
    const char *text = suffix_rules + (slot->place >> RULE_BITS);
    return slot->hash == hash && strncmp(text, name.at, name.length) == 0 && text[name.length] == '\n';
}

/* The slot of the name, or the empty one where it belongs. */
static uint32_t
slot_of(const struct suffixes *suffixes, struct span name, uint32_t hash)
{
    uint32_t at = (hash ^ hash >> 15) % SLOTS;
    while (suffixes->slots[at].place != 0 && !is_name(&suffixes->slots[at], name, hash))
        at = (at + 1) % SLOTS;
    return at;
}

static void
put(struct suffixes *suffixes, struct span rule)
{
    unsigned mark = rule.at[0] == '!' ? 1 : rule.at[0] == '*' ? 2 : 0;
    unsigned bit = mark == 1 ? SUFFIX_EXCEPTION : mark == 2 ? SUFFIX_BELOW : SUFFIX_SELF;
    struct span name = span_of(rule.at + mark, rule.length - mark);
    uint32_t hash = suffix_hash(name);
    struct slot *slot = &suffixes->slots[slot_of(suffixes, name, hash)];
    slot->hash = hash;
    slot->place = (uint32_t)(name.at - suffix_rules) << RULE_BITS | (slot->place & RULE_MASK) | bit;
}

static bool
is_within_limits(struct span rule)
{
    size_t labels = 1;
    for (size_t i = 0; i < rule.length; i++)
        labels += rule.at[i] == '.';
    return labels <= SUFFIX_LABELS_MAX && rule.length <= SUFFIX_BYTES_MAX;
}

enum sp_error
suffixes_new(struct suffixes **suffixes)
{
    size_t count = 0;
    enum sp_error error = SP_OK;
    struct suffixes *s = calloc(1, sizeof *s);
    *suffixes = NULL;
    if (s == NULL)
        return SP_NO_MEMORY;
    for (const char *at = suffix_rules, *end; error == SP_OK && (end = strchr(at, '\n')) != NULL; at = end + 1) {
        struct span rule = span_of(at, (size_t)(end - at));
        if (!is_within_limits(rule) || ++count > SLOTS * 3 / 4)
            error = SP_FULL;
        else
            put(s, rule);
    }
    if (error == SP_OK)
        *suffixes = s;
    else
        free(s);
    return error;
}

void
suffixes_free(struct suffixes *suffixes)
{
    free(suffixes);
}

unsigned
suffixes_find(const struct suffixes *suffixes, struct span name, uint32_t hash)
{
    return suffixes->slots[slot_of(suffixes, name, hash)].place & RULE_MASK;
}
