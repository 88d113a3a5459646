/* Visible time and depth in their steps, and answers: distributions, and what one number says of them. */
#include "screen.h"

#include <stdlib.h>

#include "sporlos/known_keys.h"
#include "sporlos/limits.h"

enum { ANSWER_KEY_MAX = 2 * PATH_MAX_BYTES };
enum { ENDS_MIN = 20 }; /* ends of views that a median is made of at least */

static const int64_t bounds_s[] = { 0, VISIBLE_TIME_BOUNDS_S, 3600 };
_Static_assert(sizeof bounds_s / sizeof bounds_s[0] == VISIBLE_TIME_BUCKETS + 1, "a bound on either side of each step");

/* The step that a row counts, and of which page; -1: none, or hidden. */
static int
step_of(const struct statistic_row *row, struct span *page)
{
    struct span head;
    key_halves(row->key, &head, page);
    bool is_step = row->shown && head.length == 1 && head.at[0] >= '0' && head.at[0] < '0' + STEPS_MAX;
    return is_step ? head.at[0] - '0' : -1;
}

static void
add_step(struct steps *steps, int step, int64_t value)
{
    steps->counts[step] += value;
    steps->shown[step] = true;
    steps->sum += value;
}

void
steps_keys(struct span page, char *texts, struct span keys[STEPS_MAX])
{
    for (int step = 0; step < STEPS_MAX; step++) {
        char *text = texts + (size_t)step * (page.length + STEP_PREFIX);
        text[0] = (char)('0' + step);
        text[1] = KEY_SEPARATOR;
        if (page.length > 0)
            memcpy(text + STEP_PREFIX, page.at, page.length);
        keys[step] = span_of(text, page.length + STEP_PREFIX);
    }
}

struct steps
steps_found(struct statistic *statistic, const struct span keys[STEPS_MAX])
{
    struct steps steps = { .sum = 0 };
    for (int step = 0; step < STEPS_MAX; step++) {
        const struct statistic_row *row = statistic_find(statistic, keys[step]);
        if (row != NULL)
            add_step(&steps, step, row->value);
    }
    return steps;
}

struct steps
steps_of(const struct statistic *statistic, struct span page)
{
    struct steps steps = { .sum = 0 };
    for (size_t i = 0; statistic != NULL && i < statistic_count(statistic); i++) {
        struct span of;
        int step = step_of(statistic_at(statistic, i), &of);
        if (step >= 0 && (page.at == NULL || span_equal(of, page)))
            add_step(&steps, step, statistic_at(statistic, i)->value);
    }
    return steps;
}

int64_t
steps_median_s(const struct steps *steps)
{
    int64_t before = 0;
    if (steps->sum < ENDS_MIN)
        return -1;
    for (int step = 0; step < VISIBLE_TIME_BUCKETS; step++) {
        if ((before + steps->counts[step]) * 2 >= steps->sum && steps->counts[step] > 0) {
            int64_t width = bounds_s[step + 1] - bounds_s[step];
            return bounds_s[step] + (steps->sum - 2 * before) * width / (2 * steps->counts[step]);
        }
        before += steps->counts[step];
    }
    return -1;
}

const struct statistic_row *
answer_row(struct statistic *statistic, const char *answer, struct span page)
{
    char key[ANSWER_KEY_MAX];
    size_t length = strlen(answer);
    if (length + 1 + page.length > sizeof key)
        return NULL;
    memcpy(key, answer, length);
    key[length] = KEY_SEPARATOR;
    if (page.length > 0)
        memcpy(key + length + 1, page.at, page.length);
    return statistic_find(statistic, span_of(key, length + 1 + page.length));
}

static void
add_answers(struct answers *answers, const struct statistic_row *yes, const struct statistic_row *no)
{
    if (yes == NULL || no == NULL)
        return;
    answers->yes += yes->value;
    answers->all += yes->value + no->value;
}

struct answers
answers_of(const struct site_config *site, struct statistic *statistic, struct span page)
{
    struct answers answers = { 0, 0 };
    if (statistic == NULL || site->answer_count < 2)
        return answers;
    const char *yes = site->answers[0].left;
    const char *no = site->answers[1].left;
    if (page.at != NULL) {
        add_answers(&answers, answer_row(statistic, yes, page), answer_row(statistic, no, page));
        return answers;
    }
    for (size_t i = 0; i < statistic_count(statistic); i++) {
        const struct statistic_row *row = statistic_at(statistic, i);
        struct span head, of;
        key_halves(row->key, &head, &of);
        if (row->shown && span_equal(head, span_text(yes)))
            add_answers(&answers, row, answer_row(statistic, no, of));
    }
    return answers;
}

