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

/* Keys of a table and how large a share of its whole each has, in thousandths; by day and month. */
struct share {
    const char *key;
    int thousandths;
};
static const struct share classes[] = { { "search", 510 }, { "direct", 250 }, { "ai", 62 },  { "social", 58 },
                                        { "mail", 21 },    { "public", 64 },  { "site", 35 } };
static const struct share hosts[] = {
    { "google.no", 240 },         { "google.com", 130 }, { "bing.com", 82 },
    { "helsenorge.no", 38 },      { "chatgpt.com", 36 }, { "facebook.com", 31 },
    { "duckduckgo.com", 28 },     { "nav.no", 21 },      { "copilot.microsoft.com", 14 },
    { "demensnett.example", 12 }, { "linkedin.com", 9 }, { "oslo.kommune.no", 8 },
    { "instagram.com", 7 },       { "kvasir.no", 5 },    { KEY_OTHER, 16 }
};
static const struct share utm_sources[] = {
    { "nyhetsbrev", 31 }, { "facebook", 18 }, { "plakat", 7 }, { KEY_OTHER, 3 }
};
static const struct share utm_media[] = { { "epost", 32 }, { "sosiale medier", 20 }, { "qr", 7 }, { KEY_OTHER, 2 } };
static const struct share utm_campaigns[] = {
    { "pårørendedagen", 28 }, { "høst 2026", 19 }, { "kurs", 9 }, { KEY_OTHER, 4 }
};
static const struct share devices[] = { { "mobile", 612 }, { "desktop", 331 }, { "tablet", 52 }, { "unknown", 5 } };
static const struct share browsers[] = { { "safari", 341 }, { "chrome", 322 },    { "edge", 141 },    { "samsung", 71 },
                                         { "firefox", 52 }, { "google-app", 33 }, { "facebook", 14 }, { "other", 9 } };
static const struct share systems[] = { { "ios", 362 },  { "windows", 281 }, { "android", 244 }, { "macos", 82 },
                                        { "linux", 17 }, { "chromeos", 8 },  { "other", 6 } };
static const struct share visible[] = { { "0", 214 }, { "1", 188 }, { "2", 171 }, { "3", 229 },
                                        { "4", 152 }, { "5", 36 },  { "6", 10 } };
static const struct share lengths[] = { { "0", 142 }, { "1", 151 }, { "2", 163 }, { "3", 248 },
                                        { "4", 214 }, { "5", 66 },  { "6", 16 } };
static const struct share depths[] = { { "0", 148 }, { "1", 203 }, { "2", 231 }, { "3", 190 }, { "4", 228 } };
static const struct share words[] = { { "omsorgsstønad", 61 }, { "demens", 52 },   { "avlastning", 44 },
                                      { "pleiepenger", 38 },   { "sorg", 27 },     { "ledsagerbevis", 22 },
                                      { "samtalegruppe", 19 }, { "vergemål", 16 }, { "bpa", 14 },
                                      { "angst", 12 },         { KEY_OTHER, 88 },  { KEY_REMOVED, 12 } };
static const struct share fruitless[] = {
    { "parkering", 21 }, { "hjemmehjelp pris", 14 }, { "støttekontakt søknad", 11 }, { "tt-kort", 9 }, { KEY_OTHER, 22 }
};
static const struct share downloads[] = { { "/filer/pårørendeveileder.pdf", 34 },
                                          { "/filer/søknad-omsorgsstønad.docx", 22 },
                                          { "/filer/brosjyre-demens.pdf", 13 },
                                          { KEY_OTHER, 6 } };
static const struct share outbound[] = { { "helsenorge.no", 46 },         { "nav.no", 41 },
                                         { "nasjonalforeningen.no", 23 }, { "statsforvalteren.no", 12 },
                                         { "mentalhelse.no", 9 },         { KEY_OTHER, 14 } };
