/*
 * The one writer of pages: a growing buffer into which text goes escaped and only literals go raw, so that nothing from
 * outside can become markup. The first failed allocation is remembered; later writes do nothing.
 */
#ifndef SPORLOS_HTML_H
#define SPORLOS_HTML_H

#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>

struct html {
    char *at; /* owned; not terminated */
    size_t length, capacity;
    bool failed; /* no memory: the page is not to be sent */
};

enum { HTML_PAGE_MAX = 4 * 1024 * 1024 }; /* bytes; a longer page is a fault, not an answer */

/* A caller's zeroed struct html is an empty page. */
void html_fini(struct html *html);

/* Markup that stands in the source. */
#define html_raw(html, literal) html_literal(html, "" literal, sizeof(literal) - 1)
void html_literal(struct html *html, const char *at, size_t length);

/*
 * Text for element content or a double-quoted attribute: & < > " ' escaped; control and direction characters and what
 * is not UTF-8 replaced by U+FFFD.
 */
void html_text(struct html *html, const char *text);
void html_span(struct html *html, struct span text);

/* One component of a query string, percent-encoded. */
void html_component(struct html *html, struct span text);

/* Plain digits, for attributes. */
void html_integer(struct html *html, int64_t value);
/* thousandths / 1000 with up to three decimals and a point, for SVG. */
void html_decimal(struct html *html, int64_t thousandths);

/* Digits in groups of three for people: U+202F between groups, U+2212 as minus. */
void html_number(struct html *html, int64_t value);

/* Text whose {} are replaced, in order, by the arguments; both are escaped. */
void html_format(struct html *html, const char *format, size_t count, const struct span *arguments);

#endif