int64_t
answers_percent(const struct answers *answers)
{
    return answers->all <= 0 ? -1 : (answers->yes * 200 + answers->all) / (2 * answers->all);
}

/* ---- as a table with bars ---- */

struct steps_table {
    const struct block *block;
    struct steps steps;
    size_t count;
    enum message first; /* of the names of the steps, which follow each other */
    const char *id;
};

static void
begin_row(struct html *html)
{
    html_raw(html, "<tr><th scope=\"row\"><span>");
}

static void
end_row(struct screen *screen, int64_t value, bool shown, int64_t greatest, int64_t sum)
{
    struct html *html = screen->html;
    html_raw(html, "</span><svg class=\"bar\" aria-hidden=\"true\"><rect height=\"4\" width=\"");
    html_integer(html, greatest <= 0 || value <= 0 ? 0 : value * 100 / greatest);
    html_raw(html, "%\"/></svg></th><td>");
    write_value(screen, shown, value, deviation_of((double)mode_table[screen->page->site->mode].variance));
    html_raw(html, "</td><td class=\"delta\">");
    if (shown && sum > 0) {
        html_number(html, (value * 200 + sum) / (2 * sum));
        html_raw(html, "\xc2\xa0%");
    }
    html_raw(html, "</td></tr>");
}

static void
begin_table(struct screen *screen, const struct block *block, const char *id)
{
    const enum message columns[] = { block->key, block->value, MESSAGE_SHARE };
    page_table_begin(screen->html, screen->page, "rank", id, columns, sizeof columns / sizeof columns[0]);
}

static void
write_steps(struct screen *screen, const struct steps_table *table)
{
    int64_t greatest = 0;
    for (size_t i = 0; i < table->count; i++)
        if (table->steps.counts[i] > greatest)
            greatest = table->steps.counts[i];
    begin_table(screen, table->block, table->id);
    for (size_t i = 0; i < table->count; i++) {
        begin_row(screen->html);
        html_message(screen->html, screen->page->language, (enum message)((size_t)table->first + i));
        end_row(screen, table->steps.counts[i], table->steps.shown[i], greatest, table->steps.sum);
    }
    html_raw(screen->html, "</tbody></table>");
}

/* What each answer got: the words are the site's own. */
static void
write_answers(struct screen *screen, const struct block *block, const struct list *list)
{
    const struct site_config *site = screen->page->site;
    struct answers all = answers_of(site, list->now, span_text(screen->subject));
    begin_table(screen, block, table_table[block->table].name);
    for (size_t i = 0; i < site->answer_count; i++) {
        int64_t value = 0;
        bool shown = false;
        for (size_t k = 0; k < statistic_count(list->now); k++) {
            const struct statistic_row *row = statistic_at(list->now, k);
            struct span head, page;
            key_halves(row->key, &head, &page);
            if (row->shown && span_equal(head, span_text(site->answers[i].left))) {
                value += row->value;
                shown = true;
            }
        }
        begin_row(screen->html);
        html_text(screen->html, site->answers[i].right);
        end_row(screen, value, shown, all.all, i < 2 ? all.all : 0);
    }
    html_raw(screen->html, "</tbody></table>");
}

void
block_steps(struct screen *screen, const struct block *block)
{
    bool has_page = screen->subject[0] != '\0';
    struct span page = has_page ? span_text(screen->subject) : (struct span){ NULL, 0 };
    struct list list;
    bool asked = screen_asked(screen, scope_list(screen->scope, block->table, page, &list));
    const char *id = table_table[block->table].name;
    card_begin(screen, block, id, &list);
    struct steps_table table = { block, steps_of(list.now, page), VISIBLE_TIME_BUCKETS, MESSAGE_STEP_0, id };
    if (block->table == TABLE_SCROLL) {
        table.count = SCROLL_QUARTERS;
        table.first = MESSAGE_DEPTH_0;
    }
    if (!asked || list.now == NULL || statistic_count(list.now) == 0)
        card_note(screen, list.now == NULL ? MESSAGE_NO_MONTH : MESSAGE_NO_ROWS);
    else if (block->table == TABLE_FEEDBACK)
        write_answers(screen, block, &list);
    else
        write_steps(screen, &table);
    card_end(screen);
    list_fini(&list);
}
