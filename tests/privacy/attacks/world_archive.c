#include "world.h"

#include "attack.h"

#include "drain.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <sqlite3.h>

struct world_archive {
    struct config config; /* the collector's, but for where Redis is */
    struct metrics metrics;
    struct archive *archive;
    struct drain *drain;
    char redis_url[128];
    char path[96];
};

struct world_archive *
world_archive_open(const struct config *config, const char *redis_url, const char *directory)
{
    struct world_archive *half = calloc(1, sizeof *half);
    const char *why = "out of memory";
    char url[128];
    if (half == NULL)
        attack_broken(why);
    snprintf(half->path, sizeof half->path, "%s/archive.db", directory);
    snprintf(half->redis_url, sizeof half->redis_url, "%s", redis_url);
    snprintf(url, sizeof url, "sqlite://%s", half->path);
    half->config = *config;
    half->config.redis.url = half->redis_url;
    half->config.redis.connect_timeout_ms = 1000;
    half->config.redis.command_timeout_ms = 10000;
    if (archive_open(url, ARCHIVE_FILL, &half->archive, &why) != SP_OK ||
        drain_new(&half->config, half->archive, &half->metrics, &half->drain, &why) != SP_OK)
        attack_broken(why);
    return half;
}

void
world_archive_close(struct world_archive *half)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char path[128];
    drain_free(half->drain);
    archive_close(half->archive);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(path, sizeof path, "%s%s", half->path, endings[i]);
        unlink(path);
    }
    free(half);
}

void
world_archive_round(struct world_archive *half)
{
    if (drain_round(half->drain) != SP_OK)
        attack_broken("a round of draining failed");
}

bool
world_archive_has(struct world_archive *half, const char *site, struct period period)
{
    bool closed = false;
    if (archive_is_closed(half->archive, site, period, &closed) != SP_OK)
        attack_broken("the archive does not answer");
    return closed;
}

struct archive *
world_archive_of(struct world_archive *half)
{
    return half->archive;
}

const char *
world_archive_file(struct world_archive *half)
{
    return half->path;
}

static sqlite3_stmt *
query(struct world_archive *half, const char *sql, sqlite3 **db)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_open_v2(half->path, db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(*db, sql, -1, &statement, NULL) != SQLITE_OK)
        attack_broken("the archive's file cannot be read");
    return statement;
}

void
world_archive_key_ids(struct world_archive *half, world_key_id *visit, void *context)
{
    sqlite3 *db;
    sqlite3_stmt *rows = query(half, "SELECT name, id FROM key", &db);
    while (sqlite3_step(rows) == SQLITE_ROW)
        visit(context, span_text((const char *)sqlite3_column_text(rows, 0)), sqlite3_column_int64(rows, 1));
    sqlite3_finalize(rows);
    sqlite3_close(db);
}

char *
world_archive_dump(struct world_archive *half)
{
    static const char *const tables[] = {
        "SELECT * FROM site", "SELECT * FROM statistic",
        "SELECT * FROM key",  "SELECT * FROM closed",
        "SELECT * FROM leaf", "SELECT hex(leaves), site, statistic, kind, period FROM packed"
    };
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        sqlite3 *db;
        sqlite3_stmt *rows = query(half, tables[i], &db);
        while (sqlite3_step(rows) == SQLITE_ROW) {
            fputs(tables[i] + sizeof "SELECT * FROM " - 1, out);
            for (int column = 0; column < sqlite3_column_count(rows); column++)
                fprintf(out, " %s", (const char *)sqlite3_column_text(rows, column));
            fputc('\n', out);
        }
        sqlite3_finalize(rows);
        sqlite3_close(db);
    }
    fclose(out);
    return text;
}
