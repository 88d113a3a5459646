#include "sporlos/proxy_header.h"

#include "sporlos/address_page.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { V2_SIGNATURE_BYTES = 12, V2_FIXED_BYTES = 16, V4_BLOCK_BYTES = 12, V6_BLOCK_BYTES = 36, TLV_FIXED_BYTES = 3 };

static const char v2_signature[V2_SIGNATURE_BYTES] = "\r\n\r\n\0\r\nQUIT\n";
static const char v1_signature[6] = "PROXY ";

/* Whether bytes may become text: equal as far as the shorter one goes. */
static bool
begins(const char *bytes, size_t length, const char *text, size_t text_length)
{
    return memcmp(bytes, text, length < text_length ? length : text_length) == 0;
}

/* ---- version 1 ---- */

/* The next word of *at, ended by one space or by the end; it is moved behind both. False when it is empty or long. */
static bool
take_word(const char **at, const char *end, char out[INET6_ADDRSTRLEN])
{
    const char *space = memchr(*at, ' ', (size_t)(end - *at));
    const char *stop = space == NULL ? end : space;
    size_t length = (size_t)(stop - *at);
    if (length == 0 || length >= INET6_ADDRSTRLEN || memchr(*at, '\0', length) != NULL)
        return false;
    memcpy(out, *at, length);
    out[length] = '\0';
    *at = space == NULL ? end : space + 1;
    return true;
}

/* '0' to '65535', no leading zero. */
static bool
is_port(const char *word)
{
    unsigned value = 0;
    if (word[0] == '0')
        return word[1] == '\0';
    for (size_t i = 0; word[i] != '\0'; i++) {
        if (word[i] < '0' || word[i] > '9' || i >= 5)
            return false;
        value = value * 10 + (unsigned)(word[i] - '0');
    }
    return value <= UINT16_MAX;
}

/* 'source destination sourceport destinationport' of the family; the source becomes the client. */
static bool
parse_v1_addresses(const char *at, const char *end, int family, struct sockaddr_storage *client)
{
    char *word = address_page()->text;
    unsigned char *ignored = address_page()->parsed;
    struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)client;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)client;
    void *source = family == AF_INET ? (void *)&v4->sin_addr : (void *)&v6->sin6_addr;
    bool valid = end[-1] != ' ' && take_word(&at, end, word) && inet_pton(family, word, source) == 1 &&
                 take_word(&at, end, word) && inet_pton(family, word, ignored) == 1 && take_word(&at, end, word) &&
                 is_port(word) && take_word(&at, end, word) && is_port(word) && at == end;
    explicit_bzero(word, ADDRESS_TEXT_BYTES);
    explicit_bzero(ignored, sizeof address_page()->parsed);
    client->ss_family = (sa_family_t)family;
    return valid;
}

/* line: without CRLF. */
static bool
parse_v1_line(const char *line, size_t length, struct sockaddr_storage *client)
{
    static const char unknown[] = "PROXY UNKNOWN";
    enum { PROTOCOL_BYTES = sizeof "PROXY TCP4 " - 1, UNKNOWN_BYTES = sizeof unknown - 1 };
    if (length >= UNKNOWN_BYTES && memcmp(line, unknown, UNKNOWN_BYTES) == 0)
        return length == UNKNOWN_BYTES || line[UNKNOWN_BYTES] == ' '; /* the rest is to be ignored: 2.1 */
    if (length <= PROTOCOL_BYTES)
        return false;
    bool v4 = memcmp(line, "PROXY TCP4 ", PROTOCOL_BYTES) == 0;
    bool v6 = memcmp(line, "PROXY TCP6 ", PROTOCOL_BYTES) == 0;
    return (v4 || v6) && parse_v1_addresses(line + PROTOCOL_BYTES, line + length, v4 ? AF_INET : AF_INET6, client);
}

static enum proxy_header_result
parse_v1(const char *bytes, size_t length, struct proxy_header *header)
{
    size_t limit = length < PROXY_V1_MAX ? length : PROXY_V1_MAX;
    const char *return_at = memchr(bytes, '\r', limit);
    const char *feed_at = memchr(bytes, '\n', limit);
    if (feed_at != NULL && (return_at == NULL || feed_at != return_at + 1))
        return PROXY_HEADER_BAD;
    if (feed_at == NULL) {
        bool may_end = return_at == NULL || return_at + 1 == bytes + length;
        return may_end && length < PROXY_V1_MAX ? PROXY_HEADER_MORE : PROXY_HEADER_BAD;
    }
    header->length = (size_t)(feed_at - bytes) + 1;
    bool valid = parse_v1_line(bytes, (size_t)(return_at - bytes), &header->client);
    return valid ? PROXY_HEADER_DONE : PROXY_HEADER_BAD;
}

