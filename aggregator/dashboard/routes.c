#include "routes.h"

#include "visit.h"

/* The order matters: the first that fits. */
static const struct route routes[] = {
    /* path                    read               change             public answer */
    { "/login", ACCESS_ANYBODY, ACCESS_ANYBODY, false, route_login },
    { "/logout", ACCESS_NOBODY, ACCESS_ANYBODY, false, route_logout },
    { "/assets/**", ACCESS_ANYBODY, ACCESS_NOBODY, false, route_asset },
    { "/declaration", ACCESS_ANYBODY, ACCESS_NOBODY, false, route_declaration },
    { "/declaration.json", ACCESS_ANYBODY, ACCESS_NOBODY, false, route_declaration },
    { "/declaration/**", ACCESS_ANYBODY, ACCESS_NOBODY, false, route_declaration },
    { "/embed/*", ACCESS_ANYBODY, ACCESS_NOBODY, false, route_embed },
    { "/", ACCESS_READ, ACCESS_NOBODY, false, route_home },
    { "/sites/*", ACCESS_READ, ACCESS_NOBODY, true, route_screen },
    { "/sites/*/content", ACCESS_READ, ACCESS_NOBODY, true, route_screen },
    { "/sites/*/page", ACCESS_READ, ACCESS_NOBODY, true, route_screen },
    { "/sites/*/places", ACCESS_READ, ACCESS_NOBODY, true, route_screen },
    { "/sites/*/sources", ACCESS_READ, ACCESS_NOBODY, true, route_screen },
    { "/sites/*/searches", ACCESS_READ, ACCESS_NOBODY, true, route_screen },
    { "/sites/*/feedback", ACCESS_READ, ACCESS_NOBODY, true, route_screen },
    { "/sites/*/events", ACCESS_READ, ACCESS_NOBODY, true, route_screen },
    { "/sites/*/reports", ACCESS_READ, ACCESS_NOBODY, false, route_screen },
    { "/sites/*/settings", ACCESS_READ, ACCESS_NOBODY, false, route_screen },
    { "/sites/*/export", ACCESS_READ, ACCESS_NOBODY, false, route_export },
    { "/sites/*/annotations", ACCESS_NOBODY, ACCESS_ANNOTATE, false, route_annotations },
    { "/sites/*/privacy", ACCESS_READ, ACCESS_NOBODY, true, route_privacy },
    { "/sites/*/share", ACCESS_SHARE, ACCESS_SHARE, false, route_share },
    { "/account", ACCESS_READ, ACCESS_READ, false, route_own },
    { "/users", ACCESS_ADMINISTER, ACCESS_ADMINISTER, false, route_users },
    { "/access-log", ACCESS_ADMINISTER, ACCESS_NOBODY, false, route_access_log },
    { "/sites/**", ACCESS_READ, ACCESS_NOBODY, false, route_missing },
    { "/public/**", ACCESS_ANYBODY, ACCESS_NOBODY, false, route_missing },
};

enum { ROUTE_COUNT = sizeof routes / sizeof routes[0] };

/* Both without their first '/'. */
static struct span
take_segment(struct span *rest)
{
    const char *slash = rest->length == 0 ? NULL : memchr(rest->at, '/', rest->length);
    size_t length = slash == NULL ? rest->length : (size_t)(slash - rest->at);
    struct span segment = span_of(rest->at, length);
    *rest = slash == NULL ? span_of(NULL, 0) : span_of(slash + 1, rest->length - length - 1);
    return segment;
}

static bool
fits(const char *pattern, struct span path)
{
    struct span wanted = span_of(pattern + 1, strlen(pattern) - 1);
    if (path.length == 0 || path.at[0] != '/')
        return false;
    struct span given = span_of(path.at + 1, path.length - 1);
    for (;;) {
        struct span word = take_segment(&wanted);
        if (span_equal(word, SPAN_LITERAL("**")))
            return true;
        struct span segment = take_segment(&given);
        bool is_any = span_equal(word, SPAN_LITERAL("*")) && segment.length > 0;
        if (!is_any && !span_equal(word, segment))
            return false;
        if (wanted.at == NULL || given.at == NULL)
            return wanted.at == NULL && given.at == NULL;
    }
}

const struct route *
route_find(struct span path)
{
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        if (fits(routes[i].pattern, path))
            return &routes[i];
    return NULL;
}

struct span
route_subject(struct span path)
{
    struct span rest = span_of(path.at + 1, path.length - 1);
    take_segment(&rest);
    return take_segment(&rest);
}

/* What follows the second segment, with its '/'. */
static struct span
after_subject(struct span path)
{
    struct span subject = route_subject(path);
    size_t before = subject.at == NULL ? path.length : (size_t)(subject.at - path.at) + subject.length;
    return span_of(path.at + before, path.length - before);
}

const struct route *
route_find_public(struct span path)
{
    if (route_subject(path).length == 0)
        return NULL;
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        if (routes[i].is_public && span_equal(after_subject(span_text(routes[i].pattern)), after_subject(path)))
            return &routes[i];
    return NULL;
}

size_t
route_count(void)
{
    return ROUTE_COUNT;
}

const struct route *
route_at(size_t index)
{
    return &routes[index];
}
