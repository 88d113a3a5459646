#include "row_file.h"
#include "sporlos/gazetteer.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(offsetof(struct population, number) == 0, "row_compare()");

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* rows has room for every line of the text. */
static enum sp_error
read_populations(struct row_file *file, struct population *rows, size_t *count)
{
    char *line;
    for (bool first = true; (line = row_file_next(file)) != NULL; first = false) {
        if (first && is_letter(*line))
            continue;
        char *fields[ROW_FIELDS_MAX];
        struct population *row = &rows[*count];
        if (row_split(line, fields) != 2)
            return row_file_fail_line(file, "a row is <kommune number>,<population>");
        if (!row_number(fields[0], MUNICIPALITY_DIGITS, &row->number))
            return row_file_fail_line(file, "the number of a kommune has four digits");
        if (!row_population(fields[1], &row->population))
            return row_file_fail_line(file, "population is not a number of persons");
        ++*count;
    }
    uint16_t twice = rows_sort(rows, *count, sizeof rows[0]);
    return twice == 0 ? SP_OK : row_file_fail_number(file, MUNICIPALITY_DIGITS, twice, "stands twice");
}

enum sp_error
population_read(const char *path, struct population **rows, size_t *count, char why[GAZETTEER_WHY_MAX])
{
    *rows = NULL;
    *count = 0;
    why[0] = '\0';
    struct row_file file = { .path = path, .why = why };
    char *text;
    enum sp_error error = row_file_open(&file, &text);
    if (error != SP_OK)
        return error;
    size_t lines = 1;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    struct population *made = calloc(lines, sizeof *made);
    error = made == NULL ? row_file_fail(&file, SP_NO_MEMORY, sp_error_text(SP_NO_MEMORY))
                         : read_populations(&file, made, count);
    free(text);
    if (error == SP_OK) {
        *rows = made;
        return SP_OK;
    }
    free(made);
    *count = 0;
    return error;
}
