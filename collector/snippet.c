#include "snippet.h"

#include "scripts.h"
#include "sporlos/script_element.h"
#include "sporlos/table.h"

#include <stdio.h>
#include <string.h>

struct snippet {
    struct html *html;
    const struct site_config *site;
    const char *collector; /* where browsers reach it */
};

/* One <script> element; versioned: by the address that never changes, with its digest. */
static void
write_element(const struct snippet *snippet, enum script_id id, bool versioned)
{
    char address[SCRIPT_ADDRESS_MAX];
    struct span path;
    if (versioned)
        path = script_address(id, address);
    else
        path = span_of(address, (size_t)snprintf(address, sizeof address, "/%s", script_asset(id)->name));
    const struct script_element element = { .site = snippet->site,
                                            .collector = snippet->collector,
                                            .path = path,
                                            .sha384 = versioned ? script_asset(id)->sha384 : NULL,
                                            .has_search = id == SCRIPT_TRACKER };
    script_element_write(snippet->html, &element);
    html_raw(snippet->html, "\n");
}

static void
write_script(const struct snippet *snippet, enum script_id id)
{
    write_element(snippet, id, false);
    html_raw(snippet->html, "<!-- Instead, exactly this script; to be renewed when the collector has been upgraded:\n");
    write_element(snippet, id, true);
    html_raw(snippet->html, "-->\n");
}

static void
write_pixel(const struct snippet *snippet)
{
    html_raw(snippet->html, "<noscript><img src=\"");
    html_text(snippet->html, snippet->collector);
    html_raw(snippet->html, "/b?s=");
    html_component(snippet->html, span_text(snippet->site->name));
    html_raw(snippet->html,
             "&amp;u=/THIS/PAGE\" alt=\"\" width=\"1\" height=\"1\" referrerpolicy=\"strict-origin\"></noscript>\n");
}

static bool
has_answer(const struct site_config *site, const char *name)
{
    for (size_t i = 0; i < site->answer_count; i++)
        if (strcmp(site->answers[i].left, name) == 0)
            return true;
    return false;
}

/* Yes and no, where there are both, are the first question and the other answers the second: what was wrong. */
static bool
is_first(const struct site_config *site, const char *name)
{
    return strcmp(name, "ja") == 0 || strcmp(name, "nei") == 0 || !has_answer(site, "ja") || !has_answer(site, "nei");
}

/* The fieldset of the first or second question; nothing if none of the answers is its. */
static void
write_fieldset(const struct snippet *snippet, bool first, const char *question)
{
    bool any = false;
    for (size_t i = 0; i < snippet->site->answer_count; i++) {
        const struct text_pair *answer = &snippet->site->answers[i];
        if (is_first(snippet->site, answer->left) != first)
            continue;
        if (!any) {
            if (first)
                html_raw(snippet->html, "<fieldset>");
            else
                html_raw(snippet->html, "<fieldset data-after=\"nei\" hidden>");
            html_raw(snippet->html, "<legend>");
            html_text(snippet->html, question);
            html_raw(snippet->html, "</legend>\n");
        }
        any = true;
        html_raw(snippet->html, "<button name=\"f\" value=\"");
        html_text(snippet->html, answer->left);
        html_raw(snippet->html, "\">");
        html_text(snippet->html, answer->right);
        html_raw(snippet->html, "</button>\n");
    }
    if (any)
        html_raw(snippet->html, "</fieldset>\n");
}

static void
write_feedback(const struct snippet *snippet)
{
    const char *question = snippet->site->question;
    html_raw(snippet->html, "\n<!-- The question to readers: this in the head, ... -->\n");
    write_script(snippet, SCRIPT_FEEDBACK);
    html_raw(snippet->html, "<!-- ... and this in the body, with the page's own path for /THIS/PAGE. -->\n"
                            "<sporlos-feedback><form method=\"post\" action=\"");
    html_text(snippet->html, snippet->collector);
    html_raw(snippet->html, "/b\">\n<input type=\"hidden\" name=\"s\" value=\"");
    html_text(snippet->html, snippet->site->name);
    html_raw(snippet->html, "\"><input type=\"hidden\" name=\"t\" value=\"feedback\">"
                            "<input type=\"hidden\" name=\"u\" value=\"/THIS/PAGE\">\n");
    write_fieldset(snippet, true, question == NULL ? "Fant du det du lette etter?" : question);
    write_fieldset(snippet, false, "Hva var galt?");
    html_raw(snippet->html, "</form></sporlos-feedback>\n");
}

static void
write_policy(const struct snippet *snippet)
{
    static const char *const directives[] = { "script-src ", "; connect-src ", "; img-src ", "; form-action " };
    html_raw(snippet->html,
             "\n<!-- What a Content-Security-Policy must allow; the last two for readers without script:\n");
    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++) {
        html_text(snippet->html, directives[i]);
        html_text(snippet->html, snippet->collector);
    }
    html_raw(snippet->html, "\n-->\n");
}

void
snippet_write(const struct config *config, const struct site_config *site, struct html *html)
{
    const char *url = config->aggregator.collector_url;
    const struct snippet snippet = { html, site, url == NULL ? "https://COLLECTOR" : url };
    bool restricted = mode_table[site->mode].tables == TABLES_RESTRICTED;
    html_raw(html, "<!-- In the head of every page. It changes with the collector, and pages need not. -->\n");
    write_script(&snippet, restricted ? SCRIPT_RESTRICTED : SCRIPT_TRACKER);
    html_raw(html, "\n<!-- For readers without script, in the body; the page's own path for /THIS/PAGE. -->\n");
    write_pixel(&snippet);
    if (!restricted && site->answer_count > 0)
        write_feedback(&snippet);
    write_policy(&snippet);
}
