#include "screen.h"

#include "sporlos/period.h"
#include "sporlos/script_element.h"

bool
screen_asked(struct screen *screen, enum sp_error error)
{
    if (error != SP_OK && screen->error == SP_OK)
        screen->error = error;
    return error == SP_OK;
}

void
screen_href(struct screen *screen, const char *suffix, const char *name, struct span value)
{
    struct html *html = screen->html;
    html_raw(html, " href=\"");
    page_address(html, screen->page, screen->page->site, suffix);
    if (name != NULL) {
        html_raw(html, "?");
        html_text(html, name);
        html_raw(html, "=");
        html_component(html, value);
    }
    page_choices(html, screen->page, screen->page->selection, name == NULL);
    html_raw(html, "\"");
}

/* A link that turns margins on or off on this very page. */
static void
write_margins_link(struct screen *screen)
{
    struct html *html = screen->html;
    struct selection selection = screen->scope->selection;
    selection.margins = !selection.margins;
    bool has_subject = screen->kind->parameter != NULL && screen->subject[0] != '\0';
    html_raw(html, " <span class=\"on\">· <a class=\"ds-link\" href=\"");
    page_address(html, screen->page, screen->page->site, screen->kind->suffix);
    if (has_subject) {
        html_raw(html, "?");
        html_text(html, screen->kind->parameter);
        html_raw(html, "=");
        html_component(html, span_text(screen->subject));
    }
    const struct narrowing *narrowing = screen->page->narrowing;
    bool has_filter = narrowing != NULL && narrowing->text[0] != '\0';
    narrowing_write(html, narrowing, !has_subject);
    page_choices(html, screen->page, &selection, !has_subject && !has_filter);
    html_raw(html, "\">");
    html_message(html, screen->page->language, selection.margins ? MESSAGE_MARGINS_SHOW : MESSAGE_MARGINS_HIDE);
    html_raw(html, "</a></span>");
}

static void
write_dates(struct screen *screen)
{
    struct html *html = screen->html;
    const struct scope *scope = screen->scope;
    html_raw(html, "<p class=\"dates\">");
    if (!screen->kind->has_period) {
        html_text(html, screen->page->site->name);
        html_raw(html, "</p>");
        return;
    }
    if (screen->kind->suffix[0] != '\0') {
        html_raw(html, "<span class=\"paper\">");
        html_text(html, screen->page->site->name);
        html_raw(html, " · </span>");
    }
    html_dates(html, screen->page->language, scope->days.from, scope->days.to);
    if (scope->selection.compare != COMPARE_NONE) {
        struct html dates = { 0 };
        bool is_compared = scope_compares(scope, scope->compared);
        if (is_compared)
            html_dates(&dates, screen->page->language, scope->compared.from, scope->compared.to);
        else
            html_date(&dates, screen->page->language, scope->first, DATE_LONG);
        html_raw(html, "<span> · ");
        html_message_part(html, screen->page->language, is_compared ? MESSAGE_COMPARED_WITH : MESSAGE_NOT_COMPARED,
                          &dates);
        html_raw(html, "</span>");
    }
    write_margins_link(screen);
    html_raw(html, "</p>");
}

/* The heading says what the screen is about: the site on the first, a page, a county, else the screen's own name. */
static void
write_heading(struct screen *screen)
{
    struct html *html = screen->html;
    const struct screen_kind *kind = screen->kind;
    bool has_subject = kind->parameter != NULL && screen->subject[0] != '\0';
    if (kind->menu == MESSAGE_COUNT) {
        html_raw(html, "<p class=\"back\"><a class=\"ds-link\"");
        screen_href(screen, kind->menu_suffix, NULL, span_text(""));
        html_raw(html, ">← ");
        const struct screen_kind *from = screen_find(span_text(kind->menu_suffix));
        html_message(html, screen->page->language, from->title);
        html_raw(html, "</a></p>");
    }
    html_raw(html, "<h1 class=\"ds-heading\" data-size=\"sm\">");
    if (kind->suffix[0] == '\0') {
        html_text(html, screen->page->site->name);
    } else if (has_subject) {
        struct label label = label_of(screen->page, TABLE_COUNT, span_text(screen->subject));
        write_label(screen, &label);
    } else {
        html_message(html, screen->page->language, kind->title);
    }
    html_raw(html, "</h1>");
}

static void
write_head(struct screen *screen)
{
    struct html *html = screen->html;
    bool has_choice = screen->scope->has_days && screen->kind->has_period;
    html_raw(html, "<div class=\"head\"><div>");
    write_heading(screen);
    if ((has_choice && !screen_has_problem(screen)) || !screen->kind->has_period)
        write_dates(screen);
    html_raw(html, "</div>");
    if (has_choice)
        write_choices(screen);
    html_raw(html, "</div>");
}

