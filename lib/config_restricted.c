/* The promises of docs/privacy.md that a configuration could break, and how it is kept from it. */
#include "config_parts.h"

#include "sporlos/page_pattern.h"

struct widening {
    const char *key; /* what somebody might write for a restricted site */
    const char *promise;
};

#define PROMISE_CLOSED_LIST "only visitors, municipality and general behaviour"
#define PROMISE_ADDRESS "IP addresses cannot be retrieved, and nothing made from one is kept"
#define PROMISE_AGENT "no User-Agent, screen, language or client hint is read"
#define PROMISE_SEARCH "search words are linked to nothing; here they are not read at all"
#define PROMISE_NOISE "statistics identify nobody; noise, thresholds and storage time are part of the program"
#define PROMISE_AGE "age is collected nowhere"
#define PROMISE_PAGES "only pages on the site's list have a name"

static const struct widening widenings[] = {
    { "visitors", PROMISE_ADDRESS },
    { "ip", PROMISE_ADDRESS },
    { "address", PROMISE_ADDRESS },
    { "addresses", PROMISE_ADDRESS },
    { "visitor_id", PROMISE_ADDRESS },
    { "session", PROMISE_ADDRESS },
    { "hour", PROMISE_CLOSED_LIST },
    { "referrer", PROMISE_CLOSED_LIST },
    { "referrers", PROMISE_CLOSED_LIST },
    { "campaign", PROMISE_CLOSED_LIST },
    { "campaigns", PROMISE_CLOSED_LIST },
    { "engagement", PROMISE_CLOSED_LIST },
    { "scroll", PROMISE_CLOSED_LIST },
    { "feedback", PROMISE_CLOSED_LIST },
    { "feedback_question", PROMISE_CLOSED_LIST },
    { "event", PROMISE_CLOSED_LIST },
    { "events", PROMISE_CLOSED_LIST },
    { "tag", PROMISE_CLOSED_LIST },
    { "tags", PROMISE_CLOSED_LIST },
    { "section", PROMISE_CLOSED_LIST },
    { "sections", PROMISE_CLOSED_LIST },
    { "query", PROMISE_CLOSED_LIST },
    { "query_parameters", PROMISE_CLOSED_LIST },
    { "device", PROMISE_AGENT },
    { "devices", PROMISE_AGENT },
    { "browser", PROMISE_AGENT },
    { "browsers", PROMISE_AGENT },
    { "system", PROMISE_AGENT },
    { "systems", PROMISE_AGENT },
    { "screen", PROMISE_AGENT },
    { "language", PROMISE_AGENT },
    { "user_agent", PROMISE_AGENT },
    { "search", PROMISE_SEARCH },
    { "search_parameter", PROMISE_SEARCH },
    { "noise", PROMISE_NOISE },
    { "variance", PROMISE_NOISE },
    { "threshold", PROMISE_NOISE },
    { "show", PROMISE_NOISE },
    { "k", PROMISE_NOISE },
    { "witnesses", PROMISE_NOISE },
    { "retention", PROMISE_NOISE },
    { "age", PROMISE_AGE },
    { "sitemap", PROMISE_PAGES },
    { "admission", PROMISE_PAGES },
};

bool
config_restricted_key(struct reading *reading, const struct yaml_node *key)
{
    for (size_t i = 0; i < sizeof widenings / sizeof widenings[0]; i++) {
        if (!span_equal(key->text, span_text(widenings[i].key)))
            continue;
        problem_add(&reading->problems, yaml_place(key, reading->file),
                    "a restricted site cannot have '%s' (promise: %s); take it out, no option widens a restricted site",
                    widenings[i].key, widenings[i].promise);
        return true;
    }
    return false;
}

bool
config_restricted_option(struct reading *reading, const struct option_set *set, const struct option *option,
                         const struct yaml_node *map, const void *base)
{
    if (set != &site_options || option->restricted || ((const struct site_config *)base)->mode != MODE_RESTRICTED)
        return false;
    const struct yaml_node *node = yaml_member(map, option->name);
    if (node != NULL && !config_restricted_key(reading, node->key))
        problem_add(&reading->problems, yaml_place(node->key, reading->file),
                    "a restricted site cannot have '%s' (promise: %s); take it out, no option widens a restricted site",
                    option->name, PROMISE_CLOSED_LIST);
    return true;
}

const char *
config_mode_tables(enum site_mode mode, char *out, size_t size)
{
    unsigned left = config_tables_of(mode);
    size_t length = 0;
    out[0] = '\0';
    for (int table = 0; table < TABLE_COUNT && length < size; table++) {
        if (!(left & 1U << table))
            continue;
        left &= ~(1U << table);
        const char *between = length == 0 ? "" : left == 0 ? " and " : ", ";
        length += (size_t)snprintf(out + length, size - length, "%s%s", between, table_table[table].name);
    }
    return out;
}

unsigned
config_tables_of(enum site_mode mode)
{
    unsigned tables = 0;
    for (int table = 0; table < TABLE_COUNT; table++)
        if (table_periods((enum table_id)table, mode) != PERIODS_NEVER)
            tables |= 1U << table;
    return tables;
}

