#include "page.h"

#include "form.h"
#include "screen.h"

void
page_language(struct html *html, const struct page *page, bool is_first)
{
    if (!page->language_chosen)
        return;
    if (is_first)
        html_raw(html, "?lang=");
    else
        html_raw(html, "&amp;lang=");
    html_text(html, language_tag(page->language));
}

void
page_address(struct html *html, const struct page *page, const struct site_config *site, const char *suffix)
{
    if (page->base != NULL && site == page->site) {
        html_text(html, page->base);
    } else {
        html_raw(html, "/sites/");
        html_component(html, span_text(site->key));
    }
    html_text(html, suffix);
}

void
page_choices(struct html *html, const struct page *page, const struct selection *selection, bool is_first)
{
    static const struct selection defaults = { .kind = RANGE_DAYS_28, .compare = COMPARE_PREVIOUS };
    const struct selection *chosen = selection == NULL ? &defaults : selection;
    selection_write(html, *chosen, is_first);
    bool is_default = chosen->kind == defaults.kind && chosen->compare == defaults.compare && !chosen->margins;
    page_language(html, page, is_first && is_default);
}

void
page_href(struct html *html, const struct page *page, const struct site_config *site, const char *suffix,
          const struct selection *selection)
{
    html_raw(html, " href=\"");
    page_address(html, page, site, suffix);
    page_choices(html, page, selection, true);
    html_raw(html, "\"");
}

void
page_language_field(struct html *html, const struct page *page)
{
    if (!page->language_chosen)
        return;
    form_hidden(html, "lang", span_text(language_tag(page->language)));
}

void
page_heading(struct html *html, const struct page *page, const char *id, enum message title)
{
    html_raw(html, "<div class=\"title\"><h2 class=\"ds-heading\" data-size=\"2xs\"");
    if (id != NULL) {
        html_raw(html, " id=\"");
        html_text(html, id);
        html_raw(html, "\"");
    }
    html_raw(html, ">");
    html_message(html, page->language, title);
    html_raw(html, "</h2></div>");
}

void
page_card_begin(struct html *html, const struct page *page, const char *css, enum message title)
{
    html_raw(html, "<section class=\"");
    html_text(html, css);
    html_raw(html, "\">");
    page_heading(html, page, NULL, title);
}

void
page_table_begin(struct html *html, const struct page *page, const char *css, const char *heading,
                 const enum message *columns, size_t count)
{
    html_raw(html, "<table class=\"ds-table ");
    html_text(html, css);
    if (heading != NULL) {
        html_raw(html, "\" aria-labelledby=\"");
        html_text(html, heading);
    }
    html_raw(html, "\"><thead><tr>");
    for (size_t i = 0; i < count; i++) {
        html_raw(html, "<th scope=\"col\">");
        html_message(html, page->language, columns[i]);
        html_raw(html, "</th>");
    }
    html_raw(html, "</tr></thead><tbody>");
}

