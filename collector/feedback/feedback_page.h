/*
 * What a reader without script sees after answering a <sporlos-feedback> form: the form is a beacon, and a browser that
 * posts one by itself wants a page for an answer.
 */
#ifndef SPORLOS_COLLECTOR_FEEDBACK_PAGE_H
#define SPORLOS_COLLECTOR_FEEDBACK_PAGE_H

#include "sporlos/html.h"
#include "sporlos/http_parse.h"
#include "sporlos/language.h"

#include <stdbool.h>

/* Did a browser post this to show what comes back? Scripts accept anything and say so with an asterisk. */
bool feedback_wants_page(const struct http_request *request);

/*
 * Write the page. Nothing in it comes from the request but the language and origin, the verified origin of one of the
 * site's hosts, to which it links; empty: no link.
 */
void feedback_page_write(bool arrived, struct span origin, enum language language, struct html *html);

/* Complete header lines for it; static. */
struct span feedback_page_headers(void);

#endif
