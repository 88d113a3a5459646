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
enum { STEP = 16 };
typedef unsigned char lanes __attribute__((vector_size(STEP)));
typedef uint64_t halves __attribute__((vector_size(STEP)));

static lanes
load(const char *at)
{
    lanes bytes;
    memcpy(&bytes, at, sizeof bytes);
    return bytes | 0x20; /* lower case; what else it changes only leads to a search in vain */
}

/* Does one of the pairs begin at one of the sixteen bytes? Reads seventeen. */
static bool
holds_pair(const char *at)
{
    lanes a = load(at);
    lanes b = load(at + 1);
    lanes pairs = (lanes)(b == 'w') & (lanes)((a == 'a') | (a == 'w'));
    pairs |= (lanes)(a == 'p') & (lanes)((b == 'i') | (b == 'r') | (b == 'y'));
    pairs |= (lanes)(a == 'u') & (lanes)((b == 'r') | (b == 's'));
    pairs |= (lanes)(a == 't') & (lanes)(b == 'p');
    pairs |= (lanes)(a == 'b') & (lanes)(b == 'o');
    pairs |= (lanes)(a == 'd') & (lanes)(b == 'l');
    pairs |= (lanes)(a == 'n') & (lanes)(b == 'i');
    pairs |= (lanes)(a == 'w') & (lanes)(b == 'g');
    pairs |= (lanes)(a == 'm') & (lanes)(b == 'j');
    halves any = (halves)pairs;
    return (any[0] | any[1]) != 0;
}

static bool
may_hold_word(struct span text)
{
    char last[STEP + 1] = { 0 };
    size_t i = 0;
    for (; i + STEP < text.length; i += STEP) {
        if (holds_pair(text.at + i))
            return true;
    }
    memcpy(last, text.at + i, text.length - i);
    return holds_pair(last);
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
