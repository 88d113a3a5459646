#include "session.h"

#include "sporlos/clock.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum { ID_BYTES = 32, HASH_BYTES = SESSION_KEY_BYTES };

struct session {
    unsigned char hash[HASH_BYTES]; /* of the id's text */
    struct session_holder holder;
    int64_t begun_ms, used_ms; /* monotonic */
    bool live;
};

struct sessions {
    int64_t lifetime_ms;
    bool secure;
    struct session session[SESSION_COUNT_MAX];
};

enum sp_error
sessions_new(int64_t hours, bool secure, struct sessions **sessions)
{
    *sessions = calloc(1, sizeof **sessions);
    if (*sessions == NULL)
        return SP_NO_MEMORY;
    sessions_configure(*sessions, hours, secure);
    return SP_OK;
}

void
sessions_configure(struct sessions *sessions, int64_t hours, bool secure)
{
    sessions->lifetime_ms = hours * 3600000;
    sessions->secure = secure;
}

void
sessions_free(struct sessions *sessions)
{
    if (sessions == NULL)
        return;
    sodium_memzero(sessions, sizeof *sessions);
    free(sessions);
}

static const char *
cookie_name(const struct sessions *sessions)
{
    return sessions->secure ? "__Host-sporlos" : "sporlos";
}

static void
hash_id(struct span id, unsigned char hash[HASH_BYTES])
{
    crypto_generichash(hash, HASH_BYTES, (const unsigned char *)id.at, id.length, NULL, 0);
}

static bool
has_ended(const struct sessions *sessions, const struct session *session, int64_t now_ms)
{
    return !session->live || now_ms - session->begun_ms >= sessions->lifetime_ms ||
           now_ms - session->used_ms >= SESSION_IDLE_MS;
}

/* Of one account, or with account 0, of any, the one that is unused for longest. */
static struct session *
oldest_session(struct sessions *sessions, int64_t account, int64_t now_ms)
{
    struct session *oldest = NULL;
    for (size_t i = 0; i < SESSION_COUNT_MAX; i++) {
        struct session *session = &sessions->session[i];
        if (!has_ended(sessions, session, now_ms) && (account == 0 || session->holder.account == account) &&
            (oldest == NULL || session->used_ms < oldest->used_ms))
            oldest = session;
    }
    return oldest;
}

/* Where a new session of the account goes: whoever logs in again and again pushes out nobody but himself. */
static struct session *
session_slot(struct sessions *sessions, int64_t account, int64_t now_ms)
{
    if (session_count(sessions, account) >= SESSIONS_AN_ACCOUNT)
        return oldest_session(sessions, account, now_ms);
    for (size_t i = 0; i < SESSION_COUNT_MAX; i++)
        if (has_ended(sessions, &sessions->session[i], now_ms))
            return &sessions->session[i];
    return oldest_session(sessions, 0, now_ms);
}

void
session_begin(struct sessions *sessions, struct session_holder holder, char id[SESSION_ID_MAX])
{
    unsigned char bytes[ID_BYTES];
    random_bytes(bytes, sizeof bytes);
    sodium_bin2base64(id, SESSION_ID_MAX, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
    int64_t now_ms = clock_monotonic_ms();
    struct session *session = session_slot(sessions, holder.account, now_ms);
    *session = (struct session){ .holder = holder, .begun_ms = now_ms, .used_ms = now_ms, .live = true };
    hash_id(span_text(id), session->hash);
}

/* The value of the first cookie of that name (RFC 6265, 5.4); length 0 if there is none. */
static struct span
cookie_value(struct span header, const char *name)
{
    size_t name_length = strlen(name);
    for (size_t i = 0; i < header.length;) {
        while (i < header.length && (header.at[i] == ' ' || header.at[i] == ';'))
            i++;
        size_t end = i;
        while (end < header.length && header.at[end] != ';')
            end++;
        if (end - i > name_length && memcmp(header.at + i, name, name_length) == 0 && header.at[i + name_length] == '=')
            return span_of(header.at + i + name_length + 1, end - i - name_length - 1);
        i = end;
    }
    return (struct span){ NULL, 0 };
}

void
session_key(const struct sessions *sessions, const struct http_request *request, unsigned char key[SESSION_KEY_BYTES])
{
    struct span id = cookie_value(http_request_header(request, HTTP_COOKIE), cookie_name(sessions));
    if (id.length == SESSION_ID_MAX - 1)
        hash_id(id, key);
    else
        random_bytes(key, SESSION_KEY_BYTES); /* that of no session */
}

static struct session *
session_of(struct sessions *sessions, const unsigned char hash[HASH_BYTES])
{
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < SESSION_COUNT_MAX; i++) {
        struct session *session = &sessions->session[i];
        if (session->live && sodium_memcmp(session->hash, hash, HASH_BYTES) == 0)
            return has_ended(sessions, session, now_ms) ? NULL : session;
    }
    return NULL;
}

