/* Handing a message to a program like sendmail, as a process of its own. */
#ifndef SPORLOS_AGGREGATOR_SENDMAIL_H
#define SPORLOS_AGGREGATOR_SENDMAIL_H

#include "sporlos/error.h"
#include "sporlos/span.h"

/*
 * Run 'path -t -i' with the message on its standard input, and wait for its end, at most wait_ms. Blocks: not for the
 * loop's thread. SP_OK: it took the message (exit status 0). SP_REFUSED: it did not, and said so: nothing was sent.
 * SP_UNAVAILABLE: it did not end in time and was killed, or a signal ended it: nobody knows.
 */
SP_MUST_CHECK enum sp_error sendmail_run(const char *path, struct span message, int wait_ms);

#endif
