/* The form of a note on the chart that is given back: at first it stands under the chart (block_trend.c). */
#include "../annotations.h"
#include "form.h"

void
page_mark_render(struct html *html, const struct page *page, const char *path, const char *back)
{
    const struct form form = { html, page, "mark" };
    const struct form_field fields[] = {
        { "day", "date", "off", MESSAGE_MARK_DAY, MESSAGE_COUNT, { NULL, 0 }, 0, true },
        { "text", "text", "off", MESSAGE_MARK_TEXT, MESSAGE_COUNT, { NULL, 0 }, ANNOTATION_CHARACTERS_MAX, true },
    };
    page_begin(html, page);
    html_raw(html, "<div class=\"head\"><div><p class=\"back\"><a class=\"ds-link\" href=\"");
    html_text(html, back);
    page_language(html, page, strchr(back, '?') == NULL);
    html_raw(html, "\">‹ ");
    page_say(html, page, MARK_BACK);
    html_raw(html, "</a></p><h1 class=\"ds-heading\" data-size=\"sm\">");
    page_say(html, page, MARK_ADD);
    html_raw(html, "</h1></div></div>");
    form_faults(html, page);
    html_raw(html, "<section class=\"ds-card wide\">");
    form_begin(&form, path, "fields");
    form_field(&form, &fields[0]);
    form_field(&form, &fields[1]);
    form_end(&form, MESSAGE_MARK_SAVE);
    html_raw(html, "</section>");
    page_end(html, page);
}
