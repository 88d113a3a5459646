#include "statistics_of.h"

#include "attack.h"

#include "archive_file.h"
#include "collector_fixture.h"
#include "statistics.h"

#include <stdio.h>
#include <string.h>

static bool
is_of(const struct leaf *leaf, uint32_t site, struct period period)
{
    return leaf->id.table != TABLE_COUNT && leaf->id.site == site && leaf->id.kind == period.kind &&
           leaf->id.period == period.index;
}

static void
keep_month(struct collector_fixture *fixture, struct archive *archive, const struct site_config *site,
           struct period period, uint64_t *large)
{
    struct counters *counters = collector_counters(fixture->collector);
    struct texts *texts = counters_texts(counters);
    uint32_t text;
    struct release_batch *batch;
    if (texts_intern(texts, span_text(site->key), &text) != SP_OK || release_batch_new(site, period, &batch) != SP_OK)
        attack_broken("no batch");
    for (uint32_t slot = 0; slot < counters_slots(counters); slot++) {
        struct leaf leaf = counters_leaf(counters, slot);
        if (!is_of(&leaf, text, period))
            continue;
        struct span key = texts_get(texts, leaf.id.key);
        enum table_id table = (enum table_id)leaf.id.table;
        if (release_add(batch, table, key, leaf.value) != SP_OK ||
            (leaf.witnessed && release_witness(batch, table, key) != SP_OK))
            attack_broken("a leaf is not released");
        *large += leaf.value >= mode_table[site->mode].show;
    }
    if (archive_keep(archive, batch) != SP_OK)
        attack_broken("the archive does not take a period");
    release_batch_free(batch);
}

static uint64_t
rows_shown(struct archive *archive, const struct site_config *site, enum table_id table, struct period period)
{
    const struct statistic_query query = { site, table, month_first_day(period.index),
                                           month_first_day(period.index + 1) - 1, BY_MONTH };
    struct statistic *statistic;
    uint64_t shown = 0;
    if (statistic_new(archive, &query, &statistic) != SP_OK)
        attack_broken("a month is not answered");
    for (size_t i = 0; i < statistic_count(statistic); i++)
        shown += statistic_at(statistic, i)->shown;
    statistic_free(statistic);
    return shown;
}

struct statistics_of
statistics_of_month(struct collector_fixture *fixture, int sites, int year, int month)
{
    struct statistics_of all = { 0, 0 };
    struct archive_file file;
    struct archive *archive;
    const char *why;
    struct period period = { PERIOD_MONTH, civil_month(civil_day(year, month, 1)) };
    if (!archive_file_make(&file) || archive_open(file.url, ARCHIVE_FILL, &archive, &why) != SP_OK)
        attack_broken("no archive");
    for (int i = 0; i < sites; i++) {
        char name[64];
        snprintf(name, sizeof name, "barn%d.example", i);
        const struct site_config *config = config_site(collector_config(fixture->collector), span_text(name));
        keep_month(fixture, archive, config, period, &all.large);
        all.shown += rows_shown(archive, config, TABLE_PAGE, period);
        all.shown += rows_shown(archive, config, TABLE_MUNICIPALITY, period);
    }
    archive_close(archive);
    archive_file_remove(&file);
    return all;
}
