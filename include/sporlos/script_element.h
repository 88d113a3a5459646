/* How a page loads a script of the collector: one line, the same wherever editors are told of it. */
#ifndef SPORLOS_SCRIPT_ELEMENT_H
#define SPORLOS_SCRIPT_ELEMENT_H

#include "sporlos/config.h"
#include "sporlos/html.h"

struct script_element {
    const struct site_config *site;
    const char *collector; /* where browsers reach it */
    struct span path;      /* there, '/' first; .at NULL: of the script that counts the site's views */
    const char *sha384;    /* NULL: without its digest */
    bool
        has_search; /* it counts views, so that it must know the site's search_parameter, where the mode has searches */
};

/* All borrowed. Writes <script ...></script>, as HTML. */
void script_element_write(struct html *html, const struct script_element *element);

#endif
