#include "agent.h"

#include <stdint.h>
#ifdef __x86_64__
#include <tmmintrin.h>
#endif

/*
 * Every word holds one of few pairs of letters that hardly any browser's name does: a text without any is cleared
 * sixteen places at a time, and only from such a pair on is it searched for the words. Pairs of one group may be
 * mistaken for each other (and for pairs of letters that share their halves): that is a search in vain, no more.
 */
static const struct pair {
    char letters[3];
    unsigned char group; /* 0..7 */
} pairs[] = {
    { "aw", 0 }, /* crawl */
    { "ww", 0 }, /* libwww */
    { "pi", 1 }, /* spider */
    { "pr", 1 }, /* preview */
    { "py", 1 }, /* python, scrapy */
    { "ur", 2 }, /* curl/, slurp */
    { "us", 2 }, /* lighthouse */
    { "tp", 3 }, /* go-http, httpclient, okhttp */
    { "bo", 4 }, /* bot, facebookexternal */
    { "dl", 5 }, /* headless */
    { "ni", 6 }, /* monitor */
    { "wg", 7 }, /* wget/ */
    { "mj", 7 }, /* phantomjs */
};

enum { STEP = 16, LONGEST_WORD = 16, LOWER = 0x20 /* what else this bit changes is a search in vain, too */ };

/* Of each half of the first and of the second letter: a bit for each group that has it. */
static struct halves {
    unsigned char low[2][STEP], high[2][STEP];
} halves;

static void
read_pairs(void)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        unsigned char bit = (unsigned char)(1U << pairs[i].group);
        for (int place = 0; place < 2; place++) {
            unsigned char letter = (unsigned char)pairs[i].letters[place];
            halves.low[place][letter & 15] |= bit;
            halves.high[place][letter >> 4] |= bit;
        }
    }
}

#ifdef __x86_64__
__attribute__((target("ssse3"))) static inline __m128i
groups_of(__m128i letters, int place)
{
    const __m128i half = _mm_set1_epi8(15);
    letters = _mm_or_si128(letters, _mm_set1_epi8(LOWER));
    __m128i low = _mm_loadu_si128((const __m128i *)(const void *)halves.low[place]);
    __m128i high = _mm_loadu_si128((const __m128i *)(const void *)halves.high[place]);
    low = _mm_shuffle_epi8(low, _mm_and_si128(letters, half));
    return _mm_and_si128(low, _mm_shuffle_epi8(high, _mm_and_si128(_mm_srli_epi16(letters, 4), half)));
}

/* Does a pair begin at one of the sixteen bytes? Reads seventeen. */
__attribute__((target("ssse3"))) static inline bool
step_holds_pair(const char *at)
{
    __m128i first = groups_of(_mm_loadu_si128((const __m128i *)(const void *)at), 0);
    __m128i second = groups_of(_mm_loadu_si128((const __m128i *)(const void *)(at + 1)), 1);
    __m128i none = _mm_cmpeq_epi8(_mm_and_si128(first, second), _mm_setzero_si128());
    return _mm_movemask_epi8(none) != 0xffff;
}

/*
 * The step in which the first pair begins; text.length when there is none. For a text of more than STEP bytes. The last
 * step overlaps the one before: nothing of the text is copied to where it would stay.
 */
__attribute__((target("ssse3"))) static size_t
first_pair_wide(struct span text)
{
    size_t at = 0;
    for (; at + STEP < text.length; at += STEP) {
        if (step_holds_pair(text.at + at))
            return at;
    }
    at = text.length - STEP - 1;
    return step_holds_pair(text.at + at) ? at : text.length;
}
#endif

static size_t
first_pair(struct span text)
{
    if (halves.low[0]['a' & 15] == 0)
        read_pairs();
#ifdef __x86_64__
    if (text.length > STEP && __builtin_cpu_supports("ssse3"))
        return first_pair_wide(text);
#endif
    for (size_t at = 0; at + 1 < text.length; at++) {
        unsigned first = (unsigned char)text.at[at] | LOWER;
        unsigned second = (unsigned char)text.at[at + 1] | LOWER;
        if ((halves.low[0][first & 15] & halves.high[0][first >> 4] & halves.low[1][second & 15] &
             halves.high[1][second >> 4]) != 0)
            return at;
    }
    return text.length;
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
    size_t pair = first_pair(agent);
    if (pair == agent.length)
        return false;
    for (size_t i = pair > LONGEST_WORD ? pair - LONGEST_WORD : 0; i < agent.length; i++) {
        struct span rest = span_of(agent.at + i, agent.length - i);
        for (const char *const *word = automata_from((char)(agent.at[i] | 0x20)); *word != NULL; word++) {
            if (begins_with_word(rest, *word))
                return true;
        }
    }
    return false;
}
