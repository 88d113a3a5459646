/* The head of an HTTP/1.1 answer (RFC 9112), as far as a client that only counts needs it. */
#ifndef SPORLOS_REPLAY_ANSWER_H
#define SPORLOS_REPLAY_ANSWER_H

#include "sporlos/error.h"
#include "sporlos/span.h"

struct answer {
    int status;         /* 100 to 599 */
    size_t body_length; /* bytes that follow */
    bool closes;        /* the connection ends with it */
};

/* head: up to and with its empty line. SP_MALFORMED for what is no head, or has a body of unknown length. */
SP_MUST_CHECK enum sp_error answer_read(struct span head, struct answer *answer);

#endif
