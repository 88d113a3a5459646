#include "config_types.h"

#include <stdlib.h>

static void
read_point(struct reading *reading, const struct option *option, const struct yaml_node *item, void *base)
{
    struct geo_point *points = *(struct geo_point **)option_field(option, base);
    struct geo_point *point = &points[*option_count(option, base)];
    if (item->kind != YAML_MAP) {
        config_wrong_type(reading, option, item);
        return;
    }
    config_read_options(reading, &point_options, item, point);
    config_read_unknown(reading, &point_options, "", item, false);
    if (yaml_member(item, "latitude") == NULL || yaml_member(item, "longitude") == NULL)
        problem_add(&reading->problems, yaml_place(item, reading->file),
                    "%s: a point without latitude or longitude; give both", option->name);
    ++*option_count(option, base);
}

void
type_points_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    struct geo_point **points = option_field(option, base);
    if (node->kind != YAML_LIST) {
        config_wrong_type(reading, option, node);
        return;
    }
    *points = calloc(node->count + 1, sizeof **points);
    if (*points == NULL) {
        reading->problems.no_memory = true;
        return;
    }
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next)
        read_point(reading, option, item, base);
}

void
type_points_print(FILE *out, const struct option *option, const void *base)
{
    const struct geo_point *points = *(struct geo_point *const *)option_value(option, base);
    fputc('[', out);
    for (size_t i = 0; i < option_items(option, base); i++) {
        fputs(i == 0 ? "{" : ", {", out);
        for (size_t j = 0; j < point_options.count; j++) {
            const struct option *row = &point_options.rows[j];
            fprintf(out, "%s%s: ", j == 0 ? "" : ", ", row->name);
            option_types[row->type].print(out, row, &points[i]);
        }
        fputc('}', out);
    }
    fputc(']', out);
}

void
type_points_release(const struct option *option, void *base)
{
    struct geo_point **points = option_field(option, base);
    free(*points);
    *points = NULL;
    *option_count(option, base) = 0;
}
