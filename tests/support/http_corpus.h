/* Reads tests/support/http_corpus.txt, whose head says what its lines mean. */
#ifndef SPORLOS_HTTP_CORPUS_H
#define SPORLOS_HTTP_CORPUS_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CORPUS_ANSWERS_MAX = 16, CORPUS_BYTES_MAX = 16384, CORPUS_MORE = 0 };

struct corpus_answer {
    int status; /* CORPUS_MORE: none yet */
    bool last;  /* of its connection, though taken */
};

struct corpus_line {
    unsigned number;
    struct corpus_answer answer[CORPUS_ANSWERS_MAX];
    unsigned answers;
    size_t length; /* bytes */
    char bytes[CORPUS_BYTES_MAX];
};

/* Whether the parser takes a request that gets this answer. */
static inline bool
corpus_taken(struct corpus_answer answer)
{
    return answer.status == 204 || answer.status == 404 || answer.status == 405;
}

static inline void
corpus_require(bool holds, unsigned number)
{
    if (holds)
        return;
    fprintf(stderr, "http_corpus.txt: line %u cannot be read\n", number);
    abort();
}

static inline const char *
corpus_read_answers(const char *at, struct corpus_line *line)
{
    for (line->answers = 0; line->answers < CORPUS_ANSWERS_MAX; at++) {
        struct corpus_answer *answer = &line->answer[line->answers++];
        char *end = NULL;
        answer->status = (int)strtol(at, &end, 10);
        at = strncmp(at, "more", 4) == 0 ? at + 4 : end;
        answer->last = *at == '!';
        at += answer->last;
        if (*at != ',')
            break;
    }
    corpus_require(*at == ' ', line->number);
    return at + 1;
}

static inline void
corpus_put(struct corpus_line *line, const char *text, size_t length)
{
    corpus_require(line->length + length <= sizeof line->bytes, line->number);
    memcpy(line->bytes + line->length, text, length);
    line->length += length;
}

static inline const char *corpus_read_bytes(const char *at, const char *end, struct corpus_line *line);

/* at: behind "\*". */
static inline const char *
corpus_read_repeated(const char *at, struct corpus_line *line)
{
    char *open = NULL;
    unsigned long times = strtoul(at, &open, 10);
    const char *close = strchr(open, '}');
    corpus_require(*open == '{' && close != NULL, line->number);
    while (times-- > 0)
        (void)corpus_read_bytes(open + 1, close, line);
    return close + 1;
}

/* at: behind the backslash. */
static inline const char *
corpus_read_escape(const char *at, struct corpus_line *line)
{
    static const char hidden[] = "GET /b?s=hidden HTTP/1.1\r\nHost: a\r\n\r\n";
    static const char letters[] = "rnt0\\", meant[] = "\r\n\t\0\\";
    const char *letter = strchr(letters, *at);
    if (*at == '*')
        return corpus_read_repeated(at + 1, line);
    if (*at == 'H') {
        corpus_put(line, hidden, sizeof hidden - 1);
    } else if (*at == 'x') {
        const char digits[] = { at[1], at[2], '\0' };
        char byte = (char)strtoul(digits, NULL, 16);
        corpus_put(line, &byte, 1);
        return at + 3;
    } else {
        corpus_require(letter != NULL && *letter != '\0', line->number);
        corpus_put(line, &meant[letter - letters], 1);
    }
    return at + 1;
}

static inline const char *
corpus_read_bytes(const char *at, const char *end, struct corpus_line *line)
{
    while (at < end) {
        if (*at == '\\')
            at = corpus_read_escape(at + 1, line);
        else
            corpus_put(line, at++, 1);
    }
    return at;
}

/* The next line of requests. line->number must be that of the last line read, 0 at the beginning. */
static inline bool
corpus_next(FILE *file, struct corpus_line *line)
{
    static char text[4096];
    while (fgets(text, sizeof text, file) != NULL) {
        line->number++;
        size_t length = strcspn(text, "\n");
        corpus_require(text[length] == '\n', line->number);
        if (length == 0 || text[0] == '#')
            continue;
        line->length = 0;
        (void)corpus_read_bytes(corpus_read_answers(text, line), text + length, line);
        return true;
    }
    return false;
}

#endif
