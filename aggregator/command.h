/* The program's sub-commands: 'user' and 'token'. */
#ifndef SPORLOS_AGGREGATOR_COMMAND_H
#define SPORLOS_AGGREGATOR_COMMAND_H

#include "sporlos/config.h"

enum { EXIT_USAGE = 64 }; /* EX_USAGE of sysexits.h */

/* Run what arguments say: 'user' or 'token' first. Returns an exit status. */
int command_run(const struct config *config, int count, char **arguments);

#endif
