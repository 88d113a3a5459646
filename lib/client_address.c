#include "sporlos/client_address.h"

#include "sporlos/address_page.h"
#include "sporlos/wipe.h"

#include <arpa/inet.h>
#include <endian.h>
#include <netinet/in.h>

enum { V4_KEPT_BITS = ADDRESS_V4_BITS, V6_KEPT_BITS = ADDRESS_V6_BITS };

/*
 * Bytes of an address may be put on the stack by the compiler: not in the frame of a caller, where what wipes the stack
 * below itself (forget_stack) would not reach them.
 */
#define IN_FRAME_OF_ITS_OWN __attribute__((noinline))

static void
become_v4(struct full_address *address, const unsigned char *v4)
{
    memmove(address->bytes, v4, 4);
    memset(address->bytes + 4, 0, sizeof address->bytes - 4);
    address->family = AF_INET;
}

/* IPv4 that travels inside IPv6. Sources: RFC 4291 2.5.5.2, RFC 3056 2, RFC 6052 2.1, RFC 4380 4. */
static void
unwrap(struct full_address *address)
{
    static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
    static const unsigned char nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
    static const unsigned char teredo[4] = { 0x20, 0x01, 0x00, 0x00 };
    static const unsigned char six_to_four[2] = { 0x20, 0x02 };
    unsigned char *b = address->bytes;
    if (address->family != AF_INET6)
        return;
    if (memcmp(b, mapped, sizeof mapped) == 0 || memcmp(b, nat64, sizeof nat64) == 0) {
        become_v4(address, b + 12);
    } else if (memcmp(b, six_to_four, sizeof six_to_four) == 0) {
        become_v4(address, b + 2);
    } else if (memcmp(b, teredo, sizeof teredo) == 0) {
        for (int i = 12; i < 16; i++)
            b[i] = (unsigned char)~b[i]; /* the client's address is stored inverted */
        become_v4(address, b + 12);
    }
}

/* Whether eight bytes are the same in their first bits, 0 to 64. */
static inline bool
same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
    uint64_t left;
    uint64_t right;
    memcpy(&left, a, sizeof left);
    memcpy(&right, b, sizeof right);
    return bits == 0 || be64toh(left ^ right) >> (64 - bits) == 0;
}

static bool
block_holds(const struct address_block *block, const struct full_address *address)
{
    unsigned first = block->bits < 64 ? block->bits : 64;
    return block->family == address->family && same_bits(block->bytes, address->bytes, first) &&
           same_bits(block->bytes + 8, address->bytes + 8, block->bits - first);
}

static bool
any_block_holds(const struct address_block *blocks, size_t count, const struct full_address *address)
{
    for (size_t i = 0; i < count; i++) {
        if (block_holds(&blocks[i], address))
            return true;
    }
    return false;
}

static struct network
truncate_full(const struct full_address *address)
{
    unsigned kept = (address->family == AF_INET ? V4_KEPT_BITS : V6_KEPT_BITS) / 8;
    struct network network = { .prefix = 0, .family = address->family == AF_INET ? NETWORK_V4 : NETWORK_V6 };
    for (unsigned i = 0; i < kept; i++)
        network.prefix = network.prefix << 8 | address->bytes[i];
    return network;
}

