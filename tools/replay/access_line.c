#include "access_line.h"

#include "sporlos/address_page.h"
#include "sporlos/hex.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

struct cursor {
    char *at, *end;
};

/* Up to the delimiter, which is stepped over. False, and nothing taken, when it does not come. */
static bool
take_until(struct cursor *cursor, char delimiter, struct span *taken)
{
    char *found = cursor->at == cursor->end ? NULL : memchr(cursor->at, delimiter, (size_t)(cursor->end - cursor->at));
    if (found == NULL)
        return false;
    *taken = span_of(cursor->at, (size_t)(found - cursor->at));
    cursor->at = found + 1;
    return true;
}

/* What a backslash at *at stands for; *at is left behind it. */
static char
unescaped(const char **at, const char *end)
{
    static const char names[] = "nrtvbf", bytes[] = "\n\r\t\v\b\f";
    const char *name = *at + 1;
    int byte = *name == 'x' ? hex_byte(name + 1, end) : -1;
    if (byte >= 0) {
        *at = name + 3;
        return (char)byte;
    }
    *at = name + 1;
    const char *found = *name == '\0' ? NULL : strchr(names, *name);
    return found == NULL ? *name : bytes[found - names];
}

/* A text in quotation marks, unescaped in place, and the blank after it. */
static bool
take_quoted(struct cursor *cursor, struct span *taken)
{
    if (cursor->at == cursor->end || *cursor->at != '"')
        return false;
    char *to = cursor->at;
    const char *start = to, *at = cursor->at + 1;
    while (at < cursor->end && *at != '"') {
        if (*at == '\\' && at + 1 < cursor->end)
            *to++ = unescaped(&at, cursor->end);
        else
            *to++ = *at++;
    }
    if (at == cursor->end)
        return false;
    *taken = span_of(start, (size_t)(to - start));
    cursor->at += at + 1 - cursor->at;
    if (cursor->at < cursor->end && *cursor->at == ' ')
        cursor->at++;
    return true;
}

static bool
take_number(struct span *text, size_t digits, char behind, int *number)
{
    *number = 0;
    if (text->length < digits + (behind == '\0' ? 0 : 1))
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (text->at[i] < '0' || text->at[i] > '9')
            return false;
        *number = *number * 10 + (text->at[i] - '0');
    }
    if (behind != '\0' && text->at[digits++] != behind)
        return false;
    *text = span_of(text->at + digits, text->length - digits);
    return true;
}

static bool
take_month(struct span *text, int *month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (*month = 1; text->length > 4 && *month <= 12; ++*month) {
        if (memcmp(text->at, names + (*month - 1) * 3, 3) == 0 && text->at[3] == '/') {
            *text = span_of(text->at + 4, text->length - 4);
            return true;
        }
    }
    return false;
}

