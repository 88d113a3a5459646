/*
 * Writes an archive with believable numbers up to yesterday, for a real aggregator to show:
 *   dashboard_seed ARCHIVE GAZETTEER
 * Its sites are parorendesenteret.example (standard), ungeparorende.example (restricted) and liten.example (standard,
 * few visits).
 */
#include "seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int
main(int argc, char **argv)
{
    char why[GAZETTEER_WHY_MAX] = "";
    const char *reason = "";
    char url[4096];
    struct gazetteer *gazetteer;
    struct archive *archive;
    if (argc != 3) {
        fputs("usage: dashboard_seed ARCHIVE GAZETTEER\n", stderr);
        return 64;
    }
    snprintf(url, sizeof url, "sqlite://%s", argv[1]);
    if (gazetteer_read(argv[2], &gazetteer, why) != SP_OK ||
        archive_open(url, ARCHIVE_FILL, &archive, &reason) != SP_OK) {
        fprintf(stderr, "dashboard_seed: %s%s\n", why, reason);
        return 1;
    }
    seed_at((int64_t)time(NULL));
    static const struct {
        const char *name;
        enum site_mode mode;
        int scale;
    } rows[] = { { "parorendesenteret.example", MODE_STANDARD, 300 },
                 { "ungeparorende.example", MODE_RESTRICTED, 60 },
                 { "liten.example", MODE_STANDARD, 20 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct site_config site = seed_site(rows[i].name, rows[i].mode);
        seed_archive(archive, &site, gazetteer, rows[i].scale);
        free(site.name);
    }
    archive_close(archive);
    gazetteer_free(gazetteer);
    return 0;
}
