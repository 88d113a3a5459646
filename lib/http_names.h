/* The header names of http_parse.h, found by their length and last letters instead of by comparing with all. */
#ifndef SPORLOS_HTTP_NAMES_H
#define SPORLOS_HTTP_NAMES_H

#include "http_scan.h"

#include <endian.h>
#include <string.h>

enum { HTTP_NAME_BYTES = 24 };

/* A name to compare with: lower case letters and '-', then a colon, padded with zeroes. */
struct http_name {
    char text[HTTP_NAME_BYTES];
    uint32_t mask;  /* a bit for each byte, the colon among them */
    uint8_t length; /* bytes, without the colon; less than HTTP_NAME_BYTES */
    uint8_t id;     /* enum http_header_id */
    uint16_t zero;
};
_Static_assert(sizeof(struct http_name) == 32, "a step of 32 bytes from its text ends with it");

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
        if ((~same & name->mask & 0xffff) != 0)
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

/* By 1 + enum http_header_id; 0 is a name that nothing can have: no byte is zero when its case is taken away. */
extern const struct http_name http_known_names[];

/* A place of its own for every known name, from its length and last four letters. The factor was found by trying. */
#define HTTP_NAME_MIX(word, length) (((uint32_t)(word) + (uint32_t)(length)) * UINT32_C(0x17156079) >> 24)
#define HTTP_NAME_PLACE(length, a, b, c, d)                                                                            \
    HTTP_NAME_MIX((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24, length)
extern const uint8_t http_known_places[256];

/* The only known name that this one can be. Four bytes before `at` can be read: a line stands there. */
static inline const struct http_name *
http_name_guess(const char *at, size_t length)
{
    uint32_t last;
    memcpy(&last, at + length - sizeof last, sizeof last);
    const size_t place = http_known_places[HTTP_NAME_MIX(le32toh(last) | UINT32_C(0x20202020), length)];
    return http_known_names + place;
}

/* The known name that this one is, or NULL. */
static inline const struct http_name *
http_name_find(const char *at, size_t length, const char *wide)
{
    const struct http_name *known = http_name_guess(at, length);
    return known->length == length && http_scan_same_name(at, wide, known) ? known : NULL;
}

#endif
