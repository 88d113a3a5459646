#include "seed.h"

#include "release.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const pages[] = {
    "/",
    "/demens",
    "/demens/avlastning",
    "/barn-som-pårørende",
    "/psykisk-helse",
    "/skjema/omsorgsstønad",
    "/rettigheter",
    "/demens/tidlige-tegn",
    "/sorg",
    "/rettigheter/pleiepenger",
    "/avlastning",
    "/samtalegrupper",
    "/kontakt-oss",
    "/ung",
    "/rus-og-avhengighet",
    "/kreft",
    "/psykisk-helse/angst",
    "/demens/når-hjemmet-blir-vanskelig",
    "/kurs",
    "/rettigheter/fremtidsfullmakt",
    "/om-oss",
    "/hjerneslag",
    "/aktuelt/ny-pårørendeveileder",
    "/foreldre",
    "/søsken",
    "/rettigheter/brukerstyrt-personlig-assistanse",
    "/als",
    "/psykisk-helse/depresjon",
    "/for-fagfolk",
    "/aktuelt",
    "/parkinson",
    "/spiseforstyrrelser",
    "/ensomhet",
    "/å-ta-vare-på-seg-selv",
    "/likeperson",
    "/podkast",
    "/rettigheter/ledsagerbevis",
    "/personvern",
    "/nyhetsbrev",
    "/tilgjengelighet",
};
enum { PAGE_COUNT = sizeof pages / sizeof pages[0] };

static uint64_t state = 42;

