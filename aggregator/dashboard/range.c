#include "range.h"

#include "sporlos/utf8.h"

static int
hexadecimal(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (c | 0x20) - 'a' + 10;
    return -1;
}

static enum sp_error
decode(struct span text, char out[QUERY_VALUE_MAX])
{
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        int byte = text.at[i] == '+' ? ' ' : (unsigned char)text.at[i];
        if (text.at[i] == '%') {
            if (text.length - i < 3 || hexadecimal(text.at[i + 1]) < 0 || hexadecimal(text.at[i + 2]) < 0)
                return SP_MALFORMED;
            byte = hexadecimal(text.at[i + 1]) * 16 + hexadecimal(text.at[i + 2]);
            i += 2;
        }
        if (byte == 0)
            return SP_MALFORMED;
        if (length + 1 >= QUERY_VALUE_MAX)
            return SP_TOO_LONG;
        out[length++] = (char)byte;
    }
    out[length] = '\0';
    return SP_OK;
}

/* 'name=value' without the '&' behind it, which *rest then goes on after. */
static struct span
take_pair(struct span *rest)
{
    const char *and = memchr(rest->at, '&', rest->length);
    size_t length = and == NULL ? rest->length : (size_t)(and-rest->at);
    size_t taken = and == NULL ? length : length + 1;
    struct span pair = span_of(rest->at, length);
    *rest = span_of(rest->at + taken, rest->length - taken);
    return pair;
}

enum sp_error
query_next(struct span *rest, const char *name, char out[QUERY_VALUE_MAX])
{
    size_t length = strlen(name);
    out[0] = '\0';
    while (rest->length > 0) {
        struct span pair = take_pair(rest);
        if (pair.length <= length || memcmp(pair.at, name, length) != 0 || pair.at[length] != '=')
            continue;
        enum sp_error error = decode(span_of(pair.at + length + 1, pair.length - length - 1), out);
        if (error != SP_OK)
            out[0] = '\0';
        return error;
    }
    return SP_NOT_FOUND;
}

enum sp_error
query_value(struct span query, const char *name, char out[QUERY_VALUE_MAX])
{
    return query_next(&query, name, out);
}

static bool
is_utf8(struct span text)
{
    uint32_t code;
    size_t bytes = 0;
    for (size_t i = 0; i < text.length; i += bytes)
        if ((bytes = utf8_decode(span_of(text.at + i, text.length - i), &code)) == 0)
            return false;
    return true;
}

bool
query_is_whole(struct span query)
{
    char value[QUERY_VALUE_MAX];
    while (query.length > 0) {
        struct span pair = take_pair(&query);
        const char *equals = memchr(pair.at, '=', pair.length);
        size_t before = equals == NULL ? 0 : (size_t)(equals - pair.at) + 1;
        if (decode(span_of(pair.at + before, pair.length - before), value) != SP_OK || !is_utf8(span_text(value)))
            return false;
    }
    return true;
}

static const struct {
    const char *name;
    enum range_kind kind;
} kinds[] = { { "7d", RANGE_DAYS_7 },           { "28d", RANGE_DAYS_28 },    { "90d", RANGE_DAYS_90 },
              { "yesterday", RANGE_YESTERDAY }, { "week", RANGE_THIS_WEEK }, { "lastweek", RANGE_LAST_WEEK },
              { "12m", RANGE_MONTHS_12 },       { "custom", RANGE_CUSTOM } };

static const char *const comparisons[] = {
    [COMPARE_PREVIOUS] = "previous", [COMPARE_YEAR] = "year", [COMPARE_NONE] = "none"
};

static bool
parse_month(const char *text, int32_t *month)
{
    struct period period;
    if (strncmp(text, "month:", 6) != 0 || period_parse(span_text(text + 6), &period) != SP_OK ||
        period.kind != PERIOD_MONTH)
        return false;
    *month = period.index;
    return true;
}

bool
day_parse(struct span text, int32_t *day)
{
    struct period period;
    if (period_parse(text, &period) != SP_OK || period.kind != PERIOD_DAY)
        return false;
    *day = period.index;
    return true;
}

void
day_write(struct html *html, int32_t day)
{
    char text[PERIOD_TEXT_MAX];
    html_text(html, period_format((struct period){ PERIOD_DAY, day }, text));
}

static int32_t
query_day(struct span query, const char *name)
{
    char value[QUERY_VALUE_MAX];
    int32_t day;
    return query_value(query, name, value) == SP_OK && day_parse(span_text(value), &day) ? day : NO_DAY;
}

