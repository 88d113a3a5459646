#include "screen.h"

#include <stdlib.h>

#include "sporlos/known_keys.h"

enum { MONTHS = 12, ROWS_IN_SIGHT = 40 };

struct page_answers {
    struct span page; /* borrowed from the list */
    int64_t yes, no, then_percent;
    bool has_yes, has_no;
    double variance;
};

static int
compare_names(const void *left, const void *right)
{
    const struct page_answers *a = left;
    const struct page_answers *b = right;
    size_t shorter = a->page.length < b->page.length ? a->page.length : b->page.length;
    int order = shorter == 0 ? 0 : memcmp(a->page.at, b->page.at, shorter);
    return order != 0 ? order : (a->page.length > b->page.length) - (a->page.length < b->page.length);
}

/* Yes or no of a row; false for a hidden one, and for a reason. */
static bool
read_answer(const struct site_config *site, const struct statistic_row *row, struct page_answers *answer)
{
    struct span head;
    *answer = (struct page_answers){ .then_percent = -1, .variance = row->deviation * row->deviation };
    key_halves(row->key, &head, &answer->page);
    answer->has_yes = span_equal(head, span_text(site->answers[0].left));
    answer->has_no = span_equal(head, span_text(site->answers[1].left));
    *(answer->has_yes ? &answer->yes : &answer->no) = row->value;
    return row->shown && (answer->has_yes || answer->has_no);
}

/* The two of a page, which stand side by side, into one. Returns how many pages. */
static size_t
join_pages(struct page_answers *pages, size_t count)
{
    size_t joined = 0;
    for (size_t i = 0; i < count; i++) {
        struct page_answers *before = joined == 0 ? NULL : &pages[joined - 1];
        if (before == NULL || compare_names(before, &pages[i]) != 0) {
            pages[joined++] = pages[i];
            continue;
        }
        before->yes += pages[i].yes;
        before->no += pages[i].no;
        before->has_yes |= pages[i].has_yes;
        before->has_no |= pages[i].has_no;
    }
    return joined;
}

/* All pages that have an answer, by name; NULL: no memory. Owned by the caller. */
static struct page_answers *
gather(const struct site_config *site, const struct statistic *statistic, size_t *count)
{
    size_t room = statistic == NULL || site->answer_count < 2 ? 0 : statistic_count(statistic);
    struct page_answers *pages = calloc(room + 1, sizeof *pages);
    *count = 0;
    for (size_t i = 0; pages != NULL && i < room; i++)
        if (read_answer(site, statistic_at(statistic, i), &pages[*count]))
            (*count)++;
    if (pages == NULL)
        return NULL;
    qsort(pages, *count, sizeof *pages, compare_names);
    *count = join_pages(pages, *count);
    return pages;
}

static int64_t
percent_of(const struct page_answers *page)
{
    struct answers answers = { page->yes, page->yes + page->no };
    return page->has_yes && page->has_no ? answers_percent(&answers) : -1;
}

/* The lowest share first; those whose share cannot be told last, most answers first. */
static int
compare_pages(const void *left, const void *right)
{
    const struct page_answers *a = left;
    const struct page_answers *b = right;
    int64_t x = percent_of(a);
    int64_t y = percent_of(b);
    if ((x < 0) != (y < 0))
        return x < 0 ? 1 : -1;
    if (x != y)
        return x < y ? -1 : 1;
    int64_t difference = (b->yes + b->no) - (a->yes + a->no);
    return difference == 0 ? compare_names(left, right) : difference < 0 ? -1 : 1;
}

static void
write_share(struct screen *screen, const struct page_answers *page)
{
    struct html *html = screen->html;
    int64_t percent = percent_of(page);
    if (percent < 0) {
        html_raw(html, "<td>:</td><td class=\"delta\">:</td>");
        return;
    }
    html_raw(html, "<td>");
    html_number(html, percent);
    html_raw(html, "\xc2\xa0%</td><td class=\"delta\">");
    int64_t change = percent - page->then_percent;
    if (page->then_percent < 0) {
        html_raw(html, ":");
    } else {
        if (change > 0)
            html_raw(html, "+");
        html_number(html, change);
    }
    html_raw(html, "</td>");
}

static void
write_page(struct screen *screen, const struct page_answers *page)
{
    struct html *html = screen->html;
    bool is_other = span_equal(page->page, SPAN_LITERAL(KEY_OTHER));
    html_raw(html, "<tr><th scope=\"row\">");
    if (is_other) {
        screen_say(screen, OTHER_PAGES);
    } else {
        html_raw(html, "<a");
        screen_href(screen, "/page", "path", page->page);
        html_raw(html, ">");
        html_span(html, page->page);
        html_raw(html, "</a>");
    }
    html_raw(html, "</th><td class=\"meter\">");
    if (percent_of(page) >= 0) {
        html_raw(html, "<svg class=\"bar two\" aria-hidden=\"true\"><rect class=\"all\" height=\"8\" width=\"100%\"/>"
                       "<rect height=\"8\" width=\"");
        html_integer(html, percent_of(page));
        html_raw(html, "%\"/></svg>");
    }
    html_raw(html, "</td><td>");
    write_value(screen, page->has_yes, page->yes, deviation_of(page->variance));
    html_raw(html, "</td><td>");
    write_value(screen, page->has_no, page->no, deviation_of(page->variance));
    html_raw(html, "</td>");
    write_share(screen, page);
    html_raw(html, "</tr>");
}