static const char *
collector_url(const struct page *page)
{
    const char *url = page->config->aggregator.collector_url;
    return url == NULL ? "https://…" : url;
}

void
write_snippet(struct screen *screen)
{
    struct html *html = screen->html;
    struct html line = { 0 };
    const struct script_element element = { .site = screen->page->site,
                                            .collector = collector_url(screen->page),
                                            .has_search = true };
    script_element_write(&line, &element);
    html_raw(html, "<li>");
    screen_say(screen, EMPTY_STEP_SCRIPT);
    html_raw(html, "<pre tabindex=\"0\"><code>");
    html_span(html, span_of(line.at, line.length));
    html->failed |= line.failed;
    html_fini(&line);
    html_raw(html, "</code></pre></li><li>");
    screen_say(screen, EMPTY_STEP_CSP);
    html_raw(html, "<pre tabindex=\"0\"><code>script-src ");
    html_text(html, collector_url(screen->page));
    html_raw(html, "; connect-src ");
    html_text(html, collector_url(screen->page));
    html_raw(html, "</code></pre></li>");
}

/* No day has closed yet, or none of those that have is shown: how to get there. */
static void
write_start(struct screen *screen)
{
    struct html *html = screen->html;
    enum message lede = scope_counts(screen->scope, TABLE_HOUR) ? MESSAGE_EMPTY_LEDE_HOURS : MESSAGE_EMPTY_LEDE;
    bool has_days = screen->scope->has_days;
    html_raw(html, "<section class=\"ds-card start w12\"><h2 class=\"ds-heading\" data-size=\"xs\">");
    html_message(html, screen->page->language, has_days ? MESSAGE_EMPTY_STILL_TITLE : MESSAGE_EMPTY_TITLE);
    html_raw(html, "</h2><p class=\"ds-paragraph\">");
    html_message(html, screen->page->language, has_days ? MESSAGE_EMPTY_STILL_LEDE : lede);
    html_raw(html, "</p><ol>");
    write_snippet(screen);
    html_raw(html, "<li>");
    screen_say(screen, EMPTY_STEP_VISIT);
    html_raw(html, " <a class=\"ds-link\"");
    screen_href(screen, "/settings", NULL, span_text(""));
    html_raw(html, ">");
    screen_say(screen, TEST);
    html_raw(html, "</a></li></ol></section>");
}

static void
write_not_here(struct screen *screen)
{
    struct html *html = screen->html;
    html_raw(html, "<section class=\"ds-card start w12\"><h2 class=\"ds-heading\" data-size=\"xs\">");
    screen_say(screen, NOT_HERE);
    html_raw(html, "</h2><p class=\"ds-paragraph\">");
    bool is_restricted = screen->page->site->mode == MODE_RESTRICTED;
    html_message(html, screen->page->language, is_restricted ? MESSAGE_RESTRICTED_WHY : MESSAGE_NOT_HERE_LEDE);
    html_raw(html, "</p></section>");
}

void
screen_render_blocks(struct screen *screen)
{
    for (size_t i = 0; i < screen->kind->block_count; i++) {
        const struct block *block = &screen->kind->blocks[i];
        if (block->table == TABLE_COUNT || scope_counts(screen->scope, block->table))
            block->render(screen, block);
    }
}

/* The overview of a site of which no day has ever been shown, for those who could do something about it. */
static bool
teaches_still(struct screen *screen)
{
    bool shown = true;
    if (!screen->scope->has_days || screen->kind->suffix[0] != '\0' || screen->page->account == NULL)
        return false;
    return screen_asked(screen, scope_has_shown(screen->scope, &shown)) && !shown;
}

void
screen_render(struct screen *screen)
{
    struct html *html = screen->html;
    bool has_numbers = screen_has_numbers(screen->kind, screen->page->site);
    page_begin(html, screen->page);
    write_head(screen);
    write_range_problem(screen);
    if (screen->page->site->mode == MODE_RESTRICTED && has_numbers && screen->kind->has_period) {
        html_raw(html, "<p class=\"note\">");
        screen_say(screen, RESTRICTED_WHY);
        html_raw(html, "</p>");
    }
    html_raw(html, "<div class=\"grid\">");
    if (has_numbers && !screen_has_problem(screen) && teaches_still(screen))
        write_start(screen);
    if (!has_numbers)
        write_not_here(screen);
    else if (!screen->scope->has_days && screen->kind->has_period)
        write_start(screen);
    else if (!screen_has_problem(screen))
        screen_render_blocks(screen);
    html_raw(html, "</div>");
    page_end(html, screen->page);
}
