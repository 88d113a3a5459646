#include "fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sporlos/gazetteer.h"
#include "sporlos/geo_polygons.h"
#include "sporlos/in_force.h"
#include "sporlos/known_keys.h"
#include "sporlos/log.h"

enum { KEY_TEXT_MAX = 5 }; /* bytes, with the terminator: '0301', 'f03' */

struct fill {
    struct population *municipalities; /* by number */
    size_t count;
};

/* What the municipalities are known from, and freed before they are used. NULL: not configured, or not readable. */
struct sources {
    struct gazetteer *gazetteer;
    struct geo_polygons *polygons;
    struct population *populations;
    size_t population_count;
};

static bool
read_sources(const struct config *config, struct sources *sources)
{
    char why[GAZETTEER_WHY_MAX];
    enum sp_error gazetteer = SP_OK;
    enum sp_error polygons = SP_OK;
    enum sp_error population = SP_OK;
    *sources = (struct sources){ 0 };
    if (config->geo.gazetteer != NULL)
        gazetteer = gazetteer_read(config->geo.gazetteer, &sources->gazetteer, why);
    if (config->geo.polygons != NULL)
        polygons = geo_polygons_read(config->geo.polygons, &sources->polygons, why, sizeof why);
    if (config->geo.population != NULL)
        population = population_read(config->geo.population, &sources->populations, &sources->population_count, why);
    if (gazetteer == SP_OK && polygons == SP_OK && population == SP_OK &&
        (sources->gazetteer != NULL || sources->polygons != NULL))
        return true;
    LOG(LOG_WARNING, "municipalities_not_known_to_aggregator", { "gazetteer_error", gazetteer },
        { "polygons_error", polygons }, { "population_error", population });
    return population == SP_OK; /* without the figures that it merges by, a key would be another one */
}

static void
free_sources(struct sources *sources)
{
    gazetteer_free(sources->gazetteer);
    geo_polygons_free(sources->polygons);
    free(sources->populations);
}

