#include "synthetic.h"

#include "synthetic_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY_S = 86400,
    HOUR_S = 3600,
    VIEWS_MAX = 12,         /* of a visit */
    PAUSE_MIN_S = 5,        /* between two views */
    PAUSE_SPREAD_S = 175,   /* more at most */
    MORE_VIEWS_OF_100 = 60, /* visits that go on after each view: 1 / (1 - 0.6) = 2.5 views a visit */
    V6_OF_100 = 30,         /* visitors who come by IPv6 */
    PATH_BYTES = 64,
};

struct weighted {
    uint32_t weight;
    const char *text;
};

#define TEXT(text) text,
#define WEIGHTED(weight, text) { weight, text },
#define NUMBER(number) number,
#define SIXTEEN_BITS(a, b) (a) << 8 | (b),
static const uint32_t hours[] = { HOURS(NUMBER) };
static const uint16_t networks_v4[] = { NETWORKS_V4(SIXTEEN_BITS) };
static const uint32_t networks_v6[] = { NETWORKS_V6(NUMBER) };
static const struct weighted agents[] = { AGENTS(WEIGHTED) };
static const struct weighted referrers[] = { REFERRERS(WEIGHTED) };
static const char *const topics[] = { TOPICS(TEXT) };

#define COUNT(list) (sizeof(list) / sizeof(list)[0])
_Static_assert(1 + COUNT(topics) + COUNT(topics) * COUNT(topics) >= SYNTHETIC_PAGES_MAX, "as many pages as promised");
_Static_assert(COUNT(hours) == 24, "a day");

struct event {
    uint32_t second; /* of the day */
    uint32_t visitor;
    uint16_t page;
    uint16_t number; /* of the view in its visit */
};

struct visitor {
    struct network network;
    uint8_t agent, referrer;
};

struct synthetic {
    struct synthetic_options options;
    uint64_t state;
    uint32_t day, event; /* the next */
    uint32_t event_count;
    struct visitor *visitors;
    struct event *events;   /* of the day */
    uint64_t *page_weights; /* summed up */
    char path[PATH_BYTES];
};

/* ---- chance ---- */

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t
draw(struct synthetic *s)
{
    uint64_t z = s->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* 0 to limit - 1. */
static uint32_t
draw_below(struct synthetic *s, uint32_t limit)
{
    return (uint32_t)((draw(s) >> 32) * limit >> 32);
}

static uint8_t
draw_row(struct synthetic *s, const struct weighted *rows, size_t count)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += rows[i].weight;
    uint32_t left = draw_below(s, sum);
    size_t row = 0;
    while (left >= rows[row].weight)
        left -= rows[row++].weight;
    return (uint8_t)row;
}

static uint32_t
draw_second(struct synthetic *s)
{
    uint32_t sum = 0, hour = 0;
    for (size_t i = 0; i < COUNT(hours); i++)
        sum += hours[i];
    uint32_t left = draw_below(s, sum);
    while (left >= hours[hour])
        left -= hours[hour++];
    return hour * HOUR_S + draw_below(s, HOUR_S);
}

