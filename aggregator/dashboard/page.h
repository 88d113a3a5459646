/* What all pages share: head, top, foot, and the links that keep language and choices. */
#ifndef SPORLOS_AGGREGATOR_PAGE_H
#define SPORLOS_AGGREGATOR_PAGE_H

#include "../accounts.h"
#include "messages.h"
#include "overview.h"
#include "sporlos/config.h"
#include "sporlos/gazetteer.h"

/* What a page is made for. All borrowed. */
struct page {
    enum language language;
    bool language_chosen; /* by ?lang=, so that links must carry it on */
    const char *style;    /* address of the style sheet */
    const char *path;     /* of this page, for the links to its other languages; NULL: none */
    const char *base;     /* of the pages of site; NULL: /sites/KEY. Without account: the pages of a public link */
    bool by_proxy;        /* a proxy vouches for account: logging out here would not last */
    enum message title;
    const struct config *config;
    const struct gazetteer *gazetteer; /* NULL: numbers instead of names */
    const struct account *account;     /* NULL: nobody is logged in */
    const struct site_config *site;    /* NULL: the page is about none */
    const struct selection *selection; /* NULL: the page has no period */
};

/* Has the page's reader an account that may do that? */
bool page_may(const struct page *page, enum permission permission);

/* From the doctype to inside <main>; and back out. */
void page_begin(struct html *html, const struct page *page);
void page_end(struct html *html, const struct page *page);

/* Write the message of key in the page's language. */
#define page_say(html, page, key) html_message(html, (page)->language, MESSAGE_##key)

/* href="/sites/KEY?...": the page of a site, with choices and language kept. suffix: "" or "/privacy". Where the page
 * has a base, that of its own site. */
void page_href(struct html *html, const struct page *page, const struct site_config *site, const char *suffix,
               const struct selection *selection);

/* A hidden field that carries the language on through a GET form. */
void page_language_field(struct html *html, const struct page *page);

void page_login_render(struct html *html, const struct page *page, enum message problem);
enum { NO_PROBLEM = MESSAGE_COUNT };
void page_sites_render(struct html *html, const struct page *page);
void page_error_render(struct html *html, const struct page *page, enum message title, enum message lede);
void page_privacy_render(struct html *html, const struct page *page);
void page_overview_render(struct html *html, const struct page *page, const struct overview *overview);

/* Sections of the overview, in reading order. */
void section_figures(struct html *html, const struct page *page, const struct overview *overview);
void section_trend(struct html *html, const struct page *page, const struct overview *overview);
void section_pages(struct html *html, const struct page *page, const struct overview *overview);
void section_municipalities(struct html *html, const struct page *page, const struct overview *overview);
void section_hours(struct html *html, const struct page *page, const struct overview *overview);
void section_not_counted(struct html *html, const struct page *page, const struct overview *overview);
void section_reading(struct html *html, const struct page *page, const struct overview *overview);
void section_start(struct html *html, const struct page *page, const struct overview *overview);

/* '+14 %', said in words too: the change of now against then. NULL then: ':'. */
void write_change(struct html *html, const struct page *page, const struct figure *figure);

#endif