static int
compare_numbers(const void *a, const void *b)
{
    const struct population *x = a;
    const struct population *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static enum sp_error
collect_numbers(struct fill *fill, const struct sources *sources)
{
    size_t gazetteer_count = sources->gazetteer == NULL ? 0 : sources->gazetteer->municipality_count;
    size_t area_count = sources->polygons == NULL ? 0 : sources->polygons->area_count;
    size_t all = gazetteer_count + area_count;
    size_t count = 0;
    fill->municipalities = calloc(all + 1, sizeof fill->municipalities[0]);
    if (fill->municipalities == NULL)
        return SP_NO_MEMORY;
    for (size_t i = 0; i < gazetteer_count; i++)
        fill->municipalities[count++].number = sources->gazetteer->municipalities[i].number;
    for (size_t i = 0; i < area_count; i++)
        fill->municipalities[count++].number = sources->polygons->areas[i].number;
    qsort(fill->municipalities, all, sizeof fill->municipalities[0], compare_numbers);
    for (size_t i = 0; i < all; i++)
        if (i == 0 || fill->municipalities[i].number != fill->municipalities[i - 1].number)
            fill->municipalities[fill->count++] =
                (struct population){ fill->municipalities[i].number, POPULATION_UNKNOWN };
    return SP_OK;
}

static void
set_population(struct fill *fill, uint16_t number, int64_t population)
{
    struct population wanted = { .number = number };
    struct population *found = bsearch(&wanted, fill->municipalities, fill->count, sizeof wanted, compare_numbers);
    if (found != NULL)
        found->population = population;
}

/* As the collector: the operator's figures if there are any, else the gazetteer's, never both. */
static void
set_populations(struct fill *fill, const struct sources *sources)
{
    const struct gazetteer *gazetteer = sources->populations == NULL ? sources->gazetteer : NULL;
    for (size_t i = 0; gazetteer != NULL && i < gazetteer->municipality_count; i++)
        set_population(fill, gazetteer->municipalities[i].number, gazetteer->municipalities[i].population);
    for (size_t i = 0; i < sources->population_count; i++)
        set_population(fill, sources->populations[i].number, sources->populations[i].population);
}

enum sp_error
fill_new(const struct config *config, struct fill **fill)
{
    struct sources sources;
    enum sp_error error = SP_OK;
    *fill = calloc(1, sizeof **fill);
    if (*fill == NULL)
        return SP_NO_MEMORY;
    if (read_sources(config, &sources))
        error = collect_numbers(*fill, &sources);
    if ((*fill)->count > 0)
        set_populations(*fill, &sources);
    free_sources(&sources);
    if (error != SP_OK) {
        fill_free(*fill);
        *fill = NULL;
    }
    return error;
}

void
fill_free(struct fill *fill)
{
    if (fill == NULL)
        return;
    free(fill->municipalities);
    free(fill);
}

/* The key that the collector would count it under (geo_key in collector/geo.c). */
static struct span
municipality_key(const struct population *municipality, int64_t min_population, char out[KEY_TEXT_MAX])
{
    bool merged = min_population > 0 && municipality->population < min_population;
    unsigned number = municipality->number % 10000U;
    int length =
        merged ? snprintf(out, KEY_TEXT_MAX, "f%02u", number / 100) : snprintf(out, KEY_TEXT_MAX, "%04u", number);
    return span_of(out, (size_t)length);
}

static enum sp_error
fill_municipalities(const struct fill *fill, struct release_batch *batch, enum table_id table, unsigned births)
{
    enum sp_error error = release_top_up(batch, table, SPAN_LITERAL(KEY_UNKNOWN), births);
    if (error == SP_OK)
        error = release_top_up(batch, table, SPAN_LITERAL(KEY_ABROAD), births);
    for (size_t i = 0; error == SP_OK && i < fill->count; i++) {
        char text[KEY_TEXT_MAX];
        int64_t min_population = release_batch_site(batch)->min_population;
        error = release_top_up(batch, table, municipality_key(&fill->municipalities[i], min_population, text), births);
    }
    return error;
}

static enum sp_error
fill_pages(struct release_batch *batch, enum table_id table, unsigned births)
{
    const struct site_config *site = release_batch_site(batch);
    enum sp_error error = release_top_up(batch, table, SPAN_LITERAL(KEY_OTHER), births);
    for (size_t i = 0; error == SP_OK && i < site->pages.count; i++) {
        if (strchr(site->pages.items[i], '*') == NULL)
            error = release_top_up(batch, table, span_text(site->pages.items[i]), births);
    }
    for (size_t i = 0; error == SP_OK && i < site->fold_count; i++)
        error = release_top_up(batch, table, span_text(site->folds[i].page), births);
    return error;
}

static enum sp_error
fill_known(struct release_batch *batch, enum table_id table, unsigned births)
{
    struct known_keys known = known_keys_in(release_batch_mode(batch), table_table[table].key);
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < known.count; i++)
        error = release_top_up(batch, table, span_text(known.rows[i].key), births);
    return error;
}

static enum sp_error
fill_names(struct release_batch *batch, enum table_id table, const struct text_list *names, unsigned births)
{
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < names->count; i++)
        error = release_top_up(batch, table, span_text(names->items[i]), births);
    return error;
}

static enum sp_error
fill_sections(struct release_batch *batch, enum table_id table, unsigned births)
{
    const struct site_config *site = release_batch_site(batch);
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < site->section_count; i++)
        error = release_top_up(batch, table, span_text(site->sections[i].right), births);
    return error;
}

/* The first halves that keys of two can have; the site's answers are its own. */
static size_t
head_count(const struct release_batch *batch, enum key_kind kind)
{
    return kind == KEY_ANSWER_PAGE ? release_batch_site(batch)->answer_count : known_keys_of(kind).count;
}

static const char *
head_at(const struct release_batch *batch, enum key_kind kind, size_t i)
{
    return kind == KEY_ANSWER_PAGE ? release_batch_site(batch)->answers[i].left : known_keys_of(kind).rows[i].key;
}

/* Every first half for one page: which of them somebody fed does not show by being there. */
static enum sp_error
fill_page_heads(struct release_batch *batch, enum table_id table, struct span page, unsigned births)
{
    enum key_kind kind = table_table[table].key;
    char key[PATH_MAX_BYTES];
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < head_count(batch, kind); i++) {
        const char *head = head_at(batch, kind, i);
        size_t length = strlen(head);
        if (length + 1 + page.length > sizeof key)
            continue; /* such a page is counted as KEY_OTHER */
        memcpy(key, head, length);
        key[length] = KEY_SEPARATOR;
        memcpy(key + length + 1, page.at, page.length);
        error = release_top_up(batch, table, span_of(key, length + 1 + page.length), births);
    }
    return error;
}

