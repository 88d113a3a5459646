#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sporlos/client_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sodium.h>
#include <string.h>

static const struct address_block trusted[] = {
    { AF_INET, { 127, 0, 0, 1 }, 32 },
    { AF_INET, { 10, 0, 0, 0 }, 8 },
    { AF_INET6, { [15] = 1 }, 128 },
    { AF_INET, { 172, 16, 0, 0 }, 12 },
};
enum { TRUSTED = sizeof trusted / sizeof trusted[0] };

static struct sockaddr_storage
address(const char *text)
{
    struct sockaddr_storage out = { 0 };
    struct sockaddr_in *v4 = (void *)&out;
    struct sockaddr_in6 *v6 = (void *)&out;
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1)
        v4->sin_family = AF_INET, v4->sin_port = htons(4711);
    else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1)
        v6->sin6_family = AF_INET6, v6->sin6_port = htons(4711);
    else
        fail_msg("%s is no address", text);
    return out;
}

struct row {
    const char *text;
    enum network_family family;
    uint64_t prefix;
    bool trusted;
};

static const struct row rows[] = {
    { "192.0.2.255", NETWORK_V4, 0xc00002, false },
    { "192.0.2.0", NETWORK_V4, 0xc00002, false },
    { "255.255.255.255", NETWORK_V4, 0xffffff, false },
    { "0.0.0.0", NETWORK_V4, 0, false },
    { "127.0.0.1", NETWORK_V4, 0x7f0000, true },
    { "127.0.0.2", NETWORK_V4, 0x7f0000, false },
    { "10.255.3.4", NETWORK_V4, 0x0aff03, true },
    { "172.31.0.1", NETWORK_V4, 0xac1f00, true },
    { "172.32.0.1", NETWORK_V4, 0xac2000, false },
    { "::1", NETWORK_V6, 0, true },
    { "2001:db8:1:2:3:4:5:6", NETWORK_V6, 0x20010db80001, false },
    { "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", NETWORK_V6, 0x20010db8ffff, false },
    /* IPv4 in IPv6 clothes is IPv4 before it is truncated */
    { "::ffff:192.0.2.77", NETWORK_V4, 0xc00002, false },
    { "::ffff:127.0.0.1", NETWORK_V4, 0x7f0000, true },
    { "2002:c000:024d::1", NETWORK_V4, 0xc00002, false },
    { "64:ff9b::192.0.2.33", NETWORK_V4, 0xc00002, false },
    { "2001:0:4136:e378:8000:63bf:3fff:fdd2", NETWORK_V4, 0xc00002, false }, /* RFC 4380's own example */
    { "2001:1:4136:e378:8000:63bf:3fff:fdd2", NETWORK_V6, 0x200100014136, false },
};

static void
test_keeps_24_and_48_bits_and_nothing_else(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sockaddr_storage given = address(rows[i].text);
        struct network network;
        assert_int_equal(client_address_truncate(&given, trusted, TRUSTED, &network), SP_OK);
        assert_int_equal(network.family, rows[i].family);
        assert_int_equal(network.prefix, rows[i].prefix);
        assert_int_equal(network.trusted, rows[i].trusted);
        assert_true(sodium_is_zero((const unsigned char *)&given, sizeof given));
    }
}

static void
test_last_octet_makes_no_difference(void **state)
{
    (void)state;
    struct network first;
    for (int octet = 0; octet < 256; octet++) {
        struct sockaddr_storage given = address("198.51.100.0");
        ((unsigned char *)&((struct sockaddr_in *)(void *)&given)->sin_addr)[3] = (unsigned char)octet;
        struct network network;
        assert_int_equal(client_address_truncate(&given, NULL, 0, &network), SP_OK);
        if (octet == 0)
            first = network;
        assert_memory_equal(&first, &network, sizeof network);
    }
}

static void
test_other_families_are_refused_and_wiped(void **state)
{
    (void)state;
    struct sockaddr_storage given = { .ss_family = AF_UNIX };
    memcpy((char *)&given + 2, "/run/secret", 11);
    struct network network = { .prefix = 1, .family = 1, .trusted = 1 };
    assert_int_equal(client_address_truncate(&given, trusted, TRUSTED, &network), SP_BAD_FAMILY);
    assert_int_equal(network.family, NETWORK_NONE);
    assert_int_equal(network.prefix, 0);
    assert_true(sodium_is_zero((const unsigned char *)&given, sizeof given));
}

struct forwarded_row {
    const char *value;
    enum sp_error error;
    uint64_t prefix;
};

