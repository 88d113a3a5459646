#include "config_problem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

enum { NEAREST_TEXT_MAX = 40 }; /* bytes: no name in the tables is longer */

void
problems_fini(struct problems *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        free(problems->items[i].text);
    for (size_t i = 0; i < problems->file_count; i++)
        free(problems->files[i]);
    free(problems->items);
    free(problems->files);
    *problems = (struct problems){ 0 };
}

int
problems_file(struct problems *problems, const char *name)
{
    char **files = realloc(problems->files, (problems->file_count + 1) * sizeof *files);
    char *copy = strdup(name);
    if (files != NULL)
        problems->files = files;
    if (files == NULL || copy == NULL) {
        free(copy);
        problems->no_memory = true;
        return -1;
    }
    files[problems->file_count++] = copy;
    return (int)problems->file_count - 1;
}

static bool
problems_grow(struct problems *problems)
{
    if (problems->count % 64 != 0)
        return true;
    struct problem *items = realloc(problems->items, (problems->count + 64) * sizeof *items);
    if (items != NULL)
        problems->items = items;
    return items != NULL;
}

void
problem_add(struct problems *problems, struct place place, const char *format, ...)
{
    if (problems->count == PROBLEM_COUNT_MAX) {
        problems->beyond++;
        return;
    }
    char text[PROBLEM_TEXT_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    char *copy = problems_grow(problems) ? strdup(text) : NULL;
    if (copy == NULL)
        problems->no_memory = true;
    else
        problems->items[problems->count] = (struct problem){ place, problems->count, copy };
    problems->count += copy != NULL;
}

static int
problem_order(const void *left, const void *right)
{
    const struct problem *a = left;
    const struct problem *b = right;
    if (a->place.file != b->place.file)
        return a->place.file < b->place.file ? -1 : 1;
    if (a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    if (a->place.column != b->place.column)
        return a->place.column < b->place.column ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

const char *
problem_place(const struct problems *problems, struct place place, char *out, size_t size)
{
    const char *file = place.file >= 0 ? problems->files[place.file] : "(default)";
    if (place.line == 0)
        snprintf(out, size, "%s", file);
    else
        snprintf(out, size, "%s:%d:%d", file, place.line, place.column);
    return out;
}

size_t
problems_write(struct problems *problems, FILE *out)
{
    char where[PROBLEM_TEXT_MAX];
    if (problems->count > 0)
        qsort(problems->items, problems->count, sizeof problems->items[0], problem_order);
    for (size_t i = 0; i < problems->count; i++)
        fprintf(out, "%s: %s\n", problem_place(problems, problems->items[i].place, where, sizeof where),
                problems->items[i].text);
    if (problems->beyond > 0)
        fprintf(out, "and %zu more\n", problems->beyond);
    return problems->count + problems->beyond;
}

/* The character that text begins with, if a terminal obeys it or it turns the text around (UTF-8 of 2 or 3 bytes); else
 * 0. */
static unsigned
deceiving_character(struct span text)
{
    const unsigned char *at = (const unsigned char *)text.at;
    if (text.length >= 2 && at[0] == 0xC2 && at[1] < 0xA0)
        return at[1];
    if (text.length < 3 || (at[0] & 0xF0) != 0xE0)
        return 0;
    unsigned code = (at[0] & 0xFU) << 12 | (at[1] & 0x3FU) << 6 | (at[2] & 0x3FU);
    bool turns = (code >= 0x200E && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
                 (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
    return turns ? code : 0;
}

const char *
problem_quote(struct span text, char out[QUOTE_MAX])
{
    /* An address with a password, wherever it was put by mistake, must not reach a terminal or a journal. */
    if (text.length > 0 && memchr(text.at, '@', text.length) != NULL && memmem(text.at, text.length, "://", 3) != NULL)
        text = SPAN_LITERAL("(an address with '@', not shown)");
    enum { SHOWN_MAX = QUOTE_MAX - 9 }; /* room for an escape, '...', a quote and the terminator */
    size_t length = 0;
    size_t i = 0;
    out[length++] = '\'';
    for (; i < text.length; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (length >= SHOWN_MAX - 4 && (c & 0xC0) != 0x80) /* not in the middle of a character */
            break;
        unsigned deceiving = deceiving_character(span_of(text.at + i, text.length - i));
        if (deceiving != 0) {
            length += (size_t)snprintf(out + length, QUOTE_MAX - length, "\\u%04X", deceiving);
            i += deceiving < 0x800 ? 1 : 2;
        } else if (c < 0x20 || c == 0x7F)
            length += (size_t)snprintf(out + length, QUOTE_MAX - length, "\\x%02X", c);
        else
            out[length++] = (char)c;
    }
    snprintf(out + length, QUOTE_MAX - length, "%s'", i < text.length ? "..." : "");
    return out;
}

/* Levenshtein, one row. */
static size_t
edit_distance(struct span a, struct span b)
{
    size_t row[NEAREST_TEXT_MAX + 1];
    for (size_t j = 0; j <= b.length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t changed = diagonal + (a.at[i - 1] != b.at[j - 1]);
            diagonal = row[j];
            size_t least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            row[j] = changed < least ? changed : least;
        }
    }
    return row[b.length];
}

const char *
problem_nearest(struct span text, const char *const *candidates, size_t count)
{
    if (text.length > NEAREST_TEXT_MAX)
        return NULL;
    const char *nearest = NULL;
    size_t least = text.length / 3 + 2;
    for (size_t i = 0; i < count; i++) {
        struct span candidate = span_text(candidates[i]);
        if (candidate.length > NEAREST_TEXT_MAX)
            continue;
        size_t distance = edit_distance(text, candidate);
        if (distance < least && distance < candidate.length) {
            nearest = candidates[i];
            least = distance;
        }
    }
    return nearest;
}
