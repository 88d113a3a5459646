/* A text file of comma-separated rows without quotes (sporlos/gazetteer.h), read whole. For lib/ alone. */
#ifndef SPORLOS_LIB_ROW_FILE_H
#define SPORLOS_LIB_ROW_FILE_H

#include "sporlos/error.h"
#include "sporlos/gazetteer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ROW_FIELDS_MAX = 6,
    MUNICIPALITY_DIGITS = 4,
    COUNTY_DIGITS = 2,
};

struct row_file {
    const char *path; /* borrowed */
    char *why;        /* borrowed: GAZETTEER_WHY_MAX bytes that take the reason of a failure */
    unsigned line;    /* of the row read last, from 1 */
    char *next;       /* the line after it */
};

/*
 * Read file->path whole into *text, terminated, returned owned; the rows are cut out of it in place. SP_IO,
 * SP_MALFORMED (too large, not UTF-8, control characters) or SP_NO_MEMORY, with the reason in file->why.
 */
SP_MUST_CHECK enum sp_error row_file_open(struct row_file *file, char **text);

/* The next line that is neither empty nor a comment, terminated in place; NULL at the end. */
char *row_file_next(struct row_file *file);

/* Say what is wrong with the row read last, with the file, or with the row of that number (of so many digits). The
 * error, for returning. */
enum sp_error row_file_fail_line(const struct row_file *file, const char *what);
enum sp_error row_file_fail(const struct row_file *file, enum sp_error error, const char *what);
enum sp_error row_file_fail_number(const struct row_file *file, int digits, unsigned number, const char *what);

/* Cut line at its commas. The number of fields; ROW_FIELDS_MAX + 1 for too many. */
size_t row_split(char *line, char *fields[ROW_FIELDS_MAX]);

/* A field as a number of exactly so many digits, not 0; as persons (empty: POPULATION_UNKNOWN); as degrees in +-bound.
 */
bool row_number(const char *text, size_t digits, uint16_t *number);
bool row_population(const char *text, int64_t *population);
bool row_degrees(const char *text, double bound, double *degrees);

/* Compare two structs that each begin with a uint16_t number, for qsort() and bsearch(). */
int row_compare(const void *a, const void *b);

/* Sort rows by that number; the first number that stands twice, 0 if none does. */
uint16_t rows_sort(void *rows, size_t count, size_t size);

#endif
