#include "births.h"

struct birth {
    struct counters *counters;
    const struct site *site;
    enum table_id table;
    unsigned periods;
};

static void
birth_key(const struct birth *birth, struct span key)
{
    struct leaf_id id = { .site = birth->site->text, .table = (uint8_t)birth->table };
    if (texts_intern(counters_texts(birth->counters), key, &id.key) != SP_OK)
        return;
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        id.kind = (uint8_t)kind;
        id.period = birth->site->open[kind].index;
        if ((birth->periods & PERIOD_BIT(kind)) != 0 &&
            counters_birth(birth->counters, &id, birth->site->mode) != SP_OK)
            return;
    }
}

static void
birth_pages(const struct birth *birth)
{
    const struct site_config *config = birth->site->config;
    birth_key(birth, SPAN_LITERAL(KEY_OTHER));
    for (size_t i = 0; i < config->pages.count; i++) {
        if (strchr(config->pages.items[i], '*') == NULL)
            birth_key(birth, span_text(config->pages.items[i]));
    }
    for (size_t i = 0; i < config->fold_count; i++)
        birth_key(birth, span_text(config->folds[i].page));
}

void
births_open(struct counters *counters, const struct site *site)
{
    if (site->config == NULL)
        return;
    for (int table = 0; table < TABLE_COUNT; table++) {
        struct birth birth = { counters, site, (enum table_id)table, site->periods[table] };
        if (birth.periods == 0)
            continue;
        switch (table_table[table].key) {
        case KEY_NONE:
            birth_key(&birth, SPAN_LITERAL(""));
            break;
        case KEY_PAGE:
            birth_pages(&birth);
            break;
        case KEY_MUNICIPALITY:
            birth_key(&birth, SPAN_LITERAL(KEY_UNKNOWN));
            birth_key(&birth, SPAN_LITERAL(KEY_ABROAD));
            break;
        case KEY_WORD:
            birth_key(&birth, SPAN_LITERAL(KEY_OTHER));
            birth_key(&birth, SPAN_LITERAL(KEY_REMOVED));
            break;
        case KEY_REASON:
        case KEY_KIND_COUNT:
            break;
        }
    }
}
