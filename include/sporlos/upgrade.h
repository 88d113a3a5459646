/*
 * Another program in the same process: check that the new one can start, hold requests for a moment, let the old one
 * write what it must, and become the new one with all sockets (handover.h). Whatever fails, the old one goes on.
 */
#ifndef SPORLOS_UPGRADE_H
#define SPORLOS_UPGRADE_H

#include "sporlos/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct http_server;
struct upgrade;

enum {
    UPGRADE_CHECK_MS = 30000, /* reading the municipalities takes 1.5 s; ten times that on a machine that is busy */
};

/* All borrowed until upgrade_free. */
struct upgrade_plan {
    char *const *arguments; /* of this process; the new one gets the same */
    const char *check;      /* the one argument more that lets it check that it can start, and end with 0 */
    int check_ms;           /* which may take so long */
    int hold_ms;            /* for requests under way; what is not answered then is cut off */
    /* No request is under way, nor will one be: write what must be written, then call upgrade_exec, now or later. */
    void (*prepare)(void *context);
    /* It came to nothing after prepare: undo that. Requests are taken again right after. */
    void (*failed)(void *context);
    void *context;
};

SP_MUST_CHECK enum sp_error upgrade_new(struct event_base *base, const struct upgrade_plan *plan,
                                        struct http_server *const *servers, size_t count, struct upgrade **upgrade);
/* Ends a check that is under way. */
void upgrade_free(struct upgrade *upgrade);

/* Begin; one that is under way already goes on. Events and sentences on standard error say what comes of it. */
void upgrade_begin(struct upgrade *upgrade);
/* From prepare on. Returns when the new program could not be run; failed is called later, from the loop. */
void upgrade_exec(struct upgrade *upgrade);

/*
 * For a signal that ends the program. True: the program may go on ending; a check that was under way is given up.
 * False: it is too late for that, and the signal is kept for what comes out of the upgrade, be it the new program or
 * the old.
 */
SP_MUST_CHECK bool upgrade_yield(struct upgrade *upgrade, int signal_number);

/* How many came to nothing. */
uint64_t upgrade_refused(const struct upgrade *upgrade);

#endif
