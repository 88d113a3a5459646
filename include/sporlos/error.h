/*
 * What can go wrong, by name. Functions return enum sp_error and give results through out parameters,
 * which are NULL or zero on failure.
 */
#ifndef SPORLOS_ERROR_H
#define SPORLOS_ERROR_H

#define SP_ERRORS(X)                                                                                                   \
    X(SP_OK, "no error")                                                                                               \
    X(SP_NO_MEMORY, "out of memory")                                                                                   \
    X(SP_IO, "input or output failed")                                                                                 \
    X(SP_MALFORMED, "malformed")                                                                                       \
    X(SP_TOO_LONG, "too long")                                                                                         \
    X(SP_NOT_FOUND, "not found")                                                                                       \
    X(SP_FULL, "no room left")                                                                                         \
    X(SP_BAD_FAMILY, "not an IPv4 or IPv6 address")                                                                    \
    X(SP_REFUSED, "refused")                                                                                           \
    X(SP_CONFIG, "the configuration has errors")                                                                       \
    X(SP_UNAVAILABLE, "unavailable")

#define X(code, text) code,
enum sp_error { SP_ERRORS(X) SP_ERROR_COUNT };
#undef X

#define SP_MUST_CHECK __attribute__((warn_unused_result))

/* The text of an error, static. */
const char *sp_error_text(enum sp_error error);

#endif
