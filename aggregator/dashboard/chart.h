/*
 * A line over time as inline SVG that stretches to its place without stretching its letters, with a dashed line to
 * compare with, marks for what editors noted, and its table. A hidden value is a gap in the line and ':' in the table.
 * Over the picture lies a row of radio buttons, one a point: one stop of the Tab key, the arrows (or the pointer, or a
 * finger) read off point by point, without a script.
 */
#ifndef SPORLOS_AGGREGATOR_CHART_H
#define SPORLOS_AGGREGATOR_CHART_H

#include "../annotations.h"
#include "../statistics.h"
#include "messages.h"
#include "range.h"

#include <stddef.h>

struct chart_value {
    bool exists; /* false: the period has no such bucket */
    bool shown;
    int32_t day; /* first day of the bucket; hours: the hour of the day */
    int64_t value;
    int64_t margin; /* two standard deviations of its noise */
};

struct chart_point {
    struct chart_value now, compared;
};

struct chart {
    const char *id;     /* of the element, for its title; unique on the page */
    enum message title; /* what the numbers are */
    enum message value; /* the same in one word, for the table's head */
    enum language language;
    enum statistic_by by;            /* days, weeks, months, or (as columns) hours */
    bool is_percent;                 /* values are shares, 0-100 */
    bool has_compared;               /* draw and list the second line */
    bool has_margins;                /* say how far each number may be from the exact one */
    struct day_range days, compared; /* for legend and table head */
    const struct chart_point *points;
    size_t count;
    const struct annotation *annotations; /* by day; those outside the points are left out */
    size_t annotation_count;
    int hidden_below; /* what a hidden number is under, for its explanation */
};

/* Write heading, legend, picture and '<details>' with the table. */
void chart_render(struct html *html, const struct chart *chart);

/* The height of the axis for a greatest value: the least of 1, 2, 2.5 or 5 times a power of ten times 4 that covers it.
 */
int64_t chart_axis(int64_t greatest);

/* ---- its parts: chart.c draws, chart_table.c writes ---- */

static inline bool
chart_shows(const struct chart_value *value)
{
    return value->exists && value->shown;
}

void chart_write_bucket(struct html *html, const struct chart *chart, int32_t day, enum date_style style);
void chart_render_table(struct html *html, const struct chart *chart);
void chart_render_reader(struct html *html, const struct chart *chart, int64_t axis);
void chart_render_summary(struct html *html, const struct chart *chart);
/* The point that the day of a note falls in; chart->count if it falls in none. */
size_t chart_place_annotation(const struct chart *chart, const struct annotation *annotation);
/* Where a value stands, in thousandths of a percent of the picture's height. */
int64_t chart_y(int64_t value, int64_t axis);

#endif
