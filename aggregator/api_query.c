#include "api_query.h"

#include <stdlib.h>

#include <idn2.h>

static const char *const by_names[] = {
    [BY_RANGE] = "range", [BY_DAY] = "day", [BY_WEEK] = "week", [BY_MONTH] = "month", [BY_HOUR] = "hour",
};

enum { BY_COUNT = sizeof by_names / sizeof by_names[0] };

const char *
statistic_by_name(enum statistic_by by)
{
    return by_names[by];
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
percent_decode(struct span text, char *out, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        int c = (unsigned char)text.at[i];
        if (c == '%') {
            if (i + 2 >= text.length || hex_digit(text.at[i + 1]) < 0 || hex_digit(text.at[i + 2]) < 0)
                return false;
            c = hex_digit(text.at[i + 1]) * 16 + hex_digit(text.at[i + 2]);
            i += 2;
        }
        if (c < 0x20 || c == 0x7f || length + 1 >= size)
            return false;
        out[length++] = (char)c;
    }
    out[length] = '\0';
    return true;
}

/* Lower case in place; false when it is not all ASCII. */
static bool
lower_ascii(char *name)
{
    for (; *name != '\0'; name++) {
        if ((unsigned char)*name >= 0x80)
            return false;
        if (*name >= 'A' && *name <= 'Z')
            *name = (char)(*name - 'A' + 'a');
    }
    return true;
}

const struct site_config *
api_site(const struct config *config, struct span segment)
{
    char name[SITE_NAME_MAX];
    if (!percent_decode(segment, name, sizeof name))
        return NULL;
    const struct site_config *site = config_site(config, span_text(name));
    char *ascii = NULL;
    if (site == NULL && lower_ascii(name))
        return config_site(config, span_text(name)); /* libidn2 would leave copies of it in memory that it has freed */
    if (site == NULL && idn2_to_ascii_8z(name, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK)
        site = config_site(config, span_text(ascii));
    idn2_free(ascii);
    return site;
}

static bool
parse_day(const char *text, int32_t *day)
{
    struct period period;
    if (period_parse(span_text(text), &period) != SP_OK || period.kind != PERIOD_DAY)
        return false;
    *day = period.index;
    return true;
}

static bool
parse_from(const char *text, struct statistic_query *query)
{
    return parse_day(text, &query->from);
}

static bool
parse_to(const char *text, struct statistic_query *query)
{
    return parse_day(text, &query->to);
}

static bool
parse_by(const char *text, struct statistic_query *query)
{
    for (int i = 0; i < BY_COUNT; i++) {
        if (strcmp(by_names[i], text) == 0) {
            query->by = (enum statistic_by)i;
            return true;
        }
    }
    return false;
}

static const struct parameter {
    const char *name;
    bool (*parse)(const char *text, struct statistic_query *query);
    const char *wrong, *missing, *twice;
} parameters[] = {
    { "from", parse_from, "'from' must be a day, as in 2026-11-22.", "'from' is missing: the first day.",
      "'from' is given twice." },
    { "to", parse_to, "'to' must be a day, as in 2026-11-22.", "'to' is missing: the last day, inclusive.",
      "'to' is given twice." },
    { "by", parse_by, "'by' must be day, week, month, range or hour.",
      "'by' is missing: day, week, month, range or hour.", "'by' is given twice." },
};

enum { PARAMETER_COUNT = sizeof parameters / sizeof parameters[0] };

static bool
fail(struct problem *problem, const char *field, const char *detail)
{
    *problem = (struct problem){ 400, field, detail };
    return false;
}

/* One 'name=value'. */
static bool
parse_pair(struct span pair, struct statistic_query *query, bool seen[PARAMETER_COUNT], struct problem *problem)
{
    const char *equals = memchr(pair.at, '=', pair.length);
    size_t name_length = equals == NULL ? pair.length : (size_t)(equals - pair.at);
    char value[64] = "";
    if (equals != NULL && !percent_decode(span_of(equals + 1, pair.length - name_length - 1), value, sizeof value))
        value[0] = '\0'; /* which no parameter takes */
    for (size_t i = 0; i < PARAMETER_COUNT; i++) {
        const struct parameter *parameter = &parameters[i];
        if (!span_equal(span_of(pair.at, name_length), span_text(parameter->name)))
            continue;
        if (seen[i])
            return fail(problem, parameter->name, parameter->twice);
        seen[i] = true;
        return parameter->parse(value, query) || fail(problem, parameter->name, parameter->wrong);
    }
    return fail(problem, NULL, "There is a parameter that is none of from, to and by.");
}

static bool
check_range(const struct statistic_query *query, struct problem *problem)
{
    if (query->to < query->from)
        return fail(problem, "to", "'to' lies before 'from'.");
    if (query->to - query->from >= STATISTIC_DAYS_MAX)
        return fail(problem, "to", "The range is longer than 3660 days.");
    return true;
}

bool
api_query_parse(struct span text, struct statistic_query *query, struct problem *problem)
{
    bool seen[PARAMETER_COUNT] = { false };
    while (text.length > 0) {
        const char *end = memchr(text.at, '&', text.length);
        size_t length = end == NULL ? text.length : (size_t)(end - text.at);
        if (!parse_pair(span_of(text.at, length), query, seen, problem))
            return false;
        size_t used = end == NULL ? length : length + 1;
        text = span_of(text.at + used, text.length - used);
    }
    for (size_t i = 0; i < PARAMETER_COUNT; i++)
        if (!seen[i])
            return fail(problem, parameters[i].name, parameters[i].missing);
    return check_range(query, problem);
}
