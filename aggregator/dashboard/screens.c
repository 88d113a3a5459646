/* Which screens there are, and what stands on each. */
#include "screen.h"

#define ALWAYS TABLE_COUNT
#define NONE TABLE_COUNT
#define NO_NOTE MESSAGE_COUNT

/*  how, width, table, whole, title, name of the key, of the value, rows in sight, screen with all, note */
#define LIST(width, table, whole, title, key, value, rows, more, note)                                                 \
    {                                                                                                                  \
        block_ranking, WIDTH_##width, TABLE_##table, whole, MESSAGE_##title, MESSAGE_##key, MESSAGE_##value, rows,     \
            more, note                                                                                                 \
    }
#define SAY(render, width, table, title, note)                                                                         \
    {                                                                                                                  \
        render, WIDTH_##width, table, NONE, MESSAGE_##title, MESSAGE_COUNT, MESSAGE_COUNT, 0, NULL, note               \
    }

static const struct block overview[] = {
    SAY(block_figures, FULL, ALWAYS, OVERVIEW, NO_NOTE),
    SAY(block_trend, FULL, TABLE_VISITS, VISITS_PER_DAY, NO_NOTE),
    LIST(FIVE, PAGE, TABLE_TOTAL, PAGES, PAGE, VIEWS_SHORT, 10, "/content", NO_NOTE),
    { block_places, WIDTH_SEVEN, TABLE_MUNICIPALITY, TABLE_VISITS, MESSAGE_MUNICIPALITIES, MESSAGE_MUNICIPALITY,
      MESSAGE_VISITS, 9, "/places", NO_NOTE },
    LIST(THIRD, REFERRER, TABLE_VISITS, SOURCES, SOURCE, VISITS, 7, "/sources", NO_NOTE),
    LIST(THIRD, SECTION, NONE, SECTIONS, SECTION, VIEWS_SHORT, 7, "/content", NO_NOTE),
    LIST(THIRD, TAG, NONE, TAGS, TAG, VIEWS_SHORT, 7, "/content", NO_NOTE),
    LIST(THIRD, DEVICE, TABLE_VISITS, DEVICES, DEVICE, VISITS, 4, "/sources", NO_NOTE),
    LIST(THIRD, BROWSER, TABLE_VISITS, BROWSERS, BROWSER, VISITS, 4, "/sources", NO_NOTE),
    LIST(THIRD, SYSTEM, TABLE_VISITS, SYSTEMS, SYSTEM, VISITS, 4, "/sources", NO_NOTE),
    SAY(block_hours, THIRD, TABLE_HOUR, HOURS_TODAY, NO_NOTE),
    SAY(block_not_counted, THIRD, TABLE_DROPPED, NOT_COUNTED, MESSAGE_NOT_COUNTED_LEDE),
    SAY(block_reading, THIRD, ALWAYS, HOW_TO_READ, NO_NOTE),
};

static const struct block content[] = {
    LIST(TWO_THIRDS_BESIDE_FOUR, PAGE, TABLE_TOTAL, ALL_PAGES, PAGE, VIEWS_SHORT, 32, NULL, NO_NOTE),
    LIST(THIRD, SECTION, NONE, SECTIONS, SECTION, VIEWS_SHORT, 12, NULL, NO_NOTE),
    LIST(THIRD, TAG, NONE, TAGS, TAG, VIEWS_SHORT, 12, NULL, NO_NOTE),
    { block_steps, WIDTH_THIRD, TABLE_ENGAGEMENT, NONE, MESSAGE_VISIBLE_TIME, MESSAGE_TIME, MESSAGE_VIEWS_SHORT, 0,
      NULL, MESSAGE_VISIBLE_NOTE },
    { block_steps, WIDTH_THIRD, TABLE_VISIT_LENGTH, NONE, MESSAGE_VISIT_LENGTH, MESSAGE_TIME, MESSAGE_VISITS, 0, NULL,
      MESSAGE_LENGTH_NOTE },
    SAY(block_reading, FULL, ALWAYS, HOW_TO_READ, NO_NOTE),
};

