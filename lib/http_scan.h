/*
 * Byte classes of HTTP, and the searches that the parser spends its time in. With SSE2 (every x86-64) sixteen bytes a
 * step; elsewhere, and for the last bytes of a buffer, one. Nothing at or behind end is ever read.
 */
#ifndef SPORLOS_HTTP_SCAN_H
#define SPORLOS_HTTP_SCAN_H

#include <stddef.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
    HTTP_CHAR_TOKEN = 1,  /* tchar, RFC 9110, 5.6.2 */
    HTTP_CHAR_LINE = 2,   /* in a head line: no control byte but tab, no DEL; above 0x7f is obs-text */
    HTTP_CHAR_TARGET = 4, /* visible ASCII but " # < > \ : what a browser leaves unescaped (WHATWG URL) */
    HTTP_CHAR_HOST = 8,   /* of a registered name, as browsers send it: letters, digits, - . _ */
};

extern const uint8_t http_char_class[256];

static inline const char *
http_scan_class(const char *at, const char *end, uint8_t class)
{
    while (at < end && (http_char_class[(unsigned char)*at] & class) != 0)
        at++;
    return at;
}

#ifdef __SSE2__
enum { HTTP_SCAN_STEP = 16 };

static inline unsigned
http_scan_bits(__m128i stops)
{
    return (unsigned)_mm_movemask_epi8(stops);
}

static inline __m128i
http_scan_load(const char *at)
{
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

/*
 * Bits of the bytes that are control bytes (tab too), DEL or above: a subtraction that saturates, whose sign is looked
 * at, since DEL + 1 is the lowest signed byte.
 */
static inline unsigned
http_scan_unusual(__m128i bytes)
{
    return http_scan_bits(_mm_subs_epi8(_mm_add_epi8(bytes, _mm_set1_epi8(1)), _mm_set1_epi8(0x21)));
}

/* Bits of the bytes that are not HTTP_CHAR_TARGET. Signed: what is above 0x7f is below 0x21. */
static inline unsigned
http_scan_no_target(__m128i bytes)
{
    __m128i stops = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x21));
    __m128i quote_hash = _mm_and_si128(bytes, _mm_set1_epi8((char)0xfe));
    __m128i angles = _mm_and_si128(bytes, _mm_set1_epi8((char)0xfd));
    stops = _mm_or_si128(stops, _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)));
    stops = _mm_or_si128(stops, _mm_cmpeq_epi8(quote_hash, _mm_set1_epi8('"')));
    stops = _mm_or_si128(stops, _mm_cmpeq_epi8(angles, _mm_set1_epi8('<')));
    return http_scan_bits(_mm_or_si128(stops, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
}

/* Which of the bytes are low to high: moved to the low end of what is signed, where one comparison tells. */
static inline __m128i
http_scan_between(__m128i bytes, char low, char high)
{
    __m128i moved = _mm_add_epi8(bytes, _mm_set1_epi8((char)(-128 - low)));
    return _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(-128 + high - low + 1)));
}

/* Bits of the bytes that are not HTTP_CHAR_HOST. */
static inline unsigned
http_scan_no_host(__m128i bytes)
{
    __m128i letters = http_scan_between(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
    __m128i marks = http_scan_between(bytes, '-', '.');
    __m128i digits = http_scan_between(bytes, '0', '9');
    __m128i rest = _mm_or_si128(marks, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
    return http_scan_bits(_mm_or_si128(_mm_or_si128(letters, digits), rest)) ^ 0xffff;
}
#endif

/* Where in at..end wide steps may start: before what is returned. */
static inline const char *
http_scan_wide(const char *at, const char *end)
{
#ifdef __SSE2__
    return end - at >= HTTP_SCAN_STEP ? end - (HTTP_SCAN_STEP - 1) : at;
#else
    (void)end;
    return at;
#endif
}

/* The first byte of at..end that is not HTTP_CHAR_LINE, or end. wide: of a buffer that ends at end. */
static inline const char *
http_scan_line(const char *at, const char *wide, const char *end)
{
    (void)wide;
#ifdef __SSE2__
    while (at < wide) {
        unsigned stops = http_scan_unusual(http_scan_load(at));
        if (stops == 0) {
            at += HTTP_SCAN_STEP;
            continue;
        }
        at += __builtin_ctz(stops);
        if ((http_char_class[(unsigned char)*at] & HTTP_CHAR_LINE) == 0)
            return at;
        at++;
    }
#endif
    return http_scan_class(at, end, HTTP_CHAR_LINE);
}

/* The first byte of at..end that is not HTTP_CHAR_TARGET, or end. */
static inline const char *
http_scan_target(const char *at, const char *end)
{
#ifdef __SSE2__
    for (; end - at >= HTTP_SCAN_STEP; at += HTTP_SCAN_STEP) {
        unsigned stops = http_scan_no_target(http_scan_load(at));
        if (stops != 0)
            return at + __builtin_ctz(stops);
    }
#endif
    return http_scan_class(at, end, HTTP_CHAR_TARGET);
}

/* The first byte that is not HTTP_CHAR_HOST; behind the text there is one. */
static inline const char *
http_scan_host(const char *at, const char *wide)
{
    (void)wide;
#ifdef __SSE2__
    for (; at < wide; at += HTTP_SCAN_STEP) {
        unsigned stops = http_scan_no_host(http_scan_load(at));
        if (stops != 0)
            return at + __builtin_ctz(stops);
    }
#endif
    while ((http_char_class[(unsigned char)*at] & HTTP_CHAR_HOST) != 0)
        at++;
    return at;
}

/* The first colon of at..end, or end. */
static inline const char *
http_scan_colon(const char *at, const char *wide, const char *end)
{
    (void)wide;
#ifdef __SSE2__
    for (; at < wide; at += HTTP_SCAN_STEP) {
        unsigned colons = http_scan_bits(_mm_cmpeq_epi8(http_scan_load(at), _mm_set1_epi8(':')));
        if (colons != 0)
            return at + __builtin_ctz(colons);
    }
#endif
    while (at < end && *at != ':')
        at++;
    return at;
}

#endif
