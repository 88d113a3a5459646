#include "sporlos/asset.h"

#include <stdio.h>
#include <strings.h>

struct span
asset_address(const struct asset *asset, const char *folder, char text[ASSET_ADDRESS_MAX])
{
    const char *ending = strrchr(asset->name, '.');
    int stem = (int)(ending == NULL ? strlen(asset->name) : (size_t)(ending - asset->name));
    snprintf(text, ASSET_ADDRESS_MAX, "%s%.*s-%s%s", folder, stem, asset->name, asset->version, asset->name + stem);
    return span_text(text);
}

/* "q=0", "q=0.0", ...: the sender does not want it. */
static bool
is_refused(struct span weight)
{
    if (weight.length < 3 || (weight.at[0] | 0x20) != 'q' || weight.at[1] != '=')
        return false;
    for (size_t i = 2; i < weight.length; i++) {
        if (weight.at[i] != '0' && weight.at[i] != '.')
            return false;
    }
    return true;
}

static bool
accepts(struct span accept_encoding, struct span coding)
{
    while (accept_encoding.length > 0) {
        struct span weight, ignored;
        struct span name = span_cut(span_cut(accept_encoding, ',', &accept_encoding), ';', &weight);
        if (name.length == coding.length && strncasecmp(name.at, coding.at, name.length) == 0)
            return !is_refused(span_cut(weight, ';', &ignored));
    }
    return false;
}

struct asset_body
asset_body(const struct asset *asset, struct span accept_encoding)
{
    struct asset_body best = { span_of((const char *)asset->identity, asset->identity_length), NULL };
    if (asset->gzip != NULL && accepts(accept_encoding, SPAN_LITERAL("gzip")))
        best = (struct asset_body){ span_of((const char *)asset->gzip, asset->gzip_length), "gzip" };
    if (asset->brotli != NULL && (best.encoding == NULL || asset->brotli_length < best.bytes.length) &&
        accepts(accept_encoding, SPAN_LITERAL("br")))
        best = (struct asset_body){ span_of((const char *)asset->brotli, asset->brotli_length), "br" };
    return best;
}
