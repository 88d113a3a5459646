/*
 * A line over time as inline SVG that stretches to its place without stretching its letters, with a dashed line to
 * compare with, and its table. A hidden value is a gap in the line and ':' in the table.
 */
#ifndef SPORLOS_AGGREGATOR_CHART_H
#define SPORLOS_AGGREGATOR_CHART_H

#include "messages.h"
#include "range.h"

#include <stddef.h>

struct chart_value {
    bool exists; /* false: the period has no such bucket */
    bool shown;
    int32_t day; /* first day of the bucket */
    int64_t value;
};

struct chart_point {
    struct chart_value now, compared;
};

struct chart {
    const char *id;     /* of the element, for its title; unique on the page */
    enum message title; /* what the numbers are */
    enum language language;
    bool is_monthly;                 /* buckets are months, else days */
    bool has_compared;               /* draw and list the second line */
    struct day_range days, compared; /* for legend and table head */
    const struct chart_point *points;
    size_t count;
};

/* Write figure, legend and '<details>' with the table. */
void chart_render(struct html *html, const struct chart *chart);

/* The height of the axis for a greatest value: the least of 1, 2, 2.5 or 5 times a power of ten times 4 that covers it.
 */
int64_t chart_axis(int64_t greatest);

#endif