struct selection
selection_parse(struct span query)
{
    struct selection selection = { .kind = RANGE_DAYS_28, .compare = COMPARE_PREVIOUS };
    char value[QUERY_VALUE_MAX];
    if (query_value(query, "period", value) == SP_OK) {
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
            if (strcmp(value, kinds[i].name) == 0)
                selection.kind = kinds[i].kind;
        if (parse_month(value, &selection.month))
            selection.kind = RANGE_MONTH;
    }
    if (selection.kind == RANGE_CUSTOM) {
        selection.from = query_day(query, "from");
        selection.to = query_day(query, "to");
    }
    if (query_value(query, "compare", value) == SP_OK)
        for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++)
            if (strcmp(value, comparisons[i]) == 0)
                selection.compare = (enum comparison)i;
    selection.margins = query_value(query, "margins", value) == SP_OK && strcmp(value, "1") == 0;
    return selection;
}

const char *
comparison_name(enum comparison comparison)
{
    return comparisons[comparison];
}

void
selection_write_period(struct html *html, struct selection selection)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].kind == selection.kind)
            html_text(html, kinds[i].name);
    if (selection.kind == RANGE_MONTH) {
        char text[PERIOD_TEXT_MAX];
        html_raw(html, "month:");
        html_text(html, period_format((struct period){ PERIOD_MONTH, selection.month }, text));
    }
}

static void
write_day(struct html *html, const char *field, int32_t day)
{
    html_raw(html, "&amp;");
    html_text(html, field);
    html_raw(html, "=");
    if (day != NO_DAY)
        day_write(html, day);
}

static void
separate(struct html *html, bool *is_first)
{
    if (*is_first)
        html_raw(html, "?");
    else
        html_raw(html, "&amp;");
    *is_first = false;
}

void
selection_write(struct html *html, struct selection selection, bool is_first)
{
    if (selection.kind != RANGE_DAYS_28) {
        separate(html, &is_first);
        html_raw(html, "period=");
        selection_write_period(html, selection);
    }
    if (selection.kind == RANGE_CUSTOM) {
        write_day(html, "from", selection.from);
        write_day(html, "to", selection.to);
    }
    if (selection.compare != COMPARE_PREVIOUS) {
        separate(html, &is_first);
        html_raw(html, "compare=");
        html_text(html, comparison_name(selection.compare));
    }
    if (selection.margins) {
        separate(html, &is_first);
        html_raw(html, "margins=1");
    }
}

bool
days_equal(struct day_range a, struct day_range b)
{
    return a.from == b.from && a.to == b.to;
}

bool
days_are_months(struct day_range days)
{
    return month_first_day(civil_month(days.from)) == days.from &&
           month_first_day(civil_month(days.to) + 1) == days.to + 1;
}

struct day_range
selection_days(struct selection selection, int32_t last)
{
    int32_t month = civil_month(last + 1);                 /* the first that is not whole */
    int32_t sunday = last - (civil_weekday(last) + 1) % 7; /* the last that is over */
    switch (selection.kind) {
    case RANGE_DAYS_7:
        return (struct day_range){ last - 6, last };
    case RANGE_DAYS_90:
        return (struct day_range){ last - 89, last };
    case RANGE_YESTERDAY:
        return (struct day_range){ last, last };
    case RANGE_THIS_WEEK:
        return (struct day_range){ last - civil_weekday(last), last };
    case RANGE_LAST_WEEK:
        return (struct day_range){ sunday - 6, sunday };
    case RANGE_CUSTOM:
        return (struct day_range){ selection.from, selection.to };
    case RANGE_MONTH:
        return (struct day_range){ month_first_day(selection.month), month_first_day(selection.month + 1) - 1 };
    case RANGE_MONTHS_12:
        return (struct day_range){ month_first_day(month - 12), month_first_day(month) - 1 };
    case RANGE_DAYS_28:
        break;
    }
    return (struct day_range){ last - 27, last };
}

bool
selection_is_months(struct selection selection)
{
    const struct day_range custom = { selection.from, selection.to };
    return selection.kind == RANGE_MONTH || selection.kind == RANGE_MONTHS_12 ||
           (selection.kind == RANGE_CUSTOM && custom.from != NO_DAY && custom.to != NO_DAY && days_are_months(custom));
}

struct day_range
selection_compared(struct selection selection, struct day_range days)
{
    int32_t length = days.to - days.from + 1;
    bool is_by_weekday = selection.kind == RANGE_THIS_WEEK || length == 1; /* a Saturday is no Friday */
    int32_t shift = selection.compare == COMPARE_YEAR ? 364 : is_by_weekday ? 7 : length;
    if (!selection_is_months(selection))
        return (struct day_range){ days.from - shift, days.to - shift };
    int32_t first = civil_month(days.from);
    int32_t count = civil_month(days.to) - first + 1;
    int32_t back = selection.compare == COMPARE_YEAR ? 12 : count;
    return (struct day_range){ month_first_day(first - back), month_first_day(first - back + count) - 1 };
}
