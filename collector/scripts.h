/*
 * The scripts that pages load, served from memory. Each has two addresses: /NAME.js, whose content follows the program,
 * and /NAME-VERSION.js, whose content never changes, so that a page can name its digest (W3C Subresource Integrity).
 */
#ifndef SPORLOS_COLLECTOR_SCRIPTS_H
#define SPORLOS_COLLECTOR_SCRIPTS_H

#include "sporlos/asset.h"

#include <stdbool.h>

enum { SCRIPT_HEADERS_MAX = 512, SCRIPT_ADDRESS_MAX = ASSET_ADDRESS_MAX };

enum script_id {
    SCRIPT_TRACKER,    /* /s.js */
    SCRIPT_RESTRICTED, /* /s-restricted.js: can send nothing that restricted mode does not read */
    SCRIPT_FEEDBACK,   /* /feedback.js */
    SCRIPT_OPT_OUT,    /* /opt-out.js, which the first two load */
    SCRIPT_COUNT
};

struct script {
    const struct asset *asset; /* NULL: none is at that path */
    bool versioned;            /* under the address that never changes */
};

/* The script itself, and the address of this content of it: "/NAME-VERSION.js". */
const struct asset *script_asset(enum script_id id);
struct span script_address(enum script_id id, char text[SCRIPT_ADDRESS_MAX]);

/* Which script is at a request's path. */
struct script script_find(struct span path);

/* Complete header lines for it into text; their length. */
size_t script_headers(const struct script *script, const struct asset_body *body, char text[SCRIPT_HEADERS_MAX]);

/* GET /s.json: versioned address and integrity of each script, as JSON; static. */
struct span scripts_index(void);

#endif
