#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sporlos/proxy_header.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define V4_BLOCK "\xc0\x00\x02\x4d\x7f\x00\x00\x01\x30\x39\x00\x50"
#define V6_BLOCK                                                                                                       \
    "\x20\x01\x0d\xb8\x00\x01\x00\x02\0\0\0\0\0\0\0\x01"                                                               \
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"                                                                               \
    "\x30\x39\x00\x50"
#define LITERAL(text) text, sizeof(text) - 1

struct row {
    const char *bytes;
    size_t length;
    const char *client; /* NULL: none is named */
};

/* Whole headers, and whom they name. */
static const struct row good[] = {
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 12345 80\r\n"), "192.0.2.77" },
    { LITERAL("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"), "255.255.255.255" },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 0 0\r\n"), "192.0.2.77" },
    { LITERAL("PROXY TCP6 2001:db8:1:2::1 ::1 12345 80\r\n"), "2001:db8:1:2::1" },
    { LITERAL("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535"
              "\r\n"),
      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
    { LITERAL("PROXY UNKNOWN\r\n"), NULL },
    { LITERAL("PROXY UNKNOWN 192.0.2.77 127.0.0.1 1 2\r\n"), NULL },
    { LITERAL("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 "
              "65535\r\n"),
      NULL }, /* 107 bytes, the longest there is */
    { LITERAL(SIGNATURE "\x21\x11\x00\x0c" V4_BLOCK), "192.0.2.77" },
    { LITERAL(SIGNATURE "\x21\x21\x00\x24" V6_BLOCK), "2001:db8:1:2::1" },
    { LITERAL(SIGNATURE "\x21\x11\x00\x12" V4_BLOCK "\x04\x00\x03???"), "192.0.2.77" },
    { LITERAL(SIGNATURE "\x21\x11\x00\x13" V4_BLOCK "\x04\x00\x00\xea\x00\x01x"), "192.0.2.77" },
    { LITERAL(SIGNATURE "\x20\x00\x00\x00"), NULL },
    { LITERAL(SIGNATURE "\x20\x11\x00\x0c" V4_BLOCK), NULL }, /* LOCAL: what it carries is ignored */
    { LITERAL(SIGNATURE "\x20\xff\x00\x03???"), NULL },       /* its family too */
    { LITERAL(SIGNATURE "\x21\x00\x00\x00"), NULL },          /* unspecified */
    { LITERAL(SIGNATURE "\x21\x00\x00\x05?????"), NULL },     /* all of it is ignored: 2.2 */
    { LITERAL(SIGNATURE "\x21\x12\x00\x0c" V4_BLOCK), NULL }, /* datagrams */
    { LITERAL(SIGNATURE "\x21\x22\x00\x24" V6_BLOCK), NULL },
};

/* None of them is a header, whatever follows. */
static const struct row bad[] = {
    { LITERAL("GET /b HTTP/1.1\r\n"), NULL },
    { LITERAL("\r\nPROXY TCP4 192.0.2.77 127.0.0.1 1 2\r\n"), NULL },
    { LITERAL("proxy TCP4 192.0.2.77 127.0.0.1 1 2\r\n"), NULL },
    { LITERAL("PROXY  TCP4 192.0.2.77 127.0.0.1 1 2\r\n"), NULL },
    { LITERAL("PROXY\tTCP4 192.0.2.77 127.0.0.1 1 2\r\n"), NULL },
    { LITERAL("PROXY TCP4  192.0.2.77 127.0.0.1 1 2\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77  127.0.0.1 1 2\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 1 2 \r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 1 2 3\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 1\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 1 \r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77\r\n"), NULL },
    { LITERAL("PROXY TCP4 \r\n"), NULL },
    { LITERAL("PROXY TCP4\r\n"), NULL },
    { LITERAL("PROXY \r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 1 2\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 1 2\r\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 1 2\rx"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 1 65536\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 1 100000\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 01 2\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 00 2\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 +1 2\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0.1 -1 2\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.077 127.0.0.1 1 2\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2 127.0.0.1 1 2\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.256 127.0.0.1 1 2\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77 127.0.0 1 2\r\n"), NULL },
    { LITERAL("PROXY TCP4 192.0.2.77\0 127.0.0.1 1 2\r\n"), NULL },
    { LITERAL("PROXY TCP4 2001:db8::1 ::1 1 2\r\n"), NULL },
    { LITERAL("PROXY TCP6 192.0.2.77 127.0.0.1 1 2\r\n"), NULL },
    { LITERAL("PROXY TCP6 2001:db8::1::2 ::1 1 2\r\n"), NULL },
    { LITERAL("PROXY TCP6 2001:db8::1%eth0 ::1 1 2\r\n"), NULL },
    { LITERAL("PROXY TCP6 [2001:db8::1] ::1 1 2\r\n"), NULL },
    { LITERAL("PROXY UDP4 192.0.2.77 127.0.0.1 1 2\r\n"), NULL },
    { LITERAL("PROXY UNKNOWNX\r\n"), NULL },
    { LITERAL("PROXY unknown\r\n"), NULL },
    { LITERAL("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 "
              "655350\r\n"),
      NULL }, /* 108 bytes */
    { LITERAL("\r\n\r\n\0\r\nQUIT\r"), NULL },
    { LITERAL("\r\n\r\n\0\r\nquit\n"), NULL },
    { LITERAL(SIGNATURE "\x11"), NULL }, /* version 1 in the clothes of version 2 */
    { LITERAL(SIGNATURE "\x31"), NULL },
    { LITERAL(SIGNATURE "\x22"), NULL },
    { LITERAL(SIGNATURE "\x2f"), NULL },
    { LITERAL(SIGNATURE "\x21\x13"), NULL },
    { LITERAL(SIGNATURE "\x21\x10"), NULL },
    { LITERAL(SIGNATURE "\x21\x41"), NULL },
    { LITERAL(SIGNATURE "\x21\x01"), NULL },
    { LITERAL(SIGNATURE "\x21\xff"), NULL },
    { LITERAL(SIGNATURE "\x21\x11\x00\x0b"), NULL }, /* too short for its addresses */
    { LITERAL(SIGNATURE "\x21\x21\x00\x23"), NULL },
    { LITERAL(SIGNATURE "\x21\x21\x00\x0c"), NULL },
    { LITERAL(SIGNATURE "\x21\x31\x00\xd7"), NULL },
    { LITERAL(SIGNATURE "\x21\x11\x0f\xf1"), NULL }, /* 4097 bytes in all */
    { LITERAL(SIGNATURE "\x20\x00\xff\xff"), NULL },
    { LITERAL(SIGNATURE "\x21\x11\x00\x0d" V4_BLOCK "\x04"), NULL }, /* half a TLV */
    { LITERAL(SIGNATURE "\x21\x11\x00\x0e" V4_BLOCK "\x04\x00"), NULL },
    { LITERAL(SIGNATURE "\x21\x11\x00\x0f" V4_BLOCK "\x04\x00\x01"), NULL },
    { LITERAL(SIGNATURE "\x21\x11\x00\x0f" V4_BLOCK "\x04\xff\xff"), NULL },
    { LITERAL(SIGNATURE "\x21\x11\x00\x10" V4_BLOCK "\x04\x00\x00?"), NULL },
};

/* A page that ends where no other begins: a byte read beyond it ends the test. */
static char *guard;

/* bytes, up against the guard page. */
static const char *
guarded(const char *bytes, size_t length)
{
    memcpy(guard - length, bytes, length);
    return guard - length;
}

static int
set_up(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, page * 3, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    guard = memory + page * 2;
    return memory == MAP_FAILED || mprotect(guard, page, PROT_NONE) != 0;
}

static void
assert_client(const struct proxy_header *header, const char *expected)
{
    char text[INET6_ADDRSTRLEN] = "";
    const struct sockaddr_in *v4 = (const void *)&header->client;
    const struct sockaddr_in6 *v6 = (const void *)&header->client;
    if (header->client.ss_family == AF_INET)
        inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
    else if (header->client.ss_family == AF_INET6)
        inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    assert_string_equal(text, expected == NULL ? "" : expected);
    assert_int_equal(v4->sin_port, 0); /* nobody asks for it */
}

static void
test_whole_headers_name_their_client(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct proxy_header header;
        assert_int_equal(proxy_header_parse(guarded(good[i].bytes, good[i].length), good[i].length, &header),
                         PROXY_HEADER_DONE);
        assert_int_equal(header.length, good[i].length);
        assert_client(&header, good[i].client);
    }
}

static void
test_every_cut_waits_for_more(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        for (size_t cut = 0; cut < good[i].length; cut++) {
            struct proxy_header header;
            if (proxy_header_parse(guarded(good[i].bytes, cut), cut, &header) != PROXY_HEADER_MORE)
                fail_msg("row %zu cut at %zu", i, cut);
            assert_int_equal(header.client.ss_family, AF_UNSPEC);
            assert_int_equal(header.length, 0);
        }
    }
}

static void
test_what_follows_is_the_clients(void **state)
{
    (void)state;
    static const char *const follows[] = { "GET /b HTTP/1.1\r\n\r\n", "PROXY TCP4 10.0.0.1 10.0.0.1 1 2\r\n", "\r",
                                           "\n" };
    char bytes[512];
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        for (size_t f = 0; f < sizeof follows / sizeof follows[0]; f++) {
            struct proxy_header header;
            size_t more = strlen(follows[f]);
            memcpy(bytes, good[i].bytes, good[i].length);
            memcpy(bytes + good[i].length, follows[f], more);
            assert_int_equal(proxy_header_parse(guarded(bytes, good[i].length + more), good[i].length + more, &header),
                             PROXY_HEADER_DONE);
            assert_int_equal(header.length, good[i].length);
            assert_client(&header, good[i].client);
        }
    }
}

