#include "text.h"

#include "text_form.h"

#include <sodium.h>
#include <unictype.h>

enum {
    TELLING_DIGITS = 5,   /* in a row */
    SCATTERED_DIGITS = 8, /* in all */
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

/* Of a text in ASCII, or of what other texts have in it. */
static bool
is_telling_ascii(struct span text)
{
    int run = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (c == '@')
            return true;
        if (is_digit(c)) {
            if (++run >= TELLING_DIGITS)
                return true;
        } else if (c != ' ' && c != '.' && c != '-' && c != '/') {
            run = 0;
        }
    }
    return holds_address(text);
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

bool
text_is_telling(struct span text)
{
    if (is_ascii(text)) /* nearly every path */
        return is_telling_ascii(text);
    struct text_points points;
    char ascii[TEXT_POINTS_MAX];
    bool telling =
        !text_points_read(&points, text) || !text_points_plain(&points) || is_telling_ascii(ascii_of(&points, ascii));
    sodium_memzero(&points, sizeof points);
    sodium_memzero(ascii, sizeof ascii);
    return telling;
}

/* ---- words ---- */

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
    return uc_is_general_category_withtable(code, UC_CATEGORY_MASK_L);
}

/*
 * The ways in which people write what the rules look for. Not a list that could be complete: whoever wants to tell
 * something will find a spelling, and is kept from it by how many must send the same.
 */
static bool
holds_mail_or_url(struct span text)
{
    static const char *const parts[] = { "://",       "www.",         "http:",        "https:",    "mailto:",
                                         "%40",       "&#",           "(at)",         "[at]",      "{at}",
                                         "<at>",      "(a)",          "[a]",          "(dot)",     "[dot]",
                                         "krollalfa", "kr\x7fllalfa", "alfakr\x7fll", " at gmail", " at hotmail" };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (holds(text, parts[i]))
            return true;
    }
    bool spelt_at = holds(text, " at ") || holds(text, " alfa ") || holds(text, "_at_");
    return spelt_at && (holds(text, ".") || holds(text, " dot ") || holds(text, " punktum ") || holds(text, "_dot_"));
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
    uc_fraction_t number = uc_numeric_value((ucs4_t)code);
    bool is_it = number.denominator == 1 && number.numerator >= 0 && number.numerator <= 9;
    for (size_t i = 0; i < sizeof ideographs / sizeof ideographs[0]; i++)
        is_it = is_it || code == ideographs[i];
    return is_it;
}

/* Digits of any kind, joined by whatever is no letter. */
static bool
holds_number(const struct text_points *points)
{
    int run = 0;
    int all = 0;
    for (size_t i = 0; i < points->count; i++) {
        uint32_t code = points->at[i];
        bool counts = is_number(code);
        run = counts ? run + 1 : is_letter(code) ? 0 : run;
        all += counts;
        if (run == TELLING_DIGITS || all == SCATTERED_DIGITS)
            return true;
    }
    return false;
}

static bool
is_refused(struct text_points *points)
{
    char ascii[TEXT_POINTS_MAX];
    bool refused = !text_points_plain(points);
    struct span text = ascii_of(points, ascii);
    refused =
        refused || is_telling_ascii(text) || holds_number(points) || holds_mail_or_url(text) || holds_host(points);
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