void
page_item(struct html *html, const struct page *page, enum message message)
{
    html_raw(html, "<li>");
    html_message(html, page->language, message);
    html_raw(html, "</li>");
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
    page_language(html, page, true);
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
write_tab(struct html *html, const struct page *page, const struct screen_kind *kind)
{
    html_raw(html, "<a");
    page_href(html, page, page->site, kind->suffix, page->selection);
    if (page->tab != NULL && strcmp(page->tab, kind->suffix) == 0)
        html_raw(html, " aria-current=\"page\"");
    html_raw(html, ">");
    html_message(html, page->language, kind->menu);
    html_raw(html, "</a>");
}

/* The screens of the site; those of which it counts nothing are left out. */
static void
write_tabs(struct html *html, const struct page *page)
{
    html_raw(html, "<nav class=\"tabs\" aria-label=\"");
    page_say(html, page, MENU);
    html_raw(html, "\"><div>");
    const struct screen_kind *kind;
    for (size_t i = 0; (kind = screen_at(i)) != NULL; i++)
        if (kind->menu != MESSAGE_COUNT && screen_has_numbers(kind, page->site) &&
            (kind->is_public || !is_by_link(page)))
            write_tab(html, page, kind);
    html_raw(html, "</div></nav>");
}

/* The page itself in another language. */
static void
write_language_address(struct html *html, const struct page *page, const char *tag)
{
    html_text(html, page->path);
    bool is_first = page->parameter_name == NULL;
    if (!is_first) {
        html_raw(html, "?");
        html_text(html, page->parameter_name);
        html_raw(html, "=");
        html_component(html, span_text(page->parameter));
    }
    size_t before = html->length;
    if (page->selection != NULL)
        selection_write(html, *page->selection, is_first);
    narrowing_write(html, page->narrowing, is_first && html->length == before);
    html_text(html, is_first && html->length == before ? "?lang=" : "&lang=");
    html_text(html, tag);
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
        write_language_address(html, page, tag);
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
    page_language(html, page, true);
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
    if (page->site != NULL && !is_by_link(page))
        write_sites(html, page);
    html_raw(html, "<span class=\"space\"></span>");
    if (page->path != NULL)
        write_languages(html, page);
    if (page_may(page, PERMISSION_ADMINISTER)) {
        write_own_link(html, page, "/users", MESSAGE_USERS);
        write_own_link(html, page, "/access-log", MESSAGE_ACCESS_LOG);
    }
    if (page->account != NULL)
        write_own_link(html, page, "/account", MESSAGE_MY_ACCOUNT);
    if (page->account != NULL && !page->by_proxy) {
        html_raw(html, "<form class=\"logout\" method=\"post\" action=\"/logout");
        page_language(html, page, true);
        html_raw(html, "\"><button class=\"ds-button\" data-variant=\"tertiary\" data-size=\"sm\">");
        page_say(html, page, LOGOUT);
        html_raw(html, "</button></form>");
    }
    html_raw(html, "</div>");
    if (page->site != NULL)
        write_tabs(html, page);
    html_raw(html, "</header>");
}

void
page_head(struct html *html, const struct page *page)
{
    html_raw(html, "<!doctype html><html lang=\"");
    html_text(html, language_tag(page->language));
    html_raw(html, "\" data-color-scheme=\"auto\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                   "content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">"
                   "<meta name=\"robots\" content=\"noindex\"><title>");
}

void
page_begin(struct html *html, const struct page *page)
{
    page_head(html, page);
    if (page->sent != NULL) {
        page_say(html, page, FAULT);
        html_raw(html, ": ");
    }
    html_message(html, page->language, page->title);
    if (page->site != NULL) {
        html_raw(html, " – ");
        html_text(html, page->site->name);
    }
    html_raw(html, " – Sporløs</title><link rel=\"icon\" href=\"/assets/icon.svg\"><link rel=\"stylesheet\" href=\"");
    html_text(html, page->style);
    if (page->script != NULL) {
        html_raw(html, "\"><script defer src=\"");
        html_text(html, page->script);
        html_raw(html, "\" data-copy=\"");
        page_say(html, page, COPY);
        html_raw(html, "\" data-copied=\"");
        page_say(html, page, COPIED);
        html_raw(html, "\"></script></head>");
    } else {
        html_raw(html, "\"></head>");
    }
    html_raw(html, "<body data-size=\"sm\" data-color=\"accent\"><a class=\"ds-skip-link\" href=\"#main\">");
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
        html_raw(html, " <a class=\"ds-link\" href=\"https://db-ip.com\" rel=\"noreferrer\">");
        page_say(html, page, GEO_DBIP);
        html_raw(html, "</a> ");
        page_say(html, page, AND);
        html_raw(html, " <a class=\"ds-link\" href=\"https://www.geonames.org\" rel=\"noreferrer\">GeoNames</a> "
                       "(CC BY 4.0).</p>");
    }
    html_raw(html, "</footer></body></html>");
}