/* Days since the epoch; Howard Hinnant's days_from_civil, for years from 1970. */
static int64_t
days_of(int year, int month, int day)
{
    int y = year - (month <= 2 ? 1 : 0), era = y / 400, year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return (int64_t)era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

/* 22/Nov/2026:08:10:24 +0100 */
static bool
read_time(struct span text, int64_t *time_s)
{
    int day, month, year, hour, minute, second, zone_hour, zone_minute;
    if (!take_number(&text, 2, '/', &day) || !take_month(&text, &month) || !take_number(&text, 4, ':', &year) ||
        !take_number(&text, 2, ':', &hour) || !take_number(&text, 2, ':', &minute) ||
        !take_number(&text, 2, ' ', &second) || text.length != 5 || (text.at[0] != '+' && text.at[0] != '-'))
        return false;
    int sign = text.at[0] == '-' ? -1 : 1;
    text = span_of(text.at + 1, 4);
    if (!take_number(&text, 2, '\0', &zone_hour) || !take_number(&text, 2, '\0', &zone_minute))
        return false;
    if (day < 1 || day > 31 || year < 1970 || hour > 23 || minute > 59 || second > 60)
        return false;
    *time_s = days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second -
              sign * (zone_hour * 3600 + zone_minute * 60);
    return true;
}

/* The first pair of brackets that holds a time: a user may have brackets in its name. */
static bool
take_time(struct cursor *cursor, int64_t *time_s)
{
    struct span skipped, text;
    while (take_until(cursor, '[', &skipped)) {
        struct cursor rest = *cursor;
        if (take_until(&rest, ']', &text) && read_time(text, time_s)) {
            *cursor = rest;
            return true;
        }
    }
    return false;
}

/* ---- the address ---- */

/* Nothing else of the line has been looked at when this returns, and the address is no longer in it. */
static bool
take_address(struct cursor *cursor, struct network *network)
{
    char *start = cursor->at;
    struct span address;
    if (!take_until(cursor, ' ', &address))
        return false;
    /* With a comma it would be what a client said of itself, and the truth behind it. */
    bool single = address.length > 0 && memchr(address.at, ',', address.length) == NULL;
    bool read = single && client_address_forwarded(address, NULL, 0, network) == SP_OK;
    sodium_memzero(start, address.length);
    forget_stack();
    return read;
}

/* ---- what was asked for ---- */

bool
access_path_is_page(struct span path)
{
    static const char *const others[] = {
        "css", "js",   "mjs",  "map",  "json", "xml",  "txt",  "ico",  "png",  "jpg",   "jpeg",
        "gif", "svg",  "webp", "avif", "bmp",  "tif",  "tiff", "woff", "ttf",  "otf",   "eot",
        "zip", "gz",   "tar",  "7z",   "mp3",  "mp4",  "webm", "ogg",  "wav",  "m4a",   "mov",
        "vtt", "csv",  "pdf",  "wasm", "rss",  "atom", "doc",  "xls",  "ppt",  "woff2", "odt",
        "ods", "docx", "xlsx", "ics",  "vcf",  "exe",  "dmg",  "apk",  "pptx", "epub",  "webmanifest",
    };
    if (path.length == 0 || path.at[0] != '/' || path.length > VIEW_PATH_MAX)
        return false;
    const char *slash = memrchr(path.at, '/', path.length);
    const char *end = path.at + path.length;
    const char *dot = memrchr(slash, '.', (size_t)(end - slash));
    for (size_t i = 0; dot != NULL && i < sizeof others / sizeof others[0]; i++) {
        if ((size_t)(end - dot - 1) == strlen(others[i]) && strncasecmp(dot + 1, others[i], strlen(others[i])) == 0)
            return false;
    }
    return true;
}

static bool
strip_prefix(struct span *text, struct span prefix)
{
    if (text->length < prefix.length || strncasecmp(text->at, prefix.at, prefix.length) != 0)
        return false;
    *text = span_of(text->at + prefix.length, text->length - prefix.length);
    return true;
}

/* The length of what comes before the first of these bytes. */
static size_t
length_before(struct span text, const char *bytes)
{
    size_t length = 0;
    while (length < text.length && (text.at[length] == '\0' || strchr(bytes, text.at[length]) == NULL))
        length++;
    return length;
}

/* 'GET /sorg?x HTTP/1.1' or 'GET http://host/sorg HTTP/1.1': its path, if a page can have it. */
static bool
read_request(struct span request, struct span *path)
{
    if (!strip_prefix(&request, SPAN_LITERAL("GET ")))
        return false;
    struct span target = span_of(request.at, length_before(request, " "));
    struct span version = span_of(target.at + target.length, request.length - target.length);
    if (!strip_prefix(&version, SPAN_LITERAL(" HTTP/")))
        return false;
    if (strip_prefix(&target, SPAN_LITERAL("http://")) || strip_prefix(&target, SPAN_LITERAL("https://"))) {
        size_t host = length_before(target, "/");
        target = span_of(target.at + host, target.length - host);
    }
    *path = span_of(target.at, length_before(target, "?#"));
    for (size_t i = 0; i < path->length; i++) {
        if ((unsigned char)path->at[i] < 0x20 || path->at[i] == 0x7f)
            return false;
    }
    return access_path_is_page(*path);
}

/* ---- who asked ---- */

static struct span
without_www(struct span host)
{
    struct span rest = host;
    return strip_prefix(&rest, SPAN_LITERAL("www.")) ? rest : host;
}

static bool
is_own(struct span host, const struct text_list *own)
{
    host = without_www(host);
    for (size_t i = 0; i < own->count; i++) {
        if (span_equal(host, without_www(span_text(own->items[i]))))
            return true;
    }
    return false;
}

/* In place to lower case. False when it has a byte that no host has. */
static bool
lower_host(char *host, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = host[i];
        if (c >= 'A' && c <= 'Z')
            host[i] = (char)(c | 0x20);
        else if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_')
            return false;
    }
    return length > 0 && length < SITE_NAME_MAX;
}

