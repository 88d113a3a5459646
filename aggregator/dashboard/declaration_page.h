/* What a site declares, for its readers: as a page, as plain text to paste, as JSON. Public. */
#ifndef SPORLOS_AGGREGATOR_DECLARATION_PAGE_H
#define SPORLOS_AGGREGATOR_DECLARATION_PAGE_H

#include "../declaration.h"
#include "../export/json.h"
#include "page.h"

/* One declared site. All borrowed. */
struct declared_page {
    const struct page *page;
    const struct site_config *site;
    const struct declared_site *declared;
};

/* The list of sites; the page of one. */
void page_declarations_render(struct html *html, const struct page *page);
void page_declaration_render(struct html *html, const struct declared_page *declared);

/* The paragraphs for a site's own privacy statement, unescaped, lines ended by '\n'. */
void declaration_text_write(struct html *text, const struct declared_page *declared);

/* What is more ahead than in force, one item a call of item. */
typedef void declaration_item(struct html *html, const struct declared_page *declared, struct span item);
void declaration_each_more(struct html *html, const struct declared_page *declared, declaration_item *item);

/* The tables in the order of the table of tables, those of other programs last. Returns how many. */
size_t declaration_in_order(const struct declaration *declaration, const struct declared_table *out[DECLARED_LIST_MAX]);

/* 'dag og måned' */
void declaration_periods(struct html *html, enum language language, unsigned periods);

/* Everything about one site, or about all. */
void declaration_json_write(struct json *json, const struct site_config *site, const struct declared_site *declared);
void declarations_json_write(struct json *json, const struct config *config, const struct declarations *declarations);

/* '4. november 2026' of a moment, in the site's zone. */
void declaration_day(struct html *html, enum language language, const struct site_config *site, int64_t at_s);

/* Where the collector lets a reader of the site decline. False: it is not known where browsers reach it. */
enum { DECLARATION_ADDRESS_MAX = 1024 };
bool declaration_opt_out(const struct declared_page *declared, char address[DECLARATION_ADDRESS_MAX]);

#endif
