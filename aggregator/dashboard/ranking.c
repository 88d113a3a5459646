#include "screen.h"

#include <stdlib.h>

enum { ROWS_MAX = 300 }; /* with those folded away; the exports have them all */

static void
write_bar(struct html *html, int64_t value, int64_t greatest)
{
    html_raw(html, "<svg class=\"bar\" aria-hidden=\"true\"><rect height=\"4\" width=\"");
    html_integer(html, greatest <= 0 || value <= 0 ? 0 : value * 100 / greatest);
    html_raw(html, "%\"/></svg>");
}

/* A page's name leads to what there is about it. */
static void
write_name(struct screen *screen, const struct block *block, const struct rank *rank)
{
    bool is_page = block->table == TABLE_PAGE && !rank->label.is_rest && !screen->is_frame;
    if (is_page) {
        html_raw(screen->html, "<a");
        screen_href(screen, "/page", "path", rank->row->key);
        html_raw(screen->html, ">");
    } else {
        html_raw(screen->html, "<span>");
    }
    write_label(screen, &rank->label);
    if (is_page)
        html_raw(screen->html, "</a>");
    else
        html_raw(screen->html, "</span>");
}

static void
write_time(struct screen *screen, const struct ranking *ranking, const struct rank *rank)
{
    html_raw(screen->html, "<td>");
    const struct steps *steps = &ranking->seconds[rank->row - statistic_at(ranking->list->now, 0)];
    int64_t median = rank->label.is_rest ? -1 : steps_median_s(steps);
    if (median >= 0)
        write_seconds(screen, median);
    else
        html_text(screen->html, rank->label.is_rest ? "" : ":");
    html_raw(screen->html, "</td>");
}

static void
write_rank(struct screen *screen, const struct block *block, const struct ranking *ranking, const struct rank *rank)
{
    struct html *html = screen->html;
    const struct statistic_row *row = rank->row;
    struct figure figure = list_figure(ranking->list, row);
    if (rank->label.is_rest)
        html_raw(html, "<tr class=\"muted\"><th scope=\"row\">");
    else
        html_raw(html, "<tr><th scope=\"row\">");
    write_name(screen, block, rank);
    if (!rank->label.is_rest)
        write_bar(html, row->value, ranking->greatest);
    html_raw(html, "</th><td>");
    write_value(screen, row->shown, row->value, row->deviation);
    html_raw(html, "</td>");
    if (ranking->list->compared != NULL) {
        html_raw(html, "<td class=\"delta\">");
        write_change(screen, &figure);
        html_raw(html, "</td>");
    }
    if (ranking->seconds != NULL)
        write_time(screen, ranking, rank);
    html_raw(html, "</tr>");
}

static void
write_table(struct screen *screen, const struct block *block, const struct ranking *ranking, size_t from, size_t to)
{
    struct html *html = screen->html;
    enum message columns[4] = { block->key, block->value };
    size_t count = 2;
    if (ranking->list->compared != NULL)
        columns[count++] = MESSAGE_CHANGE;
    if (ranking->seconds != NULL)
        columns[count++] = MESSAGE_READING_TIME_SHORT;
    page_table_begin(html, screen->page, "rank", ranking->id, columns, count);
    for (size_t i = from; i < to; i++)
        write_rank(screen, block, ranking, &ranking->ranks[i]);
    html_raw(html, "</tbody></table>");
}

static void
write_more(struct screen *screen, const struct block *block, const struct ranking *ranking, size_t shown)
{
    struct html *html = screen->html;
    if (screen->is_frame)
        return;
    if (block->more != NULL) {
        html_raw(html, "<p class=\"more\"><a class=\"ds-link\"");
        screen_href(screen, block->more, NULL, span_text(""));
        html_raw(html, " aria-describedby=\"");
        html_text(html, ranking->id);
        html_raw(html, "\">");
        screen_say(screen, SEE_ALL);
        html_raw(html, "</a></p>");
        return;
    }
    html_raw(html, "<details class=\"ds-details\"><summary>");
    html_message_number(html, screen->page->language, MESSAGE_MORE_ROWS, (int64_t)(ranking->count - shown));
    html_raw(html, "</summary><div>");
    write_table(screen, block, ranking, shown, ranking->count);
    html_raw(html, "</div></details>");
}

void
ranking_render(struct screen *screen, const struct block *block, const struct ranking *ranking)
{
    size_t slack = block->more == NULL ? 3 : 0; /* no fold for so few */
    size_t shown = ranking->count <= block->rows + slack ? ranking->count : block->rows;
    if (ranking->count == 0) {
        card_note(screen, ranking->list->now == NULL ? MESSAGE_NO_MONTH : MESSAGE_NO_ROWS);
        return;
    }
    write_table(screen, block, ranking, 0, shown);
    if (shown < ranking->count)
        write_more(screen, block, ranking, shown);
}

/* Those with a name by rank, then what is left over. */
static void
rank_rows(struct screen *screen, const struct block *block, struct ranking *ranking, bool rests)
{
    for (size_t i = 0; i < statistic_count(ranking->list->now) && !ranking->is_cut; i++) {
        const struct statistic_row *row = statistic_at(ranking->list->now, i);
        struct label label = label_of(screen->page, block->table, row->key);
        if (!row->shown || label.is_rest != rests)
            continue;
        ranking->is_cut = ranking->count == ROWS_MAX;
        if (ranking->is_cut)
            break;
        ranking->ranks[ranking->count++] = (struct rank){ row, label };
        if (!rests && row->value > ranking->greatest)
            ranking->greatest = row->value;
    }
}

