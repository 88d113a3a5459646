#include "roles.h"

#define X(id, reader, editor, administrator)                                                                           \
    [PERMISSION_##id] = { [ROLE_READER] = (reader), [ROLE_EDITOR] = (editor), [ROLE_ADMINISTRATOR] = (administrator) },
static const bool permission_table[PERMISSION_COUNT][ROLE_COUNT] = { PERMISSIONS(X) };
#undef X

static const char *const role_names[ROLE_COUNT] = {
    [ROLE_READER] = "reader", [ROLE_EDITOR] = "editor", [ROLE_ADMINISTRATOR] = "administrator"
};

bool
role_may(enum role role, enum permission permission)
{
    return (unsigned)role < ROLE_COUNT && (unsigned)permission < PERMISSION_COUNT && permission_table[permission][role];
}

const char *
role_name(enum role role)
{
    return role_names[role];
}

bool
role_find(struct span name, enum role *role)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        if (span_equal(name, span_text(role_names[i]))) {
            *role = (enum role)i;
            return true;
        }
    }
    return false;
}
