/* Rules for strings from outside (privacy: strings are data too). Pure. */
#ifndef SPORLOS_COLLECTOR_TEXT_H
#define SPORLOS_COLLECTOR_TEXT_H

#include "sporlos/span.h"

#include <stdbool.h>

/* Valid UTF-8 (RFC 3629) without control characters, C1 and the line and paragraph separators included. */
bool text_is_printable(struct span text);

/*
 * Could the text point at a person? Five or more digits, joined across space . - and /, an '@', or what reads as an
 * address of IPv4 or IPv6. Such a text never gets a name by being common; only a line in the configuration can give it
 * one.
 */
bool text_is_telling(struct span text);

#endif
