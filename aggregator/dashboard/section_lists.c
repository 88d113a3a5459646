#include "page.h"

#include "map.h"

#include <stdlib.h>

enum {
    ROWS_SHOWN = 10, /* in sight */
    ROWS_MAX = 110,  /* with those under 'Vis flere' */
    POINTS_MAX = 400,
};

/* A row of a ranked table, whichever the table. */
struct rank {
    const struct statistic_row *row;
    enum message label; /* of rows that have no name of their own; MESSAGE_COUNT: name */
    struct span name;   /* fills the label's hole, or is the name */
    bool is_muted;      /* no bar: it is a rest, not one of those ranked */
};

struct ranking {
    const struct page *page;
    const struct list *list;
    const char *id; /* of the section's heading */
    enum message key_title, value_title;
    struct rank ranks[ROWS_MAX];
    size_t count;
    int64_t greatest;
};

static void
write_label(struct html *html, const struct ranking *ranking, const struct rank *rank)
{
    if (rank->label == MESSAGE_COUNT)
        html_span(html, rank->name);
    else
        html_message_text(html, ranking->page->language, rank->label, rank->name);
}

static void
write_bar(struct html *html, int64_t value, int64_t greatest)
{
    html_raw(html, "<svg class=\"bar\" aria-hidden=\"true\"><rect height=\"100%\" width=\"");
    html_decimal(html, greatest <= 0 || value <= 0 ? 0 : value * 100000 / greatest);
    html_raw(html, "%\"/></svg>");
}

static void
write_rank(struct html *html, const struct ranking *ranking, const struct rank *rank)
{
    const struct statistic_row *row = rank->row;
    const struct statistic_row *then = list_compared(ranking->list, row->key);
    struct figure figure = { .shown = row->shown, .value = row->value, .deviation = row->deviation };
    if (then != NULL) {
        figure.compared_shown = true;
        figure.compared = then->value;
        figure.compared_deviation = then->deviation;
    }
    if (rank->is_muted)
        html_raw(html, "<tr class=\"muted\"><th scope=\"row\"><span>");
    else
        html_raw(html, "<tr><th scope=\"row\"><span>");
    write_label(html, ranking, rank);
    html_raw(html, "</span>");
    if (!rank->is_muted)
        write_bar(html, row->value, ranking->greatest);
    html_raw(html, "</th><td>");
    if (row->shown)
        html_number(html, row->value);
    else
        html_raw(html, ":");
    html_raw(html, "</td>");
    if (ranking->list->compared != NULL) {
        html_raw(html, "<td class=\"delta\">");
        write_change(html, ranking->page, &figure);
        html_raw(html, "</td>");
    }
    html_raw(html, "</tr>");
}

static void
write_table(struct html *html, const struct ranking *ranking, size_t from, size_t to)
{
    html_raw(html, "<table class=\"ds-table rank\" aria-labelledby=\"");
    html_text(html, ranking->id);
    html_raw(html, "\"><thead><tr><th scope=\"col\">");
    html_message(html, ranking->page->language, ranking->key_title);
    html_raw(html, "</th><th scope=\"col\">");
    html_message(html, ranking->page->language, ranking->value_title);
    html_raw(html, "</th>");
    if (ranking->list->compared != NULL) {
        html_raw(html, "<th scope=\"col\">");
        page_say(html, ranking->page, CHANGE);
        html_raw(html, "</th>");
    }
    html_raw(html, "</tr></thead><tbody>");
    for (size_t i = from; i < to; i++)
        write_rank(html, ranking, &ranking->ranks[i]);
    html_raw(html, "</tbody></table>");
}

static void
write_ranking(struct html *html, const struct ranking *ranking)
{
    size_t shown = ranking->count <= ROWS_SHOWN + 2 ? ranking->count : ROWS_SHOWN;
    if (ranking->count == 0) {
        html_raw(html, "<p class=\"small\">");
        page_say(html, ranking->page, NO_ROWS);
        html_raw(html, "</p>");
        return;
    }
    write_table(html, ranking, 0, shown);
    if (shown == ranking->count)
        return;
    html_raw(html, "<details class=\"ds-details\"><summary>");
    html_message_number(html, ranking->page->language, MESSAGE_MORE_ROWS, (int64_t)(ranking->count - shown));
    html_raw(html, "</summary><div>");
    write_table(html, ranking, shown, ranking->count);
    html_raw(html, "</div></details>");
}

