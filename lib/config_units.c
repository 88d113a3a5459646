#include "config_parts.h"

#include <inttypes.h>

struct unit {
    const char *symbol;
    int dimension;
    int64_t size; /* in the first unit of the dimension */
};

enum { DIMENSION_MEMORY, DIMENSION_TIME, DIMENSION_LENGTH };

/* Within a dimension from small to large. */
static const struct unit units[] = {
    { "B", DIMENSION_MEMORY, 1 },         { "KiB", DIMENSION_MEMORY, 1 << 10 }, { "MiB", DIMENSION_MEMORY, 1 << 20 },
    { "GiB", DIMENSION_MEMORY, 1 << 30 }, { "ms", DIMENSION_TIME, 1 },          { "s", DIMENSION_TIME, 1000 },
    { "min", DIMENSION_TIME, 60 * 1000 }, { "h", DIMENSION_TIME, 3600 * 1000 }, { "d", DIMENSION_TIME, 86400 * 1000 },
    { "m", DIMENSION_LENGTH, 1 },         { "km", DIMENSION_LENGTH, 1000 },
};

enum { UNIT_COUNT = sizeof units / sizeof units[0] };

static const struct unit *
find_unit(struct span symbol)
{
    for (size_t i = 0; i < UNIT_COUNT; i++)
        if (span_equal(symbol, span_text(units[i].symbol)))
            return &units[i];
    return NULL;
}

static bool
parse_digits(struct span *text, int64_t *value)
{
    bool negative = text->length > 0 && text->at[0] == '-';
    size_t i = negative;
    *value = 0;
    for (; i < text->length && text->at[i] >= '0' && text->at[i] <= '9'; i++)
        if (__builtin_mul_overflow(*value, 10, value) || __builtin_add_overflow(*value, text->at[i] - '0', value))
            return false;
    if (i == (size_t)negative)
        return false;
    *value = negative ? -*value : *value;
    *text = span_of(text->at + i, text->length - i);
    return true;
}

const char *
amount_parse(struct span text, const char *unit, int64_t *value)
{
    const struct unit *own = unit == NULL ? NULL : find_unit(span_text(unit));
    if (!parse_digits(&text, value))
        return "is not a whole number that makes sense";
    while (text.length > 0 && text.at[0] == ' ')
        text = span_of(text.at + 1, text.length - 1);
    if (text.length == 0)
        return NULL;
    const struct unit *given = find_unit(text);
    if (own == NULL)
        return "must be a plain whole number, without a unit";
    if (given == NULL || given->dimension != own->dimension)
        return "has an unknown unit";
    if (__builtin_mul_overflow(*value, given->size, value))
        return "is not a whole number that makes sense";
    if (*value % own->size != 0)
        return "is a fraction of the unit";
    *value /= own->size;
    return NULL;
}

const char *
amount_format(int64_t value, const char *unit, char out[AMOUNT_TEXT_MAX])
{
    const struct unit *own = unit == NULL ? NULL : find_unit(span_text(unit));
    if (own == NULL) {
        snprintf(out, AMOUNT_TEXT_MAX, "%" PRId64, value);
        return out;
    }
    const struct unit *best = own;
    for (const struct unit *larger = own; larger < units + UNIT_COUNT && larger->dimension == own->dimension; larger++)
        if (value != 0 && value % (larger->size / own->size) == 0)
            best = larger;
    snprintf(out, AMOUNT_TEXT_MAX, "%" PRId64 " %s", value / (best->size / own->size), best->symbol);
    return out;
}

const char *
amount_units(const char *unit, char out[AMOUNT_TEXT_MAX])
{
    const struct unit *own = unit == NULL ? NULL : find_unit(span_text(unit));
    size_t length = 0;
    out[0] = '\0';
    if (own == NULL)
        return NULL;
    for (size_t i = 0; i < UNIT_COUNT; i++)
        if (units[i].dimension == own->dimension)
            length += (size_t)snprintf(out + length, AMOUNT_TEXT_MAX - length, "%s%s", length == 0 ? "" : ", ",
                                       units[i].symbol);
    return out;
}
