#include "beacon.h"

enum fate
beacon_fate(enum beacon_field field, enum site_mode mode)
{
#define X(name, key, types, standard, restricted)                                                                      \
    [BEACON_##name] = { [TABLES_STANDARD] = (standard), [TABLES_RESTRICTED] = (restricted) },
    static const enum fate fates[BEACON_FIELD_COUNT][TABLES_COUNT] = { SP_BEACON_FIELDS(X) };
#undef X
    return fates[field][mode_table[mode].tables];
}

static enum beacon_type
find_type(struct span text)
{
#define X(type, name, restricted) [type] = { name, sizeof(name) - 1 },
    static const struct span names[BEACON_TYPE_COUNT] = { SP_BEACON_TYPES(X) };
#undef X
    for (int type = 0; type < BEACON_TYPE_COUNT; type++) {
        if (span_equal(text, names[type]))
            return (enum beacon_type)type;
    }
    return BEACON_TYPE_UNKNOWN;
}

enum beacon_type
beacon_type(const struct beacon *beacon)
{
    return beacon->type.at == NULL ? BEACON_TYPE_VIEW : find_type(beacon->type);
}

bool
beacon_is_entry(const struct beacon *beacon)
{
    return span_equal(beacon->entry, SPAN_LITERAL("1")) && beacon_type(beacon) == BEACON_TYPE_VIEW;
}

bool
beacon_is_taken(enum beacon_type type, enum site_mode mode)
{
#define X(type, name, restricted) [type] = (restricted),
    static const bool in_restricted[BEACON_TYPE_COUNT + 1] = { SP_BEACON_TYPES(X) };
#undef X
    return type != BEACON_TYPE_UNKNOWN && (mode_table[mode].tables != TABLES_RESTRICTED || in_restricted[type]);
}

unsigned
beacon_fields(enum beacon_type type, enum site_mode mode)
{
    unsigned fields = 0;
    if (!beacon_is_taken(type, mode))
        return 0;
#define X(name, key, types, standard, restricted)                                                                      \
    if (((types) >> type & 1U) != 0 && beacon_fate(BEACON_##name, mode) != FATE_UNREAD)                                \
        fields |= 1U << BEACON_##name;
    SP_BEACON_FIELDS(X)
#undef X
    return fields;
}
