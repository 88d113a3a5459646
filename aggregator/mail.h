/* A message as sendmail takes it: headers that nothing from outside can add to, text and HTML as base64. */
#ifndef SPORLOS_AGGREGATOR_MAIL_H
#define SPORLOS_AGGREGATOR_MAIL_H

#include "sporlos/error.h"
#include "sporlos/html.h"

struct mail {
    const char *from; /* NULL: left to sendmail */
    const char *to;
    struct span id;      /* of Message-ID, without brackets: letters, digits, '.', '-' and one '@' */
    struct span subject; /* UTF-8; any bytes: it is encoded */
    struct span text, html;
};

/*
 * Append the message, lines ended by LF, none longer than 78 bytes but addresses. SP_MALFORMED, and nothing written,
 * when from or to is no plain address (mail_address.h) or id has another character.
 */
SP_MUST_CHECK enum sp_error mail_write(struct html *out, const struct mail *mail);

#endif
