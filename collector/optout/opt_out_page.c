#include "opt_out.h"
#include "opt_out_assets.h"
#include "opt_out_words.h"
#include "sporlos/language.h"

#include <stdio.h>
#include <strings.h>

#define X(key, nb, nn, en) WORDS_##key,
enum words { OPT_OUT_WORDS(X) WORDS_COUNT };
#undef X

static const char *const words_table[WORDS_COUNT][LANGUAGE_COUNT] = {
#define X(key, nb, nn, en) [WORDS_##key] = { [LANGUAGE_NB] = (nb), [LANGUAGE_NN] = (nn), [LANGUAGE_EN] = (en) },
    OPT_OUT_WORDS(X)
#undef X
};

static void
say(const struct opt_out *opt_out, struct html *html, enum words words)
{
    html_text(html, words_table[words][opt_out->language]);
}

static void
say_of(const struct opt_out *opt_out, struct html *html, enum words words, const char *name)
{
    struct span hole = span_text(name);
    html_format(html, words_table[words][opt_out->language], 1, &hole);
}

#define PARAGRAPH(html, write) (html_raw(html, "<p>"), (write), html_raw(html, "</p>\n"))
#define HEADING(html, write) (html_raw(html, "<h2>"), (write), html_raw(html, "</h2>\n"))

/* ---- where the buttons lead ---- */

/* A host that only this machine reaches: a demonstration, or somebody at work on a site. */
static bool
is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strncmp(host, "127.", 4) == 0 || strcmp(host, "[::1]") == 0;
}

/* Is the host offered? A port asks for the hosts that may have one; without it they are for want of others. */
static bool
is_offered(const struct opt_out *opt_out, const char *host)
{
    const struct text_list *hosts = &opt_out->site->hosts;
    size_t loopback = 0;
    for (size_t i = 0; i < hosts->count; i++)
        loopback += is_loopback(hosts->items[i]) ? 1 : 0;
    bool wants_loopback = loopback == hosts->count || (opt_out->port != 0 && loopback > 0);
    return is_loopback(host) == wants_loopback;
}

static void
write_address(const struct opt_out *opt_out, struct html *html, const char *host)
{
    if (!is_loopback(host)) {
        html_raw(html, "https://");
        html_text(html, host);
        return;
    }
    html_raw(html, "http://");
    html_text(html, host);
    if (opt_out->port != 0) {
        html_raw(html, ":");
        html_integer(html, opt_out->port);
    }
}

static void
write_button(const struct opt_out *opt_out, struct html *html, const char *host, bool off, bool with_host)
{
    if (off)
        html_raw(html, "<a class=\"button\" href=\"");
    else
        html_raw(html, "<a class=\"button back\" href=\"");
    write_address(opt_out, html, host);
    if (off)
        html_raw(html, "/#sporlos=av\">");
    else
        html_raw(html, "/#sporlos=paa\">");
    say(opt_out, html, off ? WORDS_BUTTON_OFF : WORDS_BUTTON_ON);
    if (with_host)
        say_of(opt_out, html, WORDS_ON_HOST, host);
    html_raw(html, "</a>\n");
}

static size_t
write_buttons(const struct opt_out *opt_out, struct html *html)
{
    const struct text_list *hosts = &opt_out->site->hosts;
    size_t count = 0;
    for (size_t i = 0; i < hosts->count; i++)
        count += is_offered(opt_out, hosts->items[i]) ? 1 : 0;
    for (size_t i = 0; i < hosts->count; i++) {
        if (!is_offered(opt_out, hosts->items[i]))
            continue;
        html_raw(html, "<p class=\"buttons\">\n");
        write_button(opt_out, html, hosts->items[i], true, count > 1);
        write_button(opt_out, html, hosts->items[i], false, count > 1);
        html_raw(html, "</p>\n");
    }
    return count;
}

/* ---- the parts of the page ---- */

static void
write_languages(const struct opt_out *opt_out, struct html *html)
{
    static const char *const names[LANGUAGE_COUNT] = { "Bokmål", "Nynorsk", "English" };
    html_raw(html, "<nav aria-label=\"");
    say(opt_out, html, WORDS_LANGUAGES);
    html_raw(html, "\">\n");
    for (int language = 0; language < LANGUAGE_COUNT; language++) {
        const char *tag = language_tag((enum language)language);
        html_raw(html, "<a href=\"/opt-out?");
        if (opt_out->site != NULL) {
            html_raw(html, "site=");
            html_component(html, span_text(opt_out->site->key));
            html_raw(html, "&amp;");
        }
        html_raw(html, "lang=");
        html_text(html, tag);
        if (opt_out->port != 0) {
            html_raw(html, "&amp;port=");
            html_integer(html, opt_out->port);
        }
        html_raw(html, "\" lang=\"");
        html_text(html, tag);
        html_raw(html, "\" hreflang=\"");
        html_text(html, tag);
        if ((enum language)language == opt_out->language)
            html_raw(html, "\" aria-current=\"true");
        html_raw(html, "\">");
        html_text(html, names[language]);
        html_raw(html, "</a>\n");
    }
    html_raw(html, "</nav>\n");
}