static void
add_rank(struct ranking *ranking, struct rank rank)
{
    if (ranking->count == ROWS_MAX)
        return;
    ranking->ranks[ranking->count++] = rank;
    if (!rank.is_muted && rank.row->value > ranking->greatest)
        ranking->greatest = rank.row->value;
}

/* How much of the whole the rows stand for, and a way to see more where it is less than half. */
static void
write_coverage(struct html *html, const struct page *page, const struct overview *overview, const struct list *list,
               const struct figure *total)
{
    int coverage = list_coverage(list, total);
    if (coverage < 0 || coverage >= 95)
        return;
    bool is_offered = coverage < 50 && overview->has_month && overview->selection.kind != RANGE_MONTH &&
                      overview->selection.kind != RANGE_MONTHS_12 && list->days.from == overview->days.from;
    html_raw(html, "<p class=\"small\">");
    if (is_offered) {
        struct selection month = { RANGE_MONTH, overview->last_month, overview->selection.compare };
        html_message_number(html, page->language, MESSAGE_LOW_COVERAGE, coverage);
        html_raw(html, " <a class=\"ds-link\"");
        page_href(html, page, page->site, "", &month);
        html_raw(html, ">");
        html_month(html, page->language, overview->last_month, false);
        html_raw(html, "</a>");
    } else {
        html_message_number(html, page->language, MESSAGE_COVERAGE, coverage);
    }
    html_raw(html, "</p>");
}

static void
write_title(struct html *html, const struct page *page, const struct overview *overview, const struct list *list,
            const char *id, enum message title)
{
    html_raw(html, "<div class=\"title\"><h2 class=\"ds-heading\" data-size=\"2xs\" id=\"");
    html_text(html, id);
    html_raw(html, "\">");
    html_message(html, page->language, title);
    html_raw(html, "</h2><p class=\"legend\">");
    if (title == MESSAGE_MUNICIPALITIES) {
        html_raw(html, "<span>");
        page_say(html, page, ESTIMATE);
        html_raw(html, "</span>");
    }
    bool is_other_range = list->now != NULL && list->days.from != overview->days.from;
    if (is_other_range) {
        html_raw(html, "<span>");
        html_dates(html, page->language, list->days.from, list->days.to);
        html_raw(html, "</span>");
    }
    html_raw(html, "</p></div>");
    if (list->now == NULL) {
        html_raw(html, "<p class=\"small\">");
        page_say(html, page, NO_MONTH);
        html_raw(html, "</p>");
    }
}

void
section_pages(struct html *html, const struct page *page, const struct overview *overview)
{
    const struct list *list = &overview->pages;
    html_raw(html, "<section class=\"ds-card pages\">");
    write_title(html, page, overview, list, "pages", MESSAGE_PAGES);
    struct ranking *ranking = calloc(1, sizeof *ranking);
    if (ranking == NULL)
        html->failed = true;
    if (ranking != NULL && list->now != NULL) {
        *ranking = (struct ranking){ page, list, "pages", MESSAGE_PAGE, MESSAGE_VIEWS_SHORT, { { 0 } }, 0, 0 };
        for (size_t i = 0; i < statistic_count(list->now); i++) {
            const struct statistic_row *row = statistic_at(list->now, i);
            bool is_other = span_equal(row->key, SPAN_LITERAL(KEY_OTHER));
            if (row->shown && is_other)
                add_rank(ranking, (struct rank){ row, MESSAGE_OTHER_PAGES, { NULL, 0 }, true });
            else if (row->shown)
                add_rank(ranking, (struct rank){ row, MESSAGE_COUNT, row->key, false });
        }
        write_ranking(html, ranking);
        write_coverage(html, page, overview, list, &overview->pages_total);
    }
    free(ranking);
    html_raw(html, "</section>");
}

static bool
is_digits(struct span text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return text.length > 0;
}

