/*
 * The memory of the counter table: a file on tmpfs, so that it outlives the process and never reaches a disk. One
 * process has it at a time.
 */
#ifndef SPORLOS_COLLECTOR_JOURNAL_H
#define SPORLOS_COLLECTOR_JOURNAL_H

#include "counters.h"

struct journal;

/*
 * Open folder/counters with that many bytes, all of them reserved, and the counter table in it. folder NULL: memory of
 * this process alone, gone with it. A journal that a process of this boot left is adopted, at the size it has; one that
 * is of another boot, given up or damaged is begun anew (an event says so). On failure *why is a sentence that says
 * what to do, static or valid until the next call.
 */
SP_MUST_CHECK enum sp_error journal_open(const char *folder, size_t bytes, struct journal **journal,
                                         struct counters **counters, const char **why);

/* After counters_free. */
void journal_close(struct journal *journal);

/* Does it outlive the process? */
bool journal_lasts(const struct journal *journal);

#endif
