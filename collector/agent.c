#include "agent.h"

#include <stdint.h>

/*
 * Every word holds one of few pairs of letters that hardly any browser's name does, so that sixteen places are cleared
 * at once: the pairs are looked for in sixteen bytes, and only a text with one of them is searched for the words.
 *
 *     bo  bot, facebookexternal      pr  preview       tp  go-http, httpclient, okhttp      us  lighthouse
 *     dl  headless                   pi  spider        ur  curl/, slurp                     wg  wget/
 *     ni  monitor                    py  python, scrapy  aw  crawl                          ww  libwww
 *     mj  phantomjs
 */

/* Does one of the pairs begin at one of the bytes of a? b: the bytes that follow them. Both lower case. */
#define PAIRS(a, b)                                                                                                    \
    (((b == 'w') & ((a == 'a') | (a == 'w'))) | ((a == 'p') & ((b == 'i') | (b == 'r') | (b == 'y'))) |                \
     ((a == 'u') & ((b == 'r') | (b == 's'))) | ((a == 't') & (b == 'p')) | ((a == 'b') & (b == 'o')) |                \
     ((a == 'd') & (b == 'l')) | ((a == 'n') & (b == 'i')) | ((a == 'w') & (b == 'g')) | ((a == 'm') & (b == 'j')))

enum { NARROW = 16, WIDE = 32, LOWER = 0x20 /* what else this bit changes only leads to a search in vain */ };
typedef signed char narrow_lanes __attribute__((vector_size(NARROW)));
typedef int64_t narrow_words __attribute__((vector_size(NARROW)));

/* Reads seventeen bytes. */
static bool
narrow_holds_pair(const char *at)
{
    narrow_lanes first;
    narrow_lanes second;
    memcpy(&first, at, sizeof first);
    memcpy(&second, at + 1, sizeof second);
    first |= LOWER;
    second |= LOWER;
    narrow_words pairs = (narrow_words)PAIRS(first, second);
    return (pairs[0] | pairs[1]) != 0;
}

/* As long as they can, in steps of sixteen bytes; *from is where to go on. */
static bool
narrow_steps(struct span text, size_t *from)
{
    bool found = false;
    for (; !found && *from + NARROW < text.length; *from += NARROW)
        found = narrow_holds_pair(text.at + *from);
    return found;
}

#ifdef __x86_64__
typedef signed char wide_lanes __attribute__((vector_size(WIDE)));
typedef int64_t wide_words __attribute__((vector_size(WIDE)));

/* The same in steps of thirty-two, on the processors that have them. */
__attribute__((target("avx2"))) static bool
wide_steps(struct span text, size_t *from)
{
    bool found = false;
    for (; !found && *from + WIDE < text.length; *from += WIDE) {
        wide_lanes first;
        wide_lanes second;
        memcpy(&first, text.at + *from, sizeof first);
        memcpy(&second, text.at + *from + 1, sizeof second);
        first |= LOWER;
        second |= LOWER;
        wide_words pairs = (wide_words)PAIRS(first, second);
        found = (pairs[0] | pairs[1] | pairs[2] | pairs[3]) != 0;
    }
    return found;
}
#endif

static bool
may_hold_word(struct span text)
{
    char last[NARROW + 1] = { 0 };
    size_t from = 0;
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2") && wide_steps(text, &from))
        return true;
#endif
    if (narrow_steps(text, &from))
        return true;
    memcpy(last, text.at + from, text.length - from);
    return narrow_holds_pair(last);
}

/* Words by which automata name themselves, by their first letter: most letters of a browser's name begin none. */
static const char *const *
automata_from(char letter)
{
    static const char *const none[] = { NULL };
    static const char *const b[] = { "bot", NULL };
    static const char *const c[] = { "crawl", "curl/", NULL };
    static const char *const f[] = { "facebookexternal", NULL };
    static const char *const g[] = { "go-http", NULL };
    static const char *const h[] = { "headless", "httpclient", NULL };
    static const char *const l[] = { "lighthouse", "libwww", NULL };
    static const char *const m[] = { "monitor", NULL };
    static const char *const o[] = { "okhttp", NULL };
    static const char *const p[] = { "phantomjs", "preview", "python", NULL };
    static const char *const s[] = { "scrapy", "slurp", "spider", NULL };
    static const char *const w[] = { "wget/", NULL };
    static const char *const *const by_letter[26] = { none, b,    c,    none, none, f,    g,    h,    none,
                                                      none, none, l,    m,    none, o,    p,    none, none,
                                                      s,    none, none, none, w,    none, none, none };
    return letter >= 'a' && letter <= 'z' ? by_letter[letter - 'a'] : none;
}

/* Does text begin with word (lower case letters, '/' and '-'), whatever the case of text? */
static bool
begins_with_word(struct span text, const char *word)
{
    size_t i = 0;
    while (word[i] != '\0' && i < text.length && (text.at[i] | (word[i] >= 'a' ? 0x20 : 0)) == word[i])
        i++;
    return word[i] == '\0';
}

bool
agent_is_automaton(struct span agent)
{
    if (agent.length == 0)
        return true;
    if (!may_hold_word(agent))
        return false;
    for (size_t i = 0; i < agent.length; i++) {
        struct span rest = span_of(agent.at + i, agent.length - i);
        for (const char *const *word = automata_from((char)(agent.at[i] | 0x20)); *word != NULL; word++) {
            if (begins_with_word(rest, *word))
                return true;
        }
    }
    return false;
}
