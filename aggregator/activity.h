/*
 * When the last page view came from each site. Told by the day's counters of views that collectors have in Redis
 * anyway: only an accepted view makes one grow; births, refusals and readers who declined do not. Kept in memory only.
 */
#ifndef SPORLOS_AGGREGATOR_ACTIVITY_H
#define SPORLOS_AGGREGATOR_ACTIVITY_H

#include "sporlos/error.h"
#include "sporlos/table.h"

#include <stdbool.h>
#include <stdint.h>

struct activity;

/* Safe to use from several threads. */
SP_MUST_CHECK enum sp_error activity_new(struct activity **activity);
void activity_free(struct activity *activity);

/* The counter of the site's views of a day (day index), as one source has it. The number itself means nothing. */
struct activity_count {
    int32_t day;
    const char *source;
    int64_t value;
};

/*
 * A count as read at the moment now_s. One that is met for the first time says nothing; one that is greater than ever
 * before on that day says that a view came.
 */
void activity_note(struct activity *activity, const char *site, struct activity_count count, int64_t now_s);

/* Has the archive a day of the site? Until this was said, it is taken for granted. */
void activity_note_archived(struct activity *activity, const char *site, bool has_day);
/* Need not be asked again: it was said that it has one. */
bool activity_is_archived(struct activity *activity, const char *site);

/*
 * What a reader of the site may be told: the minute of the last view. Of a restricted site that has a day in the
 * archive, only the hour, and that only when it is over: whoever asks again and again learns nothing closer.
 */
struct activity_told {
    int64_t last_s; /* when that minute or hour began, seconds since the epoch; 0: none that may be told of */
    bool by_hour;
};

/* activity may be NULL. */
struct activity_told activity_tell(struct activity *activity, const char *site, enum site_mode mode, int64_t now_s);

#endif
