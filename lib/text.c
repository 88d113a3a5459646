#include "sporlos/text.h"

#include "text_form.h"

#include <sodium.h>
#include <unictype.h>

enum {
    TELLING_DIGITS = 5,   /* in a row, whatever joins them that is no letter */
    SCATTERED_DIGITS = 8, /* in all; of a path between two '/' */
    IPV4_DOTS = 3,
    IPV6_COLONS = 2,
    HOST_DOTS = 2, /* between letters */
};

static bool
is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029 ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

bool
text_is_printable(struct span text)
{
    for (size_t i = 0; i < text.length;) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte >= 0x20 && byte < 0x7f) { /* nearly every byte of nearly every path */
            i++;
            continue;
        }
        uint32_t code = 0;
        size_t length = utf8_sequence((const unsigned char *)text.at + i, text.length - i, &code);
        if (length == 0 || is_control(code))
            return false;
        i += length;
    }
    return true;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Four numbers joined by dots, or hexadecimal digits with two colons among them. Short ones have few digits in a row.
 */
static bool
holds_address(struct span text)
{
    int dots = 0;
    int colons = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        char lower = (char)(c | 0x20);
        bool joins = c == '.' && i > 0 && is_digit(text.at[i - 1]) && i + 1 < text.length && is_digit(text.at[i + 1]);
        dots = joins ? dots + 1 : is_digit(c) ? dots : 0;
        colons = c == ':' ? colons + 1 : is_digit(c) || (lower >= 'a' && lower <= 'f') ? colons : 0;
        if (dots == IPV4_DOTS || colons == IPV6_COLONS)
            return true;
    }
    return false;
}

/* Code points as bytes, each beyond ASCII as one that is in no rule. */
static struct span
ascii_of(const struct text_points *points, char out[TEXT_POINTS_MAX])
{
    for (size_t i = 0; i < points->count; i++)
        out[i] = points->at[i] < 0x80 ? (char)points->at[i] : '\x7f';
    return span_of(out, points->count);
}

static bool
is_ascii(struct span text)
{
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.at[i] >= 0x80)
            return false;
    }
    return true;
}

static bool
holds(struct span text, const char *part)
{
    size_t length = strlen(part);
    for (size_t i = 0; i + length <= text.length; i++) {
        if (memcmp(text.at + i, part, length) == 0)
            return true;
    }
    return false;
}

static bool
is_letter(uint32_t code)
{
    if (code < 0x80)
        return code >= 'a' && code <= 'z'; /* texts are looked through in lower case */
    return uc_is_general_category_withtable(code, UC_CATEGORY_MASK_L);
}

/*
 * The ways in which people write what the rules look for. Not a list that could be complete: whoever wants to tell
 * something will find a spelling, and is kept from it by how many must send the same.
 */
static bool
holds_mail_or_url(struct span text)
{
    if (text.length > 0 && memchr(text.at, '@', text.length) != NULL)
        return true;
    static const char *const parts[] = { "://",       "www.",         "http:",        "https:",    "mailto:",
                                         "%40",       "&#",           "(at)",         "[at]",      "{at}",
                                         "<at>",      "(a)",          "[a]",          "(dot)",     "[dot]",
                                         "krollalfa", "kr\x7fllalfa", "alfakr\x7fll", " at gmail", " at hotmail" };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (holds(text, parts[i]))
            return true;
    }
    return false;
}

/* An address with its '@' in words. 'At' is a word of Norwegian, so there has to be a dot, too. */
static bool
holds_spelt_mail(struct span text)
{
    bool spelt_at = holds(text, " at ") || holds(text, " alfa ") || holds(text, "_at_");
    return spelt_at && (holds(text, ".") || holds(text, " dot ") || holds(text, " punktum ") || holds(text, "_dot_"));
}

static bool
begins(struct span text, size_t at, const char *part)
{
    size_t length = strlen(part);
    return text.length - at >= length && memcmp(text.at + at, part, length) == 0;
}

static bool
is_joint(char c)
{
    return c == ' ' || c == '_' || c == '/';
}

/*
 * The same in a path, where most files have a dot: it has to follow upon the word after the 'at', or to stand in the
 * one before. 'sier_at_de_kommer.pdf' tells nothing.
 */
static bool
holds_spelt_mail_in_path(struct span text)
{
    for (size_t i = 1; i < text.length; i++) {
        size_t skip = begins(text, i, " at ") || begins(text, i, "_at_") ? 4 : begins(text, i, " alfa ") ? 6 : 0;
        if (skip == 0)
            continue;
        size_t before = i;
        while (before > 0 && !is_joint(text.at[before - 1]) && text.at[before - 1] != '.')
            before--;
        size_t after = i + skip;
        while (after < text.length && !is_joint(text.at[after]) && text.at[after] != '.')
            after++;
        bool dotted = (before > 0 && text.at[before - 1] == '.') || begins(text, after, ".");
        if (dotted || begins(text, after, " dot ") || begins(text, after, "_dot_") || begins(text, after, " punktum "))
            return true;
    }
    return false;
}

