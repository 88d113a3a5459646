#include "export.h"

#include "../suppression.h"

void
export_moment(const struct statistic_query *query, int32_t index, char text[MOMENT_TEXT_MAX])
{
    period_format((struct period){ query->by == BY_HOUR ? PERIOD_HOUR : PERIOD_DAY, index }, text);
    if (query->by == BY_HOUR)
        strcat(text, ":00Z");
}

static struct span
municipality_label(const struct export *export, struct span key)
{
    int county = county_of(key);
    const struct gazetteer_municipality *municipality = NULL;
    const struct gazetteer_county *found = NULL;
    if (county >= 0 && key.length == 4)
        municipality = gazetteer_municipality(export->gazetteer,
                                              (uint16_t)(county * 100 + (key.at[2] - '0') * 10 + (key.at[3] - '0')));
    else if (key.length == 3)
        found = gazetteer_county(export->gazetteer, (uint16_t)((key.at[1] - '0') * 10 + (key.at[2] - '0')));
    if (municipality != NULL)
        return span_text(municipality->name);
    return found != NULL ? span_text(found->name) : key;
}

struct span
export_label(const struct export *export, struct span key)
{
    if (table_table[export->query->table].key != KEY_MUNICIPALITY || export->gazetteer == NULL)
        return key;
    return municipality_label(export, key);
}
