#include "password.h"

#include <sodium.h>

_Static_assert(PASSWORD_HASH_MAX == crypto_pwhash_STRBYTES, "what libsodium writes");

enum sp_error
password_check(struct span password)
{
    size_t characters = 0;
    for (size_t i = 0; i < password.length; i++)
        characters += ((unsigned char)password.at[i] & 0xc0) != 0x80; /* not the middle of one in UTF-8 */
    if (characters < PASSWORD_MIN)
        return SP_MALFORMED;
    return password.length > PASSWORD_MAX ? SP_TOO_LONG : SP_OK;
}

enum sp_error
password_hash(struct span password, char out[PASSWORD_HASH_MAX])
{
    if (password_check(password) != SP_OK)
        return SP_MALFORMED;
    return crypto_pwhash_str(out, password.at, password.length, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0
               ? SP_OK
               : SP_NO_MEMORY;
}

bool
password_matches(const char hash[PASSWORD_HASH_MAX], struct span password)
{
    size_t length = password.length > PASSWORD_MAX ? PASSWORD_MAX + 1 : password.length;
    return crypto_pwhash_str_verify(hash, password.at == NULL ? "" : password.at, length) == 0;
}
