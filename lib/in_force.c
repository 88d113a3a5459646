#include "sporlos/in_force.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const period_names[PERIOD_KIND_COUNT] = { "hour", "day", "month" };

enum {
    SEEN_VERSION = 1,
    SEEN_MODE = 2,
    SEEN_POPULATION = 4,
    SEEN_NEXT_MODE = 8,
    SEEN_NEXT_POPULATION = 16,
    SEEN_FROM = 32
};
enum { NEEDED = SEEN_VERSION | SEEN_MODE | SEEN_POPULATION, NEXT = SEEN_NEXT_MODE | SEEN_NEXT_POPULATION | SEEN_FROM };

static struct in_force_field *
put_number(struct in_force_field *field, const char *name, int64_t number)
{
    snprintf(field->name, sizeof field->name, "%s", name);
    snprintf(field->value, sizeof field->value, "%" PRId64, number);
    return field + 1;
}

static struct in_force_field *
put_text(struct in_force_field *field, const char *name, const char *value)
{
    snprintf(field->name, sizeof field->name, "%s", name);
    snprintf(field->value, sizeof field->value, "%s", value);
    return field + 1;
}

size_t
in_force_write(const struct in_force *in_force, struct in_force_field fields[IN_FORCE_FIELDS_MAX])
{
    struct in_force_field *at = fields;
    at = put_number(at, "version", in_force->version);
    if (in_force->published_s != IN_FORCE_NEVER)
        at = put_number(at, "published", in_force->published_s);
    at = put_text(at, "mode", mode_table[in_force->mode].name);
    at = put_number(at, "min_population", in_force->min_population);
    if (in_force->next_from_s != IN_FORCE_NEVER) {
        at = put_text(at, "next_mode", mode_table[in_force->next_mode].name);
        at = put_number(at, "next_min_population", in_force->next_min_population);
        at = put_number(at, "next_from", in_force->next_from_s);
    }
    if (in_force->query[0] != '\0' && in_force->query_from_s != IN_FORCE_NEVER) {
        at = put_text(at, "query", in_force->query);
        at = put_number(at, "query_from", in_force->query_from_s);
    }
    for (int table = 0; table < TABLE_COUNT; table++) {
        for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
            char name[IN_FORCE_NAME_MAX];
            if (in_force->from[table][kind] == IN_FORCE_NEVER)
                continue;
            snprintf(name, sizeof name, "%s.%s", table_table[table].name, period_names[kind]);
            at = put_number(at, name, in_force->from[table][kind]);
        }
    }
    return (size_t)(at - fields);
}

void
in_force_begin(struct in_force_reader *reader)
{
    *reader = (struct in_force_reader){
        .value = { .published_s = IN_FORCE_NEVER, .next_from_s = IN_FORCE_NEVER, .query_from_s = IN_FORCE_NEVER }
    };
    for (int table = 0; table < TABLE_COUNT; table++)
        for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
            reader->value.from[table][kind] = IN_FORCE_NEVER;
}

static void
read_number(struct in_force_reader *reader, unsigned seen, struct span value, int64_t *number)
{
    char text[IN_FORCE_VALUE_MAX];
    char *end = text;
    *number = IN_FORCE_NEVER;
    if (value.length == 0 || value.length >= sizeof text) {
        reader->malformed = true;
        return;
    }
    memcpy(text, value.at, value.length);
    text[value.length] = '\0';
    int64_t read = strtoll(text, &end, 10);
    if (*end != '\0' || read < 0)
        reader->malformed = true;
    else
        *number = read;
    reader->seen |= seen;
}

static void
read_mode(struct in_force_reader *reader, unsigned seen, struct span value, enum site_mode *mode)
{
    for (int i = 0; i < MODE_COUNT; i++) {
        if (span_equal(value, span_text(mode_table[i].name))) {
            *mode = (enum site_mode)i;
            reader->seen |= seen;
            return;
        }
    }
    reader->malformed = true;
}

static void
read_query(struct in_force_reader *reader, struct span value)
{
    if (value.length >= sizeof reader->value.query)
        reader->malformed = true;
    else if (value.length > 0)
        memcpy(reader->value.query, value.at, value.length); /* zeroed by in_force_begin */
}

