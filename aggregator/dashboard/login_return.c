#include "login_return.h"

#include <stdio.h>
#include <string.h>

#include "routes.h"

bool
login_return_is_ours(const char *target)
{
    static const char taken[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/%?=&+,:";
    return strncmp(target, ROUTE_SITE, strlen(ROUTE_SITE)) == 0 && strspn(target, taken) == strlen(target) &&
           strnlen(target, LOGIN_RETURN_MAX) < LOGIN_RETURN_MAX;
}

void
login_return_address(struct span path, struct span query, char out[LOGIN_ADDRESS_MAX])
{
    static const char kept[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    char target[LOGIN_RETURN_MAX];
    int length = snprintf(target, sizeof target, "%.*s%s%.*s", (int)path.length, path.at, query.length > 0 ? "?" : "",
                          (int)query.length, query.length > 0 ? query.at : "");
    size_t used = (size_t)snprintf(out, LOGIN_ADDRESS_MAX, "/login");
    if (length <= 0 || (size_t)length >= sizeof target || !login_return_is_ours(target))
        return;
    used += (size_t)snprintf(out + used, LOGIN_ADDRESS_MAX - used, "?to=");
    for (const char *at = target; *at != '\0'; at++)
        used += (size_t)snprintf(out + used, LOGIN_ADDRESS_MAX - used, strchr(kept, *at) != NULL ? "%c" : "%%%02X",
                                 (unsigned char)*at);
}
