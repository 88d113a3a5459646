/* The threads that ask the archive, for the API's answers and for pages: the loop waits for no question. */
#ifndef SPORLOS_AGGREGATOR_READERS_H
#define SPORLOS_AGGREGATOR_READERS_H

#include "workers.h"

enum {
    READER_THREADS = 2,
    READER_QUEUE = 200, /* questions that wait; the next is answered 503 */
};

/*
 * A pool whose threads own an archive (ARCHIVE_READ) each, which their jobs get as own. archive_url is borrowed during
 * the call. To be freed before those whose jobs it has. *why: a sentence, valid until the next call.
 */
SP_MUST_CHECK enum sp_error readers_new(struct event_base *base, const char *archive_url, struct workers **readers,
                                        const char **why);

#endif
