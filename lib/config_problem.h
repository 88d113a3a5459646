/*
 * What is wrong with a configuration: collected while reading, written in order at the end, so that an operator sees
 * every mistake in one go.
 */
#ifndef CONFIG_PROBLEM_H
#define CONFIG_PROBLEM_H

#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdbool.h>
#include <stdio.h>

enum {
    PROBLEM_TEXT_MAX = 1024,  /* bytes of one, with the terminator */
    PROBLEM_COUNT_MAX = 1000, /* more are counted, not written */
    QUOTE_MAX = 96,           /* bytes with the terminator */
};

struct place {
    int file;         /* index from problems_file */
    int line, column; /* from 1, column in characters; line 0: the file as a whole */
};

struct problem {
    struct place place;
    size_t number; /* in order of finding: keeps the sort stable */
    char *text;
};

struct problems {
    char **files;
    size_t file_count;
    struct problem *items;
    size_t count;
    size_t beyond;  /* found after PROBLEM_COUNT_MAX */
    bool no_memory; /* something could not be kept */
};

void problems_fini(struct problems *problems);

/* Remember a file name, copied; returns its index. Files are reported in this order. -1 without memory. */
int problems_file(struct problems *problems, const char *name);

/* 'what is wrong; what to do', without a full stop. */
__attribute__((format(printf, 3, 4))) void problem_add(struct problems *problems, struct place place,
                                                       const char *format, ...);

/* Write all, one a line, sorted by file, line and column. Returns how many there are. */
size_t problems_write(struct problems *problems, FILE *out);

/* 'file:line:column' of a place, for a problem that names two. Returns out. */
const char *problem_place(const struct problems *problems, struct place place, char *out, size_t size);

/* text in single quotes, fit to be shown: cut when long, control characters as \xNN. Returns out. */
const char *problem_quote(struct span text, char out[QUOTE_MAX]);

/* The candidate nearest to text by edit distance; NULL when none is near enough to be what was meant. */
const char *problem_nearest(struct span text, const char *const *candidates, size_t count);

#endif
