/* POST /b, GET /b?...: our own script's wire format (docs/beacon.md). */
#include "beacon.h"

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What was decoded before the mistake is the caller's to wipe too. */
static enum sp_error
spoiled(struct beacon_scratch *scratch, const char *to)
{
    scratch->used = (size_t)(to - scratch->bytes);
    return SP_MALFORMED;
}

/* Decode one name or value into scratch. */
static enum sp_error
decode(struct span text, struct beacon_scratch *scratch, struct span *out)
{
    char *start = scratch->bytes + scratch->used;
    char *to = start;
    if (text.length > sizeof scratch->bytes - scratch->used) /* decoding never makes it longer */
        return SP_TOO_LONG;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        if (c == '%') {
            int high = i + 2 < text.length ? hex_value(text.at[i + 1]) : -1;
            int low = high < 0 ? -1 : hex_value(text.at[i + 2]);
            if (low < 0)
                return spoiled(scratch, to);
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        if (c == '\0')
            return spoiled(scratch, to);
        *to++ = c;
    }
    *out = span_of(start, (size_t)(to - start));
    scratch->used += out->length;
    return SP_OK;
}

/* The member a wire key stands for; NULL for none. All keys are one letter. */
static struct span *
member(struct beacon *beacon, struct span name)
{
    if (name.length != 1)
        return NULL;
    switch (name.at[0]) {
#define X(field, key, standard, restricted)                                                                            \
    case key:                                                                                                          \
        return &beacon->field;
        SP_BEACON_FIELDS(X)
#undef X
    default:
        return NULL;
    }
}

static enum sp_error
take_pair(struct span pair, struct beacon_scratch *scratch, struct beacon *beacon, unsigned *unknown)
{
    const char *equals = memchr(pair.at, '=', pair.length);
    size_t name_length = equals == NULL ? pair.length : (size_t)(equals - pair.at);
    struct span value = equals == NULL ? SPAN_LITERAL("") : span_of(equals + 1, pair.length - name_length - 1);
    struct span *field = member(beacon, span_of(pair.at, name_length));
    if (field == NULL) {
        ++*unknown;
        return SP_OK;
    }
    if (field->at != NULL) /* which of the two a proxy saw, nobody knows */
        return SP_MALFORMED;
    return decode(value, scratch, field);
}

enum sp_error
beacon_parse(struct span form, struct beacon_scratch *scratch, struct beacon *beacon, unsigned *unknown)
{
    *beacon = (struct beacon){ 0 };
    *unknown = 0;
    scratch->used = 0;
    while (form.length > 0) {
        const char *end = memchr(form.at, '&', form.length);
        size_t length = end == NULL ? form.length : (size_t)(end - form.at);
        if (length > 0) {
            enum sp_error error = take_pair(span_of(form.at, length), scratch, beacon, unknown);
            if (error != SP_OK)
                return error;
        }
        size_t used = end == NULL ? length : length + 1;
        form = span_of(form.at + used, form.length - used);
    }
    return SP_OK;
}
