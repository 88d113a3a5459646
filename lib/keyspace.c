#include "sporlos/keyspace.h"

#include <stdio.h>

static size_t
fits(int length)
{
    return length > 0 && length < KEYSPACE_KEY_MAX ? (size_t)length : 0;
}

int
keyspace_ttl_s(enum period_kind kind)
{
    static const int ttl_s[PERIOD_KIND_COUNT] = {
        [PERIOD_HOUR] = KEYSPACE_TTL_HOUR_S,
        [PERIOD_DAY] = KEYSPACE_TTL_DAY_S,
        [PERIOD_MONTH] = KEYSPACE_TTL_MONTH_S,
    };
    return ttl_s[kind];
}

size_t
keyspace_leaf(char out[KEYSPACE_KEY_MAX], const char *site, enum table_id table, struct period period,
              const char *source)
{
    char text[PERIOD_TEXT_MAX];
    return fits(snprintf(out, KEYSPACE_KEY_MAX, KEYSPACE_PREFIX "{%s}:leaf:%s:%s:%s", site, table_table[table].name,
                         period_format(period, text), source));
}

size_t
keyspace_witness(char out[KEYSPACE_KEY_MAX], const char *site, enum table_id table, struct period period)
{
    char text[PERIOD_TEXT_MAX];
    return fits(snprintf(out, KEYSPACE_KEY_MAX, KEYSPACE_PREFIX "{%s}:witness:%s:%s", site, table_table[table].name,
                         period_format(period, text)));
}

size_t
keyspace_period(char out[KEYSPACE_KEY_MAX], const char *site, const char *what, struct period period)
{
    char text[PERIOD_TEXT_MAX];
    return fits(snprintf(out, KEYSPACE_KEY_MAX, KEYSPACE_PREFIX "{%s}:%s:%s", site, what, period_format(period, text)));
}

size_t
keyspace_site(char out[KEYSPACE_KEY_MAX], const char *site, const char *what)
{
    return fits(snprintf(out, KEYSPACE_KEY_MAX, KEYSPACE_PREFIX "{%s}:%s", site, what));
}

size_t
keyspace_audit(char out[KEYSPACE_KEY_MAX], const char *source)
{
    return fits(snprintf(out, KEYSPACE_KEY_MAX, KEYSPACE_PREFIX "audit:%s", source));
}
