/* The conductor: owns the loop and every part, and calls them. */
#ifndef SPORLOS_AGGREGATOR_AGGREGATOR_H
#define SPORLOS_AGGREGATOR_AGGREGATOR_H

#include "sporlos/error.h"

/*
 * Run until SIGTERM or SIGINT. SIGHUP reads config_path again; an erroneous file changes nothing, and listen addresses
 * hold until the next start. SIGUSR2 makes it the program that arguments (those of main) start now, with all sockets
 * (upgrade.h). Returns an exit status; what is wrong goes to standard error.
 */
int aggregator_run(const char *config_path, char *const *arguments);

#endif
