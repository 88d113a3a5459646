/* The frame that other sites show: figures, trend and most read pages, without anything to go on to but the page
 * itself. */
#include "page_account.h"
#include "screen.h"

void
page_embed_render(struct screen *screen)
{
    struct html *html = screen->html;
    const struct page *page = screen->page;
    const struct scope *scope = screen->scope;
    page_head(html, page);
    html_message_text(html, page->language, MESSAGE_EMBED_TITLE, span_text(page->site->name));
    html_raw(html, "</title><link rel=\"icon\" href=\"/assets/icon.svg\"><link rel=\"stylesheet\" href=\"");
    html_text(html, page->style);
    html_raw(html, "\"></head><body data-size=\"sm\" data-color=\"accent\"><main id=\"main\" class=\"embed\">"
                   "<div class=\"head\"><div><h1 class=\"ds-heading\" data-size=\"sm\">");
    html_message_text(html, page->language, MESSAGE_EMBED_TITLE, span_text(page->site->name));
    html_raw(html, "</h1>");
    if (scope->has_days && !screen_has_problem(screen)) {
        html_raw(html, "<p class=\"dates\">");
        html_dates(html, page->language, scope->days.from, scope->days.to);
        html_raw(html, "</p>");
    }
    html_raw(html, "</div></div>");
    if (screen_has_problem(screen)) {
        write_range_problem(screen);
    } else if (scope->has_days) {
        html_raw(html, "<div class=\"grid\">");
        screen_render_blocks(screen);
        html_raw(html, "</div>");
    } else {
        html_raw(html, "<p class=\"note\">");
        page_say(html, page, EMPTY_TITLE);
        html_raw(html, "</p>");
    }
    html_raw(html, "<p class=\"small\">");
    page_say(html, page, MAIL_HIDDEN);
    html_raw(html, " <b>Sporløs</b> · ");
    page_say(html, page, SLOGAN);
    html_raw(html, "</p></main></body></html>");
}
