/*
 * The form on top of a screen: which days, and what to compare them with. A GET form, without any script. And what
 * other forms carry along of those choices.
 */
#include "form.h"
#include "screen.h"

static void
begin_option(struct screen *screen, struct selection choice, bool is_chosen)
{
    html_raw(screen->html, "<option value=\"");
    selection_write_period(screen->html, choice);
    if (is_chosen)
        html_raw(screen->html, "\" selected>");
    else
        html_raw(screen->html, "\">");
}

static void
write_option(struct screen *screen, enum range_kind kind, enum message label)
{
    begin_option(screen, (struct selection){ .kind = kind }, kind == screen->scope->selection.kind);
    html_message(screen->html, screen->page->language, label);
    html_raw(screen->html, "</option>");
}

static void
write_month_option(struct screen *screen, int32_t month)
{
    const struct selection *chosen = &screen->scope->selection;
    const struct selection choice = { .kind = RANGE_MONTH, .month = month };
    begin_option(screen, choice, chosen->kind == RANGE_MONTH && chosen->month == month);
    html_month(screen->html, screen->page->language, month, false);
    html_raw(screen->html, "</option>");
}

static void
write_months(struct screen *screen)
{
    int32_t last = civil_month(screen->scope->last + 1) - 1;
    int32_t first = civil_month(screen->scope->first);
    html_raw(screen->html, "<optgroup label=\"");
    screen_say(screen, WHOLE_MONTHS);
    html_raw(screen->html, "\">");
    write_option(screen, RANGE_MONTHS_12, MESSAGE_MONTHS_12);
    for (int32_t month = last; month >= first; month--)
        write_month_option(screen, month);
    html_raw(screen->html, "</optgroup>");
}

static void
write_periods(struct screen *screen)
{
    struct html *html = screen->html;
    html_raw(html, "<div class=\"ds-field\"><label class=\"ds-label\" for=\"period\">");
    screen_say(screen, PERIOD);
    html_raw(html, "</label><select class=\"ds-input\" id=\"period\" name=\"period\"><optgroup label=\"");
    screen_say(screen, RECENT);
    html_raw(html, "\">");
    write_option(screen, RANGE_YESTERDAY,
                 screen->scope->last == screen->scope->today - 1 ? MESSAGE_YESTERDAY : MESSAGE_LAST_DAY);
    if (scope_has_this_week(screen->scope))
        write_option(screen, RANGE_THIS_WEEK, MESSAGE_THIS_WEEK);
    write_option(screen, RANGE_LAST_WEEK, MESSAGE_LAST_WEEK);
    write_option(screen, RANGE_DAYS_7, MESSAGE_DAYS_7);
    write_option(screen, RANGE_DAYS_28, MESSAGE_DAYS_28);
    write_option(screen, RANGE_DAYS_90, MESSAGE_DAYS_90);
    html_raw(html, "</optgroup>");
    if (scope_has_whole_months(screen->scope))
        write_months(screen);
    write_option(screen, RANGE_CUSTOM, MESSAGE_CUSTOM);
    html_raw(html, "</select></div>");
}

/* Without min and max: a browser would refuse, unseen, the form of another period for what stands in a hidden field. */
static void
write_day(struct screen *screen, const char *name, enum message label, int32_t day)
{
    struct html *html = screen->html;
    html_raw(html, "<div class=\"ds-field day\"><label class=\"ds-label\" for=\"");
    html_text(html, name);
    html_raw(html, "\">");
    html_message(html, screen->page->language, label);
    html_raw(html, "</label><input class=\"ds-input\" type=\"date\" id=\"");
    html_text(html, name);
    html_raw(html, "\" name=\"");
    html_text(html, name);
    html_raw(html, "\" value=\"");
    if (day != NO_DAY)
        day_write(html, day);
    if (screen_has_problem(screen))
        html_raw(html, "\" aria-invalid=\"true\" aria-describedby=\"range-problem");
    html_raw(html, "\"></div>");
}

/* The style sheet shows them beside 'Egendefinert' only. They begin with the days that are on the screen. */
static void
write_days(struct screen *screen)
{
    const struct scope *scope = screen->scope;
    bool is_custom = scope->selection.kind == RANGE_CUSTOM;
    write_day(screen, "from", MESSAGE_FROM_DAY, is_custom ? scope->selection.from : scope->days.from);
    write_day(screen, "to", MESSAGE_TO_DAY, is_custom ? scope->selection.to : scope->days.to);
}

