/* What all pages share: head, top, foot, and the links that keep language and choices. */
#ifndef SPORLOS_AGGREGATOR_PAGE_H
#define SPORLOS_AGGREGATOR_PAGE_H

#include "../accounts.h"
#include "messages.h"
#include "narrowing.h"
#include "range.h"
#include "sporlos/config.h"
#include "sporlos/gazetteer.h"

struct sent_form;

/* What a page is made for. All borrowed. */
struct page {
    enum language language;
    bool language_chosen;       /* by ?lang=, so that links must carry it on */
    const char *style;          /* address of the style sheet */
    const char *script;         /* address of a script; NULL: the page has none */
    const char *path;           /* of this page, for the links to its other languages; NULL: none */
    const char *parameter_name; /* of its address, beside the choices; NULL: none */
    const char *parameter;
    const char *tab;  /* suffix of the entry of the menu that it belongs to; NULL: none */
    const char *base; /* of the pages of site; NULL: /sites/KEY. Without account: the pages of a public link */
    bool by_proxy;    /* a proxy vouches for account: logging out here would not last */
    enum message title;
    const struct config *config;
    const struct gazetteer *gazetteer; /* NULL: numbers instead of names */
    const struct account *account;     /* NULL: nobody is logged in */
    const struct site_config *site;    /* NULL: the page is about none */
    const struct selection *selection; /* NULL: the page has no period */
    const struct sent_form *sent;      /* the form that it gives back (form.h); NULL: none */
    const struct narrowing *narrowing; /* NULL: the page has no lists */
};

/* Has the page's reader an account that may do that? */
bool page_may(const struct page *page, enum permission permission);

/* From the doctype to inside <title>. */
void page_head(struct html *html, const struct page *page);

/* From the doctype to inside <main>; and back out. */
void page_begin(struct html *html, const struct page *page);
void page_end(struct html *html, const struct page *page);

/* Write the message of key in the page's language. */
#define page_say(html, page, key) html_message(html, (page)->language, MESSAGE_##key)

/* '/sites/KEY/suffix': the address of a site's page; where the page has a base, that for its own site. suffix: "" or
 * "/privacy". */
void page_address(struct html *html, const struct page *page, const struct site_config *site, const char *suffix);
/* What follows in an address: the choices (NULL: none) and the language, from '?' on if it is the first, else '&'. */
void page_choices(struct html *html, const struct page *page, const struct selection *selection, bool is_first);
/* href="...": both of them. */
void page_href(struct html *html, const struct page *page, const struct site_config *site, const char *suffix,
               const struct selection *selection);

/* What carries a chosen language on in an address: behind the path (is_first), or behind other parameters. */
void page_language(struct html *html, const struct page *page, bool is_first);
/* The same through a GET form: a hidden field. */
void page_language_field(struct html *html, const struct page *page);

/* The days and the comparison through a form that is not the one that chooses them: hidden fields. */
void page_days_fields(struct html *html, const struct selection *selection);

/* The heading of a card; id: what names it, NULL: nothing does. And <section class=CSS> with that heading. */
void page_heading(struct html *html, const struct page *page, const char *id, enum message title);
void page_card_begin(struct html *html, const struct page *page, const char *css, enum message title);
/* From <table class="ds-table CSS"> to inside <tbody>; heading: the id of what names it, NULL: nothing does. */
void page_table_begin(struct html *html, const struct page *page, const char *css, const char *heading,
                      const enum message *columns, size_t count);
/* <li> */
void page_item(struct html *html, const struct page *page, enum message message);

/* problem: of the attempt before; MESSAGE_COUNT: there was none. number: fills its hole. name: of a user, or "". */
void page_login_render(struct html *html, const struct page *page, enum message problem, int64_t number,
                       const char *name);
void page_sites_render(struct html *html, const struct page *page);
/* The form of a note that could not be taken; path: where it goes; back: the page it was sent from. */
void page_mark_render(struct html *html, const struct page *page, const char *path, const char *back);
void page_error_render(struct html *html, const struct page *page, enum message title, enum message lede);
void page_privacy_render(struct html *html, const struct page *page);

#endif
