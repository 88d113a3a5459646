/*
 * Puts leaves into an archive by way of the real gate, for tests that ask for exact numbers:
 *
 *     keep_leaves ARCHIVE < LINES
 *
 * A line is 'SITE MODE PERIOD TABLE VALUE SOURCES WITNESSED KEY'; the key is the rest of the line and may be empty.
 * Lines of one site and period stand together.
 */
#include "archive.h"
#include "release.h"

#include <stdio.h>
#include <stdlib.h>

struct line {
    char site[SITE_NAME_MAX], mode[32], period[32], table[32];
    long long value;
    unsigned sources, witnessed;
    char key[2048];
};

static void
fail(const char *what, int number)
{
    fprintf(stderr, "keep_leaves: line %d: %s\n", number, what);
    exit(1);
}

static bool
read_line(struct line *line, int number)
{
    char text[4096];
    int used = 0;
    if (fgets(text, sizeof text, stdin) == NULL)
        return false;
    text[strcspn(text, "\n")] = '\0';
    if (sscanf(text, "%255s %31s %31s %31s %lld %u %u%n", line->site, line->mode, line->period, line->table,
               &line->value, &line->sources, &line->witnessed, &used) != 7)
        fail("malformed", number);
    snprintf(line->key, sizeof line->key, "%s", text[used] == ' ' ? text + used + 1 : "");
    return true;
}

static enum site_mode
mode_named(const char *name, int number)
{
    for (int mode = 0; mode < MODE_COUNT; mode++)
        if (strcmp(mode_table[mode].name, name) == 0)
            return (enum site_mode)mode;
    fail("no such mode", number);
    return MODE_STANDARD;
}

static void
add(struct release_batch *batch, const struct line *line, int number)
{
    enum table_id table;
    if (table_find(span_text(line->table), &table) != SP_OK)
        fail("no such table", number);
    for (unsigned i = 0; i < line->sources; i++)
        if (release_add(batch, table, span_text(line->key), i == 0 ? line->value : 0) != SP_OK)
            fail("refused by the gate", number);
    if (line->witnessed != 0 && release_witness(batch, table, span_text(line->key)) != SP_OK)
        fail("no witness", number);
}

static void
keep(struct archive *archive, struct release_batch *batch, int number)
{
    if (batch != NULL && archive_keep(archive, batch) != SP_OK)
        fail("not kept", number);
    release_batch_free(batch);
}

int
main(int argc, char **argv)
{
    static struct site_config site;
    static struct line line;
    static char now[SITE_NAME_MAX + 32];
    char url[4096];
    struct archive *archive;
    struct release_batch *batch = NULL;
    const char *why = "";
    int number = 0;
    snprintf(url, sizeof url, "sqlite://%s", argc == 2 ? argv[1] : "");
    if (archive_open(url, ARCHIVE_WRITE, &archive, &why) != SP_OK)
        fail(why, 0);
    while (read_line(&line, ++number)) {
        char place[sizeof now];
        snprintf(place, sizeof place, "%s %s", line.site, line.period);
        if (strcmp(place, now) != 0) {
            struct period period;
            keep(archive, batch, number);
            site = (struct site_config){ .name = site.key, .tables = ~0U, .mode = mode_named(line.mode, number) };
            snprintf(site.key, sizeof site.key, "%s", line.site);
            if (zone_init(&site.zone, "Europe/Oslo") != SP_OK ||
                period_parse(span_text(line.period), &period) != SP_OK ||
                release_batch_new(&site, period, &batch) != SP_OK)
                fail("no such period", number);
            memcpy(now, place, sizeof now);
        }
        add(batch, &line, number);
    }
    keep(archive, batch, number);
    archive_close(archive);
    return 0;
}
