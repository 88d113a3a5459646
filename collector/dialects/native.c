/* POST /b, GET /b?...: our own script's wire format (docs/beacon.md). */
#include "beacon.h"

#include "sporlos/hex.h"

#include <stdbool.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { LAST_SPECIAL = '+' }; /* bytes above it stand for themselves: of '\0' % & + it is the greatest */

/* The first byte of at..end that does not stand for itself, or end. */
static const char *
plain_end(const char *at, const char *end)
{
#ifdef __SSE2__
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i special = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(LAST_SPECIAL)), bytes);
        int found = _mm_movemask_epi8(special);
        if (found != 0)
            return at + __builtin_ctz((unsigned)found);
    }
#endif
    while (at < end && (unsigned char)*at > LAST_SPECIAL)
        at++;
    return at;
}

/*
 * Decode the value that begins at start, of which what comes before at stands for itself, into scratch, which has room
 * for it: decoding never makes it longer. *text becomes where it ended.
 */
static enum sp_error
decode(const char *value, const char *at, const char **text, const char *end, struct beacon_scratch *scratch,
       struct span *out)
{
    char *start = scratch->bytes + scratch->used;
    char *to = start;
    while (value < at)
        *to++ = *value++;
    for (; at < end && *at != '&'; at++) {
        int byte = (unsigned char)*at;
        if (byte <= LAST_SPECIAL) {
            byte = byte == '%' ? hex_byte(at + 1, end) : byte == '+' ? ' ' : byte;
            if (byte <= 0)
                break;
            at += *at == '%' ? 2 : 0;
        }
        *to++ = (char)byte;
    }
    bool whole = at == end || *at == '&';
    scratch->used += (size_t)(to - start); /* of what is malformed, too: it is wiped with the rest */
    *text = at;
    *out = span_of(start, (size_t)(to - start));
    return whole ? SP_OK : SP_MALFORMED;
}

/* The value at *text, up to '&' or end; *text becomes where it ended. Copied only when there is something to decode. */
static enum sp_error
take_value(const char **text, const char *end, struct beacon_scratch *scratch, struct span *out)
{
    const char *start = *text;
    const char *at = plain_end(start, end);
    if (at < end && *at != '&')
        return decode(start, at, text, end, scratch, out);
    *out = span_of(start, (size_t)(at - start));
    *text = at;
    return SP_OK;
}

/* The member a wire key stands for; NULL for none. */
static struct span *
member(struct beacon *beacon, char key)
{
    switch (key) {
#define X(field, key, types, standard, restricted)                                                                     \
    case key:                                                                                                          \
        return &beacon->field;
        SP_BEACON_FIELDS(X)
#undef X
    default:
        return NULL;
    }
}

/* One pair at *text, which is moved behind it. All keys are one letter; a key without '=' has an empty value. */
static enum sp_error
take_pair(const char **text, const char *end, struct beacon_scratch *scratch, struct beacon *beacon, unsigned *unknown)
{
    const char *at = *text;
    bool ends = end - at == 1 || at[1] == '&';
    struct span *field = ends || at[1] == '=' ? member(beacon, at[0]) : NULL;
    if (field == NULL) {
        const char *next = memchr(at, '&', (size_t)(end - at));
        *text = next == NULL ? end : next;
        ++*unknown;
        return SP_OK;
    }
    if (field->at != NULL) /* which of the two a proxy saw, nobody knows */
        return SP_MALFORMED;
    *text += ends ? 1 : 2;
    return take_value(text, end, scratch, field);
}

enum sp_error
beacon_parse(struct span form, struct beacon_scratch *scratch, struct beacon *beacon, unsigned *unknown)
{
    *beacon = (struct beacon){ 0 };
    *unknown = 0;
    scratch->used = 0;
    if (form.length > sizeof scratch->bytes)
        return SP_TOO_LONG;
    if (form.length == 0)
        return SP_OK;
    const char *end = form.at + form.length;
    for (const char *at = form.at; at < end;) {
        if (*at == '&') {
            at++;
            continue;
        }
        enum sp_error error = take_pair(&at, end, scratch, beacon, unknown);
        if (error != SP_OK)
            return error;
    }
    return SP_OK;
}
