#include "beacon.h"

enum fate
beacon_fate(enum beacon_field field, enum site_mode mode)
{
#define X(name, key, standard, restricted)                                                                             \
    [BEACON_##name] = { [TABLES_STANDARD] = (standard), [TABLES_RESTRICTED] = (restricted) },
    static const enum fate fates[BEACON_FIELD_COUNT][TABLES_COUNT] = { SP_BEACON_FIELDS(X) };
#undef X
    return fates[field][mode_table[mode].tables];
}

bool
beacon_is_search(const struct beacon *beacon)
{
    return span_equal(beacon->type, SPAN_LITERAL("search"));
}
