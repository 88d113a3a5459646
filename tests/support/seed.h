/* An archive with believable numbers for tests and pictures: the same ones each time, by way of the real gate. */
#ifndef SPORLOS_TESTS_SEED_H
#define SPORLOS_TESTS_SEED_H

#include "archive.h"
#include "sporlos/gazetteer.h"

enum {
    SEED_DAYS = 430,          /* that have closed */
    SEED_QUIET_DAY_BACK = 12, /* days before the last: almost nobody came, so its numbers are hidden */
};

/* 2026-11-22T13:25Z: 14:25 in Oslo; the last closed day is the 21st, the last closed hour ended at 14:00. */
int64_t seed_now_s(void);
/* Another moment than that, for an archive that a running program reads; the last closed day is the one before it. */
void seed_at(int64_t now_s);

/* Keep SEED_DAYS days, their months and the hours of the last and of today of site. scale: visits on a usual day.
 * Aborts on any error. */
void seed_archive(struct archive *archive, const struct site_config *site, const struct gazetteer *gazetteer,
                  int scale);

/* Fields a test needs of a site; its name and key are the same text. */
struct site_config seed_site(const char *name, enum site_mode mode);

#endif