static uint16_t
draw_page(struct synthetic *s)
{
    uint64_t sum = s->page_weights[s->options.pages - 1];
    uint64_t at = (draw(s) >> 32) * sum >> 32;
    uint32_t low = 0, high = s->options.pages - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (s->page_weights[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return (uint16_t)low;
}

static struct network
draw_network(struct synthetic *s)
{
    if (draw_below(s, 100) < V6_OF_100) {
        uint64_t block = networks_v6[draw_below(s, COUNT(networks_v6))];
        return (struct network){ .prefix = block << 16 | draw_below(s, 65536), .family = NETWORK_V6 };
    }
    uint64_t block = networks_v4[draw_below(s, COUNT(networks_v4))];
    return (struct network){ .prefix = block << 8 | draw_below(s, 256), .family = NETWORK_V4 };
}

/* ---- a day ---- */

static int
compare_events(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    if (x->second != y->second)
        return x->second < y->second ? -1 : 1;
    if (x->visitor != y->visitor)
        return x->visitor < y->visitor ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static void
invent_visit(struct synthetic *s, uint32_t visitor)
{
    s->visitors[visitor].network = draw_network(s);
    s->visitors[visitor].agent = draw_row(s, agents, COUNT(agents));
    s->visitors[visitor].referrer = draw_row(s, referrers, COUNT(referrers));
    uint32_t second = draw_second(s);
    for (uint16_t number = 0; number < VIEWS_MAX; number++) {
        s->events[s->event_count++] = (struct event){ second, visitor, draw_page(s), number };
        if (draw_below(s, 100) >= MORE_VIEWS_OF_100)
            break;
        second += PAUSE_MIN_S + draw_below(s, PAUSE_SPREAD_S);
        if (second >= DAY_S) /* nobody reads past midnight */
            break;
    }
}

static void
invent_day(struct synthetic *s)
{
    s->event = s->event_count = 0;
    for (uint32_t visitor = 0; visitor < s->options.visitors; visitor++)
        invent_visit(s, visitor);
    qsort(s->events, s->event_count, sizeof *s->events, compare_events);
}

enum sp_error
synthetic_new(const struct synthetic_options *options, struct synthetic **synthetic)
{
    struct synthetic *s = *synthetic = NULL;
    if (options->visitors < 1 || options->visitors > SYNTHETIC_VISITORS_MAX || options->days < 1 ||
        options->days > SYNTHETIC_DAYS_MAX || options->pages < 1 || options->pages > SYNTHETIC_PAGES_MAX)
        return SP_MALFORMED;
    s = calloc(1, sizeof *s);
    if (s == NULL)
        return SP_NO_MEMORY;
    s->options = *options;
    s->state = options->seed;
    s->visitors = calloc(options->visitors, sizeof *s->visitors);
    s->events = calloc((size_t)options->visitors * VIEWS_MAX, sizeof *s->events);
    s->page_weights = calloc(options->pages, sizeof *s->page_weights);
    if (s->visitors == NULL || s->events == NULL || s->page_weights == NULL) {
        synthetic_free(s);
        return SP_NO_MEMORY;
    }
    for (uint32_t page = 0; page < options->pages; page++)
        s->page_weights[page] = (page == 0 ? 0 : s->page_weights[page - 1]) + 1000000 / (page + 1);
    invent_day(s);
    *synthetic = s;
    return SP_OK;
}

void
synthetic_free(struct synthetic *synthetic)
{
    if (synthetic == NULL)
        return;
    free(synthetic->visitors);
    free(synthetic->events);
    free(synthetic->page_weights);
    free(synthetic);
}

/* Page 0 is '/', the next are the topics, then what is below each topic. */
static struct span
path_of(struct synthetic *s, uint32_t page)
{
    const uint32_t count = COUNT(topics);
    int length;
    if (page == 0)
        length = snprintf(s->path, sizeof s->path, "/");
    else if (page <= count)
        length = snprintf(s->path, sizeof s->path, "/%s", topics[page - 1]);
    else
        length = snprintf(s->path, sizeof s->path, "/%s/%s", topics[(page - 1 - count) % count],
                          topics[(page - 1 - count) / count]);
    return span_of(s->path, (size_t)length);
}

bool
synthetic_next(struct synthetic *synthetic, struct view *view)
{
    struct synthetic *s = synthetic;
    while (s->event == s->event_count) {
        if (++s->day >= s->options.days)
            return false;
        invent_day(s);
    }
    const struct event *event = &s->events[s->event++];
    const struct visitor *visitor = &s->visitors[event->visitor];
    *view = (struct view){
        .network = visitor->network,
        .time_s = (int64_t)s->day * DAY_S + event->second,
        .path = path_of(s, event->page),
        .referrer = span_text(event->number == 0 ? referrers[visitor->referrer].text : NULL),
        .agent = span_text(agents[visitor->agent].text),
        .entry = event->number == 0,
    };
    return true;
}
