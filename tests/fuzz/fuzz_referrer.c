/*
 * Any bytes as the host of a referrer. Never a crash; the domain is a host name of letters, digits, hyphens and dots
 * that the input ends in, or a row's own; it says of itself what the whole host said; and the spelling does not matter.
 */
#include "referrer.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

static struct referrers *referrers;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const struct referrer_override overrides[] = { { "intranett", REFERRER_PUBLIC },
                                                          { "ola.blogspot.com", REFERRER_SOCIAL } };
    (void)argc, (void)argv;
    if (referrers_new(overrides, sizeof overrides / sizeof overrides[0], &referrers) != SP_OK)
        abort();
    return 0;
}

struct told {
    enum referrer_class class;
    char domain[REFERRER_DOMAIN_MAX];
    size_t length;
};

/* The host is copied to its exact length, so that the sanitizer sees a read past the end. */
static struct told
classify(const char *host, size_t length)
{
    struct told told;
    char *copy = malloc(length == 0 ? 1 : length);
    if (copy == NULL)
        abort();
    if (length > 0)
        memcpy(copy, host, length);
    told.class = referrers_classify(referrers, span_of(copy, length), NULL, told.domain, &told.length);
    free(copy);
    return told;
}

static bool
is_same(const struct told *a, const struct told *b)
{
    return a->class == b->class && span_equal(span_of(a->domain, a->length), span_of(b->domain, b->length));
}

static void
check_form(const struct told *told)
{
    for (size_t i = 0; i < told->length; i++) {
        char c = told->domain[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && (c != '.' || i == 0))
            abort();
    }
    if (told->class >= REFERRER_CLASS_COUNT || told->length > 253 ||
        (told->class == REFERRER_DIRECT && told->length > 0))
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    const char *host = (const char *)data;
    struct told told = classify(host, length);
    check_form(&told);
    if (told.length > 0 && strncmp(told.domain, "com.", 4) != 0) { /* that would be an app */
        struct told again = classify(told.domain, told.length);
        if (!is_same(&again, &told))
            abort();
    }
    char upper[512];
    if (length > sizeof upper || (length > 0 && memchr(host, ':', length) != NULL))
        return 0;
    for (size_t i = 0; i < length; i++)
        upper[i] = (char)(data[i] < 0x80 ? toupper(data[i]) : data[i]);
    struct told shouted = classify(upper, length);
    if (!is_same(&shouted, &told))
        abort();
    return 0;
}
