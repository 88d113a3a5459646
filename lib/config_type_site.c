#include "config_types.h"

#include "domain.h"

void
type_mode_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    const char *names[MODE_COUNT];
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        names[mode] = mode_table[mode].name;
        if (node->kind == YAML_TEXT && span_equal(node->text, span_text(names[mode]))) {
            *(enum site_mode *)option_field(option, base) = (enum site_mode)mode;
            return;
        }
    }
    const char *nearest = node->kind == YAML_TEXT ? problem_nearest(node->text, names, MODE_COUNT) : NULL;
    char quoted[QUOTE_MAX];
    if (nearest != NULL)
        problem_add(&reading->problems, yaml_place(node, reading->file), "%s: there is no mode %s; did you mean '%s'?",
                    option->name, problem_quote(node->text, quoted), nearest);
    else
        config_wrong_type(reading, option, node);
}

void
type_mode_print(FILE *out, const struct option *option, const void *base)
{
    fputs(mode_table[*(const enum site_mode *)option_value(option, base)].name, out);
}

void
type_zone_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    char quoted[QUOTE_MAX];
    if (node->kind != YAML_TEXT)
        config_wrong_type(reading, option, node);
    else if (zone_init(option_field(option, base), node->text.at) != SP_OK)
        problem_add(&reading->problems, yaml_place(node, reading->file),
                    "%s: this system knows no time zone %s; write an IANA name such as Europe/Oslo, and install tzdata",
                    option->name, problem_quote(node->text, quoted));
}

void
type_zone_print(FILE *out, const struct option *option, const void *base)
{
    fputs(((const struct zone *)option_value(option, base))->name, out);
}

char *
config_convert_host(struct reading *reading, const struct option *option, const struct yaml_node *item)
{
    char ascii[SITE_NAME_MAX];
    char quoted[QUOTE_MAX];
    const char *why = "out of memory";
    if (domain_to_ascii(item->text.at, ascii, &why) == SP_OK)
        return config_copy(reading, ascii);
    problem_add(&reading->problems, yaml_place(item, reading->file), "%s: %s is no host name: %s", option->name,
                problem_quote(item->text, quoted), why);
    return NULL;
}

void
type_hosts_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    config_read_texts(reading, option, node, option_field(option, base), config_convert_host);
}

/* A table that the site's mode does not have is either a slip or an attempt to count more than was promised. */
static void
refuse_table(struct reading *reading, const struct option *option, const struct yaml_node *item, enum site_mode mode)
{
    char tables[PROBLEM_TEXT_MAX / 2];
    char quoted[QUOTE_MAX];
    problem_quote(item->text, quoted);
    config_mode_tables(mode, tables, sizeof tables);
    if (mode == MODE_RESTRICTED)
        problem_add(
            &reading->problems, yaml_place(item, reading->file),
            "%s: %s cannot be counted: restricted sites count only %s (promise: only visitors, municipality and "
            "general behaviour); take it out",
            option->name, quoted, tables);
    else
        problem_add(&reading->problems, yaml_place(item, reading->file),
                    "%s: there is no table %s in mode %s; the tables are %s", option->name, quoted,
                    mode_table[mode].name, tables);
}

static void
read_table(struct reading *reading, const struct option *option, const struct yaml_node *item, void *base)
{
    const struct site_config *site = base;
    enum table_id table;
    if (item->kind != YAML_TEXT)
        config_wrong_type(reading, option, item);
    else if (table_find(item->text, &table) != SP_OK || !(config_tables_of(site->mode) & 1U << table))
        refuse_table(reading, option, item, site->mode);
    else
        *(unsigned *)option_field(option, base) |= 1U << table;
}

void
type_tables_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    if (node->kind != YAML_LIST || node->count == 0) {
        config_wrong_type(reading, option, node);
        return;
    }
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next)
        read_table(reading, option, item, base);
}

void
type_tables_print(FILE *out, const struct option *option, const void *base)
{
    unsigned tables = *(const unsigned *)option_value(option, base);
    const char *between = "[";
    for (int table = 0; table < TABLE_COUNT; table++) {
        if (!(tables & 1U << table))
            continue;
        fprintf(out, "%s%s", between, table_table[table].name);
        between = ", ";
    }
    fputc(']', out);
}