/* What was declined or dropped shows that the site is measured honestly: it says nothing of those who were counted. */
unsigned
config_tables_kept(enum site_mode mode)
{
    unsigned tables = 0;
    for (int table = 0; table < TABLE_COUNT; table++)
        if (table_table[table].counted == COUNTED_DECLINED || table_table[table].counted == COUNTED_DROPPED)
            tables |= 1U << table;
    return tables & config_tables_of(mode);
}

static bool
is_listed(const struct site_config *site, const char *page)
{
    for (size_t i = 0; i < site->pages.count; i++)
        if (page_pattern_matches(site->pages.items[i], span_text(page)))
            return true;
    return false;
}

static void
check_folds(struct reading *reading, const struct yaml_node *map, const struct site_config *site)
{
    const struct yaml_node *node = yaml_member(map, "fold");
    char quoted[QUOTE_MAX];
    for (const struct yaml_node *item = node == NULL ? NULL : node->first; item != NULL; item = item->next) {
        char page[PAGE_PATTERN_MAX];
        const char *why;
        if (item->kind != YAML_TEXT || page_pattern_normalise(item->text, page, &why) != SP_OK || is_listed(site, page))
            continue;
        problem_add(&reading->problems, yaml_place(item, reading->file),
                    "fold: %s is not one of 'pages' (promise: %s); add it to 'pages' or fold to a page that is there",
                    problem_quote(item->text, quoted), PROMISE_PAGES);
    }
}

/* '/[*]' and '/[**]' would list whatever anybody asks for. */
static void
check_listed_pages(struct reading *reading, const struct yaml_node *map)
{
    const struct yaml_node *node = yaml_member(map, "pages");
    char quoted[QUOTE_MAX];
    const struct yaml_node *item = node == NULL ? NULL : node->kind == YAML_LIST ? node->first : node;
    for (; item != NULL; item = node->kind == YAML_LIST ? item->next : NULL)
        if (item->kind == YAML_TEXT && item->text.length > 1 && memcmp(item->text.at, "/*", 2) == 0)
            problem_add(&reading->problems, yaml_place(item, reading->file),
                        "pages: %s lists any page whatever (promise: %s); name the pages, or the folders they lie in",
                        problem_quote(item->text, quoted), PROMISE_PAGES);
}

static void
check_population(struct reading *reading, const struct yaml_node *map, struct site_config *site)
{
    const struct yaml_node *node = yaml_member(map, "min_population");
    if (node == NULL) {
        site->min_population = RESTRICTED_POPULATION_MIN;
        return;
    }
    int64_t value;
    if (node->kind == YAML_TEXT && amount_parse(node->text, NULL, &value) == NULL && value >= 0 &&
        value < RESTRICTED_POPULATION_MIN)
        problem_add(
            &reading->problems, yaml_place(node, reading->file),
            "min_population: a restricted site cannot go below %d persons (promise: statistics identify nobody); "
            "raise it, or leave it out",
            RESTRICTED_POPULATION_MIN);
}

static void
check_visitors(struct reading *reading, const struct yaml_node *map, struct site_config *site)
{
    const struct yaml_node *node = yaml_member(map, "visitors");
    if (node != NULL && site->visitors)
        problem_add(&reading->problems, yaml_place(node->key, reading->file),
                    "a restricted site cannot have 'visitors' (promise: %s); take it out, no option widens a "
                    "restricted site",
                    PROMISE_ADDRESS);
    site->visitors = false;
}

static void
check_restricted(struct reading *reading, const struct yaml_node *map, struct site_config *site)
{
    const struct yaml_node *pages = yaml_member(map, "pages");
    if (pages == NULL || pages->kind == YAML_NULL || (pages->kind == YAML_LIST && pages->count == 0)) {
        const struct yaml_node *at = pages != NULL ? pages : map->key;
        problem_add(&reading->problems, yaml_place(at, reading->file),
                    "a restricted site needs 'pages' (promise: %s); list the pages that may be counted by name",
                    PROMISE_PAGES);
    }
    check_visitors(reading, map, site);
    check_listed_pages(reading, map);
    check_folds(reading, map, site);
    check_population(reading, map, site);
}

/* Their keys come from the configuration: without any, nothing is counted, and nothing to declare. */
static unsigned
tables_without_keys(const struct site_config *site)
{
    unsigned tables = site->section_count == 0 ? 1U << TABLE_SECTION : 0;
    tables |= site->tags.count == 0 ? 1U << TABLE_TAG : 0;
    return tables | (site->answer_count == 0 ? 1U << TABLE_FEEDBACK : 0);
}

static void
index_tags(struct reading *reading, struct site_config *site)
{
    if (site->tags.count > 0 && name_index_new(&site->tag_index) != SP_OK)
        reading->problems.no_memory = true;
    for (size_t i = 0; site->tag_index != NULL && i < site->tags.count; i++)
        if (name_index_put(site->tag_index, span_text(site->tags.items[i]), i) == SP_NO_MEMORY)
            reading->problems.no_memory = true;
}

void
config_check_site(struct reading *reading, const struct yaml_node *map, struct site_config *site)
{
    if (site->tables == 0)
        site->tables = config_tables_of(site->mode);
    site->tables |= config_tables_kept(site->mode);
    site->tables &= ~tables_without_keys(site);
    if (!site->visitors)
        site->tables &= ~(1U << TABLE_VISITORS);
    index_tags(reading, site);
    if (site->mode == MODE_RESTRICTED)
        check_restricted(reading, map, site);
}