IN_FRAME_OF_ITS_OWN enum sp_error
client_address_truncate(struct sockaddr_storage *address, const struct address_block *blocks, size_t block_count,
                        struct network *network)
{
    struct full_address *full = &address_page()->full;
    enum sp_error error = SP_OK;
    *full = (struct full_address){ .family = address->ss_family };
    if (full->family == AF_INET)
        memcpy(full->bytes, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
    else if (full->family == AF_INET6)
        memcpy(full->bytes, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, 16);
    else
        error = SP_BAD_FAMILY;
    wipe(address, sizeof *address);
    *network = (struct network){ .family = NETWORK_NONE };
    if (error == SP_OK) {
        unwrap(full);
        *network = truncate_full(full);
        network->trusted = any_block_holds(blocks, block_count, full);
    }
    wipe(full, sizeof *full);
    return error;
}

/* The address part of an entry: strips '[v6]', '[v6]:port' and 'v4:port', which some proxies write. */
static struct span
address_part(struct span entry)
{
    if (entry.length > 0 && entry.at[0] == '[') {
        const char *end = memchr(entry.at, ']', entry.length);
        return end == NULL ? entry : span_of(entry.at + 1, (size_t)(end - entry.at) - 1);
    }
    const char *first = entry.length > 0 ? memchr(entry.at, ':', entry.length) : NULL;
    if (first != NULL && memchr(first + 1, ':', entry.length - (size_t)(first + 1 - entry.at)) == NULL)
        return span_of(entry.at, (size_t)(first - entry.at));
    return entry;
}

enum { NO_NUMBER = 256 }; /* and above */

/* The digit at `at`; more than 9 where there is none. */
static inline unsigned
digit_at(const char *at, const char *end)
{
    return at < end ? (unsigned)(unsigned char)*at - '0' : NO_NUMBER;
}

/* One to three digits without a leading zero; *at becomes where they ended. */
static inline unsigned
read_number(const char **at, const char *end)
{
    unsigned value = digit_at((*at)++, end);
    if (value > 9)
        return NO_NUMBER;
    for (int i = 1; i < 3; i++, (*at)++) {
        unsigned digit = digit_at(*at, end);
        if (digit > 9)
            break;
        value = value == 0 ? NO_NUMBER : value * 10 + digit;
    }
    return value;
}

/*
 * Four decimal numbers and three dots, no number with a leading zero, nothing else: what inet_pton reads as AF_INET.
 * In place, because it copies to the stack, and this is nearly every address.
 */
static bool
read_v4(struct span text, unsigned char *bytes)
{
    const char *at = text.at;
    const char *end = at + text.length;
    for (int i = 0; i < 4; i++) {
        unsigned value = read_number(&at, end);
        if (value >= NO_NUMBER)
            return false;
        bytes[i] = (unsigned char)value;
        if (i < 3 && (at >= end || *at++ != '.'))
            return false;
    }
    return at == end;
}

/* An IPv6 address; the text is copied, because inet_pton wants an end. */
static bool
read_v6(struct span part, unsigned char *bytes)
{
    char *text = address_page()->text;
    if (part.length == 0 || part.length >= ADDRESS_TEXT_BYTES || memchr(part.at, '\0', part.length) != NULL)
        return false;
    memcpy(text, part.at, part.length);
    text[part.length] = '\0';
    bool whole = inet_pton(AF_INET6, text, bytes) == 1;
    wipe(text, part.length);
    forget_stack(); /* inet_pton works on the stack */
    return whole;
}

static bool
parse_address(struct span entry, struct full_address *address)
{
    *address = (struct full_address){ .family = AF_INET };
    if (read_v4(entry, address->bytes))
        return true;
    struct span part = address_part(entry);
    if (part.length < entry.length && read_v4(part, address->bytes))
        return true;
    *address = (struct full_address){ .family = AF_INET6 };
    if (!read_v6(part, address->bytes))
        return false;
    unwrap(address);
    return true;
}

/* The last comma-separated entry of *rest, which loses it. */
static struct span
last_entry(struct span *rest)
{
    const char *comma = rest->length == 0 ? NULL : memrchr(rest->at, ',', rest->length);
    size_t before = comma == NULL ? 0 : (size_t)(comma - rest->at);
    size_t skipped = comma == NULL ? 0 : before + 1;
    struct span entry = span_trim(span_of(rest->at + skipped, rest->length - skipped));
    rest->length = before;
    return entry;
}

IN_FRAME_OF_ITS_OWN enum sp_error
client_address_forwarded(struct span value, const struct address_block *blocks, size_t block_count,
                         struct network *network)
{
    struct full_address *address = &address_page()->full;
    struct span rest = value;
    enum sp_error error = SP_OK;
    *network = (struct network){ .family = NETWORK_NONE };
    do {
        if (!parse_address(last_entry(&rest), address)) {
            *network = (struct network){ .family = NETWORK_NONE };
            error = SP_MALFORMED;
            break;
        }
        *network = truncate_full(address);
        network->trusted = any_block_holds(blocks, block_count, address);
    } while (network->trusted && rest.length > 0);
    wipe(address, sizeof *address);
    return error;
}