/* The host of 'https://user@host:port/path'; empty for what is no web page or app. Nothing else of it is kept. */
static struct span
host_of(struct span url)
{
    if (!strip_prefix(&url, SPAN_LITERAL("https://")) && !strip_prefix(&url, SPAN_LITERAL("http://")) &&
        !strip_prefix(&url, SPAN_LITERAL("android-app://")))
        return span_of(NULL, 0);
    struct span host = span_of(url.at, length_before(url, "/?#"));
    const char *user_end = host.length == 0 ? NULL : memrchr(host.at, '@', host.length);
    if (user_end != NULL)
        host = span_of(user_end + 1, host.length - (size_t)(user_end + 1 - host.at));
    host.length = length_before(host, ":");
    return lower_host((char *)(uintptr_t)host.at, host.length) ? host : span_of(NULL, 0);
}

/* What was escaped in the log may be anything; it goes into a header. */
static struct span
printable(struct span agent)
{
    if (span_equal(agent, SPAN_LITERAL("-")))
        return span_of(NULL, 0);
    char *at = (char *)(uintptr_t)agent.at;
    agent.length = agent.length > VIEW_AGENT_MAX ? VIEW_AGENT_MAX : agent.length;
    for (size_t i = 0; i < agent.length; i++) {
        if (at[i] < 0x20 || at[i] >= 0x7f)
            at[i] = '?';
    }
    while (agent.length > 0 && agent.at[agent.length - 1] == ' ')
        agent.length--;
    while (agent.length > 0 && agent.at[0] == ' ')
        agent = span_of(agent.at + 1, agent.length - 1);
    return agent;
}

struct fields {
    struct span request, status, referrer, agent;
};

/* Splits the line into its fields. What is wrong with it, or NULL. */
static const char *
split(struct cursor *cursor, struct view *view, struct fields *fields)
{
    struct span skipped;
    if (!take_address(cursor, &view->network))
        return "its first field is no IP address";
    if (!take_time(cursor, &view->time_s))
        return "it has no time such as [22/Nov/2026:08:10:24 +0100]";
    if (!take_until(cursor, ' ', &skipped) || skipped.length > 0 || !take_quoted(cursor, &fields->request))
        return "it has no request in quotation marks";
    int status;
    if (!take_until(cursor, ' ', &fields->status) || fields->status.length != 3 ||
        !take_number(&(struct span){ fields->status.at, 3 }, 3, '\0', &status))
        return "it has no status of three digits";
    if (!take_until(cursor, ' ', &skipped) || !take_quoted(cursor, &fields->referrer) ||
        !take_quoted(cursor, &fields->agent))
        return "it has no referrer and User-Agent in quotation marks: only the combined format has all that is needed";
    return NULL;
}

enum access_verdict
access_line_read(char *line, size_t length, const struct text_list *own, struct view *view, const char **why)
{
    struct cursor cursor = { line, line + length };
    struct fields fields = { 0 };
    *view = (struct view){ .time_s = 0 };
    *why = length > ACCESS_LINE_MAX ? "it is longer than 16384 bytes" : split(&cursor, view, &fields);
    if (*why != NULL)
        return ACCESS_UNREADABLE;
    bool shown = span_equal(fields.status, SPAN_LITERAL("200")) || span_equal(fields.status, SPAN_LITERAL("304"));
    if (!shown || !read_request(fields.request, &view->path))
        return ACCESS_OTHER;
    struct span referrer = host_of(fields.referrer);
    view->entry = !is_own(referrer, own);
    view->referrer = view->entry ? referrer : span_of(NULL, 0);
    view->agent = printable(fields.agent);
    return ACCESS_VIEW;
}
