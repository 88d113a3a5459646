/*
 * The only code that sees a whole address. It leaves a truncated network behind and wipes what it read.
 */
#ifndef SPORLOS_CLIENT_ADDRESS_H
#define SPORLOS_CLIENT_ADDRESS_H

#include "sporlos/config.h"
#include "sporlos/error.h"
#include "sporlos/span.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * A truncated address: 24 bits of IPv4 or 48 bits of IPv6, right-aligned in prefix. IPv4 in IPv6 clothes (mapped
 * ::ffff:0:0/96, 6to4 2002::/16, NAT64 64:ff9b::/96, Teredo 2001::/32) is IPv4 before it is truncated, else 48 bits
 * would hold all of it.
 */
enum network_family { NETWORK_NONE, NETWORK_V4, NETWORK_V6 };

struct network {
    uint64_t prefix;
    uint8_t family;  /* enum network_family */
    uint8_t trusted; /* the address itself was one of the trusted proxies */
    uint8_t zero[6]; /* where padding would carry what was on the stack */
};
_Static_assert(sizeof(struct network) == 16, "a network is copied without padding");

/*
 * Truncate *address into *network, then zero *address. SP_BAD_FAMILY (and NETWORK_NONE, e.g. for a unix socket).
 * trusted is set from blocks.
 */
SP_MUST_CHECK enum sp_error client_address_truncate(struct sockaddr_storage *address,
                                                    const struct address_block *blocks, size_t block_count,
                                                    struct network *network);

/*
 * The right-most entry of an X-Forwarded-For value that is not a trusted proxy; the left-most when all are.
 * SP_MALFORMED when an entry that had to be read is not an address. Nothing of the text is kept.
 */
SP_MUST_CHECK enum sp_error client_address_forwarded(struct span value, const struct address_block *blocks,
                                                     size_t block_count, struct network *network);

#endif