static void
write_comparisons(struct screen *screen)
{
    static const enum message labels[] = {
        [COMPARE_PREVIOUS] = MESSAGE_PREVIOUS, [COMPARE_YEAR] = MESSAGE_LAST_YEAR, [COMPARE_NONE] = MESSAGE_NONE
    };
    struct html *html = screen->html;
    html_raw(html, "<div class=\"ds-field\"><label class=\"ds-label\" for=\"compare\">");
    screen_say(screen, COMPARE);
    html_raw(html, "</label><select class=\"ds-input\" id=\"compare\" name=\"compare\">");
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        html_raw(html, "<option value=\"");
        html_text(html, comparison_name((enum comparison)i));
        if (i == screen->scope->selection.compare)
            html_raw(html, "\" selected>");
        else
            html_raw(html, "\">");
        html_message(html, screen->page->language, labels[i]);
        html_raw(html, "</option>");
    }
    html_raw(html, "</select></div>");
}

void
form_choices(struct screen *screen)
{
    page_language_field(screen->html, screen->page);
    if (screen->kind->parameter != NULL && screen->subject[0] != '\0')
        form_hidden(screen->html, screen->kind->parameter, span_text(screen->subject));
    if (screen->scope->selection.margins)
        form_hidden(screen->html, "margins", SPAN_LITERAL("1"));
}

static void
hide_day(struct html *html, const char *name, int32_t day)
{
    struct html text = { 0 };
    if (day != NO_DAY)
        day_write(&text, day);
    form_hidden(html, name, span_of(text.at, text.length));
    html->failed |= text.failed;
    html_fini(&text);
}

void
page_days_fields(struct html *html, const struct selection *selection)
{
    struct html period = { 0 };
    selection_write_period(&period, *selection);
    if (selection->kind != RANGE_DAYS_28)
        form_hidden(html, "period", span_of(period.at, period.length));
    if (selection->kind == RANGE_CUSTOM) {
        hide_day(html, "from", selection->from);
        hide_day(html, "to", selection->to);
    }
    if (selection->compare != COMPARE_PREVIOUS)
        form_hidden(html, "compare", span_text(comparison_name(selection->compare)));
    html->failed |= period.failed;
    html_fini(&period);
}

void
write_choices(struct screen *screen)
{
    struct html *html = screen->html;
    html_raw(html, "<form class=\"choose\" method=\"get\">");
    form_choices(screen);
    const struct narrowing *narrowing = screen->page->narrowing;
    if (narrowing != NULL && narrowing->text[0] != '\0') {
        form_hidden(html, "list", span_text(table_table[narrowing->table].name));
        form_hidden(html, "q", span_text(narrowing->text));
    }
    write_periods(screen);
    write_days(screen);
    write_comparisons(screen);
    html_raw(html, "<button class=\"ds-button\">");
    screen_say(screen, SHOW);
    html_raw(html, "</button></form>");
}

bool
screen_has_problem(const struct screen *screen)
{
    return screen->kind->has_period && screen->scope->has_days && screen->scope->problem != RANGE_IS_FINE;
}

void
write_range_problem(struct screen *screen)
{
    static const enum message sentences[] = {
        [RANGE_IS_NO_DAY] = MESSAGE_RANGE_NO_DAY, [RANGE_IS_REVERSED] = MESSAGE_RANGE_REVERSED,
        [RANGE_IS_AHEAD] = MESSAGE_RANGE_AHEAD,   [RANGE_IS_LONG] = MESSAGE_RANGE_LONG,
        [RANGE_IS_BEFORE] = MESSAGE_RANGE_BEFORE,
    };
    const struct scope *scope = screen->scope;
    struct html part = { 0 };
    if (!screen_has_problem(screen))
        return;
    if (scope->problem == RANGE_IS_LONG)
        html_number(&part, STATISTIC_DAYS_MAX);
    else
        html_date(&part, screen->page->language, scope->problem == RANGE_IS_BEFORE ? scope->first : scope->last,
                  DATE_LONG);
    html_raw(screen->html, "<p class=\"problem\" role=\"alert\" id=\"range-problem\">");
    html_message_part(screen->html, screen->page->language, sentences[scope->problem], &part);
    html_raw(screen->html, "</p>");
}
