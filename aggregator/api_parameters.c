#include "api_parameters.h"

#include "sporlos/hex.h"

#include <stdio.h>

const struct parameter_row parameter_rows[PARAMETER_COUNT] = {
#define X(id, name, place, schema, description, wrong)                                                                 \
    [PARAMETER_##id] = { name, PLACE_##place, schema, description, wrong },
    API_PARAMETERS(X)
#undef X
};

static const char *const missing[PARAMETER_COUNT] = {
#define X(id, name, ...) [PARAMETER_##id] = "'" name "' is missing.",
    API_PARAMETERS(X)
#undef X
};

static const char *const twice[PARAMETER_COUNT] = {
#define X(id, name, ...) [PARAMETER_##id] = "'" name "' is given twice.",
    API_PARAMETERS(X)
#undef X
};

bool
percent_decode(struct span text, char *out, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        int c = (unsigned char)text.at[i];
        if (c == '%') {
            c = hex_byte(text.at + i + 1, text.at + text.length);
            i += 2;
        }
        if (c < 0x20 || c == 0x7f || length + 1 >= size)
            return false;
        out[length++] = (char)c;
    }
    out[length] = '\0';
    return true;
}

static bool
fail(struct problem *problem, const char *field, const char *detail)
{
    *problem = (struct problem){ .status = 400, .field = field, .detail = detail };
    return false;
}

bool
api_parameter_wrong(enum api_parameter parameter, struct problem *problem)
{
    return fail(problem, parameter_rows[parameter].name, parameter_rows[parameter].wrong);
}

/* One 'name=value'. */
static bool
read_pair(struct span pair, unsigned mask, struct api_parameters *parameters, struct problem *problem)
{
    const char *equals = memchr(pair.at, '=', pair.length);
    size_t name_length = equals == NULL ? pair.length : (size_t)(equals - pair.at);
    struct span name = span_of(pair.at, name_length);
    for (unsigned i = 0; i < PARAMETER_COUNT; i++) {
        const struct parameter_row *row = &parameter_rows[i];
        if ((mask & 1U << i) == 0 || row->place == PLACE_PATH || !span_equal(name, span_text(row->name)))
            continue;
        if (parameters->given[i])
            return fail(problem, row->name, twice[i]);
        parameters->given[i] = true;
        struct span value = equals == NULL ? span_of("", 0) : span_of(equals + 1, pair.length - name_length - 1);
        if (!percent_decode(value, parameters->text[i], PARAMETER_TEXT_MAX))
            return api_parameter_wrong((enum api_parameter)i, problem);
        return true;
    }
    return fail(problem, NULL, "There is a parameter that this address does not have; see /api/openapi.json.");
}

bool
api_parameters_read(struct span query, unsigned mask, struct api_parameters *parameters, struct problem *problem)
{
    while (query.length > 0) {
        const char *end = memchr(query.at, '&', query.length);
        size_t length = end == NULL ? query.length : (size_t)(end - query.at);
        if (!read_pair(span_of(query.at, length), mask, parameters, problem))
            return false;
        size_t used = end == NULL ? length : length + 1;
        query = span_of(query.at + used, query.length - used);
    }
    for (unsigned i = 0; i < PARAMETER_COUNT; i++)
        if ((mask & 1U << i) != 0 && parameter_rows[i].place == PLACE_REQUIRED && !parameters->given[i])
            return fail(problem, parameter_rows[i].name, missing[i]);
    return true;
}
