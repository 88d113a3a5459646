/* What is more than was promised. Doubt counts as more: it costs fourteen days, the other error costs a promise. */
#include "sporlos/declaration.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHOICE_VALUES_MAX = 3 };

static const struct {
    const char *key;
    enum declared_sense sense;
} numbers[DECLARED_NUMBER_COUNT] = {
#define X(id, key, sense) [DECLARED_##id] = { key, sense },
    DECLARED_NUMBERS(X)
#undef X
};

static const struct {
    const char *key;
    const char *values[CHOICE_VALUES_MAX]; /* from the narrowest */
} choices[DECLARED_CHOICE_COUNT] = {
#define X(id, key, ...) [DECLARED_##id] = { key, { __VA_ARGS__ } },
    DECLARED_CHOICES(X)
#undef X
};

static const char *const period_names[PERIOD_KIND_COUNT] = { "hour", "day", "month" };

__attribute__((format(printf, 2, 3))) static void
note(struct difference *difference, const char *format, ...)
{
    difference->verdict = DIFFERENCE_MORE;
    if (difference->count == DIFFERENCE_COUNT_MAX)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(difference->more[difference->count++], DIFFERENCE_ITEM_MAX, format, arguments);
    va_end(arguments);
}

static void
compare_tables(const struct declaration *before, const struct declaration *after, struct difference *difference)
{
    for (size_t i = 0; i < after->table_count; i++) {
        const struct declared_table *now = &after->tables[i];
        const struct declared_table *then = declaration_table(before, now->name);
        if (then == NULL) {
            note(difference, "%s", now->name);
            continue;
        }
        for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
            if ((now->periods & ~then->periods & PERIOD_BIT(kind)) != 0)
                note(difference, "%s (%s)", now->name, period_names[kind]);
    }
}

static const char *
fate_of(const struct declaration *declaration, const char *field)
{
    for (size_t i = 0; i < declaration->field_count; i++)
        if (strcmp(declaration->fields[i].name, field) == 0)
            return declaration->fields[i].fate;
    return NULL;
}

/* A field that is new comes to something in new tables only; another fate of an old one changes what old tables hold.
 */
static void
compare_fields(const struct declaration *before, const struct declaration *after, struct difference *difference)
{
    for (size_t i = 0; i < after->field_count; i++) {
        const struct declared_field *now = &after->fields[i];
        const char *then = fate_of(before, now->name);
        bool narrower = then != NULL && strcmp(then, "page") == 0 && strcmp(now->fate, "listed_page") == 0;
        if (then == NULL) {
            note(difference, "field %s", now->name);
        } else if (strcmp(then, now->fate) != 0 && !narrower) {
            note(difference, "field %s: %s -> %s", now->name, then, now->fate);
            difference->rules = true;
        }
    }
}

static const char *
number_text(int64_t number, char out[24])
{
    if (number == DECLARED_NO_END)
        return "no end";
    snprintf(out, 24, "%" PRId64, number);
    return out;
}

static void
compare_numbers(const struct declaration *before, const struct declaration *after, struct difference *difference)
{
    for (int i = 0; i < DECLARED_NUMBER_COUNT; i++) {
        int64_t then = before->numbers[i];
        int64_t now = after->numbers[i];
        char texts[2][24];
        if (numbers[i].sense == DECLARED_MORE_IF_SMALLER ? now >= then : now <= then)
            continue;
        note(difference, "%s %s -> %s", numbers[i].key, number_text(then, texts[0]), number_text(now, texts[1]));
        difference->rules = true;
    }
}

static int
rank_of(enum declared_choice choice, const char *value)
{
    int rank = 0;
    while (rank < CHOICE_VALUES_MAX &&
           (choices[choice].values[rank] == NULL || strcmp(choices[choice].values[rank], value) != 0))
        rank++;
    return rank;
}

static void
compare_choices(const struct declaration *before, const struct declaration *after, struct difference *difference)
{
    for (int i = 0; i < DECLARED_CHOICE_COUNT; i++) {
        const char *then = before->choices[i];
        const char *now = after->choices[i];
        int rank = rank_of((enum declared_choice)i, now);
        bool unknown = rank == CHOICE_VALUES_MAX;
        if (strcmp(then, now) == 0 || (!unknown && rank <= rank_of((enum declared_choice)i, then)))
            continue;
        note(difference, "%s %s -> %s", choices[i].key, then, now);
        /* Municipalities, and tables made of the User-Agent: they wait as new ones do. */
        difference->rules |= i != DECLARED_MUNICIPALITIES && !(i == DECLARED_USER_AGENT && strcmp(then, "bots") == 0);
    }
}

static void
compare_declines(const struct declaration *before, const struct declaration *after, struct difference *difference)
{
    for (size_t i = 0; i < before->decline_count; i++) {
        bool kept = false;
        for (size_t j = 0; j < after->decline_count; j++)
            kept = kept || strcmp(before->declines[i], after->declines[j]) == 0;
        if (kept)
            continue;
        note(difference, "%s no longer declines", before->declines[i]);
        difference->rules = true;
    }
}

static void
compare_query(const struct declaration *before, const struct declaration *after, struct difference *difference)
{
    const char *then = before->search_parameter;
    const char *now = after->search_parameter;
    if (now[0] == '\0' || strcmp(then, now) == 0)
        return;
    note(difference, "search_parameter %s -> %s", then[0] == '\0' ? "none" : then, now);
    difference->rules = true;
}

static bool
is_same(const struct declaration *before, const struct declaration *after)
{
    char *a = declaration_write(before);
    char *b = declaration_write(after);
    bool same = a != NULL && b != NULL && strcmp(a, b) == 0;
    free(a);
    free(b);
    return same;
}

void
declaration_compare(const struct declaration *before, const struct declaration *after, struct difference *difference)
{
    memset(difference, 0, sizeof *difference);
    difference->verdict = is_same(before, after) ? DIFFERENCE_SAME : DIFFERENCE_LESS;
    compare_tables(before, after, difference);
    compare_fields(before, after, difference);
    compare_choices(before, after, difference);
    compare_numbers(before, after, difference);
    compare_declines(before, after, difference);
    compare_query(before, after, difference);
}

const char *
difference_text(const struct difference *difference, char out[DIFFERENCE_TEXT_MAX])
{
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < difference->count && length < DIFFERENCE_TEXT_MAX; i++)
        length += (size_t)snprintf(out + length, DIFFERENCE_TEXT_MAX - length, "%s%s", i == 0 ? "" : ", ",
                                   difference->more[i]);
    return out;
}
