#include "page.h"

#include "sporlos/period.h"

enum { MONTHS_OFFERED = 24 };

static void
write_option(struct html *html, const struct page *page, struct selection choice, enum message label)
{
    html_raw(html, "<option value=\"");
    selection_write_period(html, choice);
    if (choice.kind == page->selection->kind)
        html_raw(html, "\" selected>");
    else
        html_raw(html, "\">");
    html_message(html, page->language, label);
    html_raw(html, "</option>");
}

static void
write_month_option(struct html *html, const struct page *page, int32_t month)
{
    struct selection choice = { RANGE_MONTH, month, page->selection->compare };
    html_raw(html, "<option value=\"");
    selection_write_period(html, choice);
    if (page->selection->kind == RANGE_MONTH && page->selection->month == month)
        html_raw(html, "\" selected>");
    else
        html_raw(html, "\">");
    html_month(html, page->language, month, false);
    html_raw(html, "</option>");
}

static void
write_periods(struct html *html, const struct page *page, const struct overview *overview)
{
    html_raw(html, "<div class=\"ds-field\"><label class=\"ds-label\" for=\"period\">");
    page_say(html, page, PERIOD);
    html_raw(html, "</label><select class=\"ds-input\" id=\"period\" name=\"period\"><optgroup label=\"");
    page_say(html, page, RECENT);
    html_raw(html, "\">");
    write_option(html, page, (struct selection){ .kind = RANGE_DAYS_7 }, MESSAGE_DAYS_7);
    write_option(html, page, (struct selection){ .kind = RANGE_DAYS_28 }, MESSAGE_DAYS_28);
    write_option(html, page, (struct selection){ .kind = RANGE_DAYS_90 }, MESSAGE_DAYS_90);
    html_raw(html, "</optgroup><optgroup label=\"");
    page_say(html, page, WHOLE_MONTHS);
    html_raw(html, "\">");
    write_option(html, page, (struct selection){ .kind = RANGE_MONTHS_12 }, MESSAGE_MONTHS_12);
    int32_t last = civil_month(overview->last + 1) - 1;
    int32_t first = civil_month(overview->first);
    for (int32_t month = last; month >= first && month > last - MONTHS_OFFERED; month--)
        write_month_option(html, page, month);
    html_raw(html, "</optgroup></select></div>");
}

static void
write_comparisons(struct html *html, const struct page *page)
{
    static const enum message labels[] = {
        [COMPARE_PREVIOUS] = MESSAGE_PREVIOUS, [COMPARE_YEAR] = MESSAGE_LAST_YEAR, [COMPARE_NONE] = MESSAGE_NONE
    };
    html_raw(html, "<div class=\"ds-field\"><label class=\"ds-label\" for=\"compare\">");
    page_say(html, page, COMPARE);
    html_raw(html, "</label><select class=\"ds-input\" id=\"compare\" name=\"compare\">");
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        html_raw(html, "<option value=\"");
        html_text(html, comparison_name((enum comparison)i));
        if (i == page->selection->compare)
            html_raw(html, "\" selected>");
        else
            html_raw(html, "\">");
        html_message(html, page->language, labels[i]);
        html_raw(html, "</option>");
    }
    html_raw(html, "</select></div>");
}

static void
write_dates(struct html *html, const struct page *page, const struct overview *overview)
{
    html_raw(html, "<p class=\"dates\">");
    html_dates(html, page->language, overview->days.from, overview->days.to);
    if (overview->selection.compare != COMPARE_NONE) {
        struct html dates = { 0 };
        html_dates(&dates, page->language, overview->compared.from, overview->compared.to);
        html_raw(html, "<span> · ");
        html_message_text(html, page->language, MESSAGE_COMPARED_WITH, span_of(dates.at, dates.length));
        html_raw(html, "</span>");
        html_fini(&dates);
    }
    html_raw(html, "</p>");
}

static void
write_head(struct html *html, const struct page *page, const struct overview *overview)
{
    html_raw(html, "<div class=\"head\"><div><h1 class=\"ds-heading\" data-size=\"sm\">");
    html_text(html, page->site->name);
    html_raw(html, "</h1>");
    if (overview->has_days)
        write_dates(html, page, overview);
    html_raw(html, "</div>");
    if (overview->has_days) {
        html_raw(html, "<form class=\"choose\" method=\"get\">");
        page_language_field(html, page);
        write_periods(html, page, overview);
        write_comparisons(html, page);
        html_raw(html, "<button class=\"ds-button\">");
        page_say(html, page, SHOW);
        html_raw(html, "</button></form>");
    }
    html_raw(html, "</div>");
}

void
page_overview_render(struct html *html, const struct page *page, const struct overview *overview)
{
    page_begin(html, page);
    write_head(html, page, overview);
    if (page->site->mode == MODE_RESTRICTED) {
        html_raw(html, "<p class=\"note\">");
        page_say(html, page, RESTRICTED_WHY);
        html_raw(html, "</p>");
    }
    if (!overview->has_days)
        section_start(html, page, overview);
    if (overview->has_days) {
        section_figures(html, page, overview);
        section_trend(html, page, overview);
        html_raw(html, "<div class=\"grid lists\">");
        section_pages(html, page, overview);
        section_municipalities(html, page, overview);
        html_raw(html, "</div>");
    }
    html_raw(html, "<div class=\"grid notes\">");
    section_hours(html, page, overview);
    if (overview->has_days)
        section_not_counted(html, page, overview);
    section_reading(html, page, overview);
    html_raw(html, "</div>");
    page_end(html, page);
}
