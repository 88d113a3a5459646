/*
 * The scripts that pages load, served from memory. Each has two addresses: /NAME.js, whose content follows the program,
 * and /NAME-VERSION.js, whose content never changes, so that a page can name its digest (W3C Subresource Integrity).
 */
#ifndef SPORLOS_COLLECTOR_SCRIPTS_H
#define SPORLOS_COLLECTOR_SCRIPTS_H

#include "sporlos/asset.h"
#include "sporlos/config.h"

#include <stdio.h>

enum { SCRIPT_HEADERS_MAX = 512 /* bytes */ };

struct script {
    const struct asset *asset; /* NULL: none is at that path */
    bool versioned;            /* under the address that never changes */
};

/* Which script is at a request's path. */
struct script script_find(struct span path);

/* Complete header lines for it into text; their length. */
size_t script_headers(const struct script *script, const struct asset_body *body, char text[SCRIPT_HEADERS_MAX]);

/* GET /s.json: versioned address and integrity of each script, as JSON; static. */
struct span scripts_index(void);

/* What goes into a page of the site: element by element, with a comment each, for --print-snippet. */
void scripts_print_snippet(const struct config *config, const struct site_config *site, FILE *out);

#endif