static void
test_anything_else_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct proxy_header header;
        memset(&header, 0xff, sizeof header);
        if (proxy_header_parse(guarded(bad[i].bytes, bad[i].length), bad[i].length, &header) != PROXY_HEADER_BAD)
            fail_msg("row %zu", i);
        static const struct proxy_header none;
        assert_memory_equal(&header, &none, sizeof none); /* not half an address either */
    }
}

/* Byte after byte, a bad one is never taken for good on the way. */
static void
test_no_beginning_of_a_bad_header_is_done(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        for (size_t cut = 0; cut < bad[i].length; cut++) {
            struct proxy_header header;
            if (proxy_header_parse(guarded(bad[i].bytes, cut), cut, &header) == PROXY_HEADER_DONE)
                fail_msg("row %zu cut at %zu", i, cut);
        }
    }
}

static void
test_a_line_that_does_not_end_is_given_up_at_its_greatest_length(void **state)
{
    (void)state;
    char bytes[200];
    struct proxy_header header;
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes, "PROXY UNKNOWN ", 14);
    assert_int_equal(proxy_header_parse(bytes, PROXY_V1_MAX - 1, &header), PROXY_HEADER_MORE);
    assert_int_equal(proxy_header_parse(bytes, PROXY_V1_MAX, &header), PROXY_HEADER_BAD);
    assert_int_equal(proxy_header_parse(bytes, sizeof bytes, &header), PROXY_HEADER_BAD);
}

