#include "sporlos/redis_login.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "sporlos/redis_url.h"

enum { LOGIN_MAX = 2 * REDIS_SECRET_MAX };

/* The file's text without the end of its line, terminated. A sentence when it is none that may be used. */
static const char *
read_login(const char *path, char text[LOGIN_MAX])
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return "the file of redis_login cannot be read; give it to this program's user with mode 0400";
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || (status.st_mode & S_IRWXO) != 0) {
        close(fd);
        return "the file of redis_login is open to others; chmod o-rwx it";
    }
    ssize_t length = read(fd, text, LOGIN_MAX - 1);
    close(fd);
    if (length < 0)
        return "the file of redis_login cannot be read";
    text[length] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    const char *colon = strchr(text, ':');
    if (colon == NULL || colon == text || colon[1] == '\0')
        return "the file of redis_login must hold one line, user:password";
    return NULL;
}

/* Appends text percent-encoded; out has room for three bytes each. */
static char *
encode(char *out, const char *text, size_t length)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        *out++ = '%';
        *out++ = digits[byte >> 4];
        *out++ = digits[byte & 15];
    }
    return out;
}

/* url with that login in place of its own. */
static char *
join(const char *url, const char *login)
{
    const char *scheme = strstr(url, "://");
    if (scheme == NULL)
        return strdup(url); /* for redis_url_parse to refuse */
    const char *place = scheme + 3;
    const char *at = strrchr(place, '@');
    place = at == NULL ? place : at + 1;
    size_t user = strcspn(login, ":");
    char *joined = malloc(strlen(url) + 3 * strlen(login) + 3);
    if (joined == NULL)
        return NULL;
    memcpy(joined, url, (size_t)(scheme + 3 - url));
    char *out = encode(joined + (scheme + 3 - url), login, user);
    *out++ = ':';
    out = encode(out, login + user + 1, strlen(login + user + 1));
    *out++ = '@';
    memcpy(out, place, strlen(place) + 1);
    return joined;
}

enum sp_error
redis_login_apply(const char *url, const char *path, char **out, const char **why)
{
    char login[LOGIN_MAX] = "";
    *out = NULL;
    *why = path == NULL ? NULL : read_login(path, login);
    if (*why != NULL) {
        sodium_memzero(login, sizeof login);
        return SP_CONFIG;
    }
    *out = path == NULL ? strdup(url) : join(url, login);
    sodium_memzero(login, sizeof login);
    *why = "out of memory";
    return *out == NULL ? SP_NO_MEMORY : SP_OK;
}

void
redis_login_free(char *url)
{
    if (url != NULL)
        sodium_memzero(url, strlen(url));
    free(url);
}
