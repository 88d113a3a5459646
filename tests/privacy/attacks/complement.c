/* Row 5: random archives, and the county-periods in which one hidden municipality is alone. */
#include "attack.h"

#include "archive_file.h"
#include "sites.h"
#include "sporlos/clock.h"
#include "statistics.h"
#include "suppression.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTIES = 12, UNITS = 9, KEYS = COUNTIES * UNITS };

static uint32_t
below(uint32_t limit)
{
    uint32_t bits;
    random_bytes(&bits, sizeof bits);
    return bits % limit;
}

struct trial {
    struct site_config site;
    struct archive *archive;
    int32_t first, last;
    bool exists[512][KEYS]; /* in that period */
    uint64_t counties_seen, alone, rests, rests_of_one;
};

/* Values about the threshold, some of a whole county small, few or many units in it. */
static void
fill(struct trial *trial, enum period_kind kind)
{
    static char texts[KEYS][8];
    static struct given given[KEYS];
    for (int32_t index = trial->first; index <= trial->last; index++) {
        struct period period = { kind, index };
        size_t count = 0;
        for (int county = 0; county < COUNTIES; county++) {
            int show = mode_table[trial->site.mode].show;
            int units = 1 + (int)below(UNITS);
            for (int unit = 0; unit < units; unit++) {
                int key = county * UNITS + unit;
                snprintf(texts[key], sizeof texts[key], "%02d%02d", county + 1, unit + 1);
                int64_t value = (int64_t)below((uint32_t)show * 4) - (below(4) == 0 ? show : 0);
                given[count++] = (struct given){ period, TABLE_MUNICIPALITY, texts[key], value, 1, below(8) != 0 };
                trial->exists[index - trial->first][key] = true;
            }
        }
        if (archive_file_keep(trial->archive, &trial->site, period, given, count) != SP_OK)
            attack_broken("the archive does not take a period");
    }
}

static void
judge_bucket(struct trial *trial, const bool exists[KEYS], const bool shown[KEYS], const bool rest[COUNTIES])
{
    for (int county = 0; county < COUNTIES; county++) {
        int hidden = 0;
        int seen = 0;
        for (int unit = 0; unit < UNITS; unit++) {
            int key = county * UNITS + unit;
            seen += shown[key];
            hidden += exists[key] && !shown[key];
        }
        trial->counties_seen += seen + hidden > 0;
        trial->alone += seen > 0 && hidden == 1;
        trial->rests += rest[county];
        trial->rests_of_one += rest[county] && hidden < 2;
    }
}

/* All municipalities that the archive has in the periods of the bucket. */
static void
note_existing(const struct trial *trial, enum period_kind kind, int32_t from, int32_t to, bool exists[KEYS])
{
    memset(exists, 0, KEYS);
    for (int32_t index = trial->first; index <= trial->last; index++) {
        int32_t start = kind == PERIOD_MONTH ? month_first_day(index) : index;
        for (int key = 0; start >= from && start <= to && key < KEYS; key++)
            exists[key] = exists[key] || trial->exists[index - trial->first][key];
    }
}

static void
ask(struct trial *trial, enum period_kind kind, int32_t from, int32_t to, enum statistic_by by)
{
    const struct statistic_query query = { &trial->site, TABLE_MUNICIPALITY, from, to, by };
    struct statistic *statistic;
    bool exists[KEYS];
    if (statistic_new(trial->archive, &query, &statistic) != SP_OK)
        attack_broken("a range is not answered");
    for (size_t i = 0; i < statistic_count(statistic);) {
        bool shown[KEYS] = { false };
        bool rest[COUNTIES] = { false };
        int32_t bucket = statistic_at(statistic, i)->from;
        int32_t end = statistic_at(statistic, i)->to;
        for (; i < statistic_count(statistic) && statistic_at(statistic, i)->from == bucket; i++) {
            const struct statistic_row *row = statistic_at(statistic, i);
            int county = (row->key.at[row->is_rest] - '0') * 10 + row->key.at[1 + row->is_rest] - '0' - 1;
            if (row->is_rest)
                rest[county] = true;
            else
                shown[county * UNITS + (row->key.at[2] - '0') * 10 + row->key.at[3] - '0' - 1] = true;
        }
        note_existing(trial, kind, bucket, end, exists);
        judge_bucket(trial, exists, shown, rest);
    }
    statistic_free(statistic);
}

static void
try_mode(enum site_mode mode, int periods, struct trial *trial)
{
    struct archive_file file;
    const char *why;
    static char name[] = "site.example";
    enum period_kind kind = (table_periods(TABLE_MUNICIPALITY, mode) & PERIODS_DAY) != 0 ? PERIOD_DAY : PERIOD_MONTH;
    memset(trial->exists, 0, sizeof trial->exists);
    trial->site = test_site(name, mode);
    trial->first = kind == PERIOD_DAY ? civil_day(2026, 2, 2) : 600;
    trial->last = trial->first + periods - 1;
    if (!archive_file_make(&file) || archive_open(file.url, ARCHIVE_FILL, &trial->archive, &why) != SP_OK)
        attack_broken("no archive");
    fill(trial, kind);
    for (int i = 0; i < 40; i++) {
        int32_t a = trial->first + (int32_t)below((uint32_t)periods);
        int32_t b = trial->first + (int32_t)below((uint32_t)periods);
        int32_t from = a < b ? a : b;
        int32_t to = a < b ? b : a;
        if (kind == PERIOD_MONTH) {
            ask(trial, kind, month_first_day(from), month_first_day(to + 1) - 1, i % 2 != 0 ? BY_RANGE : BY_MONTH);
        } else {
            static const enum statistic_by all[] = { BY_DAY, BY_WEEK, BY_RANGE };
            ask(trial, kind, from, to, all[i % 3]);
        }
    }
    archive_close(trial->archive);
    archive_file_remove(&file);
}

void
attack_complement(const struct attack_options *options)
{
    static struct trial trial;
    for (int mode = 0; mode < MODE_COUNT; mode++)
        for (int archive = 0; archive < (options->longer ? 20 : 2); archive++)
            try_mode((enum site_mode)mode, mode == MODE_RESTRICTED ? 60 : 180, &trial);
    attack_figure("county_periods_seen", (double)trial.counties_seen);
    attack_figure("county_periods_with_a_rest", (double)trial.rests);
    attack_report("5", "county_periods_with_one_hidden", (double)trial.alone, "0",
                  trial.alone == 0 && trial.counties_seen > 1000);
    attack_report("5", "rests_of_fewer_than_two", (double)trial.rests_of_one, "0",
                  trial.rests_of_one == 0 && trial.rests > 0);
}