/* Pages that are listed, and those that earned a name: they are known by having a leaf in this table or another. */
static enum sp_error
fill_pages_heads(struct release_batch *batch, enum table_id table, unsigned births)
{
    const struct site_config *site = release_batch_site(batch);
    enum sp_error error = fill_page_heads(batch, table, SPAN_LITERAL(KEY_OTHER), births);
    for (size_t i = 0; error == SP_OK && i < site->pages.count; i++) {
        if (strchr(site->pages.items[i], '*') == NULL)
            error = fill_page_heads(batch, table, span_text(site->pages.items[i]), births);
    }
    for (size_t i = 0; error == SP_OK && i < site->fold_count; i++)
        error = fill_page_heads(batch, table, span_text(site->folds[i].page), births);
    size_t there = release_count(batch); /* what is born in this loop is of pages that are seen already */
    for (size_t i = 0; error == SP_OK && i < there; i++) {
        const struct release *leaf = release_at(batch, i);
        struct span page = release_key(leaf);
        struct span head;
        if (release_table(leaf) == table)
            key_halves(release_key(leaf), &head, &page);
        else if (release_table(leaf) != TABLE_PAGE)
            continue;
        error = fill_page_heads(batch, table, page, births);
    }
    return error;
}

static enum sp_error
fill_words(struct release_batch *batch, enum table_id table, unsigned births)
{
    enum sp_error error = release_top_up(batch, table, SPAN_LITERAL(KEY_OTHER), births);
    return error == SP_OK ? release_top_up(batch, table, SPAN_LITERAL(KEY_REMOVED), births) : error;
}

static enum sp_error
fill_other(struct release_batch *batch, enum table_id table, unsigned births)
{
    return release_top_up(batch, table, SPAN_LITERAL(KEY_OTHER), births);
}

static enum sp_error
fill_events(struct release_batch *batch, enum table_id table, unsigned births)
{
    enum sp_error error = fill_words(batch, table, births);
    return error == SP_OK ? fill_names(batch, table, &release_batch_site(batch)->events, births) : error;
}

static enum sp_error
fill_carried(struct release_batch *batch, enum table_id table, const struct carried *carried, unsigned births)
{
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < carried->count; i++) {
        const struct carried_key *key = &carried->keys[i];
        if (key->table == table)
            error = release_top_up(batch, table, span_of(key->text, key->length), births);
    }
    return error;
}

static enum sp_error
fill_table(const struct fill *fill, struct release_batch *batch, enum table_id table, const struct carried *carried,
           unsigned births)
{
    enum sp_error error = fill_carried(batch, table, carried, births);
    if (error != SP_OK)
        return error;
    switch (table_table[table].key) {
    case KEY_NONE:
        return release_top_up(batch, table, SPAN_LITERAL(""), births);
    case KEY_PAGE:
        return fill_pages(batch, table, births);
    case KEY_MUNICIPALITY:
        return fill_municipalities(fill, batch, table, births);
    case KEY_WORD:
    case KEY_CAMPAIGN:
        return fill_words(batch, table, births);
    case KEY_EVENT:
        return fill_events(batch, table, births);
    case KEY_HOST:
    case KEY_FILE:
        return fill_other(batch, table, births);
    case KEY_SECTION:
        return fill_sections(batch, table, births);
    case KEY_TAG:
        return fill_names(batch, table, &release_batch_site(batch)->tags, births);
    case KEY_REFERRER:
    case KEY_DEVICE:
    case KEY_BROWSER:
    case KEY_SYSTEM:
    case KEY_BUCKET:
    case KEY_REASON:
        return fill_known(batch, table, births);
    case KEY_BUCKET_PAGE:
    case KEY_QUARTER_PAGE:
    case KEY_ANSWER_PAGE:
        return fill_pages_heads(batch, table, births);
    case KEY_KIND_COUNT:
        break;
    }
    return SP_OK;
}

enum sp_error
fill_batch(const struct fill *fill, struct release_batch *batch, unsigned sources, const struct carried *carried)
{
    const struct site_config *site = release_batch_site(batch);
    struct period period = release_batch_period(batch);
    enum sp_error error = release_top_up_all(batch, sources);
    for (int table = 0; error == SP_OK && table < TABLE_COUNT; table++) {
        if ((site->tables & 1U << table) != 0 &&
            (table_periods((enum table_id)table, site->mode) & PERIOD_BIT(period.kind)) != 0 &&
            site_counts(site, (enum table_id)table, period))
            error = fill_table(fill, batch, (enum table_id)table, carried, sources);
    }
    return error;
}
