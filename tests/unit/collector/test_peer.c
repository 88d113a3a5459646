#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "peer.h"

#include "own_stack.h"
#include "sporlos/address_page.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

static struct address_block blocks[] = { { AF_INET, { 127, 0, 0, 1 }, 32 }, { AF_INET, { 10, 0, 0, 0 }, 8 } };

static const struct config configuration = {
    .collector = { .trusted_proxies = blocks, .trusted_proxy_count = 2, .network_connections = 2 }
};

static bool
arrive(struct peers *peers, enum http_arrival arrival, const char *address, unsigned char peer[HTTP_PEER_BYTES])
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(4711) };
    struct sockaddr_storage none = { .ss_family = AF_UNSPEC };
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    if (address == NULL)
        return peers_accept(peers, &configuration, arrival, (struct sockaddr *)&none, sizeof none, peer);
    if (address[0] == '/')
        return peers_accept(peers, &configuration, arrival, (struct sockaddr *)&local, sizeof local, peer);
    assert_int_equal(inet_pton(AF_INET, address, &v4.sin_addr), 1);
    return peers_accept(peers, &configuration, arrival, (struct sockaddr *)&v4, sizeof v4, peer);
}

/* The network of a request with these headers from that peer. */
static enum sp_error
ask(const unsigned char peer[HTTP_PEER_BYTES], const char *headers, struct network *network)
{
    char raw[1024];
    struct http_parse_state parser;
    struct http_request request;
    int status = 0;
    int length = snprintf(raw, sizeof raw, "GET /b HTTP/1.1\r\nHost: c\r\n%s\r\n", headers);
    http_parse_begin(&parser, 100);
    assert_int_equal(http_parse(&parser, raw, (size_t)length, &request, &status), HTTP_PARSE_DONE);
    return peer_network(&configuration, peer, &request, network);
}

static void
assert_network(const struct network *network, enum network_family family, uint64_t prefix)
{
    assert_int_equal(network->family, family);
    assert_int_equal(network->prefix, prefix);
}

struct claim {
    const char *peer, *headers;
    enum sp_error error;
    enum network_family family;
    uint64_t prefix;
};

/* What a visitor can write into a request, and what becomes of it. */
static const struct claim claims[] = {
    { "203.0.113.9", "", SP_OK, NETWORK_V4, 0xcb0071 },
    { "203.0.113.9", "X-Forwarded-For: 198.51.100.7\r\n", SP_OK, NETWORK_V4, 0xcb0071 },
    { "203.0.113.9", "X-Forwarded-For: 127.0.0.1\r\n", SP_OK, NETWORK_V4, 0xcb0071 },
    { "203.0.113.9", "X-Forwarded-For: rubbish\r\n", SP_OK, NETWORK_V4, 0xcb0071 },
    { "203.0.113.9", "X-Real-IP: 198.51.100.7\r\nForwarded: for=198.51.100.7\r\nTrue-Client-IP: 198.51.100.7\r\n",
      SP_OK, NETWORK_V4, 0xcb0071 },
    { "127.0.0.1", "X-Forwarded-For: 198.51.100.7\r\n", SP_OK, NETWORK_V4, 0xc63364 },
    { "127.0.0.1", "X-Forwarded-For: 192.0.2.66, 198.51.100.7\r\n", SP_OK, NETWORK_V4, 0xc63364 },
    { "127.0.0.1", "X-Forwarded-For: 127.0.0.1, 192.0.2.66, 198.51.100.7, 10.1.2.3\r\n", SP_OK, NETWORK_V4, 0xc63364 },
    { "127.0.0.1", "X-Forwarded-For: 2001:db8:1:2::1\r\n", SP_OK, NETWORK_V6, UINT64_C(0x20010db80001) },
    { "127.0.0.1", "X-Real-IP: 192.0.2.66\r\nForwarded: for=192.0.2.66\r\nX-Client-IP: 192.0.2.66\r\n", SP_OK,
      NETWORK_V4, 0x7f0000 },
    { "127.0.0.1", "X-Forwarded-For: 198.51.100.7\r\nX-Real-IP: 192.0.2.66\r\nForwarded: for=192.0.2.66\r\n", SP_OK,
      NETWORK_V4, 0xc63364 },
    { "127.0.0.1", "X-Forwarded-For: 198.51.100.7, unknown\r\n", SP_MALFORMED, NETWORK_NONE, 0 },
    { "127.0.0.1", "X-Forwarded-For:\r\n", SP_MALFORMED, NETWORK_NONE, 0 },
    { "/socket", "X-Forwarded-For: 198.51.100.7\r\n", SP_OK, NETWORK_V4, 0xc63364 },
    { "/socket", "", SP_OK, NETWORK_NONE, 0 },
};

