/* A hash of a truncated network, or of a text, under a secret key. For tables in memory only. */
#ifndef SPORLOS_COLLECTOR_NETWORK_HASH_H
#define SPORLOS_COLLECTOR_NETWORK_HASH_H

#include "sporlos/client_address.h"
#include "sporlos/span.h"

#include <endian.h>

struct network_hash_key {
    uint64_t k0, k1;
};

enum { NETWORK_V6_PROVIDER = NETWORK_V6 + 1 }; /* beside enum network_family: a /32 of IPv6 */

/* What is hashed: another number for every network of every family. */
static inline uint64_t
network_number(unsigned family, uint64_t prefix)
{
    return (uint64_t)family << 56 | prefix;
}

static inline uint64_t
network_rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

struct network_hash_state {
    uint64_t v0, v1, v2, v3;
};

static inline void
network_hash_round(struct network_hash_state *s)
{
    s->v0 += s->v1;
    s->v1 = network_rotate(s->v1, 13) ^ s->v0;
    s->v0 = network_rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = network_rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = network_rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = network_rotate(s->v1, 17) ^ s->v2;
    s->v2 = network_rotate(s->v2, 32);
}

static inline struct network_hash_state
network_hash_begin(const struct network_hash_key *key)
{
    return (struct network_hash_state){ key->k0 ^ UINT64_C(0x736f6d6570736575), key->k1 ^ UINT64_C(0x646f72616e646f6d),
                                        key->k0 ^ UINT64_C(0x6c7967656e657261),
                                        key->k1 ^ UINT64_C(0x7465646279746573) };
}

static inline void
network_hash_word(struct network_hash_state *s, uint64_t word)
{
    s->v3 ^= word;
    network_hash_round(s);
    s->v0 ^= word;
}

/* last: the bytes that make no whole word, and the length of all in the highest byte. */
static inline uint64_t
network_hash_end(struct network_hash_state *s, uint64_t last)
{
    network_hash_word(s, last);
    s->v2 ^= 0xff;
    network_hash_round(s);
    network_hash_round(s);
    network_hash_round(s);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/*
 * SipHash-1-3 of the eight bytes of number, little-endian (Aumasson and Bernstein, 2012; the variant that Linux, Rust
 * and Ruby use for tables). libsodium has only 2-4, which costs twice as much.
 */
static inline uint64_t
network_hash(const struct network_hash_key *key, uint64_t number)
{
    struct network_hash_state s = network_hash_begin(key);
    network_hash_word(&s, number);
    return network_hash_end(&s, UINT64_C(8) << 56);
}

/* The last bytes of a text, less than eight, in the lowest places. */
static inline uint64_t
network_hash_rest(struct span text)
{
    size_t left = text.length % sizeof(uint64_t);
    uint64_t word = 0;
    if (left == 0)
        return 0;
    if (text.length >= sizeof word) {
        memcpy(&word, text.at + text.length - sizeof word, sizeof word);
        return le64toh(word) >> (sizeof word - left) * 8;
    }
    for (size_t i = left; i > 0; i--)
        word = word << 8 | (unsigned char)text.at[i - 1];
    return word;
}

/*
 * SipHash-2-4 of the eight bytes of number, little-endian, and a text behind them: what libsodium's crypto_shorthash
 * says of the two joined, without joining them. For what has to be a secret, not only spread evenly, as long as the key
 * is one.
 */
static inline uint64_t
network_hash_secret(const struct network_hash_key *key, uint64_t number, struct span text)
{
    struct network_hash_state s = network_hash_begin(key);
    uint64_t word = number, last = (uint64_t)(sizeof number + text.length) << 56 | network_hash_rest(text);
    for (size_t i = 0;; i += sizeof word) {
        s.v3 ^= word;
        network_hash_round(&s);
        network_hash_round(&s);
        s.v0 ^= word;
        if (i + sizeof word > text.length)
            break;
        memcpy(&word, text.at + i, sizeof word);
        word = le64toh(word);
    }
    s.v3 ^= last;
    network_hash_round(&s);
    network_hash_round(&s);
    s.v0 ^= last;
    s.v2 ^= 0xff;
    for (int i = 0; i < 4; i++)
        network_hash_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

#endif
