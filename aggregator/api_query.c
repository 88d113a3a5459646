#include "api_query.h"

#include <stdlib.h>

#include <idn2.h>

static const char *const by_names[] = {
    [BY_RANGE] = "range", [BY_DAY] = "day", [BY_WEEK] = "week", [BY_MONTH] = "month", [BY_HOUR] = "hour",
};

enum { BY_COUNT = sizeof by_names / sizeof by_names[0] };

static const char *const format_names[EXPORT_FORMAT_COUNT] = {
#define X(id, name, ...) [id] = name,
    EXPORT_FORMATS(X)
#undef X
};

static const char *const separator_names[CSV_SEPARATOR_COUNT] = {
#define X(id, name, ...) [id] = name,
    CSV_SEPARATORS(X)
#undef X
};

const char *
statistic_by_name(enum statistic_by by)
{
    return by_names[by];
}

/* Its place among the names; -1: none of them. */
static int
find_name(const char *const *names, int count, const char *text)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], text) == 0)
            return i;
    return -1;
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
api_site(const struct config *config, char *name)
{
    const struct site_config *site = config_site(config, span_text(name));
    char *ascii = NULL;
    if (site == NULL && lower_ascii(name))
        return config_site(config, span_text(name)); /* libidn2 would leave copies of it in memory that it has freed */
    if (site == NULL && idn2_to_ascii_8z(name, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) == IDN2_OK)
        site = config_site(config, span_text(ascii));
    idn2_free(ascii);
    return site;
}

bool
api_parse_day(const char *text, int32_t *day)
{
    struct period period;
    if (period_parse(span_text(text), &period) != SP_OK || period.kind != PERIOD_DAY)
        return false;
    *day = period.index;
    return true;
}

bool
api_query_take(const struct api_parameters *parameters, struct statistic_query *query, struct problem *problem)
{
    if (!api_parse_day(parameters->text[PARAMETER_FROM], &query->from))
        return api_parameter_wrong(PARAMETER_FROM, problem);
    if (!api_parse_day(parameters->text[PARAMETER_TO], &query->to))
        return api_parameter_wrong(PARAMETER_TO, problem);
    int by = find_name(by_names, BY_COUNT, parameters->text[PARAMETER_BY]);
    if (by < 0)
        return api_parameter_wrong(PARAMETER_BY, problem);
    query->by = (enum statistic_by)by;
    *problem = (struct problem){ .status = 400, .field = "to", .detail = "'to' lies before 'from'." };
    if (query->to < query->from)
        return false;
    problem->detail = "The range is longer than 3660 days.";
    return query->to - query->from < STATISTIC_DAYS_MAX;
}

bool
api_format_take(const struct api_parameters *parameters, enum export_format *format, enum csv_separator *separator,
                struct problem *problem)
{
    *format = EXPORT_JSON;
    *separator = CSV_SEMICOLON;
    int found = find_name(format_names, EXPORT_FORMAT_COUNT, parameters->text[PARAMETER_FORMAT]);
    if (parameters->given[PARAMETER_FORMAT] && found < 0)
        return api_parameter_wrong(PARAMETER_FORMAT, problem);
    if (parameters->given[PARAMETER_FORMAT])
        *format = (enum export_format)found;
    found = find_name(separator_names, CSV_SEPARATOR_COUNT, parameters->text[PARAMETER_SEP]);
    if (parameters->given[PARAMETER_SEP] && found < 0)
        return api_parameter_wrong(PARAMETER_SEP, problem);
    if (parameters->given[PARAMETER_SEP])
        *separator = (enum csv_separator)found;
    return true;
}