static void
test_only_trusted_proxies_speak_for_others(void **state)
{
    (void)state;
    struct peers *peers = NULL;
    assert_int_equal(peers_new(10, &peers), SP_OK);
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        unsigned char peer[HTTP_PEER_BYTES] = { 0 };
        struct network network;
        assert_true(arrive(peers, HTTP_ARRIVAL_DIRECT, claims[i].peer, peer));
        if (ask(peer, claims[i].headers, &network) != claims[i].error)
            fail_msg("row %zu", i);
        if (claims[i].error == SP_OK)
            assert_network(&network, claims[i].family, claims[i].prefix);
        peers_close(peers, peer);
    }
    peers_free(peers);
}

static void
test_a_proxy_header_is_taken_from_trusted_proxies_alone(void **state)
{
    (void)state;
    struct peers *peers = NULL;
    unsigned char peer[HTTP_PEER_BYTES] = { 0 };
    struct network network;
    assert_int_equal(peers_new(10, &peers), SP_OK);
    assert_false(arrive(peers, HTTP_ARRIVAL_PROXY, "203.0.113.9", peer));
    assert_int_equal(peer_statistics(peers).untrusted, 1);
    assert_int_equal(peer_statistics(peers).networks, 0);
    assert_true(arrive(peers, HTTP_ARRIVAL_PROXY, "127.0.0.1", peer));
    assert_true(arrive(peers, HTTP_ARRIVAL_PROXIED, "198.51.100.7", peer));
    assert_int_equal(ask(peer, "X-Forwarded-For: 192.0.2.66\r\n", &network), SP_OK);
    assert_network(&network, NETWORK_V4, 0xc63364); /* the client's header is the client's word */
    assert_int_equal(peer_statistics(peers).networks, 1);
    peers_close(peers, peer);
    assert_int_equal(peer_statistics(peers).networks, 0);
    assert_true(arrive(peers, HTTP_ARRIVAL_PROXY, "/socket", peer));
    assert_true(arrive(peers, HTTP_ARRIVAL_PROXIED, "10.9.9.9", peer)); /* a proxy behind the proxy */
    assert_int_equal(ask(peer, "X-Forwarded-For: 198.51.100.7\r\n", &network), SP_OK);
    assert_network(&network, NETWORK_V4, 0xc63364);
    peers_free(peers);
}

/* A health check, or a family we do not know: nobody's network, and nobody's word is believed. */
static void
test_a_proxy_header_without_a_client_ends_trust(void **state)
{
    (void)state;
    struct peers *peers = NULL;
    unsigned char peer[HTTP_PEER_BYTES] = { 0 };
    struct network network;
    assert_int_equal(peers_new(10, &peers), SP_OK);
    assert_true(arrive(peers, HTTP_ARRIVAL_PROXY, "127.0.0.1", peer));
    assert_true(arrive(peers, HTTP_ARRIVAL_PROXIED, NULL, peer));
    assert_int_equal(ask(peer, "X-Forwarded-For: 198.51.100.7\r\n", &network), SP_OK);
    assert_network(&network, NETWORK_NONE, 0);
    assert_int_equal(network.trusted, 0);
    assert_true(arrive(peers, HTTP_ARRIVAL_PROXY, "127.0.0.1", peer));
    assert_true(arrive(peers, HTTP_ARRIVAL_PROXIED, "/socket", peer)); /* cannot come to be, and trusts nobody */
    memcpy(&network, peer, sizeof network);
    assert_int_equal(network.trusted, 0);
    peers_free(peers);
}

static void
test_connections_of_a_network_are_capped_and_given_back(void **state)
{
    (void)state;
    struct peers *peers = NULL;
    unsigned char first[HTTP_PEER_BYTES] = { 0 };
    unsigned char second[HTTP_PEER_BYTES] = { 0 };
    unsigned char third[HTTP_PEER_BYTES] = { 0 };
    assert_int_equal(peers_new(10, &peers), SP_OK);
    assert_true(arrive(peers, HTTP_ARRIVAL_DIRECT, "203.0.113.9", first));
    assert_true(arrive(peers, HTTP_ARRIVAL_DIRECT, "203.0.113.200", second));
    assert_false(arrive(peers, HTTP_ARRIVAL_DIRECT, "203.0.113.10", third));
    assert_int_equal(peer_statistics(peers).crowded, 1);
    assert_true(arrive(peers, HTTP_ARRIVAL_PROXY, "127.0.0.1", third));
    assert_false(arrive(peers, HTTP_ARRIVAL_PROXIED, "203.0.113.10", third));
    peers_close(peers, third); /* the server says so: it had been welcome as a proxy */
    assert_false(arrive(peers, HTTP_ARRIVAL_DIRECT, "203.0.113.10", third));
    peers_close(peers, first);
    assert_true(arrive(peers, HTTP_ARRIVAL_DIRECT, "203.0.113.10", third));
    for (int i = 0; i < 100; i++)
        assert_true(arrive(peers, HTTP_ARRIVAL_DIRECT, "127.0.0.1", first));
    for (int i = 0; i < 100; i++)
        assert_true(arrive(peers, HTTP_ARRIVAL_DIRECT, "/socket", first));
    peers_free(peers);
}

