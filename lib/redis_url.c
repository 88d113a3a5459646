#include "sporlos/redis_url.h"

#include <stdbool.h>
#include <sys/un.h>

#include <sodium.h>

#include "sporlos/hex.h"
#include "sporlos/span.h"

/* Undo percent-encoding into out, terminated. False when it does not fit, is broken or holds a NUL. */
static bool
percent_decode(struct span text, char *out, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        int c = (unsigned char)text.at[i];
        if (c == '%') {
            c = hex_byte(text.at + i + 1, text.at + text.length);
            i += 2;
        }
        if (c <= 0 || length + 1 >= size)
            return false;
        out[length++] = (char)c;
    }
    out[length] = '\0';
    return true;
}

static bool
copy(struct span text, char *out, size_t size)
{
    if (text.length == 0 || text.length >= size)
        return false;
    memcpy(out, text.at, text.length);
    out[text.length] = '\0';
    return true;
}

/* Cut 'user:password@' off the front of *rest, if it is there. */
static const char *
take_credentials(struct span *rest, struct redis_url *url)
{
    const char *at = memrchr(rest->at, '@', rest->length);
    if (at == NULL)
        return NULL;
    struct span who = span_of(rest->at, (size_t)(at - rest->at));
    *rest = span_of(at + 1, rest->length - who.length - 1);
    const char *colon = memchr(who.at, ':', who.length);
    if (colon == NULL)
        return "before '@' must stand user:password";
    struct span user = span_of(who.at, (size_t)(colon - who.at));
    struct span password = span_of(colon + 1, who.length - user.length - 1);
    if (!percent_decode(user, url->user, sizeof url->user) ||
        !percent_decode(password, url->password, sizeof url->password) || url->password[0] == '\0')
        return "user or password is empty, too long or wrongly percent-encoded";
    return NULL;
}

static bool
parse_port(struct span text, int *port)
{
    int value = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || i >= 5)
            return false;
        value = value * 10 + (text.at[i] - '0');
    }
    *port = value;
    return value >= 1 && value <= 65535;
}

static const char *
parse_host(struct span rest, struct redis_url *url)
{
    if (rest.length > 0 && rest.at[rest.length - 1] == '/')
        rest.length--;
    bool bracketed = rest.length > 0 && rest.at[0] == '[';
    const char *end = bracketed ? memchr(rest.at, ']', rest.length) : memchr(rest.at, ':', rest.length);
    if (bracketed && end == NULL)
        return "an IPv6 address needs ']' at its end";
    size_t host_length = end == NULL ? rest.length : (size_t)(end - rest.at);
    size_t skip = bracketed ? 1 : 0;
    if (!copy(span_of(rest.at + skip, host_length - skip), url->host, sizeof url->host) ||
        strpbrk(url->host, "/?#") != NULL)
        return "the host is missing, too long or followed by a path";
    struct span tail = span_of(rest.at + host_length + skip, rest.length - host_length - skip);
    url->port = REDIS_PORT_DEFAULT;
    if (tail.length == 0)
        return NULL;
    if (tail.at[0] != ':' || !parse_port(span_of(tail.at + 1, tail.length - 1), &url->port))
        return "the port is a number from 1 to 65535";
    return NULL;
}

static const char *
parse_path(struct span rest, struct redis_url *url)
{
    if (rest.length == 0 || rest.at[0] != '/')
        return "after unix:// must stand an absolute path, unix:///run/redis.sock";
    if (rest.length >= sizeof((struct sockaddr_un *)0)->sun_path || !copy(rest, url->path, sizeof url->path))
        return "the socket's path is longer than the system allows (107 bytes)";
    return NULL;
}

static bool
take_scheme(struct span *rest, struct span scheme)
{
    if (rest->length < scheme.length || memcmp(rest->at, scheme.at, scheme.length) != 0)
        return false;
    *rest = span_of(rest->at + scheme.length, rest->length - scheme.length);
    return true;
}

static const char *
parse(struct span rest, struct redis_url *url)
{
    bool socket = take_scheme(&rest, SPAN_LITERAL("unix://"));
    if (!socket && !take_scheme(&rest, SPAN_LITERAL("redis://")))
        return "it must begin with unix:// or redis://";
    const char *why = take_credentials(&rest, url);
    if (why != NULL)
        return why;
    return socket ? parse_path(rest, url) : parse_host(rest, url);
}

enum sp_error
redis_url_parse(const char *text, struct redis_url *url, const char **why)
{
    *url = (struct redis_url){ .port = 0 };
    *why = parse(span_text(text), url);
    if (*why == NULL)
        return SP_OK;
    redis_url_wipe(url);
    return SP_MALFORMED;
}

void
redis_url_wipe(struct redis_url *url)
{
    sodium_memzero(url, sizeof *url);
}
