#include "metrics.h"

#include <inttypes.h>
#include <stdio.h>

static const struct {
    const char *name, *type, *help;
    size_t offset;
} rows[] = {
#define X(member, name, type, help) { "sporlos_aggregator_" name, type, help, offsetof(struct metrics, member) },
    AGGREGATOR_METRICS(X)
#undef X
};

size_t
metrics_write(const struct metrics *metrics, char *out, size_t size)
{
    size_t at = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const _Atomic int64_t *value = (const _Atomic int64_t *)((const char *)metrics + rows[i].offset);
        int written = snprintf(out + at, size - at, "# HELP %s %s\n# TYPE %s %s\n%s %" PRId64 "\n", rows[i].name,
                               rows[i].help, rows[i].name, rows[i].type, rows[i].name, atomic_load(value));
        if (written < 0 || (size_t)written >= size - at)
            break;
        at += (size_t)written;
    }
    return at;
}
