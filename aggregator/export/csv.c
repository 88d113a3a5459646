#include "export.h"

static const struct csv {
    char separator, point;
    bool for_people;
} forms[CSV_SEPARATOR_COUNT] = {
#define X(id, name, separator, point, for_people) [id] = { separator, point, for_people },
    CSV_SEPARATORS(X)
#undef X
};

/* Spreadsheets take these for the beginning of a formula (OWASP, CSV injection); also in their full-width forms. */
static bool
is_formula(struct span cell)
{
    static const char *const wide[] = { "＝", "＋", "－", "＠" };
    if (cell.length == 0)
        return false;
    if (memchr("=+-@%\t\r\n|", cell.at[0], 9) != NULL)
        return true;
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (cell.length >= 3 && memcmp(cell.at, wide[i], 3) == 0)
            return true;
    return false;
}

/* Always in quotes: a cell of text is a text, also when it is digits. */
static void
add_cell(struct text *text, struct span cell)
{
    text_add(text, SPAN_LITERAL("\""));
    if (is_formula(cell))
        text_add(text, SPAN_LITERAL("'"));
    while (cell.length > 0) {
        const char *quote = memchr(cell.at, '"', cell.length);
        size_t length = quote == NULL ? cell.length : (size_t)(quote - cell.at) + 1;
        text_add(text, span_of(cell.at, length));
        if (quote != NULL)
            text_add(text, SPAN_LITERAL("\""));
        cell = span_of(cell.at + length, cell.length - length);
    }
    text_add(text, SPAN_LITERAL("\""));
}

static void
add_head(struct text *text, const struct csv *form, bool keyed)
{
    static const char *const heads[2][7] = {
        { "from", "to", "key", "name", "value", "status", "deviation" },
        { "fra", "til", "nøkkel", "navn", "verdi", "status", "standardavvik" },
    };
    if (form->for_people)
        text_add(text, SPAN_LITERAL("\xef\xbb\xbf"));
    for (size_t i = 0; i < 7; i++) {
        if (!keyed && (i == 2 || i == 3))
            continue;
        if (i > 0)
            text_add(text, span_of(&form->separator, 1));
        text_add(text, span_text(heads[form->for_people][i]));
    }
    text_add(text, SPAN_LITERAL("\r\n"));
}

static void
add_row(struct text *text, const struct export *export, const struct csv *form, const struct statistic_row *row)
{
    struct span separator = span_of(&form->separator, 1);
    char moment[MOMENT_TEXT_MAX];
    export_moment(export->query, row->from, moment);
    text_add(text, span_text(moment));
    text_add(text, separator);
    export_moment(export->query, row->to, moment);
    text_add(text, span_text(moment));
    text_add(text, separator);
    if (table_table[export->query->table].key != KEY_NONE) {
        add_cell(text, row->key);
        text_add(text, separator);
        add_cell(text, export_label(export, row->key));
        text_add(text, separator);
    }
    if (row->shown)
        text_add_integer(text, row->value);
    text_add(text, separator);
    if (!row->shown)
        text_add(text, SPAN_LITERAL(":"));
    else if (row->at_least)
        text_add(text, SPAN_LITERAL(">"));
    text_add(text, separator);
    if (row->shown)
        text_add_decimal(text, row->deviation, form->point);
    text_add(text, SPAN_LITERAL("\r\n"));
}

void
export_csv(struct text *text, const struct export *export, enum csv_separator separator)
{
    const struct csv *form = &forms[separator];
    add_head(text, form, table_table[export->query->table].key != KEY_NONE);
    for (size_t i = 0; i < statistic_count(export->statistic); i++)
        add_row(text, export, form, statistic_at(export->statistic, i));
}