static void
read_table(struct in_force_reader *reader, struct span name, struct span value)
{
    const char *dot = name.length == 0 ? NULL : memchr(name.at, '.', name.length);
    enum table_id table;
    if (dot == NULL || table_find(span_of(name.at, (size_t)(dot - name.at)), &table) != SP_OK)
        return; /* of a newer program */
    struct span period = span_of(dot + 1, name.length - (size_t)(dot + 1 - name.at));
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
        if (span_equal(period, span_text(period_names[kind])))
            read_number(reader, 0, value, &reader->value.from[table][kind]);
}

void
in_force_read(struct in_force_reader *reader, struct span name, struct span value)
{
    struct in_force *in_force = &reader->value;
    if (span_equal(name, SPAN_LITERAL("version")))
        read_number(reader, SEEN_VERSION, value, &in_force->version);
    else if (span_equal(name, SPAN_LITERAL("published")))
        read_number(reader, 0, value, &in_force->published_s);
    else if (span_equal(name, SPAN_LITERAL("mode")))
        read_mode(reader, SEEN_MODE, value, &in_force->mode);
    else if (span_equal(name, SPAN_LITERAL("next_mode")))
        read_mode(reader, SEEN_NEXT_MODE, value, &in_force->next_mode);
    else if (span_equal(name, SPAN_LITERAL("min_population")))
        read_number(reader, SEEN_POPULATION, value, &in_force->min_population);
    else if (span_equal(name, SPAN_LITERAL("next_min_population")))
        read_number(reader, SEEN_NEXT_POPULATION, value, &in_force->next_min_population);
    else if (span_equal(name, SPAN_LITERAL("query")))
        read_query(reader, value);
    else if (span_equal(name, SPAN_LITERAL("query_from")))
        read_number(reader, 0, value, &in_force->query_from_s);
    else if (span_equal(name, SPAN_LITERAL("next_from")))
        read_number(reader, SEEN_FROM, value, &in_force->next_from_s);
    else
        read_table(reader, name, value);
}

enum sp_error
in_force_end(const struct in_force_reader *reader)
{
    unsigned next = reader->seen & NEXT;
    bool whole = (reader->seen & NEEDED) == NEEDED && (next == 0 || next == NEXT);
    return whole && !reader->malformed ? SP_OK : SP_MALFORMED;
}

enum site_mode
in_force_mode(const struct in_force *in_force, int64_t at_s)
{
    return at_s >= in_force->next_from_s ? in_force->next_mode : in_force->mode;
}

bool
in_force_reads(const struct in_force *in_force, int64_t at_s, const char *parameter)
{
    return parameter != NULL && strcmp(in_force->query, parameter) == 0 && at_s >= in_force->query_from_s;
}

static bool
is_in_force(const struct in_force *in_force, int table, int64_t at_s)
{
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
        if (in_force->from[table][kind] <= at_s)
            return true;
    return false;
}

void
in_force_lay_over(const struct in_force *in_force, int64_t at_s, struct site_config *site)
{
    int64_t population = at_s >= in_force->next_from_s ? in_force->next_min_population : in_force->min_population;
    site->mode = in_force_mode(in_force, at_s);
    if (site->min_population < population)
        site->min_population = population;
    for (int table = 0; table < TABLE_COUNT; table++)
        if (!is_in_force(in_force, table, at_s))
            site->tables &= ~(1U << table);
    memcpy(site->in_force.from, in_force->from, sizeof site->in_force.from);
}

bool
site_counts(const struct site_config *site, enum table_id table, struct period period)
{
    const struct site_in_force *in_force = &site->in_force;
    int64_t start_s = period_start(period, &site->zone);
    return start_s >= in_force->from[table][period.kind] || (start_s >= in_force->earlier_from[table][period.kind] &&
                                                             start_s < in_force->earlier_until[table][period.kind]);
}

enum site_mode
site_mode_since(const struct site_config *site, int64_t start_s)
{
    return start_s < site->in_force.mode_since_s ? site->in_force.mode_before : site->mode;
}

bool
mode_widens(enum site_mode from, enum site_mode to)
{
    const struct mode *a = &mode_table[from];
    const struct mode *b = &mode_table[to];
    return (a->tables == TABLES_RESTRICTED && b->tables != TABLES_RESTRICTED) || b->bound < a->bound ||
           b->variance < a->variance || b->show < a->show || b->k < a->k || b->witnesses < a->witnesses ||
           (a->window == WINDOW_DAY && b->window != WINDOW_DAY);
}
