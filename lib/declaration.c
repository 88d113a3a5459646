#include "sporlos/declaration.h"

#include "sporlos/keyspace.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { DAY_S = 24 * 3600 };

/* In SP_BEACON_FIELDS' column of the mode. */
static enum fate
field_fate(enum tables tables, enum fate standard, enum fate restricted)
{
    return tables == TABLES_RESTRICTED ? restricted : standard;
}

static const char *
fate_name(enum fate fate)
{
    switch (fate) {
    case FATE_UNREAD:
        break;
    case FATE_SELECTS:
        return "selects";
    case FATE_FLAG:
        return "flag";
    case FATE_PAGE:
        return "page";
    case FATE_WORD:
        return "word";
    case FATE_LISTED_PAGE:
        return "listed_page";
    case FATE_HOST:
        return "host";
    case FATE_LISTED:
        return "listed";
    case FATE_STEP:
        return "step";
    case FATE_VALUE:
        return "value";
    }
    return "unread";
}

static int
by_name(const void *left, const void *right)
{
    return strcmp(left, right); /* a name is the first member */
}

_Static_assert(offsetof(struct declared_table, name) == 0 && offsetof(struct declared_field, name) == 0, "by_name");

static void
declare_fields(struct declaration *declaration, enum tables tables)
{
#define X(field, key, types, standard, restricted)                                                                     \
    if (field_fate(tables, standard, restricted) != FATE_UNREAD) {                                                     \
        struct declared_field *made = &declaration->fields[declaration->field_count++];                                \
        snprintf(made->name, sizeof made->name, "%s", #field);                                                         \
        snprintf(made->fate, sizeof made->fate, "%s", fate_name(field_fate(tables, standard, restricted)));            \
    }
    SP_BEACON_FIELDS(X)
#undef X
    qsort(declaration->fields, declaration->field_count, sizeof declaration->fields[0], by_name);
}

#define X(field, ...) +1
_Static_assert(0 SP_BEACON_FIELDS(X) <= DECLARED_LIST_MAX, "raise DECLARED_LIST_MAX");
#undef X
_Static_assert((int)TABLE_COUNT <= (int)DECLARED_LIST_MAX, "raise DECLARED_LIST_MAX");

static void
declare_tables(struct declaration *declaration, const struct site_config *site, int64_t at_s)
{
    for (int table = 0; table < TABLE_COUNT; table++) {
        unsigned periods = (site->tables & 1U << table) == 0 ? 0 : table_periods((enum table_id)table, site->mode);
        for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
            if (site->in_force.from[table][kind] > at_s)
                periods &= ~PERIOD_BIT(kind);
        if (periods == 0)
            continue;
        struct declared_table *made = &declaration->tables[declaration->table_count++];
        snprintf(made->name, sizeof made->name, "%s", table_table[table].name);
        made->periods = periods;
    }
    qsort(declaration->tables, declaration->table_count, sizeof declaration->tables[0], by_name);
}

static void
declare_numbers(int64_t numbers[DECLARED_NUMBER_COUNT], const struct site_config *site)
{
    const struct mode *mode = &mode_table[site->mode];
    numbers[DECLARED_ADDRESS_BITS_IPV4] = ADDRESS_V4_BITS;
    numbers[DECLARED_ADDRESS_BITS_IPV6] = ADDRESS_V6_BITS;
    numbers[DECLARED_ARCHIVE_DAYS] = DECLARED_NO_END;
    numbers[DECLARED_REDIS_HOUR_DAYS] = keyspace_ttl_s(PERIOD_HOUR) / DAY_S;
    numbers[DECLARED_REDIS_DAY_DAYS] = keyspace_ttl_s(PERIOD_DAY) / DAY_S;
    numbers[DECLARED_REDIS_MONTH_DAYS] = keyspace_ttl_s(PERIOD_MONTH) / DAY_S;
    numbers[DECLARED_MIN_POPULATION] = site->min_population;
    numbers[DECLARED_NOISE_BOUND] = mode->bound;
    numbers[DECLARED_NOISE_VARIANCE] = mode->variance;
    numbers[DECLARED_SHOWN_FROM] = mode->show;
    numbers[DECLARED_SHOWN_LEAST] = mode->k;
    numbers[DECLARED_WITNESSES] = mode->witnesses;
}

static bool
has_municipalities(const struct declaration *declaration)
{
    for (int table = 0; table < TABLE_COUNT; table++)
        if (table_table[table].key == KEY_MUNICIPALITY &&
            declaration_table(declaration, table_table[table].name) != NULL)
            return true;
    return false;
}

/* What the User-Agent of a request is read for: of whoever comes, or also for numbers. */
static const char *
agent_use(const struct declaration *declaration, enum tables tables)
{
    static const enum table_id made_of_it[] = { TABLE_VISITORS, TABLE_DEVICE, TABLE_BROWSER, TABLE_SYSTEM };
    for (size_t i = 0; i < sizeof made_of_it / sizeof made_of_it[0]; i++)
        if (declaration_table(declaration, table_table[made_of_it[i]].name) != NULL)
            return "tables";
    return tables == TABLES_RESTRICTED ? "unread" : "bots";
}

static void
choose(struct declaration *declaration, enum declared_choice choice, const char *value)
{
    snprintf(declaration->choices[choice], sizeof declaration->choices[choice], "%s", value);
}

void
declaration_of(const struct config *config, const struct site_config *site, int64_t at_s,
               struct declaration *declaration)
{
    const struct mode *mode = &mode_table[site->mode];
    memset(declaration, 0, sizeof *declaration);
    snprintf(declaration->site, sizeof declaration->site, "%s", site->key);
    snprintf(declaration->timezone, sizeof declaration->timezone, "%s", site->zone.name);
    snprintf(declaration->mode, sizeof declaration->mode, "%s", mode->name);
    declare_numbers(declaration->numbers, site);
    choose(declaration, DECLARED_AUDIENCE, site->popular || site->embed.count > 0 ? "public" : "accounts");
    choose(declaration, DECLARED_WITNESS_WINDOW, mode->window == WINDOW_DAY ? "day" : "period");
    declare_tables(declaration, site, at_s);
    choose(declaration, DECLARED_USER_AGENT, agent_use(declaration, mode->tables));
    bool looks_up = config->geo.databases.count > 0 && has_municipalities(declaration);
    choose(declaration, DECLARED_MUNICIPALITIES, looks_up ? "database" : "none");
    declare_fields(declaration, mode->tables);
    if (site->search_parameter != NULL && declaration_table(declaration, table_table[TABLE_SEARCH].name) != NULL)
        snprintf(declaration->search_parameter, sizeof declaration->search_parameter, "%s", site->search_parameter);
    static const char *const declines[] = { "DNT", "Sec-GPC", "opt-out" };
    for (size_t i = 0; i < sizeof declines / sizeof declines[0]; i++)
        snprintf(declaration->declines[declaration->decline_count++], DECLARED_NAME_MAX, "%s", declines[i]);
}

const struct declared_table *
declaration_table(const struct declaration *declaration, const char *name)
{
    for (size_t i = 0; i < declaration->table_count; i++)
        if (strcmp(declaration->tables[i].name, name) == 0)
            return &declaration->tables[i];
    return NULL;
}

void
declaration_hash(const char *json, char hash[DECLARATION_HASH_TEXT])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    _Static_assert(2 * sizeof digest + 1 == DECLARATION_HASH_TEXT, "two digits a byte");
    crypto_hash_sha256(digest, (const unsigned char *)json, strlen(json));
    sodium_bin2hex(hash, DECLARATION_HASH_TEXT, digest, sizeof digest);
}

int64_t
declaration_in_force_from(int64_t published_s, bool rules, const struct zone *zone)
{
    int64_t earliest_s = published_s + DECLARATION_NOTICE_S;
    struct period period = period_at(rules ? PERIOD_MONTH : PERIOD_DAY, zone, earliest_s);
    if (period_start(period, zone) < earliest_s)
        period.index++;
    return period_start(period, zone);
}