void
write_coverage(struct screen *screen, const struct block *block, const struct list *list)
{
    struct html *html = screen->html;
    const struct scope *scope = screen->scope;
    struct figure total;
    if (block->whole == TABLE_COUNT || !screen_asked(screen, scope_total(scope, block->whole, list->days, &total)))
        return;
    int coverage = list_coverage(list, &total);
    if (coverage < 0 || coverage >= 95)
        return;
    bool is_offered = coverage < 50 && scope->has_month && !screen->is_frame && !days_are_months(scope->days) &&
                      days_equal(list->days, scope->days);
    html_raw(html, "<p class=\"small\">");
    if (is_offered) {
        struct scope month = scope_last_month(scope);
        html_message_number(html, screen->page->language, MESSAGE_LOW_COVERAGE, coverage);
        html_raw(html, " <a class=\"ds-link\"");
        page_href(html, screen->page, screen->page->site, screen->kind->suffix, &month.selection);
        html_raw(html, ">");
        html_month(html, screen->page->language, scope->last_month, false);
        html_raw(html, "</a>");
    } else {
        html_message_number(html, screen->page->language, MESSAGE_COVERAGE, coverage);
    }
    html_raw(html, "</p>");
}

void
write_month_offer(struct screen *screen, const struct list *list)
{
    const struct scope *scope = screen->scope;
    if (days_are_months(scope->days) || !scope->has_month || !days_equal(list->days, scope->days))
        return;
    struct scope month = scope_last_month(scope);
    html_raw(screen->html, "<p class=\"small\">");
    screen_say(screen, MONTH_SHOWS_MORE);
    html_raw(screen->html, " <a class=\"ds-link\"");
    page_href(screen->html, screen->page, screen->page->site, screen->kind->suffix, &month.selection);
    html_raw(screen->html, ">");
    html_month(screen->html, screen->page->language, scope->last_month, false);
    html_raw(screen->html, "</a></p>");
}

/* Visible time of the pages of the list; NULL where there is none. */
static struct steps *
read_seconds(struct screen *screen, const struct list *pages, struct day_range *days)
{
    struct scope scope = *screen->scope;
    struct list list;
    struct steps *seconds = NULL;
    scope.selection.compare = COMPARE_NONE;
    if (pages->now == NULL || !scope_counts(&scope, TABLE_PAGE_ENGAGEMENT))
        return NULL;
    bool asked = screen_asked(screen, scope_list(&scope, TABLE_PAGE_ENGAGEMENT, (struct span){ NULL, 0 }, &list));
    if (asked && list.now != NULL) {
        seconds = steps_by_row(list.now, pages->now);
        *days = list.days;
        screen->html->failed |= seconds == NULL;
    }
    list_fini(&list);
    return seconds;
}

/* What the table does not say itself: that it goes on in the file, and that a column is of other days. */
static void
write_limits(struct screen *screen, const struct block *block, const struct ranking *ranking)
{
    struct html *html = screen->html;
    struct html days = { 0 };
    if (ranking->is_cut && block->more == NULL) {
        html_raw(html, "<p class=\"small\">");
        html_message_number(html, screen->page->language, MESSAGE_ROWS_CUT, ROWS_MAX);
        if (screen->page->account != NULL) {
            html_raw(html, " <a class=\"ds-link\"");
            screen_href(screen, "/reports", NULL, span_text(""));
            html_raw(html, ">");
            screen_say(screen, ROWS_CUT_REST);
            html_raw(html, "</a>");
        }
        html_raw(html, "</p>");
    }
    if (ranking->seconds == NULL || days_equal(ranking->seconds_days, ranking->list->days))
        return;
    html_dates(&days, screen->page->language, ranking->seconds_days.from, ranking->seconds_days.to);
    html_raw(html, "<p class=\"small\">");
    html_message_part(html, screen->page->language, MESSAGE_TIME_OF, &days);
    html_raw(html, "</p>");
}

void
block_ranking(struct screen *screen, const struct block *block)
{
    static const struct span all = { NULL, 0 };
    const char *id = table_table[block->table].name;
    struct list list;
    struct steps *seconds = NULL;
    struct day_range seconds_days = { 0, 0 };
    struct rank *ranks = calloc(ROWS_MAX, sizeof *ranks);
    screen->html->failed |= ranks == NULL;
    bool asked = screen_asked(screen, scope_list(screen->scope, block->table, all, &list));
    if (asked && block->table == TABLE_PAGE)
        seconds = read_seconds(screen, &list, &seconds_days);
    card_begin(screen, block, id, &list);
    if (asked && ranks != NULL) {
        struct ranking ranking = {
            .list = &list, .id = id, .ranks = ranks, .seconds = seconds, .seconds_days = seconds_days
        };
        if (list.now != NULL) {
            rank_rows(screen, block, &ranking, false);
            rank_rows(screen, block, &ranking, true);
        }
        ranking_render(screen, block, &ranking);
        write_limits(screen, block, &ranking);
        write_coverage(screen, block, &list);
    }
    card_end(screen);
    list_fini(&list);
    free(seconds);
    free(ranks);
}
