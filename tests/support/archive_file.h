/* An archive in a temporary directory, filled by hand. */
#ifndef SPORLOS_TESTS_ARCHIVE_FILE_H
#define SPORLOS_TESTS_ARCHIVE_FILE_H

#include "archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct archive_file {
    char directory[64];
    char path[96];
    char url[128];
};

static inline bool
archive_file_make(struct archive_file *file)
{
    snprintf(file->directory, sizeof file->directory, "/tmp/sporlos-test-XXXXXX");
    if (mkdtemp(file->directory) == NULL)
        return false;
    snprintf(file->path, sizeof file->path, "%s/archive.db", file->directory);
    snprintf(file->url, sizeof file->url, "sqlite://%s", file->path);
    return true;
}

static inline void
archive_file_remove(const struct archive_file *file)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char path[128];
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(path, sizeof path, "%s%s", file->path, endings[i]);
        unlink(path);
    }
    rmdir(file->directory);
}

/* A leaf to put into the archive. */
struct given {
    struct period period;
    enum table_id table;
    const char *key;
    int64_t value;
    unsigned sources;
    bool witnessed;
};

/* Keep the leaves of one period (all given have it). */
static inline enum sp_error
archive_file_keep(struct archive *archive, const struct site_config *site, struct period period,
                  const struct given *given, size_t count)
{
    struct release_batch *batch;
    enum sp_error error = release_batch_new(site, period, &batch);
    for (size_t i = 0; error == SP_OK && i < count; i++) {
        for (unsigned s = 0; error == SP_OK && s < given[i].sources; s++)
            error = release_add(batch, given[i].table, span_text(given[i].key), s == 0 ? given[i].value : 0);
        if (error == SP_OK && given[i].witnessed)
            error = release_witness(batch, given[i].table, span_text(given[i].key));
    }
    if (error == SP_OK)
        error = archive_keep(archive, batch);
    release_batch_free(batch);
    return error;
}

#endif
