#include "bots_file.h"

#include "sporlos/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES_MAX = 1 << 20, NAME_BYTES_MIN = 3, NAME_BYTES_MAX = 200 };

const char *const bots_browsers[] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 "
    "Edg/142.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
    "Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.0.0 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "[FBAN/FBIOS;FBAV/530.0.0;FBBV/1;FBDV/iPhone17,1;FBMD/iPhone;FBSN/iOS;FBSV/18.6;FBSS/3;FBLC/nb_NO;FBOP/80]",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 "
    "Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 15; CPH2557 Build/AP3A.240617.008; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Android 16; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 "
    "OPR/126.0.0.0",
    "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
};
_Static_assert(sizeof bots_browsers / sizeof bots_browsers[0] == BOTS_BROWSER_COUNT, "bots_file.h");

struct reader {
    const char *path;
    char *why; /* BOTS_WHY_MAX */
    unsigned line;
};

static enum sp_error
fail(const struct reader *reader, enum sp_error error, const char *what)
{
    snprintf(reader->why, BOTS_WHY_MAX, "%s: %s", reader->path, what);
    return error;
}

static enum sp_error
fail_line(const struct reader *reader, const char *what)
{
    snprintf(reader->why, BOTS_WHY_MAX, "%s:%u: %s", reader->path, reader->line, what);
    return SP_MALFORMED;
}

static enum sp_error
read_text(const struct reader *reader, char **text, size_t *length)
{
    FILE *stream = fopen(reader->path, "rbe");
    if (stream == NULL)
        return fail(reader, SP_IO, strerror(errno));
    enum sp_error error = SP_OK;
    *text = malloc(FILE_BYTES_MAX + 1);
    *length = *text == NULL ? 0 : fread(*text, 1, FILE_BYTES_MAX + 1, stream);
    if (*text == NULL)
        error = fail(reader, SP_NO_MEMORY, sp_error_text(SP_NO_MEMORY));
    else if (ferror(stream))
        error = fail(reader, SP_IO, "cannot be read");
    else if (*length > FILE_BYTES_MAX)
        error = fail(reader, SP_TOO_LONG, "larger than 1 MiB: not a list of names");
    fclose(stream);
    if (error != SP_OK) {
        free(*text);
        *text = NULL;
    }
    return error;
}

static bool
is_text(struct span line)
{
    while (line.length > 0) {
        uint32_t code = 0;
        size_t length = utf8_decode(line, &code);
        if (length == 0 || (code < 0x20 && code != '\t') || (code >= 0x7f && code < 0xa0))
            return false;
        line = span_of(line.at + length, line.length - length);
    }
    return true;
}

/* Where in text the word stands, its marks heeded. */
static bool
stands_in(const struct word *word, struct span text)
{
    if (word->text.length > text.length)
        return false;
    for (size_t i = 0; i + word->text.length <= text.length; i++) {
        bool here = memcmp(text.at + i, word->text.at, word->text.length) == 0;
        if (here && (!word->at_start || i == 0) && (!word->at_end || i + word->text.length == text.length))
            return true;
    }
    return false;
}

static const char *
what_is_wrong(const struct word *word)
{
    if (word->text.length < NAME_BYTES_MIN)
        return "a name of less than 3 bytes would find too much";
    if (word->text.length > NAME_BYTES_MAX)
        return "a name of more than 200 bytes";
    if (memchr(word->text.at, '\t', word->text.length) != NULL)
        return "a second tab";
    for (size_t i = 0; i < BOTS_BROWSER_COUNT; i++) {
        if (stands_in(word, span_text(bots_browsers[i])))
            return "this name would find a common browser";
    }
    return NULL;
}

/* A line is the reason's name, a tab, and the words between their marks. */
static enum sp_error
read_line(const struct reader *reader, struct span line, struct word *word)
{
    const char *tab = memchr(line.at, '\t', line.length);
    if (!is_text(line))
        return fail_line(reader, "not UTF-8, or a control character");
    if (tab == NULL)
        return fail_line(reader, "no tab between reason and name");
    struct span reason = span_of(line.at, (size_t)(tab - line.at));
    *word = (struct word){ .text = span_of(tab + 1, line.length - reason.length - 1) };
    for (int i = BOT_NONE + 1; i < BOT_REASON_COUNT; i++)
        word->mask |= span_equal(reason, span_text(bot_reason_names[i])) ? UINT64_C(1) << i : 0;
    if (word->mask == 0)
        return fail_line(reader, "the reason is neither 'bot' nor 'ai'");
    word->at_start = word->text.length > 0 && word->text.at[0] == '^';
    if (word->at_start)
        word->text = span_of(word->text.at + 1, word->text.length - 1);
    word->at_end = word->text.length > 0 && word->text.at[word->text.length - 1] == '$';
    if (word->at_end)
        word->text.length--;
    const char *wrong = what_is_wrong(word);
    return wrong == NULL ? SP_OK : fail_line(reader, wrong);
}

static size_t
count_lines(struct span text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.length; i++)
        count += text.at[i] == '\n';
    return count;
}

static enum sp_error
read_lines(struct reader *reader, struct span rest, struct bots_file *file)
{
    while (rest.length > 0) {
        const char *end = memchr(rest.at, '\n', rest.length);
        struct span line = span_of(rest.at, end == NULL ? rest.length : (size_t)(end - rest.at));
        rest = end == NULL ? span_of(NULL, 0) : span_of(end + 1, rest.length - line.length - 1);
        reader->line++;
        if (line.length > 0 && line.at[line.length - 1] == '\r')
            line.length--;
        if (line.length == 0 || line.at[0] == '#')
            continue;
        enum sp_error error = read_line(reader, line, &file->words[file->count]);
        if (error != SP_OK)
            return error;
        file->count++;
    }
    return file->count > 0 ? SP_OK : fail(reader, SP_MALFORMED, "no names");
}

enum sp_error
bots_file_read(const char *path, char *why, struct bots_file *file)
{
    struct reader reader = { .path = path, .why = why };
    size_t length = 0;
    *file = (struct bots_file){ 0 };
    enum sp_error error = read_text(&reader, &file->text, &length);
    if (error != SP_OK)
        return error;
    file->words = calloc(count_lines(span_of(file->text, length)), sizeof file->words[0]);
    if (file->words == NULL)
        error = fail(&reader, SP_NO_MEMORY, sp_error_text(SP_NO_MEMORY));
    else
        error = read_lines(&reader, span_of(file->text, length), file);
    if (error != SP_OK)
        bots_file_fini(file);
    return error;
}

void
bots_file_fini(struct bots_file *file)
{
    free(file->words);
    free(file->text);
    *file = (struct bots_file){ 0 };
}
