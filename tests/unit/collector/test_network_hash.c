#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "network_hash.h"

#include <sodium.h>
#include <stdlib.h>

/* libsodium's, of number and text joined. */
static uint64_t
joined(const struct network_hash_key *key, uint64_t number, struct span text)
{
    unsigned char bytes[256], hash[sizeof(uint64_t)];
    uint64_t parts[] = { htole64(key->k0), htole64(key->k1) }, result;
    number = htole64(number);
    memcpy(bytes, &number, sizeof number);
    memcpy(bytes + sizeof number, text.at, text.length);
    crypto_shorthash(hash, bytes, sizeof number + text.length, (const unsigned char *)parts);
    memcpy(&result, hash, sizeof result);
    return le64toh(result);
}

static void
test_a_secret_hash_is_libsodiums(void **state)
{
    (void)state;
    for (size_t length = 0; length < 200; length++) {
        struct network_hash_key key;
        uint64_t number;
        char *text = malloc(length == 0 ? 1 : length); /* exactly so long: a byte read around it is seen */
        randombytes_buf(&key, sizeof key);
        randombytes_buf(&number, sizeof number);
        randombytes_buf(text, length);
        struct span span = span_of(text, length);
        assert_int_equal(network_hash_secret(&key, number, span), joined(&key, number, span));
        free(text);
    }
}

/* Aumasson and Bernstein 2012, appendix A: key 00 to 0f, of the bytes 00 to 0e. */
static void
test_the_vector_of_the_paper(void **state)
{
    (void)state;
    const struct network_hash_key key = { UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908) };
    static const char rest[] = { 8, 9, 10, 11, 12, 13, 14 };
    assert_int_equal(network_hash_secret(&key, UINT64_C(0x0706050403020100), span_of(rest, sizeof rest)),
                     UINT64_C(0xa129ca6149be45e5));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_secret_hash_is_libsodiums),
        cmocka_unit_test(test_the_vector_of_the_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
