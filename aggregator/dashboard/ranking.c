#include "screen.h"

#include <stdlib.h>

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
    const struct steps *steps = &ranking->seconds[rank - ranking->ranks];
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

/* To the screen that has all of them. */
static void
write_see_all(struct screen *screen, const struct block *block, const struct ranking *ranking)
{
    struct html *html = screen->html;
    html_raw(html, "<p class=\"more\"><a class=\"ds-link\"");
    screen_href(screen, block->more, NULL, span_text(""));
    html_raw(html, " aria-describedby=\"");
    html_text(html, ranking->id);
    html_raw(html, "\">");
    html_message_number(html, screen->page->language, MESSAGE_SEE_ALL, (int64_t)ranking->total);
    html_raw(html, "</a></p>");
}

static void
write_fold(struct screen *screen, const struct block *block, const struct ranking *ranking, size_t from, size_t to)
{
    struct html *html = screen->html;
    html_raw(html, "<details class=\"ds-details\"><summary>");
    html_message_number(html, screen->page->language, MESSAGE_MORE_ROWS, (int64_t)(to - from));
    html_raw(html, "</summary><div>");
    write_table(screen, block, ranking, from, to);
    html_raw(html, "</div></details>");
}

void
ranking_render(struct screen *screen, const struct block *block, const struct ranking *ranking)
{
    bool is_whole = block->more == NULL && !screen->is_frame; /* all rows are here */
    bool is_narrowed = is_whole && part_is_narrowed(screen, block->table);
    size_t slack = block->more == NULL ? 3 : 0; /* no fold for so few */
    bool is_long = ranking->total > block->rows + slack;
    if (ranking->total == 0) {
        card_note(screen, ranking->list->now == NULL ? MESSAGE_NO_MONTH : MESSAGE_NO_ROWS);
        return;
    }
    if (is_whole && (is_long || is_narrowed))
        write_filter(screen, block->table, ranking->id);
    struct part part = is_whole ? part_of(screen, block->table, ranking->count) : (struct part){ 0, ranking->count };
    size_t shown = is_narrowed || !is_long ? part.to : part.from + block->rows;
    if (ranking->count > 0)
        write_table(screen, block, ranking, part.from, shown);
    if (is_whole && shown < part.to)
        write_fold(screen, block, ranking, shown, part.to);
    else if (!is_whole)
        part.to = shown;
    if (block->more != NULL && !screen->is_frame && shown < ranking->count)
        write_see_all(screen, block, ranking);
    else
        write_part(screen, block->table, ranking->id, part, ranking->count, ranking->total);
}

static void
take_rows(const struct screen *screen, const struct block *block, struct ranking *ranking, bool is_narrowed,
          bool (*wanted)(const struct screen *screen, struct span key), bool rests)
{
    for (size_t i = 0; i < statistic_count(ranking->list->now); i++) {
        const struct statistic_row *row = statistic_at(ranking->list->now, i);
        if (!row->shown || (wanted != NULL && !wanted(screen, row->key)))
            continue;
        struct label label = label_of(screen->page, block->table, row->key);
        if (label.is_rest != rests)
            continue;
        ranking->total++;
        if (is_narrowed && !part_lets(screen, block->table, label_text(screen->page, &label)))
            continue;
        ranking->ranks[ranking->count++] = (struct rank){ row, label };
        if (!rests && row->value > ranking->greatest)
            ranking->greatest = row->value;
    }
}

