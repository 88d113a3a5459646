/* The header names of http_parse.h, found by their length and last letters instead of by comparing with all. */
#ifndef SPORLOS_HTTP_NAMES_H
#define SPORLOS_HTTP_NAMES_H

#include "http_scan.h"

#include <endian.h>
#include <string.h>

enum { HTTP_NAME_BYTES = 28 };

/* A name to compare with: lower case letters and '-', then a colon, padded with zeroes. */
struct http_name {
    uint16_t length;     /* bytes, without the colon; less than HTTP_NAME_BYTES */
    uint16_t first_mask; /* a bit for each of its first sixteen bytes, the colon among them */
    char text[HTTP_NAME_BYTES];
};

/* Whether the name->length bytes at `at` are name, whatever their case. No control bytes stand there, then a colon. */
static inline int
http_scan_same_name(const char *at, const char *wide, const struct http_name *name)
{
    size_t i = 0;
    (void)wide;
#ifdef __SSE2__
    if (at < wide) {
        __m128i lower = _mm_or_si128(http_scan_load(at), _mm_set1_epi8(0x20));
        unsigned same = http_scan_bits(_mm_cmpeq_epi8(lower, http_scan_load(name->text)));
        if ((~same & name->first_mask) != 0)
            return 0;
        if (name->length <= HTTP_SCAN_STEP)
            return 1;
        i = HTTP_SCAN_STEP;
    }
#endif
    for (; i < name->length; i++)
        if ((at[i] | 0x20) != name->text[i])
            return 0;
    return 1;
}

/* By 1 + enum http_header_id; 0 is a name that nothing can have. */
extern const struct http_name http_known_names[];

/* A place of its own for every known name, from its length and last four letters. The factor was found by trying. */
#define HTTP_NAME_MIX(word, length) (((uint32_t)(word) + (uint32_t)(length)) * UINT32_C(0x17156079) >> 24)
#define HTTP_NAME_PLACE(length, a, b, c, d)                                                                            \
    HTTP_NAME_MIX((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24, length)
extern const uint8_t http_known_places[256];

/* 1 + the id of the only known name that this one can be. Four bytes before `at` can be read: a line stands there. */
static inline unsigned
http_name_guess(const char *at, size_t length)
{
    uint32_t last;
    memcpy(&last, at + length - sizeof last, sizeof last);
    return http_known_places[HTTP_NAME_MIX(le32toh(last) | UINT32_C(0x20202020), length)];
}

/* 1 + the id, or 0. */
static inline unsigned
http_name_find(const char *at, size_t length, const char *wide)
{
    unsigned place = http_name_guess(at, length);
    const struct http_name *known = &http_known_names[place];
    return known->length == length && http_scan_same_name(at, wide, known) ? place : 0;
}

#ifdef __SSE2__
/* The known name, of at most 15 bytes, that these begin with, then a colon: 1 + its id; else 0. */
static inline unsigned
http_name_usual(const char *at, __m128i bytes, unsigned stops, size_t *length)
{
    unsigned colon = http_scan_bits(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(':')));
    if (colon == 0)
        return 0;
    *length = (unsigned)__builtin_ctz(colon);
    unsigned guess = http_name_guess(at, *length);
    const struct http_name *known = &http_known_names[guess];
    __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    unsigned same = http_scan_bits(_mm_cmpeq_epi8(lower, http_scan_load(known->text)));
    return ((~same | stops) & known->first_mask) == 0 ? guess : 0; /* the colon too, so the length is the same */
}

#endif

#endif
