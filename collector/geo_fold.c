#include "geo_fold.h"

#include "sporlos/utf8.h"

#include <stdbool.h>
#include <stdint.h>

/* U+00C0..U+017F, a row of 16 each; ' ' for what is no letter. */
static const char latin[] = "aaaaaaaceeeeiiii"  /* C0: À..Ï */
                            "dnooooo ouuuuyts"  /* D0: Ð..ß; × is no letter */
                            "aaaaaaaceeeeiiii"  /* E0 */
                            "dnooooo ouuuuyty"  /* F0 */
                            "aaaaaaccccccccdd"  /* 100 */
                            "ddeeeeeeeeeegggg"  /* 110 */
                            "gggghhhhiiiiiiii"  /* 120 */
                            "iiiijjkkklllllll"  /* 130 */
                            "lllnnnnnnnnnoooo"  /* 140 */
                            "oooorrrrrrssssss"  /* 150 */
                            "ssttttttuuuuuuuu"  /* 160 */
                            "uuuuwwyyyzzzzzzs"; /* 170 */
enum { LATIN_FIRST = 0xc0, LATIN_END = 0x180 };
_Static_assert(sizeof latin - 1 == LATIN_END - LATIN_FIRST, "one letter for each code");

struct folding {
    char *out;
    size_t length;
    bool full;
};

static void
put(struct folding *folding, char letter)
{
    if (letter == 'a' && folding->length > 0 && folding->out[folding->length - 1] == 'a')
        return;
    if (folding->length + 1 < GEO_FOLD_MAX)
        folding->out[folding->length++] = letter;
    else
        folding->full = true;
}

static void
put_code(struct folding *folding, uint32_t code)
{
    if (code >= 'A' && code <= 'Z')
        code += 'a' - 'A';
    if ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9'))
        put(folding, (char)code);
    else if (code == 0xc6 || code == 0xe6) { /* Æ æ */
        put(folding, 'a');
        put(folding, 'e');
    } else if (code >= LATIN_FIRST && code < LATIN_END && latin[code - LATIN_FIRST] != ' ')
        put(folding, latin[code - LATIN_FIRST]);
}

void
geo_fold(struct span name, char folded[GEO_FOLD_MAX])
{
    struct folding folding = { .out = folded };
    unsigned depth = 0; /* of parentheses */
    while (name.length > 0) {
        uint32_t code;
        size_t length = utf8_decode(name, &code);
        if (length == 0) {
            folding.full = true;
            break;
        }
        depth += code == '(';
        if (depth == 0)
            put_code(&folding, code);
        depth -= code == ')' && depth > 0;
        name = span_of(name.at + length, name.length - length);
    }
    folded[folding.full ? 0 : folding.length] = '\0';
}