static void
test_nothing_of_the_host_part_is_kept(void **state)
{
    (void)state;
    struct peers *peers = NULL;
    unsigned char one[HTTP_PEER_BYTES] = { 0 };
    unsigned char other[HTTP_PEER_BYTES] = { 0 };
    assert_int_equal(peers_new(10, &peers), SP_OK);
    assert_true(arrive(peers, HTTP_ARRIVAL_DIRECT, "203.0.113.9", one));
    assert_true(arrive(peers, HTTP_ARRIVAL_DIRECT, "203.0.113.254", other));
    assert_memory_equal(one, other, sizeof one);
    peers_free(peers);
}

/* What is looked for on the stack afterwards stands nowhere on it before. */
struct visit {
    struct http_request request;
    unsigned char peer[HTTP_PEER_BYTES];
    struct sockaddr_storage from;
    struct peers *peers;
    enum sp_error error;
};

static void
visit_on_own_stack(void *argument)
{
    struct visit *visit = argument;
    struct network network;
    (void)peers_accept(visit->peers, &configuration, HTTP_ARRIVAL_PROXIED, (const struct sockaddr *)&visit->from,
                       sizeof visit->from, visit->peer);
    visit->error = peer_network(&configuration, visit->peer, &visit->request, &network);
}

static void
test_no_address_is_left_on_the_stack_or_in_the_page(void **state)
{
    (void)state;
    static const struct address_page empty;
    static struct own_stack stack;
    static struct visit visit;
    static char raw[256];
    static const char *const forwarded[] = { "243.167.119.201", "4a5b:9c1d:7e2f:8091:a2b3:c4d5:e6f7:1829",
                                             "::ffff:243.167.119.201", "243.167.119.201, 4a5b:9c1d::x" };
    static const unsigned char four[] = { 243, 167, 119, 201 };
    static const unsigned char six[] = { 0x80, 0x91, 0xa2, 0xb3, 0xc4, 0xd5 };
    struct sockaddr_in *from = (struct sockaddr_in *)(void *)&visit.from;
    if (OWN_STACK_UNUSABLE)
        skip();
    *from = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(4711) };
    memcpy(&from->sin_addr, "\x7f\0\0\1", 4); /* trusted */
    assert_int_equal(peers_new(10, &visit.peers), SP_OK);
    for (size_t i = 0; i < sizeof forwarded / sizeof forwarded[0]; i++) {
        struct http_parse_state parser;
        int status = 0;
        int length =
            snprintf(raw, sizeof raw, "GET /b HTTP/1.1\r\nHost: c\r\nX-Forwarded-For: %s\r\n\r\n", forwarded[i]);
        http_parse_begin(&parser, 100);
        assert_int_equal(http_parse(&parser, raw, (size_t)length, &visit.request, &status), HTTP_PARSE_DONE);
        own_stack_run(&stack, visit_on_own_stack, &visit);
        assert_int_equal(visit.error, i == 3 ? SP_MALFORMED : SP_OK);
        assert_false(own_stack_holds(&stack, four, sizeof four));
        assert_false(own_stack_holds(&stack, six, sizeof six));
        assert_false(own_stack_holds(&stack, "167.119.201", 11));
        assert_false(own_stack_holds(&stack, "8091:a2b3", 9));
        assert_memory_equal(address_page(), &empty, sizeof empty);
    }
    peers_free(visit.peers);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_trusted_proxies_speak_for_others),
        cmocka_unit_test(test_a_proxy_header_is_taken_from_trusted_proxies_alone),
        cmocka_unit_test(test_a_proxy_header_without_a_client_ends_trust),
        cmocka_unit_test(test_connections_of_a_network_are_capped_and_given_back),
        cmocka_unit_test(test_nothing_of_the_host_part_is_kept),
        cmocka_unit_test(test_no_address_is_left_on_the_stack_or_in_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