static void
write_head(struct screen *screen)
{
    struct html *html = screen->html;
    const struct site_config *site = screen->page->site;
    html_raw(html, "<table class=\"ds-table answers\" aria-labelledby=\"feedback\"><thead><tr><th scope=\"col\">");
    screen_say(screen, PAGE);
    html_raw(html, "</th><td class=\"meter\"></td><th scope=\"col\">");
    html_text(html, site->answers[0].right);
    html_raw(html, "</th><th scope=\"col\">");
    html_text(html, site->answers[1].right);
    html_raw(html, "</th><th scope=\"col\">");
    screen_say(screen, SHARE_YES);
    html_raw(html, "</th><th scope=\"col\">");
    screen_say(screen, CHANGE);
    html_raw(html, "</th></tr></thead><tbody>");
}

/* The shares of the days compared with; false: no memory. */
static bool
add_then(const struct site_config *site, const struct statistic *compared, struct page_answers *pages, size_t count)
{
    size_t then_count;
    struct page_answers *then = gather(site, compared, &then_count);
    for (size_t i = 0; then != NULL && i < count; i++) {
        const struct page_answers *of = bsearch(&pages[i], then, then_count, sizeof *then, compare_names);
        pages[i].then_percent = of == NULL ? -1 : percent_of(of);
    }
    free(then);
    return then != NULL;
}

/* Those that the filter lets through. Returns how many. */
static size_t
filter(const struct screen *screen, enum table_id table, struct page_answers *pages, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_other = span_equal(pages[i].page, SPAN_LITERAL(KEY_OTHER));
        struct span name =
            is_other ? span_text(message_text(MESSAGE_OTHER_PAGES, screen->page->language)) : pages[i].page;
        if (part_lets(screen, table, name))
            pages[kept++] = pages[i];
    }
    return kept;
}

static void
write_rows(struct screen *screen, const struct page_answers *pages, size_t from, size_t to)
{
    write_head(screen);
    for (size_t i = from; i < to; i++)
        write_page(screen, &pages[i]);
    html_raw(screen->html, "</tbody></table>");
}

static void
write_pages(struct screen *screen, const struct block *block, struct page_answers *pages, size_t total)
{
    bool is_long = total > ROWS_IN_SIGHT;
    bool is_narrowed = part_is_narrowed(screen, block->table);
    size_t count = filter(screen, block->table, pages, total);
    struct part part = part_of(screen, block->table, count);
    size_t shown = is_narrowed || !is_long ? part.to : part.from + ROWS_IN_SIGHT;
    qsort(pages, count, sizeof *pages, compare_pages);
    if (is_long || is_narrowed)
        write_filter(screen, block->table, "feedback");
    if (count > 0)
        write_rows(screen, pages, part.from, shown);
    if (shown < part.to) {
        html_raw(screen->html, "<details class=\"ds-details\"><summary>");
        html_message_number(screen->html, screen->page->language, MESSAGE_MORE_ROWS, (int64_t)(part.to - shown));
        html_raw(screen->html, "</summary><div>");
        write_rows(screen, pages, shown, part.to);
        html_raw(screen->html, "</div></details>");
    }
    write_part(screen, block->table, "feedback", part, count, total);
}

void
block_answers(struct screen *screen, const struct block *block)
{
    static const struct span all = { NULL, 0 };
    struct list list;
    size_t count = 0;
    bool asked = screen_asked(screen, scope_list(screen->scope, block->table, all, &list));
    struct page_answers *pages = asked ? gather(screen->page->site, list.now, &count) : NULL;
    screen->html->failed |= asked && (pages == NULL || !add_then(screen->page->site, list.compared, pages, count));
    card_begin(screen, block, "feedback", &list);
    write_month_offer(screen, &list);
    if (count == 0)
        card_note(screen, MESSAGE_NO_ROWS);
    else
        write_pages(screen, block, pages, count);
    card_end(screen);
    list_fini(&list);
    free(pages);
}

/* Shares of yes of the last twelve whole months. */
void
block_answer_trend(struct screen *screen, const struct block *block)
{
    struct chart_point points[MONTHS] = { { .now = { .exists = false } } };
    struct scope year = *screen->scope;
    year.selection.kind = RANGE_MONTHS_12;
    year.days = selection_days(year.selection, year.last);
    size_t shown = 0;
    for (int i = 0; i < MONTHS; i++) {
        struct scope month = year;
        struct list list;
        month.selection = (struct selection){ .kind = RANGE_MONTH, .compare = COMPARE_NONE };
        month.selection.month = civil_month(year.days.from) + i;
        month.days = selection_days(month.selection, year.last);
        if (!screen_asked(screen, scope_list(&month, block->table, (struct span){ NULL, 0 }, &list)))
            continue;
        struct answers answers = answers_of(screen->page->site, list.now, (struct span){ NULL, 0 });
        int64_t percent = answers_percent(&answers);
        points[i].now = (struct chart_value){ month.days.to >= year.first, percent >= 0, month.days.from, percent, 0 };
        shown += percent >= 0;
        list_fini(&list);
    }
    const struct chart chart = { .id = "found",
                                 .title = block->title,
                                 .value = MESSAGE_SHARE_YES,
                                 .language = screen->page->language,
                                 .by = BY_MONTH,
                                 .is_percent = true,
                                 .days = year.days,
                                 .points = points,
                                 .count = shown == 0 ? 0 : MONTHS,
                                 .annotations = screen->annotations,
                                 .annotation_count = screen->annotation_count,
                                 .hidden_below = mode_table[screen->page->site->mode].show };
    html_raw(screen->html, "<section class=\"ds-card w12 trend\">");
    chart_render(screen->html, &chart);
    if (chart.count == 0)
        card_note(screen, screen->scope->has_month ? MESSAGE_NO_ANSWERS : MESSAGE_NO_MONTH);
    card_end(screen);
}
