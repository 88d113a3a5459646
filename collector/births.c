#include "births.h"

#include "sporlos/known_keys.h"

#include <stdio.h>

struct birth {
    struct counters *counters;
    const struct site *site;
    enum table_id table;
    unsigned periods;
};

static void
birth_text(const struct birth *birth, uint32_t text)
{
    struct leaf_id id = { .site = birth->site->text, .key = text, .table = (uint8_t)birth->table };
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
        id.kind = (uint8_t)kind;
        id.period = birth->site->open[kind].index;
        if ((birth->periods & PERIOD_BIT(kind)) != 0 &&
            counters_birth(birth->counters, &id, birth->site->mode) != SP_OK)
            return;
    }
}

static void
birth_key(const struct birth *birth, struct span key)
{
    uint32_t text;
    if (texts_intern(counters_texts(birth->counters), key, &text) == SP_OK)
        birth_text(birth, text);
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

static void
birth_joined(const struct birth *birth, const char *head)
{
    char key[TAG_BYTES_MAX];
    int length = snprintf(key, sizeof key, "%s%c%s", head, KEY_SEPARATOR, KEY_OTHER);
    birth_key(birth, span_of(key, (size_t)length));
}

/* A closed list, or the first halves of one, of no page in particular: each page's own come with its first reader. */
static void
birth_known(const struct birth *birth, enum key_kind kind, bool joined)
{
    struct known_keys known = known_keys_in(birth->site->mode, kind);
    for (size_t i = 0; i < known.count; i++) {
        if (joined)
            birth_joined(birth, known.rows[i].key);
        else
            birth_key(birth, span_text(known.rows[i].key));
    }
}

static void
birth_names(const struct birth *birth, const struct text_list *names)
{
    for (size_t i = 0; i < names->count; i++)
        birth_key(birth, span_text(names->items[i]));
}

/* Keys that the configuration names. */
static void
birth_configured(const struct birth *birth, enum key_kind kind)
{
    const struct site_config *config = birth->site->config;
    if (kind == KEY_TAG)
        birth_names(birth, &config->tags);
    if (kind == KEY_EVENT)
        birth_names(birth, &config->events);
    for (size_t i = 0; kind == KEY_SECTION && i < config->section_count; i++)
        birth_key(birth, span_text(config->sections[i].right));
    for (size_t i = 0; kind == KEY_ANSWER_PAGE && i < config->answer_count; i++)
        birth_joined(birth, config->answers[i].left);
}

static void
birth_table(const struct birth *birth, enum key_kind kind)
{
    switch (kind) {
    case KEY_NONE:
        birth_key(birth, SPAN_LITERAL(""));
        break;
    case KEY_PAGE:
        birth_pages(birth);
        break;
    case KEY_MUNICIPALITY:
        birth_key(birth, SPAN_LITERAL(KEY_UNKNOWN));
        birth_key(birth, SPAN_LITERAL(KEY_ABROAD));
        break;
    case KEY_WORD:
    case KEY_CAMPAIGN:
    case KEY_EVENT:
        birth_key(birth, SPAN_LITERAL(KEY_REMOVED));
        /* fall through */
    case KEY_HOST:
    case KEY_FILE:
        birth_key(birth, SPAN_LITERAL(KEY_OTHER));
        birth_configured(birth, kind);
        break;
    case KEY_SECTION:
    case KEY_TAG:
    case KEY_ANSWER_PAGE:
        birth_configured(birth, kind);
        break;
    case KEY_REFERRER:
    case KEY_DEVICE:
    case KEY_BROWSER:
    case KEY_SYSTEM:
    case KEY_BUCKET:
    case KEY_REASON:
        birth_known(birth, kind, false);
        break;
    case KEY_BUCKET_PAGE:
    case KEY_QUARTER_PAGE:
        birth_known(birth, kind, true);
        break;
    case KEY_KIND_COUNT:
        break;
    }
}

void
births_open(struct counters *counters, const struct site *site)
{
    if (site->config == NULL)
        return;
    for (int table = 0; table < TABLE_COUNT; table++) {
        struct birth birth = { counters, site, (enum table_id)table, site->periods[table] };
        if (birth.periods != 0)
            birth_table(&birth, table_table[table].key);
    }
}

/* The tables in which a text stands under a name of that kind, bit (1U << enum table_id). */
static uint32_t
tables_of(enum name_kind kind)
{
    static const uint32_t tables[NAME_KIND_COUNT] = {
        [NAME_PAGE] = 1U << TABLE_PAGE,          [NAME_WORD] = 1U << TABLE_SEARCH | 1U << TABLE_SEARCH_EMPTY,
        [NAME_EVENT] = 1U << TABLE_EVENT,        [NAME_CAMPAIGN] = 1U << TABLE_UTM_CAMPAIGN,
        [NAME_HOST] = 1U << TABLE_REFERRER_HOST, [NAME_SOURCE] = 1U << TABLE_UTM_SOURCE,
        [NAME_MEDIUM] = 1U << TABLE_UTM_MEDIUM,  [NAME_DOWNLOAD] = 1U << TABLE_DOWNLOAD,
        [NAME_OUTBOUND] = 1U << TABLE_OUTBOUND,  [NAME_MISSING] = 1U << TABLE_MISSING,
    };
    return tables[kind];
}

_Static_assert(NAME_KIND_COUNT == 10 && TABLE_COUNT <= 32, "tables_of has a row for each kind of name");

void
births_of_name(struct counters *counters, const struct site *site, struct name_id id)
{
    uint32_t tables = tables_of(id.kind);
    for (int table = 0; tables >> table != 0; table++) {
        struct birth birth = { counters, site, (enum table_id)table, site->periods[table] };
        if ((tables >> table & 1U) != 0 && birth.periods != 0)
            birth_text(&birth, id.text);
    }
}