static void
test_the_longest_header_of_version_2(void **state)
{
    (void)state;
    static char bytes[PROXY_HEADER_MAX] = SIGNATURE "\x21\x11\x0f\xf0" V4_BLOCK "\x04\x0f\xe1";
    struct proxy_header header;
    assert_int_equal(proxy_header_parse(guarded(bytes, sizeof bytes - 1), sizeof bytes - 1, &header),
                     PROXY_HEADER_MORE);
    assert_int_equal(proxy_header_parse(guarded(bytes, sizeof bytes), sizeof bytes, &header), PROXY_HEADER_DONE);
    assert_int_equal(header.length, PROXY_HEADER_MAX);
    assert_client(&header, "192.0.2.77");
}

static void
test_unix_sockets_name_no_client(void **state)
{
    (void)state;
    static char bytes[16 + 216] = SIGNATURE "\x21\x31\x00\xd8/run/somewhere.sock";
    struct proxy_header header;
    assert_int_equal(proxy_header_parse(bytes, sizeof bytes, &header), PROXY_HEADER_DONE);
    assert_int_equal(header.length, sizeof bytes);
    assert_client(&header, NULL);
}

/* Every byte of a binary header changed to every value: done, bad or more, but never beyond the bytes that came. */
static void
test_every_changed_byte_stays_within_bounds(void **state)
{
    (void)state;
    static const char original[] = SIGNATURE "\x21\x11\x00\x13" V4_BLOCK "\x04\x00\x00\xea\x00\x01x";
    char bytes[sizeof original - 1];
    for (size_t at = 0; at < sizeof bytes; at++) {
        for (int value = 0; value < 256; value++) {
            struct proxy_header header;
            memcpy(bytes, original, sizeof bytes);
            bytes[at] = (char)value;
            enum proxy_header_result result = proxy_header_parse(guarded(bytes, sizeof bytes), sizeof bytes, &header);
            assert_true(result == PROXY_HEADER_DONE ? header.length <= sizeof bytes : header.length == 0);
            if (at < 12 && bytes[at] != original[at])
                assert_int_equal(result, PROXY_HEADER_BAD);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_headers_name_their_client),
        cmocka_unit_test(test_every_cut_waits_for_more),
        cmocka_unit_test(test_what_follows_is_the_clients),
        cmocka_unit_test(test_anything_else_is_refused),
        cmocka_unit_test(test_no_beginning_of_a_bad_header_is_done),
        cmocka_unit_test(test_a_line_that_does_not_end_is_given_up_at_its_greatest_length),
        cmocka_unit_test(test_the_longest_header_of_version_2),
        cmocka_unit_test(test_unix_sockets_name_no_client),
        cmocka_unit_test(test_every_changed_byte_stays_within_bounds),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
