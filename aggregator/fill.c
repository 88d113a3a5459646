#include "fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sporlos/gazetteer.h"
#include "sporlos/in_force.h"
#include "sporlos/log.h"

enum { KEY_TEXT_MAX = 5 }; /* bytes, with the terminator: '0301', 'f03' */

struct fill {
    struct gazetteer *gazetteer; /* NULL: none */
    struct population *populations;
    size_t population_count;
};

enum sp_error
fill_new(const struct config *config, struct fill **fill)
{
    char why[GAZETTEER_WHY_MAX];
    enum sp_error error = SP_OK;
    *fill = calloc(1, sizeof **fill);
    if (*fill == NULL)
        return SP_NO_MEMORY;
    if (config->geo.gazetteer != NULL)
        error = gazetteer_read(config->geo.gazetteer, &(*fill)->gazetteer, why);
    if (error == SP_OK && config->geo.population != NULL)
        error = population_read(config->geo.population, &(*fill)->populations, &(*fill)->population_count, why);
    if (error == SP_OK && (*fill)->gazetteer != NULL)
        return SP_OK;
    LOG_BARE(LOG_WARNING, "municipalities_not_known_to_aggregator");
    gazetteer_free((*fill)->gazetteer);
    (*fill)->gazetteer = NULL;
    return SP_OK;
}

void
fill_free(struct fill *fill)
{
    if (fill == NULL)
        return;
    gazetteer_free(fill->gazetteer);
    free(fill->populations);
    free(fill);
}

static int
compare_numbers(const void *a, const void *b)
{
    const struct population *x = a;
    const struct population *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static int64_t
population_of(const struct fill *fill, const struct gazetteer_municipality *municipality)
{
    struct population wanted = { .number = municipality->number };
    const struct population *own =
        fill->population_count == 0
            ? NULL
            : bsearch(&wanted, fill->populations, fill->population_count, sizeof wanted, compare_numbers);
    return own != NULL ? own->population : municipality->population;
}

/* The key that the collector would count it under (geo_key in collector/geo.c). */
static struct span
municipality_key(const struct fill *fill, const struct gazetteer_municipality *municipality, int64_t min_population,
                 char out[KEY_TEXT_MAX])
{
    bool merged = min_population > 0 && population_of(fill, municipality) < min_population;
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
    for (size_t i = 0; error == SP_OK && fill->gazetteer != NULL && i < fill->gazetteer->municipality_count; i++) {
        char text[KEY_TEXT_MAX];
        error = release_top_up(batch, table,
                               municipality_key(fill, &fill->gazetteer->municipalities[i],
                                                release_batch_site(batch)->min_population, text),
                               births);
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
fill_words(struct release_batch *batch, enum table_id table, unsigned births)
{
    enum sp_error error = release_top_up(batch, table, SPAN_LITERAL(KEY_OTHER), births);
    return error == SP_OK ? release_top_up(batch, table, SPAN_LITERAL(KEY_REMOVED), births) : error;
}

static enum sp_error
fill_table(const struct fill *fill, struct release_batch *batch, enum table_id table, unsigned births)
{
    switch (table_table[table].key) {
    case KEY_NONE:
        return release_top_up(batch, table, SPAN_LITERAL(""), births);
    case KEY_PAGE:
        return fill_pages(batch, table, births);
    case KEY_MUNICIPALITY:
        return fill_municipalities(fill, batch, table, births);
    case KEY_WORD:
        return fill_words(batch, table, births);
    case KEY_REASON: /* counts requests that are no views; each has its reason only once something was dropped */
    case KEY_KIND_COUNT:
        break;
    }
    return SP_OK;
}

enum sp_error
fill_batch(const struct fill *fill, struct release_batch *batch, unsigned sources)
{
    const struct site_config *site = release_batch_site(batch);
    struct period period = release_batch_period(batch);
    enum sp_error error = release_top_up_all(batch, sources);
    for (int table = 0; error == SP_OK && table < TABLE_COUNT; table++) {
        if ((site->tables & 1U << table) != 0 &&
            (table_periods((enum table_id)table, site->mode) & PERIOD_BIT(period.kind)) != 0 &&
            site_counts(site, (enum table_id)table, period))
            error = fill_table(fill, batch, (enum table_id)table, sources);
    }
    return error;
}
