/* Sites made by hand, for tests that need no configuration file. */
#ifndef SPORLOS_TESTS_SITES_H
#define SPORLOS_TESTS_SITES_H

#include "sporlos/config.h"

#include <stdio.h>

static inline struct site_config
test_site(char *name, enum site_mode mode)
{
    struct site_config site = { .name = name, .mode = mode, .zone = { "Europe/Oslo" }, .tables = ~0U };
    snprintf(site.key, sizeof site.key, "%s", name);
    return site;
}

#endif
