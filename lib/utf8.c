#include "sporlos/utf8.h"

/* By the number of bytes: the least code that needs so many. */
static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

static size_t
length_of(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead < 0xc2)
        return 0;
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
}

/* In Latin-1 a small letter comes 32 after its capital, in Extended-A just after it. */
static uint32_t
lower(uint32_t code)
{
    if (code >= 0xc0 && code <= 0xde && code != 0xd7)
        return code + 0x20;
    bool odd_is_capital = (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17e);
    bool is_pair = code >= 0x100 && code <= 0x17e && code != 0x130 && code != 0x131 && code != 0x138 && code != 0x149 &&
                   code != 0x178;
    return is_pair && (code % 2 == 1) == odd_is_capital ? code + 1 : code;
}

void
utf8_lower(char *text, size_t length)
{
    unsigned char *at = (unsigned char *)text;
    for (size_t i = 0; i < length; i++) {
        if (at[i] >= 'A' && at[i] <= 'Z')
            at[i] |= 0x20;
        if (at[i] < 0xc3 || at[i] > 0xc5 || i + 1 == length)
            continue;
        uint32_t code = lower((at[i] & 0x1fu) << 6 | (at[i + 1] & 0x3fu));
        at[i] = (unsigned char)(0xc0 | code >> 6);
        at[i + 1] = (unsigned char)(0x80 | (code & 0x3f));
    }
}

size_t
utf8_decode(struct span text, uint32_t *code)
{
    if (text.length == 0)
        return 0;
    const unsigned char *at = (const unsigned char *)text.at;
    size_t length = length_of(at[0]);
    if (length == 0 || length > text.length)
        return 0;
    uint32_t value = length == 1 ? at[0] : at[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0u) != 0x80u)
            return 0;
        value = value << 6 | (at[i] & 0x3fu);
    }
    if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return 0;
    *code = value;
    return length;
}
