/* Addresses of e-mail, as narrow as can be: what goes into a header can be nothing else. */
#ifndef SPORLOS_MAIL_ADDRESS_H
#define SPORLOS_MAIL_ADDRESS_H

#include "sporlos/span.h"

enum { MAIL_ADDRESS_MAX = 255 }; /* bytes with the terminator (RFC 5321, 4.5.3.1.3) */

/*
 * local@domain: the local part 1 to 64 of A-Z a-z 0-9 and . _ % + ' - (no dot at its ends or twice, no '-' first), the
 * domain at least two labels of letters, digits and inner hyphens. No quotes, comments, spaces, commas or line ends.
 */
bool mail_address_is_valid(struct span address);

#endif