static const struct block about_page[] = {
    SAY(block_page_figures, FULL, TABLE_PAGE, OVERVIEW, NO_NOTE),
    SAY(block_trend, FULL, TABLE_PAGE, VIEWS_PER_DAY, NO_NOTE),
    { block_steps, WIDTH_THIRD, TABLE_PAGE_ENGAGEMENT, NONE, MESSAGE_VISIBLE_TIME_PAGE, MESSAGE_TIME,
      MESSAGE_VIEWS_SHORT, 0, NULL, NO_NOTE },
    { block_steps, WIDTH_THIRD, TABLE_SCROLL, NONE, MESSAGE_SCROLL, MESSAGE_DEPTH, MESSAGE_VIEWS_SHORT, 0, NULL,
      NO_NOTE },
    { block_steps, WIDTH_THIRD, TABLE_FEEDBACK, NONE, MESSAGE_FOUND_QUESTION, MESSAGE_ANSWER, MESSAGE_COUNT_OF, 0, NULL,
      NO_NOTE },
    SAY(block_page_about, FULL, TABLE_PAGE, ABOUT_THIS, NO_NOTE),
};

static const struct block places[] = {
    { block_places, WIDTH_TWO_THIRDS_BESIDE_TWO, TABLE_MUNICIPALITY, TABLE_VISITS, MESSAGE_MUNICIPALITIES,
      MESSAGE_MUNICIPALITY, MESSAGE_VISITS, 20, NULL, NO_NOTE },
    { block_counties, WIDTH_THIRD, TABLE_MUNICIPALITY, NONE, MESSAGE_COUNTIES, MESSAGE_COUNTY, MESSAGE_VISITS, 0, NULL,
      MESSAGE_COUNTY_NOTE },
    SAY(block_reading, THIRD, ALWAYS, HOW_TO_READ, NO_NOTE),
};

static const struct block sources[] = {
    LIST(THIRD, REFERRER, TABLE_VISITS, REFERRERS, SOURCE, VISITS, 7, NULL, NO_NOTE),
    LIST(TWO_THIRDS_BESIDE_TWO, REFERRER_HOST, NONE, HOSTS, HOST, VISITS, 15, NULL, MESSAGE_HOSTS_NOTE),
    LIST(THIRD, DEVICE, TABLE_VISITS, DEVICES, DEVICE, VISITS, 8, NULL, NO_NOTE),
    LIST(THIRD, UTM_CAMPAIGN, NONE, CAMPAIGNS, CAMPAIGN, VISITS, 10, NULL, NO_NOTE),
    LIST(THIRD, UTM_SOURCE, NONE, UTM_SOURCES, UTM_SOURCE_KEY, VISITS, 10, NULL, NO_NOTE),
    LIST(THIRD, UTM_MEDIUM, NONE, UTM_MEDIA, UTM_MEDIUM_KEY, VISITS, 10, NULL, NO_NOTE),
    LIST(THIRD, BROWSER, TABLE_VISITS, BROWSERS, BROWSER, VISITS, 8, NULL, NO_NOTE),
    LIST(THIRD, SYSTEM, TABLE_VISITS, SYSTEMS, SYSTEM, VISITS, 8, NULL, NO_NOTE),
    SAY(block_reading, THIRD, ALWAYS, HOW_TO_READ, NO_NOTE),
};

static const struct block searches[] = {
    LIST(HALF, SEARCH, NONE, WORDS, WORD, TIMES, 25, NULL, MESSAGE_WORDS_NOTE),
    LIST(HALF, SEARCH_EMPTY, NONE, WORDS_EMPTY, WORD, TIMES, 25, NULL, MESSAGE_WORDS_EMPTY_NOTE),
    SAY(block_reading, FULL, ALWAYS, HOW_TO_READ, NO_NOTE),
};

static const struct block feedback[] = {
    SAY(block_answer_trend, FULL, TABLE_FEEDBACK, SHARE_YES_BY_MONTH, NO_NOTE),
    SAY(block_answers, FULL, TABLE_FEEDBACK, ANSWERS, MESSAGE_ANSWERS_NOTE),
    SAY(block_reading, FULL, ALWAYS, HOW_TO_READ, NO_NOTE),
};

static const struct block events[] = {
    LIST(HALF, DOWNLOAD, NONE, DOWNLOADS, FILE_KEY, COUNT_OF, 15, NULL, NO_NOTE),
    LIST(HALF, OUTBOUND, NONE, OUTBOUND, HOST, CLICKS, 15, NULL, NO_NOTE),
    LIST(HALF, MISSING, NONE, MISSING, ADDRESS, VIEWS_SHORT, 15, NULL, MESSAGE_MISSING_NOTE),
    LIST(HALF, EVENT, NONE, OWN_EVENTS, EVENT, COUNT_OF, 15, NULL, NO_NOTE),
    SAY(block_reading, FULL, ALWAYS, HOW_TO_READ, NO_NOTE),
};

