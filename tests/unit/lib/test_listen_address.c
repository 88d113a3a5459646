/* Where a socket is bound, told from another. */
#include "listen_address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct listen_address
parsed(const char *text)
{
    struct listen_address address;
    const char *why = NULL;
    if (listen_address_parse(text, &address, &why) != SP_OK)
        fail_msg("%s: %s", text, why);
    return address;
}

/* A socket that is bound there; -1 where the machine cannot. */
static int
bound(const char *text)
{
    struct listen_address address = parsed(text);
    int fd = socket(address.any.sa_family, SOCK_STREAM, 0);
    if (fd >= 0 && address.any.sa_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){ !address.both }, sizeof(int));
    if (fd < 0 || bind(fd, &address.any, address.length) == 0)
        return fd;
    close(fd);
    return -1;
}

/* A bound socket is one of these and no other. */
static void
test_an_address_is_found_again_at_its_socket_alone(void **state)
{
    (void)state;
    static const char *const all[] = {
        "127.0.0.1:18431", "127.0.0.2:18431", "127.0.0.1:18432", "0.0.0.0:18433",
        "*:18434",         "[::]:18434",      "[::1]:18435",     "unix:/tmp/sporlos-listen-address.sock",
    };
    enum { COUNT = sizeof all / sizeof all[0] };
    unsigned tried = 0;
    unlink("/tmp/sporlos-listen-address.sock");
    for (size_t i = 0; i < COUNT; i++) {
        int fd = bound(all[i]);
        if (fd < 0)
            continue; /* no IPv6 here */
        tried++;
        for (size_t j = 0; j < COUNT; j++) {
            struct listen_address other = parsed(all[j]);
            if (listen_address_is(&other, fd) != (i == j))
                fail_msg("%s and %s", all[i], all[j]);
        }
        close(fd);
    }
    unlink("/tmp/sporlos-listen-address.sock");
    assert_true(tried >= 5);
}

static void
test_a_connection_is_traced_to_its_listener(void **state)
{
    (void)state;
    struct listen_address one = parsed("127.0.0.1:18441");
    struct listen_address two = parsed("127.0.0.2:18441");
    struct listen_address other = parsed("127.0.0.1:18442");
    int any = bound("0.0.0.0:18441");
    assert_true(listen_address_reached(any, &one));
    assert_true(listen_address_reached(any, &two));
    assert_false(listen_address_reached(any, &other));
    close(any);
    int narrow = bound("127.0.0.1:18441");
    assert_true(listen_address_reached(narrow, &one));
    assert_false(listen_address_reached(narrow, &two));
    assert_false(listen_address_reached(STDIN_FILENO, &one));
    close(narrow);
}

static void
test_an_address_is_printed_as_an_option_has_it(void **state)
{
    (void)state;
    static const char *const all[] = { "127.0.0.1:8400", "[::1]:8400", "*:8400", "unix:/run/sporlos/a.sock" };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char text[160];
        struct listen_address address = parsed(all[i]);
        listen_address_print(&address, text, sizeof text);
        if (i != 2 || address.both)
            assert_string_equal(text, all[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_address_is_found_again_at_its_socket_alone),
        cmocka_unit_test(test_a_connection_is_traced_to_its_listener),
        cmocka_unit_test(test_an_address_is_printed_as_an_option_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