static const struct share missing[] = {
    { "/parorende", 12 }, { "/skjema/gammelt", 8 }, { "/no/om", 5 }, { KEY_OTHER, 7 }
};
static const struct share events[] = { { "chat åpnet", 16 }, { "skjema sendt", 12 }, { "video startet", 9 } };
static const struct share sections[] = {
    { "demens", 214 }, { "rettigheter", 188 }, { "psykisk helse", 121 }, { "skjema", 71 }, { "barn og unge", 66 }
};
static const struct share tags[] = { { "demens", 181 }, { "avlastning", 122 }, { "barn", 84 },
                                     { "økonomi", 77 }, { "sorg", 52 },        { "angst", 31 } };

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

static int64_t moment_s;

void
seed_at(int64_t now_s)
{
    moment_s = now_s;
}

int64_t
seed_now_s(void)
{
    if (moment_s != 0)
        return moment_s;
    return (int64_t)civil_day(2026, 11, 22) * 86400 + 13 * 3600 + 25 * 60;
}

struct site_config
seed_site(const char *name, enum site_mode mode)
{
    struct site_config site = { .mode = mode, .min_population = 5000, .tables = ~0U };
    site.name = strdup(name);
    snprintf(site.key, sizeof site.key, "%s", name);
    check(zone_init(&site.zone, "Europe/Oslo"));
    if (mode == MODE_RESTRICTED)
        return site;
    static struct text_pair answers[] = { { .left = (char *)"ja", .right = (char *)"Ja" },
                                          { .left = (char *)"nei", .right = (char *)"Nei" },
                                          { .left = (char *)"fant-ikke",
                                            .right = (char *)"Jeg fant ikke det jeg lette etter" },
                                          { .left = (char *)"uklart", .right = (char *)"Det var vanskelig å forstå" } };
    static struct text_pair sections_of[] = { { (char *)"/demens/**", (char *)"demens", (char *)"Demens" },
                                              { (char *)"/rettigheter/**", (char *)"rettigheter",
                                                (char *)"Rettigheter" } };
    site.answers = answers;
    site.answer_count = sizeof answers / sizeof answers[0];
    site.sections = sections_of;
    site.section_count = sizeof sections_of / sizeof sections_of[0];
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
add_shares(struct release_batch *batch, enum table_id table, const struct share *shares, size_t count, double whole)
{
    for (size_t i = 0; i < count; i++)
        add(batch, table, shares[i].key, count_around(whole * shares[i].thousandths / 1000));
}
#define ADD_SHARES(batch, table, shares, whole)                                                                        \
    add_shares(batch, table, shares, sizeof(shares) / sizeof(shares)[0], whole)

/* The tables that have days only. */
static void
add_of_days(struct release_batch *batch, double visits)
{
    ADD_SHARES(batch, TABLE_DEVICE, devices, visits);
    ADD_SHARES(batch, TABLE_BROWSER, browsers, visits);
    ADD_SHARES(batch, TABLE_SYSTEM, systems, visits);
    ADD_SHARES(batch, TABLE_ENGAGEMENT, visible, visits * 2.1);
    ADD_SHARES(batch, TABLE_VISIT_LENGTH, lengths, visits * 0.8);
}

/* The tables that have days and months. */
static void
add_of_both(struct release_batch *batch, double visits)
{
    ADD_SHARES(batch, TABLE_REFERRER, classes, visits);
    ADD_SHARES(batch, TABLE_REFERRER_HOST, hosts, visits);
    ADD_SHARES(batch, TABLE_UTM_SOURCE, utm_sources, visits);
    ADD_SHARES(batch, TABLE_UTM_MEDIUM, utm_media, visits);
    ADD_SHARES(batch, TABLE_UTM_CAMPAIGN, utm_campaigns, visits);
    ADD_SHARES(batch, TABLE_SEARCH, words, visits * 0.5);
    ADD_SHARES(batch, TABLE_SEARCH_EMPTY, fruitless, visits * 0.5);
    ADD_SHARES(batch, TABLE_DOWNLOAD, downloads, visits);
    ADD_SHARES(batch, TABLE_OUTBOUND, outbound, visits);
    ADD_SHARES(batch, TABLE_MISSING, missing, visits);
    ADD_SHARES(batch, TABLE_EVENT, events, visits);
    ADD_SHARES(batch, TABLE_SECTION, sections, visits * 2.6);
    ADD_SHARES(batch, TABLE_TAG, tags, visits * 2.6);
}

static void
add_by_page(struct release_batch *batch, enum table_id table, const char *first, int page, double value)
{
    char key[200];
    snprintf(key, sizeof key, "%s %s", first, pages[page]);
    add(batch, table, key, count_around(value));
}

/* Each page has a character of its own: how gladly it is read, and whether people find there what they look for. */
static void
add_answers(struct release_batch *batch, double views)
{
    for (int i = 0; i < PAGE_COUNT / 2; i++) {
        double answers = views * 0.2 / pow(i + 1, 0.95) * 0.06;
        double yes = 0.52 + 0.4 * (double)(i * 53 % 100) / 100;
        add_by_page(batch, TABLE_FEEDBACK, "ja", i, answers * yes);
        add_by_page(batch, TABLE_FEEDBACK, "nei", i, answers * (1 - yes));
        add_by_page(batch, TABLE_FEEDBACK, "fant-ikke", i, answers * (1 - yes) * 0.4);
        add_by_page(batch, TABLE_FEEDBACK, "uklart", i, answers * (1 - yes) * 0.25);
    }
}

static void
add_of_months(struct release_batch *batch, double views)
{
    for (int i = 0; i < PAGE_COUNT; i++) {
        double of_page = views * 0.2 / pow(i + 1, 0.95) * 0.8;
        double slow = 0.5 + (double)(i * 29 % 100) / 100;
        for (int step = 0; step < 7; step++)
            add_by_page(batch, TABLE_PAGE_ENGAGEMENT, visible[step].key, i,
                        of_page * visible[step].thousandths / 1000 * (step < 2 ? 1 / slow : slow));
        for (int depth = 0; depth < 5; depth++)
            add_by_page(batch, TABLE_SCROLL, depths[depth].key, i,
                        of_page * depths[depth].thousandths / 1000 * (depth < 2 ? 1 / slow : slow));
    }
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
    int64_t bots = count_around(visits * 0.4);
    if (site->mode != MODE_RESTRICTED) /* no User-Agent is read there */
        add(batch, TABLE_DROPPED, "bot", bots);
    add(batch, TABLE_DROPPED, "prefetch", count_around(visits * 0.06));
    if (site->mode != MODE_RESTRICTED) {
        add(batch, TABLE_VISITORS, "", (int64_t)(visits * 0.8));
        add_pages(batch, visits * 2.6);
        add_municipalities(batch, gazetteer, visits, false);
        add_of_days(batch, visits);
        add_of_both(batch, visits);
        add_answers(batch, visits * 2.6);
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
    if (site->mode != MODE_RESTRICTED) {
        add_of_both(batch, visits);
        add_answers(batch, visits * 2.6);
        add_of_months(batch, visits * 2.6);
    }
    keep(archive, batch);
}

static void
keep_hours(struct archive *archive, const struct site_config *site, int scale, int32_t day)
{
    static const double weight[24] = { .01,  .005, .004, .003, .004, .01,  .02, .04, .06,  .075, .08,  .08,
                                       .075, .07,  .068, .06,  .05,  .045, .05, .06, .055, .04,  .025, .015 };
    int64_t start_s = period_start((struct period){ PERIOD_DAY, day }, &site->zone);
    int64_t end_s = period_start((struct period){ PERIOD_DAY, day + 1 }, &site->zone);
    for (int hour = 0; hour < 24 && start_s + (hour + 1) * 3600 <= end_s; hour++) {
        if (start_s + (hour + 1) * 3600 + 600 > seed_now_s())
            return;
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
    if (table_periods(TABLE_HOUR, site->mode) == 0)
        return;
    keep_hours(archive, site, scale, last + 1);
    keep_hours(archive, site, scale, last);
}
