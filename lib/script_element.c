#include "sporlos/script_element.h"

#include "sporlos/table.h"

static void
write_attribute(struct html *html, const char *name, const char *value)
{
    html_text(html, name);
    html_raw(html, "=\"");
    html_text(html, value);
    html_raw(html, "\"");
}

void
script_element_write(struct html *html, const struct script_element *element)
{
    const struct site_config *site = element->site;
    bool is_restricted = mode_table[site->mode].tables == TABLES_RESTRICTED;
    html_raw(html, "<script defer src=\"");
    html_text(html, element->collector);
    if (element->path.at != NULL)
        html_span(html, element->path);
    else
        html_text(html, is_restricted ? "/s-restricted.js" : "/s.js");
    html_raw(html, "\"");
    if (element->sha384 != NULL) {
        html_raw(html, " integrity=\"sha384-");
        html_text(html, element->sha384);
        html_raw(html, "\" crossorigin=\"anonymous\"");
    }
    write_attribute(html, " data-site", site->name);
    if (element->has_search && !is_restricted && site->search_parameter != NULL)
        write_attribute(html, " data-search", site->search_parameter);
    html_raw(html, "></script>");
}
