#include "form.h"

void
page_login_render(struct html *html, const struct page *page, enum message problem, int64_t number, const char *name)
{
    const struct form form = { html, page, "login" };
    const struct form_field fields[] = {
        { "name", "text", "username", MESSAGE_USER_NAME, MESSAGE_COUNT, span_text(name), 0, true },
        { "password", "password", "current-password", MESSAGE_PASSWORD, MESSAGE_COUNT, { NULL, 0 }, 0, true },
    };
    page_begin(html, page);
    html_raw(html, "<div class=\"login\"><h1 class=\"ds-heading\" data-size=\"sm\">");
    page_say(html, page, LOGIN);
    html_raw(html, "</h1><p class=\"ds-paragraph lede\">");
    page_say(html, page, LOGIN_LEDE);
    html_raw(html, "</p>");
    form_outcome_number(html, page, problem, number);
    form_faults(html, page);
    html_raw(html, "<form class=\"ds-card\" method=\"post\" novalidate action=\"/login");
    page_language(html, page, true);
    html_raw(html, "\">");
    if (page->parameter_name != NULL)
        form_hidden(html, page->parameter_name, span_text(page->parameter));
    form_field(&form, &fields[0]);
    form_field(&form, &fields[1]);
    html_raw(html, "<button class=\"ds-button\" data-fullwidth>");
    page_say(html, page, LOGIN);
    html_raw(html, "</button></form><p class=\"small\">");
    page_say(html, page, LOGIN_COOKIE);
    html_raw(html, "</p></div>");
    page_end(html, page);
}

void
page_sites_render(struct html *html, const struct page *page)
{
    size_t count = 0;
    page_begin(html, page);
    html_raw(html, "<div class=\"head\"><h1 class=\"ds-heading\" data-size=\"sm\">");
    page_say(html, page, SITES);
    html_raw(html, "</h1></div><ul class=\"sitelist\">");
    for (size_t i = 0; i < page->config->site_count; i++) {
        const struct site_config *site = &page->config->sites[i];
        if (!account_may_read(page->account, site->key))
            continue;
        count++;
        html_raw(html, "<li class=\"ds-card\"><a class=\"ds-link\"");
        page_href(html, page, site, "", NULL);
        html_raw(html, ">");
        html_text(html, site->name);
        html_raw(html, "</a></li>");
    }
    html_raw(html, "</ul>");
    if (count == 0) {
        html_raw(html, "<p class=\"ds-paragraph\">");
        page_say(html, page, NO_SITES);
        html_raw(html, "</p>");
    }
    page_end(html, page);
}

/* Where to go from an error: who is nobody here has the log-in behind either. */
static void
write_ways_on(struct html *html, const struct page *page)
{
    html_raw(html, "<p class=\"links\"><a class=\"ds-link\" href=\"/");
    page_language(html, page, true);
    html_raw(html, "\">");
    html_message(html, page->language, page->account == NULL ? MESSAGE_LOGIN : MESSAGE_HOME);
    html_raw(html, "</a><a class=\"ds-link\" href=\"/declaration");
    page_language(html, page, true);
    html_raw(html, "\">");
    page_say(html, page, DECLARATION);
    html_raw(html, "</a></p>");
}

void
page_error_render(struct html *html, const struct page *page, enum message title, enum message lede)
{
    page_begin(html, page);
    html_raw(html, "<div class=\"login\"><h1 class=\"ds-heading\" data-size=\"sm\">");
    html_message(html, page->language, title);
    html_raw(html, "</h1><p class=\"ds-paragraph lede\">");
    html_message(html, page->language, lede);
    html_raw(html, "</p>");
    write_ways_on(html, page);
    html_raw(html, "</div>");
    page_end(html, page);
}
