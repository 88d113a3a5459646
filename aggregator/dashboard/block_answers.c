#include "screen.h"

#include <stdlib.h>

#include "sporlos/known_keys.h"

enum { PAGES_MAX = 300, MONTHS = 12 };

struct page_answers {
    struct span page; /* borrowed from the list */
    int64_t yes, no, then_percent;
    bool has_yes, has_no;
    double variance;
};

/* The pages by the rows of the list, in their order. */
struct gathered {
    struct page_answers *pages;
    size_t count;
    uint16_t *of_row; /* the page of each row before this one, + 1; 0: none */
};

/* The page that a row of yes or no is about: that of the other answer, where it stands before. NULL: there is no room.
 */
static struct page_answers *
answers_for(struct gathered *self, struct statistic *statistic, size_t i, const char *other_answer, struct span page)
{
    const struct statistic_row *other = answer_row(statistic, other_answer, page);
    size_t before = other == NULL ? i : (size_t)(other - statistic_at(statistic, 0));
    if (before < i) {
        self->of_row[i] = self->of_row[before];
    } else if (self->count < PAGES_MAX) {
        self->pages[self->count] = (struct page_answers){ .page = page, .then_percent = -1 };
        self->of_row[i] = (uint16_t)++self->count;
    }
    return self->of_row[i] == 0 ? NULL : &self->pages[self->of_row[i] - 1];
}

static void
gather_row(const struct site_config *site, struct statistic *statistic, size_t i, struct gathered *self)
{
    const struct statistic_row *row = statistic_at(statistic, i);
    struct span head, page;
    key_halves(row->key, &head, &page);
    const char *yes = site->answers[0].left;
    const char *no = site->answers[1].left;
    bool is_yes = span_equal(head, span_text(yes));
    if (!row->shown || (!is_yes && !span_equal(head, span_text(no))))
        return;
    struct page_answers *of = answers_for(self, statistic, i, is_yes ? no : yes, page);
    if (of == NULL)
        return;
    *(is_yes ? &of->yes : &of->no) = row->value;
    *(is_yes ? &of->has_yes : &of->has_no) = true;
    of->variance = row->deviation * row->deviation;
}

/* How many there are; *failed: there was no memory. */
static size_t
gather(const struct site_config *site, const struct list *list, struct page_answers *pages, bool *failed)
{
    size_t rows = list->now == NULL || site->answer_count < 2 ? 0 : statistic_count(list->now);
    struct gathered gathered = { pages, 0, calloc(rows + 1, sizeof *gathered.of_row) };
    *failed |= gathered.of_row == NULL;
    for (size_t i = 0; gathered.of_row != NULL && i < rows; i++)
        gather_row(site, list->now, i, &gathered);
    for (size_t i = 0; i < gathered.count; i++) {
        struct answers then = answers_of(site, list->compared, pages[i].page);
        pages[i].then_percent = answers_percent(&then);
    }
    free(gathered.of_row);
    return gathered.count;
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
    return difference < 0 ? -1 : difference > 0;
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

void
block_answers(struct screen *screen, const struct block *block)
{
    static const struct span all = { NULL, 0 };
    struct list list;
    struct page_answers *pages = calloc(PAGES_MAX, sizeof *pages);
    screen->html->failed |= pages == NULL;
    bool asked = screen_asked(screen, scope_list(screen->scope, block->table, all, &list));
    size_t count = asked && pages != NULL ? gather(screen->page->site, &list, pages, &screen->html->failed) : 0;
    card_begin(screen, block, "feedback", &list);
    write_month_offer(screen, &list);
    if (count == 0) {
        card_note(screen, MESSAGE_NO_ROWS);
    } else {
        qsort(pages, count, sizeof *pages, compare_pages);
        write_head(screen);
        for (size_t i = 0; i < count; i++)
            write_page(screen, &pages[i]);
        html_raw(screen->html, "</tbody></table>");
    }
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
