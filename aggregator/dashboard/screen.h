/*
 * The screens of a site and what they are made of: a screen is a row of blocks, and a block that lists a table is a row
 * of a constant table too (screens.c). Blocks ask for their numbers as they are written (scope.h).
 */
#ifndef SPORLOS_AGGREGATOR_SCREEN_H
#define SPORLOS_AGGREGATOR_SCREEN_H

#include "../activity.h"
#include "../annotations.h"
#include "chart.h"
#include "page.h"
#include "scope.h"

struct block;

/* A screen while it is written. All borrowed. */
struct screen {
    struct html *html;
    const struct page *page;
    const struct scope *scope;
    const struct screen_kind *kind;
    const char *subject;                  /* the page (path) or county (two digits) that it is about; "" for none */
    const struct annotation *annotations; /* of the site, by day */
    size_t annotation_count;
    bool may_edit;                  /* the reader may add and remove annotations */
    bool is_frame;                  /* in a frame of another site: nothing leads on */
    bool is_waiting;                /* settings: the reader waits for the first beacon */
    int64_t waiting_since_s;        /* settings: since when */
    struct activity_told last_view; /* settings */
    enum sp_error error;            /* the first question that failed; the page is not to be sent */
};

/*
 * How wide a block is, in twelfths of the page; on a telephone all are as wide as it is. A tall one, by a second digit,
 * has so many of the blocks around it beside it, one upon the other. style.css has a class for each.
 */
enum width {
    WIDTH_THIRD = 4,
    WIDTH_FIVE = 5,
    WIDTH_HALF = 6,
    WIDTH_SEVEN = 7,
    WIDTH_TWO_THIRDS = 8,
    WIDTH_FULL = 12,
    WIDTH_SEVEN_BESIDE_TWO = 72,
    WIDTH_TWO_THIRDS_BESIDE_TWO = 82,
    WIDTH_TWO_THIRDS_BESIDE_FOUR = 84,
};

struct block {
    void (*render)(struct screen *screen, const struct block *block);
    enum width width;
    enum table_id table; /* left out where the site does not count it; TABLE_COUNT: always there */
    enum table_id whole; /* the table without keys that the rows are parts of; TABLE_COUNT: none */
    enum message title, key, value;
    unsigned rows;     /* in sight */
    const char *more;  /* the screen that has all rows; NULL: they are folded away under the others */
    enum message note; /* a sentence under the title; MESSAGE_COUNT: none */
};

struct screen_kind {
    const char *suffix; /* of the site's address: "", "/content" */
    enum message title;
    enum message menu;       /* what the menu calls it; MESSAGE_COUNT: it is not in the menu */
    const char *menu_suffix; /* the entry of the menu that stands for it */
    const char *parameter;   /* of its address: "path", "county"; NULL: none */
    bool is_whole;           /* it can do without it */
    bool has_period;         /* it has the choice of days */
    bool is_public;          /* also for those who come by a public link */
    const struct block *blocks;
    size_t block_count;
};

/* What other sites show in a frame. */
extern const struct screen_kind screen_frame;

/* The screen at that suffix; NULL if there is none. */
const struct screen_kind *screen_find(struct span suffix);

/* All screens in the order of the menu. */
const struct screen_kind *screen_at(size_t index); /* NULL after the last */

/* Does the site count anything that the screen could show? */
bool screen_has_numbers(const struct screen_kind *kind, const struct site_config *site);

/* Write the whole page; or its blocks alone. */
void screen_render(struct screen *screen);
void screen_render_blocks(struct screen *screen);

#define screen_say(screen, key) html_message((screen)->html, (screen)->page->language, MESSAGE_##key)

/* The settings: has what the reader waits for arrived? */
bool screen_has_arrived(const struct screen *screen);

/* Ask, and remember the first failure. */
bool screen_asked(struct screen *screen, enum sp_error error);

/* A card with its heading: 'id' names the heading for what is described by it. The days are named where they differ. */
void card_begin(struct screen *screen, const struct block *block, const char *id, const struct list *list);
void card_end(struct screen *screen);
void card_note(struct screen *screen, enum message message);

/* A number, with its margin if those were asked for; a colon that explains itself where it is hidden. */
void write_value(struct screen *screen, bool shown, int64_t value, double deviation);
/* '+14 %' in words and by sign; nothing can be said: ':'. */
void write_change(struct screen *screen, const struct figure *figure);
/* Is there a reason not to compare that the page's head does not give already? */
bool is_incomparable(const struct screen *screen, enum incomparable why);
/* 'talt fra 3. nov.' in a tile, where that is so. */
void write_counted_from(struct screen *screen, enum incomparable why, int32_t day);
/* 'opp +14 %' and 'fra 7 378'; why not, or nothing, where it cannot be told. */
void write_comparison(struct screen *screen, const struct figure *figure);
void write_seconds(struct screen *screen, int64_t seconds);

/* A link to a screen of the site, with the choices kept; name and value: a parameter, or NULL. */
void screen_href(struct screen *screen, const char *suffix, const char *name, struct span value);

/* What a row of a table is called. */
struct label {
    enum message message; /* MESSAGE_COUNT: name is all */
    struct span name;     /* fills the message's hole, or is the name */
    bool is_rest;         /* none of those ranked: what is left, unknown, abroad */
};
struct label label_of(const struct page *page, enum table_id table, struct span key);
void write_label(struct screen *screen, const struct label *label);
/* What a filter looks for in it: its name, or the words it is called by. */
struct span label_text(const struct page *page, const struct label *label);
/* A county by its two digits (digits where it has no name); a municipality, or NULL. */
bool is_county(const struct page *page, struct span digits); /* without a gazetteer: could it be one? */
struct span county_name(const struct page *page, struct span digits);
const struct gazetteer_municipality *municipality_of(const struct page *page, struct span key);