/* 'ola.nordmann.no', and 'nordmann.no/ola'. */
static bool
holds_host(const struct text_points *points)
{
    int dots = 0;
    for (size_t i = 1; i + 2 < points->count; i++) {
        if (points->at[i] != '.' || !is_letter(points->at[i - 1]) || !is_letter(points->at[i + 1]))
            continue;
        size_t end = i + 1;
        while (end < points->count && is_letter(points->at[end]))
            end++;
        if (++dots == HOST_DOTS || (end >= i + 3 && end < points->count && points->at[end] == '/'))
            return true;
    }
    return false;
}

/* The ideographs for 0 to 9 are letters to Unicode's tables. */
static bool
is_number(uint32_t code)
{
    static const uint32_t ideographs[] = { 0x3007, 0x96f6, 0x4e00, 0x4e8c, 0x4e09, 0x56db,
                                           0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d };
    if (code < 0x80)
        return code >= '0' && code <= '9';
    uc_fraction_t number = uc_numeric_value((ucs4_t)code);
    bool is_it = number.denominator == 1 && number.numerator >= 0 && number.numerator <= 9;
    for (size_t i = 0; i < sizeof ideographs / sizeof ideographs[0]; i++)
        is_it = is_it || code == ideographs[i];
    return is_it;
}

/* Digits of any kind, joined by whatever is no letter; or many of them up to a divider (0: in all). */
static bool
holds_number(const struct text_points *points, uint32_t divider)
{
    int run = 0;
    int all = 0;
    for (size_t i = 0; i < points->count; i++) {
        uint32_t code = points->at[i];
        bool counts = is_number(code);
        run = counts ? run + 1 : is_letter(code) ? 0 : run;
        all = divider != 0 && code == divider ? 0 : all + counts;
        if (run == TELLING_DIGITS || all == SCATTERED_DIGITS)
            return true;
    }
    return false;
}

/* As text_points_plain; of a text in ASCII, so of nearly every path, without a look at Unicode's tables. */
static bool
read_plain(struct text_points *points, struct span text)
{
    if (!is_ascii(text) || text.length > TEXT_POINTS_MAX)
        return text_points_read(points, text) && text_points_plain(points);
    points->count = text.length;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        points->at[i] = (uint32_t)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    return true;
}

bool
text_is_telling(struct span text)
{
    struct text_points points;
    char ascii[TEXT_POINTS_MAX];
    bool telling = !read_plain(&points, text);
    struct span plain = telling ? span_of(ascii, 0) : ascii_of(&points, ascii);
    telling = telling || holds_number(&points, '/') || holds_address(plain) || holds_mail_or_url(plain) ||
              holds_spelt_mail_in_path(plain);
    sodium_memzero(&points, sizeof points);
    sodium_memzero(ascii, sizeof ascii);
    return telling;
}

/* ---- words ---- */

static bool
is_refused(struct text_points *points)
{
    char ascii[TEXT_POINTS_MAX];
    bool refused = !text_points_plain(points);
    struct span text = ascii_of(points, ascii);
    refused = refused || holds_number(points, 0) || holds_address(text) || holds_mail_or_url(text) ||
              holds_spelt_mail(text) || holds_host(points);
    sodium_memzero(ascii, sizeof ascii);
    return refused;
}

static unsigned
words_in(const struct text_points *points)
{
    unsigned count = 0;
    bool inside = false;
    for (size_t i = 0; i < points->count; i++) {
        uint32_t code = points->at[i];
        bool belongs =
            code == '-' || code == '\'' || code == '.' || code == 0x2019 ||
            uc_is_general_category_withtable(code, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N);
        count += belongs && !inside;
        inside = belongs;
    }
    return count;
}

static size_t
encode(const struct text_points *points, char out[WORD_BYTES_MAX])
{
    size_t length = 0;
    for (size_t i = 0; i < points->count; i++) {
        uint32_t code = points->at[i];
        size_t more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        static const unsigned char first[] = { 0, 0xc0, 0xe0, 0xf0 };
        out[length++] = (char)(first[more] | code >> (6 * more));
        while (more-- > 0)
            out[length++] = (char)(0x80 | (code >> (6 * more) & 0x3f));
    }
    return length;
}

enum scrubbed
text_scrub(struct span text, char out[WORD_BYTES_MAX], size_t *length)
{
    struct text_points points;
    enum scrubbed scrubbed = SCRUBBED_REMOVED;
    *length = 0;
    if (text_points_read(&points, text) && !is_refused(&points) && text_points_read(&points, text) &&
        text_points_compose(&points) && points.count <= WORD_CHARACTERS_MAX && words_in(&points) <= WORDS_MAX) {
        *length = encode(&points, out);
        scrubbed = *length == 0 ? SCRUBBED_EMPTY : SCRUBBED_KEPT;
    }
    sodium_memzero(&points, sizeof points);
    return scrubbed;
}
