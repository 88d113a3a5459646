/*
 * Makes an archive whose keys try to be something else than text: every line of a file, as the key of every table that
 * takes it, through the gate that real keys go through. Thirty-five days until tomorrow (it is that somewhere), and the
 * month before.
 *   hostile_archive ARCHIVE.db STRINGS SITE...
 * Writes 'TABLE COUNT', how many different keys each table took.
 */
#include "archive.h"
#include "release.h"
#include "seed.h"
#include "sporlos/clock.h"

#include <stdio.h>
#include <stdlib.h>

enum { STRINGS_MAX = 256, DAYS = 35, KEY_BYTES_MAX = 1024 };

static char *strings[STRINGS_MAX];
static size_t string_count;
static unsigned taken[TABLE_COUNT];

static void
check(bool is_good, const char *what)
{
    if (is_good)
        return;
    fprintf(stderr, "hostile_archive: %s\n", what);
    exit(1);
}

static void
read_strings(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    check(file != NULL, path);
    while ((length = getline(&line, &room, file)) > 0 && string_count < STRINGS_MAX) {
        line[strcspn(line, "\n")] = '\0';
        strings[string_count++] = strdup(line);
    }
    free(line);
    fclose(file);
}

/* The forms that keys have: as it is, as a path, behind a bucket or an answer. The first that the table takes. */
static void
add_string(struct release_batch *batch, enum table_id table, const char *string, int64_t value)
{
    static const char *const forms[] = { "%s", "/%s", "1 /%s", "ja /%s" };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char key[KEY_BYTES_MAX];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        int length = snprintf(key, sizeof key, forms[i], string);
#pragma GCC diagnostic pop
        if (length >= (int)sizeof key || release_add(batch, table, span_text(key), value) != SP_OK)
            continue;
        check(release_witness(batch, table, span_text(key)) == SP_OK, "release_witness");
        taken[table]++;
        return;
    }
}

static void
keep_period(struct archive *archive, const struct site_config *site, struct period period)
{
    struct release_batch *batch;
    check(release_batch_new(site, period, &batch) == SP_OK, "release_batch_new");
    for (int table = 0; table < TABLE_COUNT; table++) {
        if (release_add(batch, (enum table_id)table, span_of("", 0), 100000) == SP_OK)
            check(release_witness(batch, (enum table_id)table, span_of("", 0)) == SP_OK, "release_witness");
        for (size_t i = 0; i < string_count; i++)
            add_string(batch, (enum table_id)table, strings[i], 5000 - (int64_t)i);
    }
    check(archive_keep(archive, batch) == SP_OK, "archive_keep");
    release_batch_free(batch);
}

static void
fill(struct archive *archive, const struct site_config *site)
{
    int32_t today = period_at(PERIOD_DAY, &site->zone, clock_wall_s()).index;
    for (int32_t day = today - DAYS + 2; day < today + 2; day++)
        keep_period(archive, site, (struct period){ PERIOD_DAY, day });
    keep_period(archive, site, (struct period){ PERIOD_MONTH, civil_month(today) - 1 });
}

int
main(int argc, char **argv)
{
    struct archive *archive;
    char url[4096];
    const char *why = "";
    check(argc >= 4, "usage: hostile_archive ARCHIVE.db STRINGS SITE...");
    read_strings(argv[2]);
    snprintf(url, sizeof url, "sqlite://%s", argv[1]);
    check(archive_open(url, ARCHIVE_FILL, &archive, &why) == SP_OK, why);
    for (int i = 3; i < argc; i++) {
        struct site_config site = seed_site(argv[i], MODE_STANDARD);
        fill(archive, &site);
        free(site.name);
    }
    archive_close(archive);
    for (int table = 0; table < TABLE_COUNT; table++)
        printf("%s %u\n", table_table[table].name, taken[table] / (DAYS * (unsigned)(argc - 3)));
    for (size_t i = 0; i < string_count; i++)
        free(strings[i]);
    return 0;
}
