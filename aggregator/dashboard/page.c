#include "page.h"

static void
write_language(struct html *html, const struct page *page, bool is_first)
{
    if (!page->language_chosen)
        return;
    if (is_first)
        html_raw(html, "?lang=");
    else
        html_raw(html, "&amp;lang=");
    html_text(html, language_tag(page->language));
}

static void
write_selection(struct html *html, const struct selection *selection)
{
    html_raw(html, "?period=");
    selection_write_period(html, *selection);
    html_raw(html, "&amp;compare=");
    html_text(html, comparison_name(selection->compare));
}

void
page_href(struct html *html, const struct page *page, const struct site_config *site, const char *suffix,
          const struct selection *selection)
{
    html_raw(html, " href=\"");
    if (page->base != NULL && site == page->site) {
        html_text(html, page->base);
    } else {
        html_raw(html, "/sites/");
        html_component(html, span_text(site->key));
    }
    html_text(html, suffix);
    if (selection != NULL)
        write_selection(html, selection);
    write_language(html, page, selection == NULL);
    html_raw(html, "\"");
}

void
page_language_field(struct html *html, const struct page *page)
{
    if (!page->language_chosen)
        return;
    html_raw(html, "<input type=\"hidden\" name=\"lang\" value=\"");
    html_text(html, language_tag(page->language));
    html_raw(html, "\">");
}

/* Somebody who has an address and no account. */
static bool
is_by_link(const struct page *page)
{
    return page->base != NULL && page->account == NULL;
}

bool
page_may(const struct page *page, enum permission permission)
{
    return page->account != NULL && role_may(page->account->role, permission);
}

/* Dots that fade away: a track that leaves nothing. */
static void
write_brand(struct html *html, const struct page *page)
{
    html_raw(html, "<a class=\"brand\" href=\"");
    html_text(html, is_by_link(page) ? page->base : "/");
    write_language(html, page, true);
    html_raw(html, "\"><svg width=\"34\" height=\"14\" viewBox=\"0 0 34 14\" aria-hidden=\"true\">"
                   "<circle cx=\"5\" cy=\"7\" r=\"5\"/><circle cx=\"16.5\" cy=\"7\" r=\"3.4\" opacity=\".6\"/>"
                   "<circle cx=\"25\" cy=\"7\" r=\"2.3\" opacity=\".38\"/><circle cx=\"31.5\" cy=\"7\" r=\"1.4\" "
                   "opacity=\".25\"/></svg>Sporløs</a>");
}

static void
write_sites(struct html *html, const struct page *page)
{
    html_raw(html, "<details class=\"sites\"><summary><span class=\"ds-sr-only\">");
    page_say(html, page, CHOOSE_SITE);
    html_raw(html, ": </span>");
    html_text(html, page->site->name);
    html_raw(html, "</summary><ul>");
    for (size_t i = 0; i < page->config->site_count; i++) {
        const struct site_config *site = &page->config->sites[i];
        if (!account_may_read(page->account, site->key))
            continue;
        html_raw(html, "<li><a");
        page_href(html, page, site, "", page->selection);
        if (site == page->site)
            html_raw(html, " aria-current=\"true\"");
        html_raw(html, ">");
        html_text(html, site->name);
        html_raw(html, "</a></li>");
    }
    html_raw(html, "</ul></details>");
}

static void
write_tab(struct html *html, const struct page *page, enum message title, const char *suffix)
{
    html_raw(html, "<a");
    page_href(html, page, page->site, suffix, page->selection);
    if (page->title == title)
        html_raw(html, " aria-current=\"page\"");
    html_raw(html, ">");
    html_message(html, page->language, title);
    html_raw(html, "</a>");
}

static void
write_languages(struct html *html, const struct page *page)
{
    static const char *const names[LANGUAGE_COUNT] = { "Bokmål", "Nynorsk", "English" };
    html_raw(html, "<nav class=\"languages\" aria-label=\"");
    page_say(html, page, LANGUAGES);
    html_raw(html, "\">");
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        const char *tag = language_tag((enum language)i);
        html_raw(html, "<a href=\"");
        html_text(html, page->path);
        if (page->selection != NULL) {
            write_selection(html, page->selection);
            html_raw(html, "&amp;lang=");
        } else {
            html_raw(html, "?lang=");
        }
        html_text(html, tag);
        html_raw(html, "\" lang=\"");
        html_text(html, tag);
        html_raw(html, "\" hreflang=\"");
        html_text(html, tag);
        html_raw(html, "\" title=\"");
        html_text(html, names[i]);
        if (i == (int)page->language)
            html_raw(html, "\" aria-current=\"true");
        html_raw(html, "\">");
        html_text(html, tag);
        html_raw(html, "</a>");
    }
    html_raw(html, "</nav>");
}

