/*
 * Any bytes as User-Agent, client hints and file of names, a line each. Never a crash; families come from the closed
 * lists; a file of names that is taken only adds to what is found, and one that is not says why; and the automata of
 * aho_corasick.h and packed_words.h find what a plain search finds, and the filter of word_filter.h lets none of it go.
 */
#include "agent_family.h"
#include "aho_corasick.h"
#include "bots.h"
#include "packed_words.h"
#include "word_filter.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

enum { FIELDS = 4, WORDS = 6 };

static struct bots *bots;
static struct agent_tokens *tokens;
static int names_file = -1;
static char names_path[64];

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    char why[BOTS_WHY_MAX];
    names_file = memfd_create("names", MFD_CLOEXEC);
    snprintf(names_path, sizeof names_path, "/proc/self/fd/%d", names_file);
    if (names_file < 0 || bots_new(NULL, why, &bots) != SP_OK || agent_tokens_new(&tokens) != SP_OK)
        abort();
    return 0;
}

/* On the heap to its exact length, so that the sanitizer sees a read past the end. */
static struct span
copy_of(struct span text)
{
    char *copy = malloc(text.length == 0 ? 1 : text.length);
    if (copy == NULL)
        abort();
    if (text.length > 0)
        memcpy(copy, text.at, text.length);
    return span_of(copy, text.length);
}

static struct span
take_line(struct span *rest)
{
    const char *end = rest->length == 0 ? NULL : memchr(rest->at, '\n', rest->length);
    struct span line = span_of(rest->at, end == NULL ? rest->length : (size_t)(end - rest->at));
    *rest = end == NULL ? span_of(NULL, 0) : span_of(end + 1, rest->length - line.length - 1);
    return line;
}

static bool
stands_in(const struct word *word, struct span text)
{
    for (size_t i = 0; i + word->text.length <= text.length; i++) {
        if (memcmp(text.at + i, word->text.at, word->text.length) == 0 && (!word->at_start || i == 0) &&
            (!word->at_end || i + word->text.length == text.length))
            return true;
    }
    return false;
}

static void
check_packed(const struct words *words, struct span agent, uint64_t expected)
{
    struct packed_words *packed;
    if (packed_words_new((const struct words *[2]){ words, NULL }, &packed) != SP_OK ||
        packed_words_find(packed, agent) != expected)
        abort();
    packed_words_free(packed);
}

static void
check_words(struct span agent, struct span rest, bool packs)
{
    struct word list[WORDS] = { 0 };
    static const char *const common[] = { "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101" };
    struct span texts[WORDS];
    struct words *words = NULL;
    struct word_filter filter;
    size_t count = 0;
    uint64_t expected = 0;
    while (count < WORDS && rest.length > 1) {
        struct span line = take_line(&rest);
        if (line.length < 2 || line.length > WORD_BYTES_MAX)
            continue;
        list[count] = (struct word){ .text = span_of(line.at + 1, line.length - 1), .mask = UINT64_C(1) << count };
        texts[count] = list[count].text;
        list[count].at_start = (line.at[0] & 1) != 0;
        list[count].at_end = (line.at[0] & 2) != 0;
        expected |= stands_in(&list[count], agent) ? list[count].mask : 0;
        count++;
    }
    if (words_new(list, count, false, &words) != SP_OK || words_find(words, agent) != expected)
        abort();
    word_filter_init(&filter, texts, count, common, 1);
    if (expected != 0 && !word_filter_passes(&filter, agent))
        abort();
    if (packs)
        check_packed(words, agent, expected);
    words_free(words);
}

static void
check_file(struct span agent, struct span rest)
{
    char why[BOTS_WHY_MAX];
    struct bots *named = NULL;
    if (ftruncate(names_file, 0) != 0 || pwrite(names_file, rest.at, rest.length, 0) != (ssize_t)rest.length)
        abort();
    enum sp_error error = bots_new(names_path, why, &named);
    if ((error == SP_OK) != (named != NULL) || (error == SP_OK) != (why[0] == '\0'))
        abort();
    if (named == NULL)
        return;
    if (bots_classify(named, agent) < bots_classify(bots, agent)) /* names only add */
        abort();
    bots_free(named);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    struct span rest = span_of((const char *)data, length), fields[FIELDS];
    for (int i = 0; i < FIELDS; i++)
        fields[i] = copy_of(take_line(&rest));
    const struct agent_said said = { fields[0], fields[1], fields[2], fields[3], (unsigned)(length * 7 % 2048) };
    struct agent_families families = agent_classify(tokens, &said);
    if (families.device >= DEVICE_COUNT || families.browser >= BROWSER_COUNT || families.system >= SYSTEM_COUNT)
        abort();
    if (bots_classify(bots, fields[0]) >= BOT_REASON_COUNT)
        abort();
    check_words(fields[0], rest, length % 4 == 1); /* slow: much memory for a moment */
    if (rest.length > 0 && length % 8 == 0)        /* slow: an automaton is built */
        check_file(fields[0], rest);
    for (int i = 0; i < FIELDS; i++)
        free((char *)(uintptr_t)fields[i].at);
    return 0;
}