bool
ranking_fill(const struct screen *screen, const struct block *block, struct ranking *ranking, bool is_narrowed,
             bool (*wanted)(const struct screen *screen, struct span key))
{
    size_t room = ranking->list->now == NULL ? 0 : statistic_count(ranking->list->now);
    ranking->count = ranking->total = 0;
    ranking->ranks = calloc(room + 1, sizeof *ranking->ranks);
    if (ranking->ranks == NULL)
        return false;
    if (room > 0) {
        take_rows(screen, block, ranking, is_narrowed, wanted, false);
        take_rows(screen, block, ranking, is_narrowed, wanted, true);
    }
    return true;
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

/* How many ranks there can be a row of: those beyond are on another screen, or in another part. */
static size_t
count_written(const struct screen *screen, const struct block *block, const struct ranking *ranking)
{
    if (block->more != NULL)
        return ranking->count > block->rows ? block->rows : ranking->count;
    return screen->is_frame ? ranking->count : part_of(screen, block->table, ranking->count).to;
}

/* The rows that are written, and of the others nothing, are compared. */
static bool
compare_ranks(struct screen *screen, const struct block *block, const struct ranking *ranking, struct list *list)
{
    size_t count = count_written(screen, block, ranking);
    struct span *keys = calloc(count + 1, sizeof *keys);
    screen->html->failed |= keys == NULL;
    for (size_t i = 0; keys != NULL && i < count; i++)
        keys[i] = ranking->ranks[i].row->key;
    bool asked =
        keys != NULL && screen_asked(screen, scope_list_compare(screen->scope, block->table, keys, count, list));
    free(keys);
    return asked;
}

/* The keys of the visible time of the first ranks, STEPS_MAX each, and in *texts what they borrow; NULL: no memory. */
static struct span *
time_keys(const struct ranking *ranking, size_t count, char **texts)
{
    size_t size = 1;
    for (size_t i = 0; i < count; i++)
        size += STEPS_MAX * (ranking->ranks[i].row->key.length + STEP_PREFIX);
    struct span *keys = calloc(count * STEPS_MAX + 1, sizeof *keys);
    char *at = *texts = malloc(size);
    for (size_t i = 0; keys != NULL && at != NULL && i < count; i++) {
        steps_keys(ranking->ranks[i].row->key, at, keys + i * STEPS_MAX);
        at += STEPS_MAX * (ranking->ranks[i].row->key.length + STEP_PREFIX);
    }
    if (keys != NULL && at != NULL)
        return keys;
    free(keys);
    return NULL;
}

/* Visible time of the first ranks, for their column; NULL where there is none. */
static struct steps *
read_seconds(struct screen *screen, size_t count, struct ranking *ranking)
{
    struct list list = { .now = NULL };
    char *texts;
    if (ranking->list->now == NULL || !scope_counts(screen->scope, TABLE_PAGE_ENGAGEMENT))
        return NULL;
    struct span *keys = time_keys(ranking, count, &texts);
    struct steps *seconds = calloc(count + 1, sizeof *seconds);
    bool has_room = keys != NULL && seconds != NULL;
    screen->html->failed |= !has_room;
    bool asked = has_room && screen_asked(screen, scope_list_of(screen->scope, TABLE_PAGE_ENGAGEMENT, keys,
                                                                count * STEPS_MAX, &list));
    bool has_times = asked && list.now != NULL;
    for (size_t i = 0; has_times && i < count; i++)
        seconds[i] = steps_found(list.now, keys + i * STEPS_MAX);
    ranking->seconds_days = list.days;
    list_fini(&list);
    free(keys);
    free(texts);
    if (!has_times)
        free(seconds);
    return has_times ? seconds : NULL;
}

/* What the table does not say itself: that a column is of other days. */
static void
write_days_of_time(struct screen *screen, const struct ranking *ranking)
{
    struct html *html = screen->html;
    struct html days = { 0 };
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
    struct list list;
    struct steps *seconds = NULL;
    struct ranking ranking = { .list = &list, .id = table_table[block->table].name };
    bool asked = screen_asked(screen, scope_list_now(screen->scope, block->table, &list));
    bool is_filled = asked && ranking_fill(screen, block, &ranking, block->more == NULL, NULL);
    screen->html->failed |= asked && !is_filled;
    is_filled = is_filled && compare_ranks(screen, block, &ranking, &list);
    if (is_filled && block->table == TABLE_PAGE)
        ranking.seconds = seconds = read_seconds(screen, count_written(screen, block, &ranking), &ranking);
    card_begin(screen, block, ranking.id, &list);
    if (is_filled) {
        ranking_render(screen, block, &ranking);
        write_days_of_time(screen, &ranking);
        write_coverage(screen, block, &list);
    }
    card_end(screen);
    list_fini(&list);
    free(seconds);
    free(ranking.ranks);
}