/* To a page that is of no site. */
static void
write_own_link(struct html *html, const struct page *page, const char *path, enum message title)
{
    html_raw(html, "<a class=\"own\" href=\"");
    html_text(html, path);
    write_language(html, page, true);
    html_raw(html, "\"");
    if (page->title == title)
        html_raw(html, " aria-current=\"page\"");
    html_raw(html, ">");
    html_message(html, page->language, title);
    html_raw(html, "</a>");
}

static void
write_top(struct html *html, const struct page *page)
{
    html_raw(html, "<header class=\"top\"><div>");
    write_brand(html, page);
    if (page->site != NULL) {
        if (!is_by_link(page))
            write_sites(html, page);
        html_raw(html, "<nav class=\"tabs\" aria-label=\"");
        page_say(html, page, MENU);
        html_raw(html, "\">");
        write_tab(html, page, MESSAGE_OVERVIEW, "");
        write_tab(html, page, MESSAGE_PRIVACY, "/privacy");
        if (page_may(page, PERMISSION_SHARE))
            write_tab(html, page, MESSAGE_SHARING, "/share");
        html_raw(html, "</nav>");
    }
    html_raw(html, "<span class=\"space\"></span>");
    if (page->path != NULL)
        write_languages(html, page);
    if (page_may(page, PERMISSION_ADMINISTER)) {
        write_own_link(html, page, "/users", MESSAGE_USERS);
        write_own_link(html, page, "/access-log", MESSAGE_ACCESS_LOG);
    }
    if (page->account != NULL && !page->by_proxy) {
        html_raw(html, "<form class=\"logout\" method=\"post\" action=\"/logout");
        write_language(html, page, true);
        html_raw(html, "\"><button class=\"ds-button\" data-variant=\"tertiary\" data-size=\"sm\">");
        page_say(html, page, LOGOUT);
        html_raw(html, "</button></form>");
    }
    html_raw(html, "</div></header>");
}

void
page_begin(struct html *html, const struct page *page)
{
    html_raw(html, "<!doctype html><html lang=\"");
    html_text(html, language_tag(page->language));
    html_raw(html, "\" data-color-scheme=\"auto\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                   "content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">"
                   "<meta name=\"robots\" content=\"noindex\"><title>");
    html_message(html, page->language, page->title);
    if (page->site != NULL) {
        html_raw(html, " – ");
        html_text(html, page->site->name);
    }
    html_raw(html, " – Sporløs</title><link rel=\"icon\" href=\"/assets/icon.svg\"><link rel=\"stylesheet\" href=\"");
    html_text(html, page->style);
    html_raw(html, "\"></head><body data-size=\"sm\" data-color=\"accent\"><a class=\"ds-skip-link\" href=\"#main\">");
    page_say(html, page, SKIP);
    html_raw(html, "</a>");
    write_top(html, page);
    html_raw(html, "<main id=\"main\" tabindex=\"-1\">");
}

void
page_end(struct html *html, const struct page *page)
{
    html_raw(html, "</main><footer><p><b>Sporløs</b> · ");
    page_say(html, page, SLOGAN);
    html_raw(html, "</p>");
    if (page->account != NULL || is_by_link(page)) {
        html_raw(html, "<p>");
        page_say(html, page, GEO_DATA);
        html_raw(html,
                 " <a class=\"ds-link\" href=\"https://db-ip.com\" rel=\"noreferrer\">IP-geolokasjon: DB-IP.com</a> ");
        page_say(html, page, AND);
        html_raw(html, " <a class=\"ds-link\" href=\"https://www.geonames.org\" rel=\"noreferrer\">GeoNames</a> "
                       "(CC BY 4.0).</p>");
    }
    html_raw(html, "</footer></body></html>");
}
