#include "text_form.h"

#include <sodium.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

size_t
utf8_sequence(const unsigned char *s, size_t left, uint32_t *code)
{
    size_t length = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
    if (length == 0 || length > left)
        return 0;
    *code = length == 1 ? s[0] : (uint32_t)(s[0] & (0x7f >> length));
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (s[i] & 0x3f);
    }
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (*code < least[length] || (*code >= 0xd800 && *code <= 0xdfff) || *code > 0x10ffff)
        return 0;
    return length;
}

static bool
add(struct text_points *points, uint32_t code)
{
    if (points->count == TEXT_POINTS_MAX)
        return false;
    points->at[points->count++] = code;
    return true;
}

bool
text_points_read(struct text_points *points, struct span text)
{
    points->count = 0;
    for (size_t i = 0; i < text.length;) {
        uint32_t code = 0;
        size_t length = utf8_sequence((const unsigned char *)text.at + i, text.length - i, &code);
        if (length == 0 || !add(points, code))
            return false;
        i += length;
    }
    return true;
}

/* A character's decomposition, and that of what it is made of. */
static bool
add_decomposed(struct text_points *points, uint32_t code, bool compatibility)
{
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    int tag = 0;
    int count = compatibility ? uc_decomposition(code, &tag, parts) : uc_canonical_decomposition(code, parts);
    if (count <= 0)
        return add(points, code);
    for (int i = 0; i < count; i++) {
        if (!add_decomposed(points, parts[i], compatibility)) /* the depth is a property of Unicode: 4 at most */
            return false;
    }
    sodium_memzero(parts, sizeof parts);
    return true;
}

/* Marks of one letter in their canonical order: a stable sort of each run of combining characters. */
static void
order_marks(struct text_points *points)
{
    for (size_t i = 1; i < points->count; i++) {
        uint32_t code = points->at[i];
        int rank = uc_combining_class(code);
        size_t to = i;
        for (; rank != 0 && to > 0 && uc_combining_class(points->at[to - 1]) > rank; to--)
            points->at[to] = points->at[to - 1];
        points->at[to] = code;
    }
}

/* Join each mark to the letter before it, where there is a character for both. UAX #15, 'Composition'. */
static void
join_marks(struct text_points *points)
{
    size_t count = 0;
    size_t starter = SIZE_MAX;
    int last_rank = 0;
    for (size_t i = 0; i < points->count; i++) {
        uint32_t code = points->at[i];
        int rank = uc_combining_class(code);
        bool reaches = starter != SIZE_MAX && (count == starter + 1 || (last_rank < rank && last_rank != 0));
        uint32_t both = reaches ? uc_composition(points->at[starter], code) : 0;
        if (both != 0) {
            points->at[starter] = both;
            continue;
        }
        if (rank == 0)
            starter = count;
        last_rank = rank;
        points->at[count++] = code;
    }
    points->count = count;
}

static bool
is_space(uint32_t code)
{
    return uc_is_property_white_space(code);
}

/* Characters that are not seen: they could hide one text inside another. */
static bool
is_unseen(uint32_t code)
{
    return uc_is_property_default_ignorable_code_point(code) ||
           uc_is_general_category_withtable(code, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Co |
                                                      UC_CATEGORY_MASK_Cn | UC_CATEGORY_MASK_Cs);
}

static void
drop_unseen(struct text_points *points)
{
    size_t count = 0;
    for (size_t i = 0; i < points->count; i++) {
        uint32_t code = points->at[i];
        if (is_space(code)) {
            if (count > 0 && points->at[count - 1] != ' ')
                points->at[count++] = ' ';
        } else if (!is_unseen(code)) {
            points->at[count++] = code;
        }
    }
    points->count = count > 0 && points->at[count - 1] == ' ' ? count - 1 : count;
}

/* Lower case and decomposed. The case comes first and last: a decomposition may bring a capital. */
static bool
decompose(struct text_points *points, bool compatibility)
{
    struct text_points made;
    bool fits = true;
    made.count = 0;
    for (size_t i = 0; i < points->count && fits; i++)
        fits = add_decomposed(&made, uc_tolower(points->at[i]), compatibility);
    for (size_t i = 0; i < made.count; i++)
        points->at[i] = uc_tolower(made.at[i]);
    points->count = made.count;
    sodium_memzero(&made, sizeof made);
    return fits;
}

bool
text_points_compose(struct text_points *points)
{
    drop_unseen(points);
    if (!decompose(points, false))
        return false;
    order_marks(points);
    join_marks(points);
    return true;
}

bool
text_points_plain(struct text_points *points)
{
    if (!decompose(points, true))
        return false;
    drop_unseen(points);
    size_t count = 0;
    for (size_t i = 0; i < points->count; i++) {
        uint32_t code = points->at[i];
        int digit = uc_decimal_value(code);
        if (!uc_is_general_category_withtable(code, UC_CATEGORY_MASK_M))
            points->at[count++] = digit >= 0 ? (uint32_t)('0' + digit) : code;
    }
    points->count = count;
    return true;
}