/* A fixed sequence (splitmix64): the same picture each time. 0 <= x < 1 */
static double
uniform(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* Roughly Poisson around mean, as counts are. */
static int64_t
count_around(double mean)
{
    double sum = 0;
    for (int i = 0; i < 12; i++)
        sum += uniform();
    double value = mean + sqrt(mean) * (sum - 6);
    return value < 0 ? 0 : llround(value);
}

static void
check(enum sp_error error)
{
    if (error == SP_OK)
        return;
    fprintf(stderr, "seed: %s\n", sp_error_text(error));
    abort();
}

int64_t
seed_now_s(void)
{
    return (int64_t)civil_day(2026, 11, 22) * 86400 + 13 * 3600 + 25 * 60;
}

struct site_config
seed_site(const char *name, enum site_mode mode)
{
    struct site_config site = { .mode = mode, .min_population = 5000, .tables = ~0U };
    site.name = strdup(name);
    snprintf(site.key, sizeof site.key, "%s", name);
    check(zone_init(&site.zone, "Europe/Oslo"));
    return site;
}

static void
add(struct release_batch *batch, enum table_id table, const char *key, int64_t value)
{
    check(release_add(batch, table, span_text(key), value + (int64_t)(uniform() * 5) - 2));
    if (value >= 4)
        check(release_witness(batch, table, span_text(key)));
}

/* Visits expected on a day: weekends are quiet, so are July and Christmas, and the site grows. */
static double
expected_visits(int32_t day, int scale, int32_t last)
{
    static const double weekday[7] = { 1.15, 1.2, 1.14, 1.08, 0.9, 0.55, 0.62 };
    int year, month, date;
    civil_date(day, &year, &month, &date);
    double season = month == 7 ? 0.55 : month == 12 && date > 20 ? 0.4 : 1;
    double growth = 1 + 0.35 * (1 - (double)(last - day) / SEED_DAYS);
    if (last - day == SEED_QUIET_DAY_BACK)
        return 2;
    double campaign = last - day >= 4 && last - day <= 6 ? 1.35 : 1;
    return scale * weekday[civil_weekday(day)] * season * growth * campaign;
}

static void
add_pages(struct release_batch *batch, double views)
{
    for (int i = 0; i < PAGE_COUNT; i++)
        add(batch, TABLE_PAGE, pages[i], count_around(views * 0.2 / pow(i + 1, 0.95)));
    add(batch, TABLE_PAGE, KEY_OTHER, count_around(views * 0.08));
}

static void
add_municipalities(struct release_batch *batch, const struct gazetteer *gazetteer, double visits, bool merged)
{
    for (size_t i = 0; i < gazetteer->municipality_count; i++) {
        const struct gazetteer_municipality *at = &gazetteer->municipalities[i];
        double share = (double)at->population / 5600000 * (0.6 + 0.8 * (double)(at->number * 37 % 100) / 100);
        int64_t value = count_around(visits * 0.82 * share);
        char key[8];
        snprintf(key, sizeof key, "%04u", at->number);
        if (merged && at->population < 5000)
            snprintf(key, sizeof key, "f%02u", at->number / 100);
        if (value > 0)
            add(batch, TABLE_MUNICIPALITY, key, value);
    }
    add(batch, TABLE_MUNICIPALITY, KEY_UNKNOWN, count_around(visits * 0.13));
    add(batch, TABLE_MUNICIPALITY, KEY_ABROAD, count_around(visits * 0.05));
}

static void
keep(struct archive *archive, struct release_batch *batch)
{
    check(archive_keep(archive, batch));
    release_batch_free(batch);
}

static struct release_batch *
begin(const struct site_config *site, enum period_kind kind, int32_t index)
{
    struct release_batch *batch;
    check(release_batch_new(site, (struct period){ kind, index }, &batch));
    return batch;
}

static double
keep_day(struct archive *archive, const struct site_config *site, const struct gazetteer *gazetteer, int32_t day,
         double expected)
{
    struct release_batch *batch = begin(site, PERIOD_DAY, day);
    double visits = (double)count_around(expected);
    add(batch, TABLE_VISITS, "", (int64_t)visits);
    add(batch, TABLE_TOTAL, "", count_around(visits * 2.6));
    add(batch, TABLE_DECLINED, "", count_around(visits * 0.11));
    add(batch, TABLE_DROPPED, "bot", count_around(visits * 0.4));
    add(batch, TABLE_DROPPED, "prefetch", count_around(visits * 0.06));
    if (site->mode != MODE_RESTRICTED) {
        add(batch, TABLE_VISITORS, "", (int64_t)(visits * 0.8));
        add_pages(batch, visits * 2.6);
        add_municipalities(batch, gazetteer, visits, false);
    }
    keep(archive, batch);
    return visits;
}

static void
keep_month(struct archive *archive, const struct site_config *site, const struct gazetteer *gazetteer, int32_t month,
           double visits)
{
    struct release_batch *batch = begin(site, PERIOD_MONTH, month);
    add_pages(batch, visits * 2.6);
    add_municipalities(batch, gazetteer, visits, site->mode == MODE_RESTRICTED);
    keep(archive, batch);
}

static void
keep_hours(struct archive *archive, const struct site_config *site, int scale)
{
    static const double weight[24] = { .01,  .005, .004, .003, .004, .01,  .02, .04, .06,  .075, .08,  .08,
                                       .075, .07,  .068, .06,  .05,  .045, .05, .06, .055, .04,  .025, .015 };
    int32_t today = period_at(PERIOD_DAY, &site->zone, seed_now_s()).index;
    int64_t start_s = period_start((struct period){ PERIOD_DAY, today }, &site->zone);
    for (int hour = 0; start_s + (hour + 1) * 3600 + 600 <= seed_now_s(); hour++) {
        struct release_batch *batch = begin(site, PERIOD_HOUR, (int32_t)(start_s / 3600) + hour);
        add(batch, TABLE_HOUR, "", count_around(scale * 2.2 * weight[hour]));
        keep(archive, batch);
    }
}

void
seed_archive(struct archive *archive, const struct site_config *site, const struct gazetteer *gazetteer, int scale)
{
    state = 42;
    int32_t last = period_at(PERIOD_DAY, &site->zone, seed_now_s()).index - 1;
    double month = 0;
    for (int32_t day = last - SEED_DAYS + 1; day <= last; day++) {
        month += keep_day(archive, site, gazetteer, day, expected_visits(day, scale, last));
        if (civil_month(day + 1) == civil_month(day))
            continue;
        keep_month(archive, site, gazetteer, civil_month(day), month);
        month = 0;
    }
    if (table_periods(TABLE_HOUR, site->mode) != 0)
        keep_hours(archive, site, scale);
}
