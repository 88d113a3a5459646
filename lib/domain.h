/* Domain names as people write them, made into what the network carries. */
#ifndef DOMAIN_H
#define DOMAIN_H

#include "sporlos/error.h"
#include "sporlos/limits.h"
#include "sporlos/span.h"

/*
 * The A-label form (IDNA 2008, UTS 46 non-transitional), lower case, of a name in UTF-8. SP_MALFORMED with a static
 * sentence in *why when it is no host name (RFC 1123): letters, digits and hyphens between dots, no port, no dot last.
 * A single label such as localhost is a name too.
 */
SP_MUST_CHECK enum sp_error domain_to_ascii(const char *name, char out[SITE_NAME_MAX], const char **why);

#endif
