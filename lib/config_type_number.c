#include "config_types.h"

#include <inttypes.h>
#include <stdlib.h>

static void
report_number(struct reading *reading, const struct option *option, const struct yaml_node *node, const char *what)
{
    char quoted[QUOTE_MAX];
    char low[AMOUNT_TEXT_MAX];
    char high[AMOUNT_TEXT_MAX];
    char units[AMOUNT_TEXT_MAX];
    bool scaled = amount_units(option->unit, units) != NULL;
    problem_add(&reading->problems, yaml_place(node, reading->file), "%s: %s %s; give %s to %s%s%s%s%s", option->name,
                problem_quote(node->text, quoted), what, amount_format(option->low, option->unit, low),
                amount_format(option->high, option->unit, high), scaled || option->unit == NULL ? "" : " ",
                scaled || option->unit == NULL ? "" : option->unit, scaled ? ", in one of " : "", scaled ? units : "");
}

/* The number that the option takes; false when it has been reported as none. */
static bool
read_amount(struct reading *reading, const struct option *option, const struct yaml_node *node, int64_t *value)
{
    const char *what = NULL;
    bool digits = node->kind == YAML_TEXT && node->text.length > 0 && strchr("-0123456789", node->text.at[0]) != NULL;
    if (!digits) {
        config_wrong_type(reading, option, node);
        return false;
    }
    what = amount_parse(node->text, option->unit, value);
    if (what == NULL && *value < option->low)
        what = "is too small";
    else if (what == NULL && *value > option->high)
        what = "is too large";
    if (what != NULL)
        report_number(reading, option, node, what);
    return what == NULL;
}

void
type_number_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    int64_t value;
    if (read_amount(reading, option, node, &value))
        *(int64_t *)option_field(option, base) = value;
}

void
type_number_print(FILE *out, const struct option *option, const void *base)
{
    char text[AMOUNT_TEXT_MAX];
    fputs(amount_format(*(const int64_t *)option_value(option, base), option->unit, text), out);
}

void
type_length_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    int64_t value;
    if (read_amount(reading, option, node, &value))
        *(double *)option_field(option, base) = (double)value;
}

void
type_length_print(FILE *out, const struct option *option, const void *base)
{
    char text[AMOUNT_TEXT_MAX];
    fputs(amount_format((int64_t) * (const double *)option_value(option, base), option->unit, text), out);
}

void
type_degrees_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    enum { DIGITS_MAX = 24 };
    char *end = NULL;
    bool plausible = node->kind == YAML_TEXT && node->text.length < DIGITS_MAX &&
                     strspn(node->text.at, "-.0123456789") == node->text.length;
    double value = plausible ? strtod(node->text.at, &end) : 0;
    if (!plausible || *end != '\0' || end == node->text.at) {
        config_wrong_type(reading, option, node);
        return;
    }
    if (value < (double)option->low || value > (double)option->high)
        problem_add(&reading->problems, yaml_place(node, reading->file),
                    "%s: %s is out of bounds; give %" PRId64 " to %" PRId64 " degrees", option->name, node->text.at,
                    option->low, option->high);
    *(double *)option_field(option, base) = value;
}

void
type_degrees_print(FILE *out, const struct option *option, const void *base)
{
    fprintf(out, "%.15g", *(const double *)option_value(option, base));
}

void
type_flag_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    bool yes = node->kind == YAML_TEXT && span_equal(node->text, SPAN_LITERAL("true"));
    if (!yes && (node->kind != YAML_TEXT || !span_equal(node->text, SPAN_LITERAL("false"))))
        config_wrong_type(reading, option, node);
    *(bool *)option_field(option, base) = yes;
}

void
type_flag_print(FILE *out, const struct option *option, const void *base)
{
    fputs(*(const bool *)option_value(option, base) ? "true" : "false", out);
}
