#include "geo_compile.h"

#include "geo_walk.h"

#include <stdio.h>
#include <string.h>

#define BUILD_EPOCH_MAX UINT64_C(253402300799) /* the end of year 9999: what may be subtracted without overflow */

struct file {
    const char *path;
    MMDB_s mmdb;
    struct geo_walk walk;
    struct geo_run_list v4, v6;
    bool has_v4, has_v6;
};

static enum sp_error
fail(const char *path, enum sp_error error, const char *what, char why[GEO_WHY_MAX])
{
    snprintf(why, GEO_WHY_MAX, "%s: %s", path, what);
    return error;
}

static enum sp_error
open_file(struct file *file, char why[GEO_WHY_MAX])
{
    int status = MMDB_open(file->path, MMDB_MODE_MMAP, &file->mmdb);
    if (status == MMDB_SUCCESS)
        return SP_OK;
    enum sp_error error = status == MMDB_FILE_OPEN_ERROR || status == MMDB_IO_ERROR ? SP_IO : SP_MALFORMED;
    return fail(file->path, status == MMDB_OUT_OF_MEMORY_ERROR ? SP_NO_MEMORY : error, MMDB_strerror(status), why);
}

static enum sp_error
walk_file(struct file *file, char why[GEO_WHY_MAX])
{
    enum sp_error error = geo_walk_v4(&file->walk, &file->v4, &file->has_v4);
    if (error == SP_OK && file->mmdb.metadata.ip_version == 6)
        error = geo_walk_v6(&file->walk, &file->v6, &file->has_v6);
    if (error == SP_MALFORMED)
        return fail(file->path, error, "the database is corrupt", why);
    if (error != SP_OK)
        return fail(file->path, error, sp_error_text(error), why);
    if (!file->has_v4 && !file->has_v6)
        return fail(file->path, SP_MALFORMED, "the database holds no networks", why);
    if (!file->walk.has_country || !file->walk.has_position)
        return fail(file->path, SP_MALFORMED, "not a city database: no record has a country and coordinates", why);
    if (file->mmdb.metadata.build_epoch > BUILD_EPOCH_MAX)
        return fail(file->path, SP_MALFORMED, "the build date is impossible", why);
    return SP_OK;
}

/* Which file each family came from; an IPv4 file replaces the IPv4 part of an IPv6 one. */
struct origin {
    const char *v4_file, *v4_part, *v6;
};

static void
move(struct geo_run_list *to, struct geo_run_list *from)
{
    geo_run_list_fini(to);
    *to = *from;
    *from = (struct geo_run_list){ 0 };
}

static enum sp_error
merge_file(struct file *file, struct origin *origin, struct geo_compiled *compiled, char why[GEO_WHY_MAX])
{
    bool is_v4 = file->mmdb.metadata.ip_version == 4;
    const char **v4 = is_v4 ? &origin->v4_file : &origin->v4_part;
    if ((is_v4 && *v4 != NULL) || (file->has_v6 && origin->v6 != NULL) || (!is_v4 && !file->has_v6 && *v4 != NULL))
        return fail(file->path, SP_CONFIG, "an earlier one of geo.databases holds the same kind of networks", why);
    if (file->has_v4 && *v4 == NULL && origin->v4_file == NULL)
        move(&compiled->v4, &file->v4);
    if (file->has_v4 && *v4 == NULL)
        *v4 = file->path;
    if (file->has_v6) {
        move(&compiled->v6, &file->v6);
        origin->v6 = file->path;
    }
    int64_t epoch = (int64_t)file->mmdb.metadata.build_epoch;
    if (compiled->build_epoch == 0 || epoch < compiled->build_epoch)
        compiled->build_epoch = epoch;
    return SP_OK;
}

static enum sp_error
compile_file(const struct geo_classifier *classifier, const char *path, struct origin *origin,
             struct geo_compiled *compiled, char why[GEO_WHY_MAX])
{
    struct file file = { .path = path, .walk = { .classifier = classifier } };
    enum sp_error error = open_file(&file, why);
    if (error != SP_OK)
        return error;
    file.walk.mmdb = &file.mmdb;
    error = walk_file(&file, why);
    if (error == SP_OK)
        error = merge_file(&file, origin, compiled, why);
    geo_run_list_fini(&file.v4);
    geo_run_list_fini(&file.v6);
    geo_memo_fini(&file.walk.memo);
    MMDB_close(&file.mmdb);
    return error;
}

enum sp_error
geo_compile(const struct geo_classifier *classifier, struct geo_compiled *compiled, char why[GEO_WHY_MAX])
{
    *compiled = (struct geo_compiled){ 0 };
    const struct text_list *databases = &classifier->config->geo.databases;
    struct origin origin = { 0 };
    for (size_t i = 0; i < databases->count; i++) {
        enum sp_error error = compile_file(classifier, databases->items[i], &origin, compiled, why);
        if (error != SP_OK) {
            geo_compiled_fini(compiled);
            return error;
        }
    }
    return SP_OK;
}

void
geo_compiled_fini(struct geo_compiled *compiled)
{
    geo_run_list_fini(&compiled->v4);
    geo_run_list_fini(&compiled->v6);
    *compiled = (struct geo_compiled){ 0 };
}
