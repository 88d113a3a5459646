/* What each role may do: the one table that the gate before the pages, the command line and the docs go by. */
#ifndef SPORLOS_AGGREGATOR_ROLES_H
#define SPORLOS_AGGREGATOR_ROLES_H

#include "sporlos/span.h"

enum role { ROLE_READER, ROLE_EDITOR, ROLE_ADMINISTRATOR, ROLE_COUNT };

/*    what               reader editor administrator */
#define PERMISSIONS(X)                                                                                                 \
    X(READ, 1, 1, 1)       /* see the numbers of one's sites */                                                        \
    X(ANNOTATE, 0, 1, 1)   /* write annotations for one's sites */                                                     \
    X(SHARE, 0, 1, 1)      /* make and end public links and e-mail reports of one's sites */                           \
    X(ADMINISTER, 0, 0, 1) /* manage users, see who was let in where; all sites are one's own */

#define X(id, reader, editor, administrator) PERMISSION_##id,
enum permission { PERMISSIONS(X) PERMISSION_COUNT };
#undef X

bool role_may(enum role role, enum permission permission);

/* "reader", "editor", "administrator". */
const char *role_name(enum role role);
bool role_find(struct span name, enum role *role);

#endif
