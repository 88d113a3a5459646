#include "readers.h"

#include <stdint.h>

#include "archive.h"

static enum sp_error
open_reader(void *context, void **own, const char **why)
{
    struct archive *archive;
    enum sp_error error = archive_open(context, ARCHIVE_READ, &archive, why);
    *own = archive;
    return error;
}

static void
close_reader(void *own)
{
    archive_close(own);
}

enum sp_error
readers_new(struct event_base *base, const char *archive_url, struct workers **readers, const char **why)
{
    const struct workers_plan plan = { READER_THREADS, READER_QUEUE, open_reader, close_reader,
                                       (void *)(uintptr_t)archive_url };
    return workers_new(base, &plan, readers, why);
}