/* ---- version 2 ---- */

enum v2_command { V2_LOCAL = 0x20, V2_PROXY = 0x21 };

/* What a header of that family and transport must hold, and what it names. */
struct v2_family {
    unsigned char code; /* byte 14 */
    size_t block_bytes; /* addresses and ports */
    int family;         /* that is read */
};

/* Datagrams and unix sockets are no clients of ours: their addresses are ignored, as 2.2 asks. */
static const struct v2_family v2_families[] = {
    { 0x00, 0, AF_UNSPEC },
    { 0x11, V4_BLOCK_BYTES, AF_INET },
    { 0x12, V4_BLOCK_BYTES, AF_UNSPEC },
    { 0x21, V6_BLOCK_BYTES, AF_INET6 },
    { 0x22, V6_BLOCK_BYTES, AF_UNSPEC },
    { 0x31, 216, AF_UNSPEC },
    { 0x32, 216, AF_UNSPEC },
};

static const struct v2_family *
find_family(unsigned char code)
{
    for (size_t i = 0; i < sizeof v2_families / sizeof v2_families[0]; i++)
        if (v2_families[i].code == code)
            return &v2_families[i];
    return NULL;
}

static size_t
read_length(const char *at)
{
    return (size_t)(unsigned char)at[0] << 8 | (unsigned char)at[1];
}

/* Whether type-length-value fields fill the bytes exactly. */
static bool
are_tlvs(const char *at, size_t length)
{
    while (length >= TLV_FIXED_BYTES) {
        size_t taken = TLV_FIXED_BYTES + read_length(at + 1);
        if (taken > length)
            return false;
        at += taken;
        length -= taken;
    }
    return length == 0;
}

static void
read_source(const char *block, int family, struct sockaddr_storage *client)
{
    client->ss_family = (sa_family_t)family;
    if (family == AF_INET)
        memcpy(&((struct sockaddr_in *)(void *)client)->sin_addr, block, sizeof(struct in_addr));
    else if (family == AF_INET6)
        memcpy(&((struct sockaddr_in6 *)(void *)client)->sin6_addr, block, sizeof(struct in6_addr));
}

/* What is wrong with the fixed part is said as soon as it is there. */
static bool
fixed_part_valid(const char *bytes, size_t length)
{
    if (length > 12 && (unsigned char)bytes[12] != V2_LOCAL && (unsigned char)bytes[12] != V2_PROXY)
        return false;
    bool local = length > 12 && (unsigned char)bytes[12] == V2_LOCAL; /* its family and block are to be ignored: 2.2 */
    if (length > 13 && !local && find_family((unsigned char)bytes[13]) == NULL)
        return false;
    if (length < V2_FIXED_BYTES)
        return true;
    size_t rest = read_length(bytes + 14);
    return rest <= PROXY_HEADER_MAX - V2_FIXED_BYTES &&
           (local || rest >= find_family((unsigned char)bytes[13])->block_bytes);
}

static enum proxy_header_result
parse_v2(const char *bytes, size_t length, struct proxy_header *header)
{
    if (!fixed_part_valid(bytes, length))
        return PROXY_HEADER_BAD;
    if (length < V2_FIXED_BYTES || length < V2_FIXED_BYTES + read_length(bytes + 14))
        return PROXY_HEADER_MORE;
    const struct v2_family *family = find_family((unsigned char)bytes[13]);
    const char *block = bytes + V2_FIXED_BYTES;
    size_t rest = read_length(bytes + 14);
    header->length = V2_FIXED_BYTES + rest;
    if ((unsigned char)bytes[12] == V2_LOCAL || family->code == 0)
        return PROXY_HEADER_DONE;
    if (!are_tlvs(block + family->block_bytes, rest - family->block_bytes))
        return PROXY_HEADER_BAD;
    read_source(block, family->family, &header->client);
    return PROXY_HEADER_DONE;
}

/* Not in the frame of the caller, which forget_stack does not reach. */
__attribute__((noinline)) static enum proxy_header_result
parse_either(const char *bytes, size_t length, struct proxy_header *header)
{
    if (begins(bytes, length, v1_signature, sizeof v1_signature))
        return parse_v1(bytes, length, header);
    if (begins(bytes, length, v2_signature, sizeof v2_signature))
        return parse_v2(bytes, length, header);
    return PROXY_HEADER_BAD;
}

enum proxy_header_result
proxy_header_parse(const char *bytes, size_t length, struct proxy_header *header)
{
    memset(header, 0, sizeof *header); /* ss_family becomes AF_UNSPEC */
    enum proxy_header_result result = parse_either(bytes, length, header);
    if (result != PROXY_HEADER_DONE)
        explicit_bzero(header, sizeof *header);
    forget_stack(); /* inet_pton works on the stack */
    return result;
}
