/* For cmocka: each test begins with an archive that is not there yet, and a site to keep leaves of. */
#ifndef SPORLOS_TESTS_ARCHIVE_STAGE_H
#define SPORLOS_TESTS_ARCHIVE_STAGE_H

#include "archive_file.h"
#include "sites.h"

static struct archive_file file;
static struct site_config site;

static int
set_up(void **state)
{
    (void)state;
    site = test_site("example.no", MODE_STANDARD);
    return archive_file_make(&file) ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    archive_file_remove(&file);
    return 0;
}

static struct period
day(int32_t index)
{
    return (struct period){ PERIOD_DAY, index };
}

static struct archive *
open_archive(enum archive_access access)
{
    struct archive *archive;
    const char *why;
    assert_int_equal(archive_open(file.url, access, &archive, &why), SP_OK);
    return archive;
}

#endif
