/*
 * From city databases (MaxMind DB files) to run tables. Each file is mapped, walked once and unmapped: nothing finer
 * than a municipality is left behind.
 */
#ifndef SPORLOS_COLLECTOR_GEO_COMPILE_H
#define SPORLOS_COLLECTOR_GEO_COMPILE_H

#include "geo_classify.h"
#include "geo_runs.h"

enum { GEO_V4_BITS = 24, GEO_V6_BITS = 48, GEO_WHY_MAX = 512 };

/* One run list a family; an empty one where no file holds networks of that family. */
struct geo_compiled {
    struct geo_run_list v4, v6;
    int64_t build_epoch; /* of the oldest file, seconds since the epoch; 0 without files */
};

/*
 * Compile the files of classifier->config. An IPv6 file may hold IPv4 networks as well; an IPv4 file goes before it. On
 * success *compiled is initialised. On failure SP_IO, SP_MALFORMED, SP_CONFIG (two files for one family) or
 * SP_NO_MEMORY, and why says which file and what.
 */
SP_MUST_CHECK enum sp_error geo_compile(const struct geo_classifier *classifier, struct geo_compiled *compiled,
                                        char why[GEO_WHY_MAX]);
void geo_compiled_fini(struct geo_compiled *compiled);

#endif