static const struct forwarded_row forwarded_rows[] = {
    { "192.0.2.7", SP_OK, 0xc00002 },
    { " 192.0.2.7\t", SP_OK, 0xc00002 },
    { "203.0.113.9, 192.0.2.7", SP_OK, 0xc00002 }, /* what a visitor claims stands left of the truth */
    { "192.0.2.7, 10.0.0.1", SP_OK, 0xc00002 },    /* our own proxies are passed over */
    { "192.0.2.7,10.0.0.1 , 127.0.0.1", SP_OK, 0xc00002 },
    { "203.0.113.9, 192.0.2.7, 10.0.0.1", SP_OK, 0xc00002 },
    { "garbage, 192.0.2.7", SP_OK, 0xc00002 }, /* not read */
    { "10.0.0.2, 10.0.0.1", SP_OK, 0x0a0000 }, /* all ours: the left-most */
    { "192.0.2.7:1234", SP_OK, 0xc00002 },
    { "[2001:db8::1]:443", SP_OK, 0x20010db80000 },
    { "[2001:db8::1]", SP_OK, 0x20010db80000 },
    { "2001:db8::1", SP_OK, 0x20010db80000 },
    { "::ffff:192.0.2.7", SP_OK, 0xc00002 },
    { "", SP_MALFORMED, 0 },
    { ",", SP_MALFORMED, 0 },
    { "192.0.2.7,", SP_MALFORMED, 0 },
    { "192.0.2.7, , 10.0.0.1", SP_MALFORMED, 0 },
    { "unknown", SP_MALFORMED, 0 },
    { "192.0.2.256", SP_MALFORMED, 0 },
    { "192.0.2", SP_MALFORMED, 0 },
    { "[2001:db8::1", SP_MALFORMED, 0 },
    { "192.0.2.7 10.0.0.1", SP_MALFORMED, 0 },
    { "2001:db8::1%eth0", SP_MALFORMED, 0 },
    { "1111111111111111111111111111111111111111111111111111111111111111111111111", SP_MALFORMED, 0 },
};

static void
test_forwarded_takes_the_right_most_untrusted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forwarded_rows / sizeof forwarded_rows[0]; i++) {
        const struct forwarded_row *row = &forwarded_rows[i];
        struct network network = { .prefix = 1, .family = 1, .trusted = 1 };
        enum sp_error error = client_address_forwarded(span_text(row->value), trusted, TRUSTED, &network);
        if (error != row->error || network.prefix != row->prefix)
            fail_msg("'%s': error %d, prefix %lx", row->value, (int)error, (unsigned long)network.prefix);
    }
}

static uint32_t
next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 16;
}

static void
test_forwarded_reads_v4_as_inet_pton_does(void **state)
{
    static const char alphabet[] = "00112255599.... :-+x";
    static const char *const seeds[] = {
        "192.0.2.255", "255.255.255.255", "0.0.0.0", "1.2.3.4", "01.2.3.4", "256.1.1.1"
    };
    uint32_t random = 1;
    unsigned good = 0;
    unsigned bad = 0;
    (void)state;
    for (int round = 0; round < 200000; round++) {
        char text[24];
        strcpy(text, seeds[next_random(&random) % (sizeof seeds / sizeof seeds[0])]);
        for (uint32_t changes = next_random(&random) % 4; changes > 0; changes--)
            text[next_random(&random) % strlen(text)] = alphabet[next_random(&random) % (sizeof alphabet - 1)];
        if (text[0] == ' ' || text[strlen(text) - 1] == ' ' || strchr(text, ':') != NULL)
            continue; /* stripped before */
        unsigned char bytes[4];
        bool is_address = inet_pton(AF_INET, text, bytes) == 1;
        struct network network;
        enum sp_error error = client_address_forwarded(span_text(text), NULL, 0, &network);
        if ((error == SP_OK) != is_address ||
            (is_address && (network.family != NETWORK_V4 ||
                            network.prefix != ((uint64_t)bytes[0] << 16 | (uint64_t)bytes[1] << 8 | bytes[2]))))
            fail_msg("'%s': %d, prefix %lx", text, (int)error, (unsigned long)network.prefix);
        good += is_address;
        bad += !is_address;
    }
    assert_true(good > 10000 && bad > 10000);
}

/* Of each length a block that begins as the address does, and one that differs in its last bit. */
static void
test_a_block_holds_what_begins_with_its_bits(void **state)
{
    (void)state;
    static const char *const texts[] = { "203.0.113.77", "2001:db8:4b5c:9d1e:7f20:8193:a2b4:c5d6" };
    for (int family = 0; family < 2; family++) {
        unsigned char bytes[16] = { 0 };
        assert_int_equal(inet_pton(family == 0 ? AF_INET : AF_INET6, texts[family], bytes), 1);
        for (unsigned bits = 0; bits <= (family == 0 ? 32U : 128U); bits++) {
            struct address_block block = { family == 0 ? AF_INET : AF_INET6, { 0 }, bits };
            struct network network;
            for (unsigned bit = 0; bit < bits; bit++)
                block.bytes[bit / 8] |= (unsigned char)(bytes[bit / 8] & 0x80 >> bit % 8);
            assert_int_equal(client_address_forwarded(span_text(texts[family]), &block, 1, &network), SP_OK);
            assert_true(network.trusted);
            if (bits == 0)
                continue;
            block.bytes[(bits - 1) / 8] ^= (unsigned char)(0x80 >> (bits - 1) % 8);
            assert_int_equal(client_address_forwarded(span_text(texts[family]), &block, 1, &network), SP_OK);
            assert_false(network.trusted);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keeps_24_and_48_bits_and_nothing_else),
        cmocka_unit_test(test_last_octet_makes_no_difference),
        cmocka_unit_test(test_other_families_are_refused_and_wiped),
        cmocka_unit_test(test_forwarded_takes_the_right_most_untrusted),
        cmocka_unit_test(test_forwarded_reads_v4_as_inet_pton_does),
        cmocka_unit_test(test_a_block_holds_what_begins_with_its_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
