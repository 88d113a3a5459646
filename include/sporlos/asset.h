/*
 * A file that travels inside the program: cmake/embed.mjs makes tables of these at build time (cmake/embed.cmake), and
 * NAME.h declares 'extern const struct asset NAME[NAME_COUNT]' with an index NAME_<FILE> for each, e.g.
 * tracker_assets[TRACKER_ASSETS_S_JS].
 */
#ifndef SPORLOS_ASSET_H
#define SPORLOS_ASSET_H

#include "sporlos/span.h"

#include <stddef.h>

struct asset {
    const char *name;         /* without a leading slash: "s.js" */
    const char *content_type; /* with its charset */
    const unsigned char *identity;
    size_t identity_length;
    const unsigned char *gzip; /* NULL when it would not be smaller */
    size_t gzip_length;
    const unsigned char *brotli; /* NULL when it would not be smaller */
    size_t brotli_length;
    char version[17]; /* 16 hex digits of that digest: names this content in an address */
    char sha384[65];  /* base64 of SHA-384 of identity: integrity="sha384-..." (W3C Subresource Integrity) */
};

/* Bytes of an address with its terminator. */
enum { ASSET_ADDRESS_MAX = 80 };

/* folder ("/", "/assets/"), stem, '-', version and ending: an address that may be cached for ever. */
struct span asset_address(const struct asset *asset, const char *folder, char text[ASSET_ADDRESS_MAX]);

struct asset_body {
    struct span bytes;    /* lives as long as the program */
    const char *encoding; /* value of Content-Encoding; NULL: send none */
};

/*
 * The smallest form that the value of Accept-Encoding allows (RFC 9110, 12.5.3; "q=0" refuses). An empty or unreadable
 * value, "*" too, gets identity. The answer must carry 'Vary: Accept-Encoding' whatever is chosen.
 */
struct asset_body asset_body(const struct asset *asset, struct span accept_encoding);

#endif
