/*
 * TEST BUILDS ONLY: ways to give an address away, so that the tests of its absence can be seen to fail. Chosen with
 * cmake -DCMAKE_BUILD_TYPE=Debug -DSPORLOS_PLANTED_LEAK=memory|log|redis|journal, called in one place (peer.c), and
 * said by --version. Neither cmake nor the compiler take it for a release.
 */
#ifndef SPORLOS_COLLECTOR_PLANTED_LEAK_H
#define SPORLOS_COLLECTOR_PLANTED_LEAK_H

#ifdef NDEBUG
#error "SPORLOS_PLANTED_LEAK gives addresses away and is for tests: build with -DCMAKE_BUILD_TYPE=Debug"
#endif

#include "sporlos/config.h"
#include "sporlos/span.h"

/* address: what X-Forwarded-For said. */
void planted_leak_memory(const struct config *config, struct span address);  /* keeps its bytes */
void planted_leak_log(const struct config *config, struct span address);     /* logs it, IPv4 as an integer */
void planted_leak_redis(const struct config *config, struct span address);   /* adds it to a key of its own */
void planted_leak_journal(const struct config *config, struct span address); /* writes it to the journal's end */

#endif
