/*
 * Any bytes as a PROXY header: the same result however they are cut, nothing of an address unless it is done, and never
 * a byte beyond those that came. A beginning of what is done is waited for, and what follows it changes nothing.
 */
#include "sporlos/proxy_header.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The result for the first length bytes, in memory of just that size. */
static enum proxy_header_result
parse(const uint8_t *data, size_t length, struct proxy_header *header)
{
    char *exact = malloc(length > 0 ? length : 1);
    if (exact == NULL)
        abort();
    memcpy(exact, data, length);
    enum proxy_header_result result = proxy_header_parse(exact, length, header);
    free(exact);
    return result;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct proxy_header none;
    struct proxy_header whole;
    struct proxy_header part;
    if (size == 0)
        return 0;
    enum proxy_header_result result = parse(data, size, &whole);
    if (result != PROXY_HEADER_DONE && memcmp(&whole, &none, sizeof none) != 0)
        abort();
    if (result != PROXY_HEADER_DONE)
        return 0;
    if (whole.length > size || whole.length > PROXY_HEADER_MAX)
        abort();
    if (parse(data, whole.length, &part) != PROXY_HEADER_DONE || memcmp(&part, &whole, sizeof part) != 0)
        abort();
    for (size_t cut = 1; cut < whole.length; cut++)
        if (parse(data, cut, &part) != PROXY_HEADER_MORE)
            abort();
    return 0;
}
