/* Argon2id, the only thing here that takes long: on a thread of the workers where somebody waits for an answer. */
#ifndef SPORLOS_AGGREGATOR_PASSWORD_H
#define SPORLOS_AGGREGATOR_PASSWORD_H

#include "sporlos/error.h"
#include "sporlos/span.h"

enum {
    PASSWORD_MIN = 12,       /* characters */
    PASSWORD_MAX = 500,      /* bytes: what a form carries */
    PASSWORD_HASH_MAX = 128, /* bytes with the terminator: crypto_pwhash_STRBYTES */
};

/* SP_OK, SP_MALFORMED when it is shorter than PASSWORD_MIN, SP_TOO_LONG when longer than PASSWORD_MAX. */
SP_MUST_CHECK enum sp_error password_check(struct span password);

/* SP_MALFORMED when it is shorter than PASSWORD_MIN or longer than PASSWORD_MAX. */
SP_MUST_CHECK enum sp_error password_hash(struct span password, char out[PASSWORD_HASH_MAX]);

/* The same work whatever the answer. */
bool password_matches(const char hash[PASSWORD_HASH_MAX], struct span password);

#endif
