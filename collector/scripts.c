#include "scripts.h"

#include "opt_out_assets.h"
#include "tracker_assets.h"

#include <stdio.h>
#include <string.h>

static const struct asset *const script_table[SCRIPT_COUNT] = {
    [SCRIPT_TRACKER] = &tracker_assets[TRACKER_ASSETS_S_JS],
    [SCRIPT_RESTRICTED] = &tracker_assets[TRACKER_ASSETS_S_RESTRICTED_JS],
    [SCRIPT_FEEDBACK] = &tracker_assets[TRACKER_ASSETS_FEEDBACK_JS],
    [SCRIPT_OPT_OUT] = &opt_out_assets[OPT_OUT_ASSETS_OPT_OUT_JS],
};

struct span
script_address(enum script_id id, char text[SCRIPT_ADDRESS_MAX])
{
    return asset_address(script_table[id], "/", text);
}

const struct asset *
script_asset(enum script_id id)
{
    return script_table[id];
}

struct script
script_find(struct span path)
{
    for (enum script_id i = 0; i < SCRIPT_COUNT; i++) {
        char text[SCRIPT_ADDRESS_MAX];
        if (path.length > 0 && span_equal(span_of(path.at + 1, path.length - 1), span_text(script_table[i]->name)))
            return (struct script){ script_table[i], false };
        if (span_equal(path, script_address(i, text)))
            return (struct script){ script_table[i], true };
    }
    return (struct script){ NULL, false };
}

size_t
script_headers(const struct script *script, const struct asset_body *body, char text[SCRIPT_HEADERS_MAX])
{
    int length =
        snprintf(text, SCRIPT_HEADERS_MAX,
                 "Content-Type: %s\r\nCache-Control: public, max-age=%s\r\nVary: Accept-Encoding\r\n"
                 "Cross-Origin-Resource-Policy: cross-origin\r\nAccess-Control-Allow-Origin: *\r\n"
                 "X-Content-Type-Options: nosniff\r\n%s%s%s",
                 script->asset->content_type, script->versioned ? "31536000, immutable" : "3600",
                 body->encoding == NULL ? "" : "Content-Encoding: ", body->encoding == NULL ? "" : body->encoding,
                 body->encoding == NULL ? "" : "\r\n");
    return (size_t)length;
}

struct span
scripts_index(void)
{
    static char text[256 * SCRIPT_COUNT];
    static size_t length;
    for (enum script_id i = length == 0 ? 0 : SCRIPT_COUNT; i < SCRIPT_COUNT; i++) {
        char address[SCRIPT_ADDRESS_MAX];
        script_address(i, address);
        length += (size_t)snprintf(text + length, sizeof text - length,
                                   "%s\"/%s\":{\"versioned\":\"%s\",\"integrity\":\"sha384-%s\"}%s",
                                   i == 0 ? "{" : ",\n", script_table[i]->name, address, script_table[i]->sha384,
                                   i + 1 == SCRIPT_COUNT ? "}\n" : "");
    }
    return span_of(text, length);
}