static const struct block reports[] = {
    SAY(block_share, HALF, ALWAYS, SHARING, NO_NOTE),
    SAY(block_print, HALF, ALWAYS, PRINT, MESSAGE_PRINT_NOTE),
    SAY(block_exports, FULL, ALWAYS, EXPORTS, NO_NOTE),
};

static const struct block settings[] = {
    SAY(block_snippet, SEVEN_BESIDE_TWO, ALWAYS, SNIPPET, NO_NOTE),
    SAY(block_received, FIVE, ALWAYS, RECEIVED, NO_NOTE),
    SAY(block_not_counted, FIVE, TABLE_DROPPED, DROPPED_HELP, MESSAGE_NOT_COUNTED_LEDE),
};

static const struct block frame[] = {
    SAY(block_figures, FULL, ALWAYS, OVERVIEW, NO_NOTE),
    SAY(block_trend, FULL, TABLE_VISITS, VISITS_PER_DAY, NO_NOTE),
    LIST(FULL, PAGE, TABLE_TOTAL, PAGES, PAGE, VIEWS_SHORT, 10, "", NO_NOTE),
};

#define BLOCKS(blocks) blocks, sizeof(blocks) / sizeof(blocks)[0]

/*  suffix, title, in the menu, entry that stands for it, parameter, can do without, has a period, public, blocks */
static const struct screen_kind screens[] = {
    { "", MESSAGE_OVERVIEW, MESSAGE_OVERVIEW, "", NULL, true, true, true, BLOCKS(overview) },
    { "/content", MESSAGE_CONTENT, MESSAGE_CONTENT, "/content", NULL, true, true, true, BLOCKS(content) },
    { "/page", MESSAGE_ABOUT_PAGE, MESSAGE_COUNT, "/content", "path", false, true, true, BLOCKS(about_page) },
    { "/places", MESSAGE_PLACES, MESSAGE_COUNT, "", "county", true, true, true, BLOCKS(places) },
    { "/sources", MESSAGE_SOURCES, MESSAGE_SOURCES, "/sources", NULL, true, true, true, BLOCKS(sources) },
    { "/searches", MESSAGE_SEARCHES, MESSAGE_SEARCHES, "/searches", NULL, true, true, true, BLOCKS(searches) },
    { "/feedback", MESSAGE_FEEDBACK, MESSAGE_FEEDBACK, "/feedback", NULL, true, true, true, BLOCKS(feedback) },
    { "/events", MESSAGE_EVENTS, MESSAGE_EVENTS, "/events", NULL, true, true, true, BLOCKS(events) },
    { "/reports", MESSAGE_DOWNLOAD_REPORTS, MESSAGE_DOWNLOAD_REPORTS, "/reports", NULL, true, true, false,
      BLOCKS(reports) },
    { "/privacy", MESSAGE_PRIVACY, MESSAGE_PRIVACY, "/privacy", NULL, true, false, true, NULL, 0 },
    { "/settings", MESSAGE_SETTINGS, MESSAGE_SETTINGS, "/settings", NULL, true, false, false, BLOCKS(settings) },
};

const struct screen_kind screen_frame = {
    "", MESSAGE_OVERVIEW, MESSAGE_COUNT, "", NULL, true, true, true, BLOCKS(frame)
};

const struct screen_kind *
screen_find(struct span suffix)
{
    for (size_t i = 0; i < sizeof screens / sizeof screens[0]; i++)
        if (span_equal(suffix, span_text(screens[i].suffix)))
            return &screens[i];
    return NULL;
}

const struct screen_kind *
screen_at(size_t index)
{
    return index < sizeof screens / sizeof screens[0] ? &screens[index] : NULL;
}

bool
screen_has_numbers(const struct screen_kind *kind, const struct site_config *site)
{
    bool has_tables = false;
    bool counts = false;
    bool has_others = kind->block_count == 0;
    for (size_t i = 0; i < kind->block_count; i++) {
        enum table_id table = kind->blocks[i].table;
        if (table == TABLE_COUNT) {
            has_others |= kind->blocks[i].render != block_reading;
            continue;
        }
        has_tables = true;
        counts |= (site->tables & 1U << table) != 0 && table_periods(table, site->mode) != 0;
    }
    return counts || (has_others && !has_tables) || !kind->has_period;
}
