#include "../visitor_bias.h"
#include "export.h"

static const char *const kind_names[PERIOD_KIND_COUNT] = { "hour", "day", "month" };

static void
write_moment(struct json *json, const char *name, const struct statistic_query *query, int32_t index)
{
    char text[MOMENT_TEXT_MAX];
    export_moment(query, index, text);
    json_name(json, name);
    json_text(json, span_text(text));
}

static void
write_day(struct json *json, const char *name, int32_t day)
{
    char text[PERIOD_TEXT_MAX];
    period_format((struct period){ PERIOD_DAY, day }, text);
    json_name(json, name);
    json_text(json, span_text(text));
}

/* Visitors are an estimate: by how much it is known to be off. */
static void
write_bias(struct json *json)
{
    static const struct {
        int readers, percent;
    } rows[] = {
#define X(readers, percent) { (readers), (percent) },
        VISITOR_BIAS(X)
#undef X
    };
    json_name(json, "estimate");
    json_boolean(json, true);
    json_name(json, "bias");
    json_array(json);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_object(json);
        json_name(json, "readers");
        json_integer(json, rows[i].readers);
        json_name(json, "percent");
        json_integer(json, rows[i].percent);
        json_object_end(json);
    }
    json_array_end(json);
}

void
export_json_meta(struct json *json, const struct export *export)
{
    const struct site_config *site = export->query->site;
    const struct mode *mode = &mode_table[site->mode];
    const struct {
        const char *name;
        int value;
    } rules[] = {
        { "noise_variance", mode->variance },     { "noise_bound", mode->bound },
        { "leaf_threshold", mode->show },         { "sum_threshold_base", mode->k },
        { "networks_at_least", mode->witnesses },
    };
    json_name(json, "mode");
    json_text(json, span_text(mode->name));
    json_name(json, "timezone");
    json_text(json, span_text(site->zone.name));
    json_name(json, "leaves");
    json_text(json, span_text(kind_names[statistic_leaf_kind(export->statistic)]));
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        json_name(json, rules[i].name);
        json_integer(json, rules[i].value);
    }
    if (export->query->table == TABLE_VISITORS)
        write_bias(json);
}

static void
write_value(struct json *json, const struct statistic_row *row)
{
    json_name(json, "value");
    if (!row->shown) {
        json_null(json);
        json_name(json, "status");
        json_text(json, SPAN_LITERAL(":"));
        return;
    }
    json_integer(json, row->value);
    json_name(json, "deviation");
    json_decimal(json, row->deviation);
    json_name(json, "leaves");
    json_integer(json, row->leaves);
    if (row->at_least) {
        json_name(json, "at_least");
        json_boolean(json, true);
    }
}

static void
write_row(struct json *json, const struct statistic_query *query, const struct statistic_row *row)
{
    json_object(json);
    write_moment(json, "from", query, row->from);
    write_moment(json, "to", query, row->to);
    if (table_table[query->table].key != KEY_NONE) {
        json_name(json, "key");
        json_text(json, row->key);
    }
    write_value(json, row);
    if (row->is_rest) {
        json_name(json, "rest");
        json_boolean(json, true);
    }
    json_object_end(json);
}

void
export_json(struct json *json, const struct export *export)
{
    const struct statistic_query *query = export->query;
    json_object(json);
    json_name(json, "site");
    json_text(json, span_text(query->site->key));
    json_name(json, "table");
    json_text(json, span_text(table_table[query->table].name));
    write_day(json, "from", query->from);
    write_day(json, "to", query->to);
    json_name(json, "by");
    json_text(json, span_text(statistic_by_name(query->by)));
    json_name(json, "meta");
    json_object(json);
    export_json_meta(json, export);
    json_object_end(json);
    json_name(json, "rows");
    json_array(json);
    for (size_t i = 0; i < statistic_count(export->statistic); i++)
        write_row(json, query, statistic_at(export->statistic, i));
    json_array_end(json);
    json_object_end(json);
}
