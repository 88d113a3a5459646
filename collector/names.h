/*
 * Which texts from outside may be kept under their own name: those that the configuration lists, and those that enough
 * distinct networks sent within one day. Until then a text is held nowhere but in its own request; here stands only a
 * keyed hash of it with 16-bit tokens of who sent it, and the key dies with the day.
 */
#ifndef SPORLOS_COLLECTOR_NAMES_H
#define SPORLOS_COLLECTOR_NAMES_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

struct names;

/* name_max: how many admitted names; candidates have a fixed table beside it. */
SP_MUST_CHECK enum sp_error names_new(uint32_t name_max, struct names **names);
void names_free(struct names *names);

/* Is the text admitted on that site? Notes its use on that day. */
bool names_use(struct names *names, uint32_t site, uint32_t text, int32_t day);
/* Admit it. SP_FULL when there is no room. */
SP_MUST_CHECK enum sp_error names_admit(struct names *names, uint32_t site, uint32_t text, int32_t day);

/*
 * A sender of a candidate: true when it is the last of needed distinct ones that were missing on that day. digest: of
 * the sender's network, keyed by the caller.
 */
bool names_candidate(struct names *names, uint32_t site, struct span text, uint64_t digest, int32_t day, int needed);

/* Forget the names of a site (its list has changed), or those not used since before that day. */
void names_forget_site(struct names *names, uint32_t site);
void names_forget_unused(struct names *names, int32_t before_day);

typedef void names_visit(void *context, uint32_t text);
void names_each(const struct names *names, names_visit *visit, void *context);
uint32_t names_count(const struct names *names);

#endif
