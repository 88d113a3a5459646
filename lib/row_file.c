#include "row_file.h"

#include "sporlos/span.h"
#include "sporlos/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILE_MAX_BYTES = 4 << 20, /* Norway's gazetteer is 40 kB */
    POPULATION_DIGITS_MAX = 10,
    COORDINATE_MAX = 24, /* characters */
};

enum sp_error
row_file_fail_line(const struct row_file *file, const char *what)
{
    snprintf(file->why, GAZETTEER_WHY_MAX, "%s:%u: %s", file->path, file->line, what);
    return SP_MALFORMED;
}

enum sp_error
row_file_fail(const struct row_file *file, enum sp_error error, const char *what)
{
    snprintf(file->why, GAZETTEER_WHY_MAX, "%s: %s", file->path, what);
    return error;
}

enum sp_error
row_file_fail_number(const struct row_file *file, int digits, unsigned number, const char *what)
{
    snprintf(file->why, GAZETTEER_WHY_MAX, "%s: %0*u %s", file->path, digits, number, what);
    return SP_MALFORMED;
}

/* The whole file as a terminated text, returned owned. */
static enum sp_error
read_text(const struct row_file *file, char **text, size_t *length)
{
    FILE *stream = fopen(file->path, "rbe");
    if (stream == NULL)
        return row_file_fail(file, SP_IO, strerror(errno));
    enum sp_error error = SP_OK;
    char *bytes = malloc(FILE_MAX_BYTES + 1);
    *length = bytes == NULL ? 0 : fread(bytes, 1, FILE_MAX_BYTES + 1, stream);
    if (bytes == NULL)
        error = row_file_fail(file, SP_NO_MEMORY, sp_error_text(SP_NO_MEMORY));
    else if (ferror(stream))
        error = row_file_fail(file, SP_IO, "cannot be read");
    else if (*length > FILE_MAX_BYTES)
        error = row_file_fail(file, SP_MALFORMED, "larger than 4 MiB: not a list of municipalities");
    fclose(stream);
    if (error == SP_OK) {
        bytes[*length] = '\0';
        char *fitting = realloc(bytes, *length + 1);
        *text = fitting == NULL ? bytes : fitting;
        return SP_OK;
    }
    free(bytes);
    return error;
}

/* Every line is well-formed UTF-8 without control characters; so no NUL hides the rest of the file either. */
static enum sp_error
check_text(struct row_file *file, struct span text)
{
    for (file->line = 1; text.length > 0;) {
        uint32_t code = 0;
        size_t length = utf8_decode(text, &code);
        if (length == 0)
            return row_file_fail_line(file, "not UTF-8");
        if ((code < 0x20 && code != '\n' && code != '\r') || (code >= 0x7f && code < 0xa0))
            return row_file_fail_line(file, "a control character");
        file->line += code == '\n';
        text = span_of(text.at + length, text.length - length);
    }
    return SP_OK;
}

enum sp_error
row_file_open(struct row_file *file, char **text)
{
    size_t length = 0;
    enum sp_error error = read_text(file, text, &length);
    if (error != SP_OK)
        return error;
    error = check_text(file, span_of(*text, length));
    file->line = 0;
    file->next = *text;
    if (error != SP_OK) {
        free(*text);
        *text = NULL;
    }
    return error;
}

char *
row_file_next(struct row_file *file)
{
    while (*file->next != '\0') {
        char *line = file->next;
        char *end = line + strcspn(line, "\n");
        file->next = end + (*end == '\n');
        file->line++;
        if (end > line && end[-1] == '\r')
            end--;
        *end = '\0';
        if (*line != '\0' && *line != '#')
            return line;
    }
    return NULL;
}

size_t
row_split(char *line, char *fields[ROW_FIELDS_MAX])
{
    size_t count = 0;
    for (char *comma = line; comma != NULL && count <= ROW_FIELDS_MAX; count++) {
        if (count < ROW_FIELDS_MAX)
            fields[count] = line;
        comma = strchr(line, ',');
        if (comma != NULL) {
            *comma = '\0';
            line = comma + 1;
        }
    }
    return count;
}

bool
row_number(const char *text, size_t digits, uint16_t *number)
{
    if (strlen(text) != digits || strspn(text, "0123456789") != digits)
        return false;
    *number = (uint16_t)strtoul(text, NULL, 10);
    return *number != 0;
}

bool
row_population(const char *text, int64_t *population)
{
    size_t digits = strspn(text, "0123456789");
    if (text[digits] != '\0' || digits > POPULATION_DIGITS_MAX)
        return false;
    *population = digits == 0 ? POPULATION_UNKNOWN : strtoll(text, NULL, 10);
    return true;
}

bool
row_degrees(const char *text, double bound, double *degrees)
{
    size_t length = strlen(text);
    if (length == 0 || length > COORDINATE_MAX || strspn(text, "-.0123456789") != length)
        return false;
    char *end;
    *degrees = strtod(text, &end);
    return *end == '\0' && *degrees >= -bound && *degrees <= bound;
}

int
row_compare(const void *a, const void *b)
{
    uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;
    return (x > y) - (x < y);
}

uint16_t
rows_sort(void *rows, size_t count, size_t size)
{
    if (count == 0)
        return 0;
    qsort(rows, count, size, row_compare);
    for (const char *row = rows; --count > 0; row += size)
        if (row_compare(row, row + size) == 0)
            return *(const uint16_t *)(const void *)row;
    return 0;
}
