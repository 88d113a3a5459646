/*
 * What a site that is new to the archive promised before it came there: as Redis remembers it, or as another site of
 * the archive that had one of its hosts declared it. So neither another file for the archive nor another name for the
 * site begins anew what is announced 14 days ahead.
 */
#ifndef SPORLOS_AGGREGATOR_DECLARATION_BEFORE_H
#define SPORLOS_AGGREGATOR_DECLARATION_BEFORE_H

#include "archive.h"
#include "redis_link.h"
#include "sporlos/declaration.h"

/*
 * The narrowest of them that wanted is more than, as that of this site. archive NULL: there is none yet; redis NULL: it
 * is not asked (tests). SP_NOT_FOUND: there is none; SP_UNAVAILABLE: Redis does not answer; SP_MALFORMED: what is kept
 * cannot be read.
 */
SP_MUST_CHECK enum sp_error declaration_before(const struct site_config *site, struct archive *archive,
                                               struct redis_link *redis, int64_t now_s,
                                               const struct declaration *wanted, struct declaration *before);

#endif
