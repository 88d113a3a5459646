/* Row 7: one child who comes back every day for a month, from as many networks a day as do not yet make a witness. */
#include "attack.h"

#include "archive_file.h"
#include "collector_fixture.h"
#include "statistics_of.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SITES = 100, ENTRIES = 62, DAYS = 31 };

/* Many sites, each with one reader. */
static char *
make_yaml(void)
{
    char *yaml = NULL;
    size_t length;
    FILE *out = open_memstream(&yaml, &length);
    if (out == NULL)
        attack_broken("out of memory");
    fputs("collector: {network_rate: 0, site_rate: 0}\nsites:\n", out);
    for (int i = 0; i < SITES; i++)
        fprintf(out, "  barn%d.example: {mode: restricted, pages: [\"/\", \"/sorg\"]}\n", i);
    fclose(out);
    return yaml;
}

static void
visit(struct collector_fixture *fixture, int site, int day, int entry)
{
    char address[32];
    char headers[64];
    char body[64];
    int networks = mode_table[MODE_RESTRICTED].witnesses - 1;
    snprintf(address, sizeof address, "10.%d.%d.7", site, day * networks + entry % networks);
    snprintf(headers, sizeof headers, "Origin: https://barn%d.example\r\n", site);
    snprintf(body, sizeof body, "s=barn%d.example&u=/sorg&n=1", site);
    if (collector_fixture_send(fixture, address, headers, body).verdict != VERDICT_ACCEPTED)
        attack_broken("a visit is not taken");
}

/* 62 entries on 31 days: two on each, or all that the month has on a few of them. */
static void
live_a_month(struct collector_fixture *fixture, int entries_a_day)
{
    for (int day = 0; day < DAYS; day++) {
        for (int site = 0; site < SITES; site++)
            for (int entry = 0; entry < entries_a_day && day * entries_a_day + entry < ENTRIES; entry++)
                visit(fixture, site, day, entry);
        fixture->now_s += 24 * 3600;
    }
}

void
attack_persistent(const struct attack_options *options)
{
    static const int habits[] = { 2, 3, 7, 31, 62 };
    int months = options->longer ? 10 : 2; /* of each habit: a site's month is a run */
    uint64_t shown = 0;
    uint64_t runs = 0;
    uint64_t large = 0;
    char *yaml = make_yaml();
    for (size_t i = 0; i < sizeof habits / sizeof habits[0]; i++) {
        for (int month = 0; month < months; month++) {
            struct collector_fixture fixture;
            collector_fixture_init(&fixture, yaml);
            random_replace(NULL);
            fixture.now_s = 1796083200; /* 2026-12-01T00:00Z */
            live_a_month(&fixture, habits[i]);
            struct statistics_of all = statistics_of_month(&fixture, SITES, 2026, 12);
            shown += all.shown;
            large += all.large;
            runs += SITES;
            collector_fixture_fini(&fixture);
        }
    }
    free(yaml);
    attack_figure("persistent_reader_runs", (double)runs);
    attack_figure("persistent_reader_leaves_above_the_threshold", (double)large);
    attack_report("7", "persistent_reader_shown", (double)shown, "0", shown == 0 && runs >= 1000 && large >= runs);
}
