/* Views from an access log, a file or a pipe, line by line. */
#ifndef SPORLOS_REPLAY_LOG_SOURCE_H
#define SPORLOS_REPLAY_LOG_SOURCE_H

#include "sporlos/error.h"
#include "view.h"

#include <stdio.h>

enum source_state {
    SOURCE_VIEW, /* *view is the next one; its spans are valid until the next call */
    SOURCE_WAIT, /* there is none now: ask again, after a while if it is a pipe */
    SOURCE_END,
};

struct log_source;

struct log_statistics {
    uint64_t lines;   /* read */
    uint64_t others;  /* no views of pages */
    uint64_t refused; /* unreadable; each was told */
};

/*
 * Takes descriptor, and closes it in the end. own: hosts of the site, borrowed. Each line that cannot be read is told
 * on errors with its number and the reason, never with anything of what stands in it. Lines are read without stdio, and
 * wiped once they are used.
 */
SP_MUST_CHECK enum sp_error log_source_new(int descriptor, const struct text_list *own, FILE *errors,
                                           struct log_source **source);
void log_source_free(struct log_source *source);

enum source_state log_source_next(struct log_source *source, struct view *view);

struct log_statistics log_source_statistics(const struct log_source *source);

#endif
