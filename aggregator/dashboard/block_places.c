#include "screen.h"

#include <stdlib.h>

#include "map.h"

enum { COUNTIES_MAX = 100 };

/* The county of a key: of a municipality, of the small ones together, of the rest; 0 for unknown and abroad. */
static unsigned
county_of_key(struct span key)
{
    struct span digits = key.length == 4 ? span_of(key.at, 2) : key.length == 3 ? span_of(key.at + 1, 2) : key;
    if (digits.length != 2 || digits.at[0] < '0' || digits.at[0] > '9' || digits.at[1] < '0' || digits.at[1] > '9')
        return 0;
    return (unsigned)(digits.at[0] - '0') * 10 + (unsigned)(digits.at[1] - '0');
}

static unsigned
chosen_county(const struct screen *screen)
{
    return screen->subject[0] == '\0' ? 0 : county_of_key(span_text(screen->subject));
}

struct counties {
    int64_t values[COUNTIES_MAX];
    double variances[COUNTIES_MAX];
};

/* Sums of what is shown, so that they tell nothing that the rows do not. */
static struct counties
counties_of(const struct list *list)
{
    struct counties counties = { { 0 }, { 0 } };
    for (size_t i = 0; list->now != NULL && i < statistic_count(list->now); i++) {
        const struct statistic_row *row = statistic_at(list->now, i);
        unsigned county = county_of_key(row->key);
        if (!row->shown || county == 0)
            continue;
        counties.values[county] += row->value;
        counties.variances[county] += row->deviation * row->deviation;
    }
    return counties;
}

static bool
is_of_chosen_county(const struct screen *screen, struct span key)
{
    unsigned county = chosen_county(screen);
    return county == 0 || county_of_key(key) == county;
}

static void
write_address(struct html *html, void *context, unsigned county)
{
    struct screen *screen = context;
    char digits[3] = { (char)('0' + county / 10), (char)('0' + county % 10), '\0' };
    (void)html;
    screen_href(screen, "/places", "county", span_text(digits));
}

static void
write_map(struct screen *screen, const struct ranking *ranking)
{
    struct map_point *points = calloc(ranking->count + 1, sizeof *points);
    struct counties counties = counties_of(ranking->list);
    size_t count = 0;
    screen->html->failed |= points == NULL;
    for (size_t i = 0; points != NULL && i < ranking->count; i++) {
        const struct rank *rank = &ranking->ranks[i];
        const struct gazetteer_municipality *at = municipality_of(screen->page, rank->row->key);
        if (at == NULL || !at->has_point || rank->row->value <= 0)
            continue;
        unsigned county = at->number / 100U;
        char digits[3] = { (char)('0' + county / 10), (char)('0' + county % 10), '\0' };
        struct span name = county_name(screen->page, span_text(digits));
        if (name.length == 2) /* no name: what is on this stack must not be kept */
            name = span_text("");
        points[count++] = (struct map_point){ at->latitude, at->longitude, rank->row->value,       rank->label.name,
                                              county,       name,          counties.values[county] };
    }
    if (count > 0) {
        const struct map map = { points, count, screen->page->language, write_address, screen };
        html_raw(screen->html, "<figure>");
        map_render(screen->html, &map);
        html_raw(screen->html, "<figcaption>");
        screen_say(screen, MAP_KEY);
        html_raw(screen->html, "</figcaption></figure>");
    }
    free(points);
}

/* The map has all of them; the table those that the filter lets through. */
static void
write_places(struct screen *screen, const struct block *block, const struct list *list)
{
    struct ranking all = { .list = list, .id = "municipality" };
    struct ranking ranking = all;
    bool is_filled = ranking_fill(screen, block, &all, false, is_of_chosen_county) &&
                     ranking_fill(screen, block, &ranking, block->more == NULL, is_of_chosen_county);
    screen->html->failed |= !is_filled;
    if (is_filled) {
        html_raw(screen->html, "<div class=\"beside\">");
        write_map(screen, &all);
        html_raw(screen->html, "<div>");
        ranking_render(screen, block, &ranking);
        if (chosen_county(screen) == 0)
            write_coverage(screen, block, list);
        html_raw(screen->html, "</div></div>");
    }
    free(all.ranks);
    free(ranking.ranks);
}

void
block_places(struct screen *screen, const struct block *block)
{
    static const struct span all = { NULL, 0 };
    struct list list;
    bool asked = screen_asked(screen, scope_list(screen->scope, block->table, all, &list));
    card_begin(screen, block, "municipality", &list);
    if (asked)
        write_places(screen, block, &list);
    card_end(screen);
    list_fini(&list);
}

static int64_t
greatest_of(const struct counties *counties)
{
    int64_t greatest = 0;
    for (unsigned i = 1; i < COUNTIES_MAX; i++)
        if (counties->values[i] > greatest)
            greatest = counties->values[i];
    return greatest;
}

/* The greatest county that is not greater than the one before it, by value and then by number. */
static unsigned
next_county(const struct counties *counties, bool done[COUNTIES_MAX])
{
    unsigned next = 0;
    for (unsigned i = 1; i < COUNTIES_MAX; i++)
        if (!done[i] && counties->values[i] > 0 && (next == 0 || counties->values[i] > counties->values[next]))
            next = i;
    done[next] = true;
    return next;
}

static void
write_county(struct screen *screen, const struct counties *counties, unsigned county, int64_t greatest)
{
    struct html *html = screen->html;
    char digits[3] = { (char)('0' + county / 10), (char)('0' + county % 10), '\0' };
    html_raw(html, "<tr><th scope=\"row\"><a");
    screen_href(screen, "/places", "county", span_text(digits));
    if (county == chosen_county(screen))
        html_raw(html, " aria-current=\"true\"");
    html_raw(html, ">");
    html_span(html, county_name(screen->page, span_text(digits)));
    html_raw(html, "</a><svg class=\"bar\" aria-hidden=\"true\"><rect height=\"4\" width=\"");
    html_integer(html, counties->values[county] * 100 / greatest);
    html_raw(html, "%\"/></svg></th><td>");
    write_value(screen, true, counties->values[county], deviation_of(counties->variances[county]));
    html_raw(html, "</td></tr>");
}

void
block_counties(struct screen *screen, const struct block *block)
{
    static const struct span all = { NULL, 0 };
    struct html *html = screen->html;
    struct list list;
    bool done[COUNTIES_MAX] = { false };
    bool asked = screen_asked(screen, scope_list(screen->scope, block->table, all, &list));
    struct counties counties = counties_of(&list);
    int64_t greatest = greatest_of(&counties);
    card_begin(screen, block, "counties", NULL);
    if (asked && greatest > 0) {
        const enum message columns[] = { block->key, block->value };
        page_table_begin(html, screen->page, "rank", "counties", columns, 2);
        for (unsigned county; (county = next_county(&counties, done)) != 0;)
            write_county(screen, &counties, county, greatest);
        html_raw(html, "</tbody></table>");
    }
    if (chosen_county(screen) != 0) {
        html_raw(html, "<p class=\"more\"><a class=\"ds-link\"");
        screen_href(screen, "/places", NULL, span_text(""));
        html_raw(html, ">");
        screen_say(screen, ALL_COUNTIES);
        html_raw(html, "</a></p>");
    }
    card_end(screen);
    list_fini(&list);
}
