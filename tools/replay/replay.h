/* The conductor: takes views from a log or from invention, waits until each is due, sends it, and counts the answers.
 */
#ifndef SPORLOS_REPLAY_REPLAY_H
#define SPORLOS_REPLAY_REPLAY_H

#include "options.h"

#include <stdio.h>

/*
 * Runs to the end, or to SIGINT or SIGTERM. Progress and refused lines go to standard error, the summary to standard
 * output (with options->print: beacons to standard output, the summary to standard error). Returns the exit status: 0
 * when all was sent and taken, 1 when something was not.
 */
int replay_run(const struct replay_options *options);

#endif