static uint16_t
number_of(struct span digits)
{
    unsigned number = 0;
    for (size_t i = 0; i < digits.length && i < 4; i++)
        number = number * 10 + (unsigned)(digits.at[i] - '0');
    return (uint16_t)number;
}

static const struct gazetteer_municipality *
municipality_of(const struct page *page, struct span key)
{
    if (page->gazetteer == NULL || key.length != 4 || !is_digits(key))
        return NULL;
    return gazetteer_municipality(page->gazetteer, number_of(key));
}

/* 'r46' and 'f46': the county's name fills the label. */
static struct rank
county_rank(const struct page *page, const struct statistic_row *row, enum message label)
{
    struct span digits = span_of(row->key.at + 1, row->key.length - 1);
    const struct gazetteer_county *county = NULL;
    if (page->gazetteer != NULL && is_digits(digits))
        county = gazetteer_county(page->gazetteer, number_of(digits));
    return (struct rank){ row, label, county == NULL ? digits : span_text(county->name), true };
}

static struct rank
municipality_rank(const struct page *page, const struct statistic_row *row)
{
    if (span_equal(row->key, SPAN_LITERAL(KEY_UNKNOWN)))
        return (struct rank){ row, MESSAGE_UNKNOWN, { NULL, 0 }, true };
    if (span_equal(row->key, SPAN_LITERAL(KEY_ABROAD)))
        return (struct rank){ row, MESSAGE_ABROAD, { NULL, 0 }, true };
    if (row->key.length == 3 && row->key.at[0] == 'r')
        return county_rank(page, row, MESSAGE_REST_OF);
    if (row->key.length == 3 && row->key.at[0] == 'f')
        return county_rank(page, row, MESSAGE_SMALL_OF);
    const struct gazetteer_municipality *municipality = municipality_of(page, row->key);
    return (struct rank){ row, MESSAGE_COUNT, municipality == NULL ? row->key : span_text(municipality->name), false };
}

/* Those with a name by rank, then the sums, which are no one's rank. */
static void
rank_municipalities(struct ranking *ranking, bool muted)
{
    const struct statistic *now = ranking->list->now;
    for (size_t i = 0; i < statistic_count(now); i++) {
        const struct statistic_row *row = statistic_at(now, i);
        struct rank rank = municipality_rank(ranking->page, row);
        if (row->shown && rank.is_muted == muted)
            add_rank(ranking, rank);
    }
}

static void
write_map(struct html *html, const struct ranking *ranking)
{
    struct map_point points[ROWS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < ranking->count; i++) {
        const struct rank *rank = &ranking->ranks[i];
        const struct gazetteer_municipality *at = municipality_of(ranking->page, rank->row->key);
        if (at != NULL && at->has_point && rank->row->value > 0)
            points[count++] = (struct map_point){ at->latitude, at->longitude, rank->row->value, rank->name };
    }
    if (count == 0)
        return;
    html_raw(html, "<figure>");
    map_render(html, ranking->page->language, points, count);
    html_raw(html, "<figcaption>");
    page_say(html, ranking->page, MAP_KEY);
    html_raw(html, "</figcaption></figure>");
}

void
section_municipalities(struct html *html, const struct page *page, const struct overview *overview)
{
    const struct list *list = &overview->municipalities;
    html_raw(html, "<section class=\"ds-card municipalities\">");
    write_title(html, page, overview, list, "municipalities", MESSAGE_MUNICIPALITIES);
    struct ranking *ranking = calloc(1, sizeof *ranking);
    if (ranking == NULL)
        html->failed = true;
    if (ranking != NULL && list->now != NULL) {
        *ranking =
            (struct ranking){ page, list, "municipalities", MESSAGE_MUNICIPALITY, MESSAGE_VISITS, { { 0 } }, 0, 0 };
        rank_municipalities(ranking, false);
        rank_municipalities(ranking, true);
        html_raw(html, "<div class=\"beside\">");
        write_map(html, ranking);
        html_raw(html, "<div>");
        write_ranking(html, ranking);
        write_coverage(html, page, overview, list, &overview->municipalities_total);
        html_raw(html, "</div></div>");
    }
    free(ranking);
    html_raw(html, "</section>");
}
