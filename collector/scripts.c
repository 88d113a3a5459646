#include "scripts.h"

#include "opt_out_assets.h"
#include "sporlos/html.h"
#include "sporlos/table.h"
#include "tracker_assets.h"

#include <string.h>

static const struct asset *const script_table[] = {
    &tracker_assets[TRACKER_ASSETS_S_JS], &tracker_assets[TRACKER_ASSETS_S_RESTRICTED_JS],
    &tracker_assets[TRACKER_ASSETS_FEEDBACK_JS],
    &opt_out_assets[OPT_OUT_ASSETS_OPT_OUT_JS], /* loaded by the others, from where beacons go */
};
enum { SCRIPT_COUNT = sizeof script_table / sizeof script_table[0], ADDRESS_MAX = 80 };

/* "/NAME-VERSION.js" */
static struct span
versioned_address(const struct asset *asset, char text[ADDRESS_MAX])
{
    int stem = (int)(strlen(asset->name) - strlen(".js"));
    return span_of(text, (size_t)snprintf(text, ADDRESS_MAX, "/%.*s-%s.js", stem, asset->name, asset->version));
}

struct script
script_find(struct span path)
{
    for (size_t i = 0; i < SCRIPT_COUNT; i++) {
        char text[ADDRESS_MAX];
        if (path.length > 0 && span_equal(span_of(path.at + 1, path.length - 1), span_text(script_table[i]->name)))
            return (struct script){ script_table[i], false };
        if (span_equal(path, versioned_address(script_table[i], text)))
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
    for (size_t i = length == 0 ? 0 : SCRIPT_COUNT; i < SCRIPT_COUNT; i++) {
        char address[ADDRESS_MAX];
        versioned_address(script_table[i], address);
        length += (size_t)snprintf(text + length, sizeof text - length,
                                   "%s\"/%s\":{\"versioned\":\"%s\",\"integrity\":\"sha384-%s\"}%s",
                                   i == 0 ? "{" : ",\n", script_table[i]->name, address, script_table[i]->sha384,
                                   i + 1 == SCRIPT_COUNT ? "}\n" : "");
    }
    return span_of(text, length);
}

/* ---- the snippet ---- */

static void
say(FILE *out, const struct html *html)
{
    fwrite(html->at, 1, html->length, out);
}

/* One <script> element; versioned: by the address that never changes, with its digest. */
static void
write_element(struct html *html, const char *collector, const struct site_config *site, const struct asset *asset,
              bool versioned)
{
    char address[ADDRESS_MAX];
    html_raw(html, "<script defer src=\"");
    html_text(html, collector);
    if (versioned) {
        html_span(html, versioned_address(asset, address));
        html_raw(html, "\" integrity=\"sha384-");
        html_text(html, asset->sha384);
        html_raw(html, "\" crossorigin=\"anonymous");
    } else {
        html_raw(html, "/");
        html_text(html, asset->name);
    }
    html_raw(html, "\" data-site=\"");
    html_text(html, site->name);
    html_raw(html, "\"></script>\n");
}

static void
write_pixel(struct html *html, const char *collector, const struct site_config *site)
{
    html_raw(html, "<noscript><img src=\"");
    html_text(html, collector);
    html_raw(html, "/b?s=");
    html_component(html, span_text(site->name));
    html_raw(html,
             "&amp;u=/THIS/PAGE\" alt=\"\" width=\"1\" height=\"1\" referrerpolicy=\"strict-origin\"></noscript>\n");
}

static void
write_policy(struct html *html, const char *collector)
{
    static const char *const directives[] = { "script-src ", "; connect-src ", "; img-src ", "; form-action " };
    html_raw(html, "<!-- ");
    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++) {
        html_text(html, directives[i]);
        html_text(html, collector);
    }
    html_raw(html, " -->\n");
}

void
scripts_print_snippet(const struct config *config, const struct site_config *site, FILE *out)
{
    const char *url = config->aggregator.collector_url;
    const char *collector = url == NULL ? "https://COLLECTOR" : url;
    bool restricted = mode_table[site->mode].tables == TABLES_RESTRICTED;
    const struct asset *tracker = script_table[restricted ? 1 : 0];
    struct html html = { 0 };
    html_raw(&html, "<!-- In the head of every page. It changes with the collector, and pages need not. -->\n");
    write_element(&html, collector, site, tracker, false);
    html_raw(&html, "\n<!-- Instead, exactly this script; to be renewed when the collector has been upgraded:\n");
    write_element(&html, collector, site, tracker, true);
    html_raw(&html, "-->\n");
    html_raw(&html, "\n<!-- For readers without script, in the body; the page's own path for /THIS/PAGE. -->\n");
    write_pixel(&html, collector, site);
    if (!restricted) {
        html_raw(&html,
                 "\n<!-- Only where readers are asked: with <sporlos-feedback></sporlos-feedback> in the body. -->\n");
        write_element(&html, collector, site, script_table[2], false);
        html_raw(&html, "<!-- Instead:\n");
        write_element(&html, collector, site, script_table[2], true);
        html_raw(&html, "-->\n");
    }
    html_raw(&html, "\n<!-- What a Content-Security-Policy must allow; the last two for readers without script. -->\n");
    write_policy(&html, collector);
    if (html.failed)
        fputs("out of memory\n", stderr);
    else
        say(out, &html);
    html_fini(&html);
}