/* By the same rows as the counting: what the site counts, in its mode. */
static void
write_counted(const struct opt_out *opt_out, struct html *html)
{
    HEADING(html, say(opt_out, html, WORDS_COUNTED));
    html_raw(html, "<ul>\n");
    for (int table = 0; table < TABLE_COUNT; table++) {
        if ((opt_out->site->tables & 1U << table) == 0 ||
            table_periods((enum table_id)table, opt_out->site->mode) == PERIODS_NEVER)
            continue;
        html_raw(html, "<li>");
        html_text(html, table_table[table].words[opt_out->language]);
        html_raw(html, "</li>\n");
    }
    html_raw(html, "</ul>\n");
    PARAGRAPH(html, say(opt_out, html, WORDS_NOT_KEPT));
}

static void
write_choice(const struct opt_out *opt_out, struct html *html)
{
    const char *name = opt_out->site->name;
    html_raw(html, "<p class=\"lede\">");
    say_of(opt_out, html, WORDS_LEDE, name);
    html_raw(html, "</p>\n");
    if (opt_out->has_signal) {
        html_raw(html, "<p class=\"signal\">");
        say(opt_out, html, WORDS_SIGNAL);
        html_raw(html, "</p>\n");
    }
    if (write_buttons(opt_out, html) > 1)
        PARAGRAPH(html, say(opt_out, html, WORDS_EACH_HOST));
    HEADING(html, say(opt_out, html, WORDS_WHAT_HAPPENS));
    PARAGRAPH(html, say_of(opt_out, html, WORDS_LEADS, name));
    PARAGRAPH(html, say(opt_out, html, WORDS_AFTERWARDS));
    PARAGRAPH(html, say(opt_out, html, WORDS_CONFIRMED));
    PARAGRAPH(html, say(opt_out, html, WORDS_THIS_BROWSER));
    write_counted(opt_out, html);
}

static enum words
title_of(const struct opt_out *opt_out)
{
    if (opt_out->status == 404)
        return WORDS_UNKNOWN_TITLE;
    return opt_out->site == NULL ? WORDS_WHICH_TITLE : WORDS_TITLE;
}

static void
write_head(const struct opt_out *opt_out, struct html *html)
{
    const struct asset *style = &opt_out_assets[OPT_OUT_ASSETS_STYLE_CSS];
    html_raw(html, "<!doctype html>\n<html lang=\"");
    html_text(html, language_tag(opt_out->language));
    html_raw(html, "\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    say(opt_out, html, title_of(opt_out));
    if (opt_out->site != NULL) {
        html_raw(html, " – ");
        html_text(html, opt_out->site->name);
    }
    html_raw(html, "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>"); /* none: browsers ask for one unasked */
    html_literal(html, (const char *)style->identity, style->identity_length);
    html_raw(html, "</style>\n</head>\n");
}

void
opt_out_write(const struct opt_out *opt_out, struct html *html)
{
    write_head(opt_out, html);
    html_raw(html, "<body>\n<header>\n");
    write_languages(opt_out, html);
    html_raw(html, "</header>\n<main>\n<h1>");
    say(opt_out, html, title_of(opt_out));
    html_raw(html, "</h1>\n");
    if (opt_out->site != NULL)
        write_choice(opt_out, html);
    else
        PARAGRAPH(html, say(opt_out, html, opt_out->status == 404 ? WORDS_UNKNOWN : WORDS_WHICH));
    PARAGRAPH(html, say(opt_out, html, WORDS_EVERYWHERE));
    html_raw(html, "</main>\n</body>\n</html>\n");
}

/*
 * Nothing may load and nothing may run. The site hears our origin as its referrer, by which the tracker knows that a
 * choice is taken back from here and not by whoever made a link.
 */
struct span
opt_out_headers(void)
{
    static char text[1024];
    static int length;
    if (length == 0)
        length = snprintf(
            text, sizeof text,
            "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
            "Vary: Accept-Language, Sec-GPC, DNT\r\n"
            "Content-Security-Policy: default-src 'none'; style-src 'sha384-%s'; img-src data:; form-action 'none'; "
            "frame-ancestors 'none'; base-uri 'none'\r\n"
            "X-Content-Type-Options: nosniff\r\nReferrer-Policy: origin\r\n"
            "Cross-Origin-Opener-Policy: same-origin\r\nX-Robots-Tag: noindex\r\n",
            opt_out_assets[OPT_OUT_ASSETS_STYLE_CSS].sha384);
    return span_of(text, (size_t)length);
}
