#include "in_force_kept.h"

#include <sodium.h>

enum { MINUTE_S = 60, KEPT_NEVER = INT32_MAX };

static uint64_t
check_of(const struct kept_in_force *kept)
{
    static const unsigned char key[crypto_shorthash_KEYBYTES] = "sporlos in force";
    const size_t skipped = sizeof kept->check;
    uint64_t check = 0;
    crypto_shorthash((unsigned char *)&check, (const unsigned char *)kept + skipped, sizeof *kept - skipped, key);
    return check;
}

/* Up: a date that is not whole minutes must not come sooner. */
static int32_t
minutes(int64_t at_s)
{
    int64_t at = at_s / MINUTE_S + (at_s % MINUTE_S > 0);
    return at >= KEPT_NEVER ? KEPT_NEVER : (int32_t)at;
}

static int64_t
seconds(int32_t at)
{
    return at == KEPT_NEVER ? IN_FORCE_NEVER : (int64_t)at * MINUTE_S;
}

static int32_t
persons(int64_t count)
{
    return count > INT32_MAX ? INT32_MAX : (int32_t)count;
}

void
in_force_keep(struct kept_in_force *kept, const struct in_force *value, bool refuses)
{
    struct kept_in_force made;
    memset(&made, 0, sizeof made);
    made.version = value->version;
    made.min_population = persons(value->min_population);
    made.next_min_population = persons(value->next_min_population);
    made.mode = (uint8_t)value->mode;
    made.next_mode = (uint8_t)value->next_mode;
    made.refuses = refuses;
    made.next_from = minutes(value->next_from_s);
    for (int table = 0; table < TABLE_COUNT; table++)
        for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
            made.from[table][kind] = minutes(value->from[table][kind]);
    made.query_from = minutes(value->query_from_s);
    memcpy(made.query, value->query, sizeof made.query);
    made.check = check_of(&made);
    memcpy(kept, &made, sizeof made); /* with its padding, which the check is over, too */
}

bool
in_force_kept(const struct kept_in_force *kept, struct in_force *value, bool *refuses)
{
    if (kept->version == 0 || kept->check != check_of(kept) || kept->mode >= MODE_COUNT ||
        kept->next_mode >= MODE_COUNT)
        return false;
    memset(value, 0, sizeof *value);
    *refuses = kept->refuses != 0;
    value->version = kept->version;
    value->mode = (enum site_mode)kept->mode;
    value->next_mode = (enum site_mode)kept->next_mode;
    value->min_population = kept->min_population;
    value->next_min_population = kept->next_min_population;
    value->next_from_s = seconds(kept->next_from);
    for (int table = 0; table < TABLE_COUNT; table++)
        for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
            value->from[table][kind] = seconds(kept->from[table][kind]);
    value->query_from_s = seconds(kept->query_from);
    memcpy(value->query, kept->query, sizeof value->query);
    return true;
}