/* The blocks. */
void block_figures(struct screen *screen, const struct block *block);
void block_trend(struct screen *screen, const struct block *block);
void block_ranking(struct screen *screen, const struct block *block);
void block_places(struct screen *screen, const struct block *block);
void block_counties(struct screen *screen, const struct block *block);
void block_steps(struct screen *screen, const struct block *block);
void block_hours(struct screen *screen, const struct block *block);
void block_not_counted(struct screen *screen, const struct block *block);
void block_reading(struct screen *screen, const struct block *block);
void block_page_figures(struct screen *screen, const struct block *block);
void block_page_about(struct screen *screen, const struct block *block);
void block_answers(struct screen *screen, const struct block *block);
void block_answer_trend(struct screen *screen, const struct block *block);
void block_share(struct screen *screen, const struct block *block);
void block_print(struct screen *screen, const struct block *block);
void block_exports(struct screen *screen, const struct block *block);
void block_snippet(struct screen *screen, const struct block *block);
void block_received(struct screen *screen, const struct block *block);

/* ---- parts of the head ---- */

/* The form that chooses days and comparison. */
void write_choices(struct screen *screen);
/* Were days asked for that there are no numbers of? Then no block is written, and this sentence instead. */
bool screen_has_problem(const struct screen *screen);
void write_range_problem(struct screen *screen);

/* ---- parts that blocks share ---- */

/* What forms of a GET carry on beside the days: language, the screen's subject, margins. */
void form_choices(struct screen *screen);

/* ---- long lists: parts.c ---- */

/* Which rows of a list are on the page: from..to-1 of count. */
struct part {
    size_t from, to;
};
struct part part_of(const struct screen *screen, enum table_id table, size_t count);
/* Is that list narrowed, and does it then let a name through? */
bool part_is_narrowed(const struct screen *screen, enum table_id table);
bool part_lets(const struct screen *screen, enum table_id table, struct span name);
/* The box that filters a list whose card's heading has that id. */
void write_filter(struct screen *screen, enum table_id table, const char *id);
/* How many of how many are here, and the ways to the others. total: before the filter. */
void write_part(struct screen *screen, enum table_id table, const char *id, struct part part, size_t count,
                size_t total);

/* A table of rows by rank, with bars, and those beyond 'rows' folded away or on the screen 'more'. */
struct rank {
    const struct statistic_row *row;
    struct label label;
};
struct ranking {
    const struct list *list;
    const char *id;     /* of the card's heading */
    struct rank *ranks; /* owned */
    size_t count;
    size_t total; /* before the filter */
    int64_t greatest;
    const struct steps *seconds; /* visible time of each of the first ranks, for a further column; NULL: none */
    struct day_range seconds_days;
};
/*
 * The shown rows of list: those with a name by rank, then what is left over. wanted: which keys, NULL: all. The filter
 * of the address applies if is_narrowed. False: no memory. ranks is to be freed.
 */
bool ranking_fill(const struct screen *screen, const struct block *block, struct ranking *ranking, bool is_narrowed,
                  bool (*wanted)(const struct screen *screen, struct span key));
void ranking_render(struct screen *screen, const struct block *block, const struct ranking *ranking);
/* How much of the whole the rows stand for, and a whole month where it is less than half. */
void write_coverage(struct screen *screen, const struct block *block, const struct list *list);

/* Where days answer: that a whole month shows more, and the way there. */
void write_month_offer(struct screen *screen, const struct list *list);

/* From the card to inside its end: a day's hours as columns. False, and nothing, where none is shown. */
bool write_hours(struct screen *screen, int32_t day, enum message title, const char *css);

/* Visible time in its steps. */
enum { STEPS_MAX = 7 };
struct steps {
    int64_t counts[STEPS_MAX]; /* of shown rows */
    bool shown[STEPS_MAX];
    int64_t sum;
};
/* The rows of a table by steps; those of 'page' (.at NULL: keys are steps alone). */
struct steps steps_of(const struct statistic *statistic, struct span page);
/*
 * The keys of a page in a table of steps by page, one a step. They borrow texts, of which they take STEPS_MAX *
 * (page.length + STEP_PREFIX) bytes.
 */
enum { STEP_PREFIX = 2 };
void steps_keys(struct span page, char *texts, struct span keys[STEPS_MAX]);
/* What these keys of a page have. */
struct steps steps_found(struct statistic *statistic, const struct span keys[STEPS_MAX]);
/* Median in seconds, evenly spread within each step; -1 where the steps hold too little. */
int64_t steps_median_s(const struct steps *steps);

/*
 * Answers: the first that the site's configuration names means yes, the second no; further ones are reasons, given
 * beside a no, and do not count among all.
 */
struct answers {
    int64_t yes, all;
};
/*
 * Of one page, or (.at NULL) of all pages whose yes and no are both shown: a page whose few no are hidden would else
 * count as one without any.
 */
struct answers answers_of(const struct site_config *site, struct statistic *statistic, struct span page);
/* The shown row of an answer about a page; NULL: it is hidden. */
const struct statistic_row *answer_row(struct statistic *statistic, const char *answer, struct span page);
/* Whole percent of yes; -1 without any answers. */
int64_t answers_percent(const struct answers *answers);

/* The lines that put the script on a page, and let it through. */
void write_snippet(struct screen *screen);

#endif
