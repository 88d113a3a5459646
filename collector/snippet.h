/* What an editor puts into the pages of a site, for --print-snippet. */
#ifndef SPORLOS_COLLECTOR_SNIPPET_H
#define SPORLOS_COLLECTOR_SNIPPET_H

#include "sporlos/config.h"
#include "sporlos/html.h"

/*
 * Script, its digest, pixel, question and policy, with a comment before each, as HTML. Pasted as a whole it works and
 * counts everything once: the alternatives are comments.
 */
void snippet_write(const struct config *config, const struct site_config *site, struct html *html);

#endif