enum sp_error
session_find(struct sessions *sessions, const struct http_request *request, struct session_holder *holder)
{
    unsigned char key[SESSION_KEY_BYTES];
    *holder = (struct session_holder){ 0 };
    session_key(sessions, request, key);
    struct session *session = session_of(sessions, key);
    if (session == NULL)
        return SP_NOT_FOUND;
    session->used_ms = clock_monotonic_ms();
    *holder = session->holder;
    return SP_OK;
}

void
session_end(struct sessions *sessions, const struct http_request *request)
{
    unsigned char key[SESSION_KEY_BYTES];
    session_key(sessions, request, key);
    session_end_key(sessions, key);
}

void
session_end_key(struct sessions *sessions, const unsigned char key[SESSION_KEY_BYTES])
{
    struct session *session = session_of(sessions, key);
    if (session != NULL)
        sodium_memzero(session, sizeof *session);
}

size_t
session_count(const struct sessions *sessions, int64_t account)
{
    int64_t now_ms = clock_monotonic_ms();
    size_t count = 0;
    for (size_t i = 0; i < SESSION_COUNT_MAX; i++)
        count += sessions->session[i].holder.account == account && !has_ended(sessions, &sessions->session[i], now_ms);
    return count;
}

void
session_end_account(struct sessions *sessions, int64_t account)
{
    for (size_t i = 0; i < SESSION_COUNT_MAX; i++)
        if (sessions->session[i].live && sessions->session[i].holder.account == account)
            sodium_memzero(&sessions->session[i], sizeof sessions->session[i]);
}

size_t
session_cookie(const struct sessions *sessions, const char *id, char out[SESSION_COOKIE_MAX])
{
    int length =
        snprintf(out, SESSION_COOKIE_MAX, "Set-Cookie: %s=%s; Path=/; HttpOnly; SameSite=Strict%s%s\r\n",
                 cookie_name(sessions), id, sessions->secure ? "; Secure" : "", id[0] == '\0' ? "; Max-Age=0" : "");
    return (size_t)length;
}

/* The length of scheme://authority at the start of url. */
static size_t
origin_length(const char *url)
{
    const char *authority = strstr(url, "://");
    return authority == NULL ? 0 : (size_t)(authority - url) + 3 + strcspn(authority + 3, "/?#");
}

static bool
equal_folded(struct span a, struct span b)
{
    return a.length == b.length && a.length > 0 && strncasecmp(a.at, b.at, a.length) == 0;
}

static struct span
after_scheme(struct span origin)
{
    static const char *const schemes[] = { "https://", "http://" };
    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(schemes[i]);
        if (origin.length > length && strncasecmp(origin.at, schemes[i], length) == 0)
            return span_of(origin.at + length, origin.length - length);
    }
    return (struct span){ NULL, 0 };
}

bool
request_is_same_origin(const struct http_request *request, const char *public_url)
{
    struct span site = http_request_header(request, HTTP_SEC_FETCH_SITE);
    if (site.at != NULL)
        return span_equal(site, SPAN_LITERAL("same-origin"));
    struct span origin = http_request_header(request, HTTP_ORIGIN);
    if (public_url != NULL && equal_folded(origin, span_of(public_url, origin_length(public_url))))
        return true;
    return public_url == NULL && equal_folded(after_scheme(origin), http_request_header(request, HTTP_HOST));
}
