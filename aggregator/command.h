/* The program's sub-commands: 'user', 'token' and 'report'. */
#ifndef SPORLOS_AGGREGATOR_COMMAND_H
#define SPORLOS_AGGREGATOR_COMMAND_H

#include "sporlos/config.h"

enum { EXIT_USAGE = 64 }; /* EX_USAGE of sysexits.h */

/* Run what arguments say: 'user', 'token' or 'report' first. Returns an exit status. */
int command_run(const struct config *config, int count, char **arguments);

#endif
