#include "options.h"

#include "../../lib/domain.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "sporlos-replay: sends a site's past, or an invented one, to a collector, as if it happened now\n"
    "\n"
    "  sporlos-replay --site NAME [OPTION...] LOG         an nginx or Apache log in the combined format; - is standard "
    "input\n"
    "  sporlos-replay --site NAME [OPTION...] --synthetic invented readers in Norway\n"
    "\n"
    "  --site NAME        the site that is counted; also one of its hosts\n"
    "  --host NAME        another of the site's own hosts: a referrer from it makes no entry; may be repeated\n"
    "  --origin URL       Origin of the beacons (default https:// and the site's name)\n"
    "  --to URL           the collector: http://HOST:PORT[/b] or unix:PATH (default http://127.0.0.1:8400/b)\n"
    "  --rate N           beacons a second (default 100; 0: as fast as the collector answers)\n"
    "  --speed N[x]       instead: N seconds of the log in one second\n"
    "  --connections N    open at a time, at most (default 16)\n"
    "  --print            write the beacons to standard output, a line each, and send none\n"
    "  --visitors N       synthetic: visits a day (default 1000)\n"
    "  --days N           synthetic: days (default 1)\n"
    "  --pages N          synthetic: pages of the site (default 40, at most 600)\n"
    "  --seed N           synthetic: another number, other readers (default 1)\n"
    "  --version          print the version\n"
    "  --help             print this\n"
    "\n"
    "Addresses are truncated to /24 or /48 as soon as they are read, and wiped. Beacons are views: GET, status 200 or "
    "304, no\n"
    "pictures, scripts or documents. A line that cannot be read is refused with its number, and the rest goes on.\n"
    "\n"
    "Exit status: 0 all was sent and taken; 1 something was not: a line refused, an answer above 299, or none; 64 "
    "wrong\n"
    "options. SIGINT and SIGTERM end it with the answers that are under way, and the summary.\n";

enum option_id {
    OPTION_SITE = 256,
    OPTION_HOST,
    OPTION_ORIGIN,
    OPTION_TO,
    OPTION_RATE,
    OPTION_SPEED,
    OPTION_CONNECTIONS,
    OPTION_PRINT,
    OPTION_SYNTHETIC,
    OPTION_VISITORS,
    OPTION_DAYS,
    OPTION_PAGES,
    OPTION_SEED,
    OPTION_VERSION,
    OPTION_HELP,
};

static const struct option_row {
    const char *name;
    int has_value;
    enum option_id id;
} rows[] = {
    { "site", 1, OPTION_SITE },
    { "host", 1, OPTION_HOST },
    { "origin", 1, OPTION_ORIGIN },
    { "to", 1, OPTION_TO },
    { "rate", 1, OPTION_RATE },
    { "speed", 1, OPTION_SPEED },
    { "connections", 1, OPTION_CONNECTIONS },
    { "print", 0, OPTION_PRINT },
    { "synthetic", 0, OPTION_SYNTHETIC },
    { "visitors", 1, OPTION_VISITORS },
    { "days", 1, OPTION_DAYS },
    { "pages", 1, OPTION_PAGES },
    { "seed", 1, OPTION_SEED },
    { "version", 0, OPTION_VERSION },
    { "help", 0, OPTION_HELP },
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static bool
wrong(const char *option, const char *why)
{
    fprintf(stderr, "sporlos-replay: --%s: %s\n", option, why);
    return false;
}

static bool
read_whole(const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0 && *number >= least && *number <= most;
}

/* A number with a fraction, 'x' behind it or not. */
static bool
read_factor(const char *text, double *number)
{
    char *end;
    *number = strtod(text, &end);
    return text[0] >= '0' && text[0] <= '9' && isfinite(*number) && (*end == '\0' || strcmp(end, "x") == 0);
}

static bool
set_number(const char *option, const char *text, uint32_t most, uint32_t *number)
{
    uint64_t read;
    char why[64];
    if (read_whole(text, 1, most, &read)) {
        *number = (uint32_t)read;
        return true;
    }
    snprintf(why, sizeof why, "a whole number from 1 to %u is wanted", most);
    return wrong(option, why);
}

static bool
add_own(struct replay_options *options, const char *option, const char *name)
{
    const char *why;
    size_t number = options->own.count;
    if (number == OWN_HOSTS_MAX)
        return wrong(option, "there are more than 16 hosts");
    if (domain_to_ascii(name, options->own_names[number], &why) != SP_OK)
        return wrong(option, why);
    options->own_items[number] = options->own_names[number];
    options->own = (struct text_list){ options->own_items, number + 1 };
    return true;
}

static bool
set_site(struct replay_options *options, const char *name)
{
    if (!add_own(options, "site", name))
        return false;
    snprintf(options->site, sizeof options->site, "%s", options->own_names[options->own.count - 1]);
    return true;
}

/* HOST:PORT, [V6]:PORT, HOST */
static bool
set_authority(struct replay_options *options, const char *text, size_t length)
{
    const char *end = text + length;
    const char *closing = length > 0 && text[0] == '[' ? memchr(text, ']', length) : NULL;
    const char *node = closing == NULL ? text : text + 1;
    const char *colon =
        memchr(closing == NULL ? text : closing, ':', (size_t)(end - (closing == NULL ? text : closing)));
    const char *node_end = closing != NULL ? closing : colon != NULL ? colon : end;
    uint64_t port = 80;
    snprintf(options->port, sizeof options->port, "%.*s", colon == NULL ? 2 : (int)(end - colon - 1),
             colon == NULL ? "80" : colon + 1);
    snprintf(options->node, sizeof options->node, "%.*s", (int)(node_end - node), node);
    snprintf(options->host, sizeof options->host, "%.*s", (int)length, text);
    return length > 0 && length < URL_HOST_MAX && node_end > node && read_whole(options->port, 1, 65535, &port);
}

static bool
set_target(struct replay_options *options, const char *url)
{
    if (strncmp(url, "unix:", 5) == 0) {
        options->port[0] = '\0';
        snprintf(options->host, sizeof options->host, "localhost");
        snprintf(options->path, sizeof options->path, "/b");
        return snprintf(options->node, sizeof options->node, "%s", url + 5) < (int)sizeof options->node && url[5] == '/'
                   ? true
                   : wrong("to", "unix: needs the absolute path of a socket");
    }
    if (strncmp(url, "https://", 8) == 0)
        return wrong("to", "it speaks no TLS; name the collector itself, behind the proxy");
    if (strncmp(url, "http://", 7) != 0)
        return wrong("to", "http://HOST:PORT or unix:PATH is wanted");
    const char *authority = url + 7;
    size_t length = strcspn(authority, "/");
    const char *path = authority[length] == '\0' || strcmp(authority + length, "/") == 0 ? "/b" : authority + length;
    if (snprintf(options->path, sizeof options->path, "%s", path) >= (int)sizeof options->path ||
        strcspn(url, " \t\r\n") < strlen(url) || !set_authority(options, authority, length))
        return wrong("to", "http://HOST:PORT or unix:PATH is wanted");
    return true;
}

static bool
set_origin(struct replay_options *options, const char *url)
{
    if ((strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0) ||
        strcspn(url, " \t\r\n") < strlen(url) ||
        snprintf(options->origin, sizeof options->origin, "%s", url) >= (int)sizeof options->origin)
        return wrong("origin", "https://HOST is wanted");
    return true;
}

static bool
set(struct replay_options *options, enum option_id id, const char *value)
{
    uint32_t connections;
    switch (id) {
    case OPTION_SITE:
        return set_site(options, value);
    case OPTION_HOST:
        return add_own(options, "host", value);
    case OPTION_ORIGIN:
        return set_origin(options, value);
    case OPTION_TO:
        return set_target(options, value);
    case OPTION_RATE:
        options->pace.speed = 0;
        return read_factor(value, &options->pace.rate) || wrong("rate", "a number of beacons a second is wanted");
    case OPTION_SPEED:
        options->pace.rate = 0;
        return (read_factor(value, &options->pace.speed) && options->pace.speed > 0) ||
               wrong("speed", "a number above 0 is wanted, such as 10x");
    case OPTION_CONNECTIONS:
        if (!set_number("connections", value, CONNECTIONS_MAX, &connections))
            return false;
        options->connections = connections;
        return true;
    case OPTION_PRINT:
        options->print = true;
        return true;
    case OPTION_VISITORS:
        return set_number("visitors", value, SYNTHETIC_VISITORS_MAX, &options->synthetic.visitors);
    case OPTION_DAYS:
        return set_number("days", value, SYNTHETIC_DAYS_MAX, &options->synthetic.days);
    case OPTION_PAGES:
        return set_number("pages", value, SYNTHETIC_PAGES_MAX, &options->synthetic.pages);
    case OPTION_SEED:
        return read_whole(value, 0, UINT64_MAX, &options->synthetic.seed) || wrong("seed", "a whole number is wanted");
    case OPTION_SYNTHETIC:
    case OPTION_VERSION:
    case OPTION_HELP:
        break;
    }
    return true;
}

static enum options_verdict
check(struct replay_options *options, bool synthetic, const char *log, int more)
{
    options->log = log;
    if (options->site[0] == '\0')
        fprintf(stderr, "sporlos-replay: --site is wanted: whose pages are these?\n");
    else if (synthetic == (log != NULL) || more > 0)
        fprintf(stderr, "sporlos-replay: one LOG is wanted, or --synthetic; see --help\n");
    else
        return OPTIONS_RUN;
    return OPTIONS_WRONG;
}

enum options_verdict
options_read(int count, char **arguments, struct replay_options *options)
{
    struct option long_options[ROW_COUNT + 1] = { 0 };
    bool synthetic = false;
    int id;
    for (size_t i = 0; i < ROW_COUNT; i++)
        long_options[i] = (struct option){ rows[i].name, rows[i].has_value, NULL, (int)rows[i].id };
    *options = (struct replay_options){ .synthetic = { 1, 1000, 1, 40 }, .pace = { .rate = 100 }, .connections = 16 };
    if (!set_target(options, "http://127.0.0.1:8400/b"))
        return OPTIONS_WRONG;
    optind = 0;
    while ((id = getopt_long(count, arguments, "", long_options, NULL)) != -1) {
        if (id == '?')
            return OPTIONS_WRONG; /* getopt has said why */
        synthetic = synthetic || id == OPTION_SYNTHETIC;
        if (id == OPTION_HELP || id == OPTION_VERSION) {
            fputs(id == OPTION_HELP ? help : "sporlos-replay " SPORLOS_VERSION "\n", stdout);
            return OPTIONS_SAID;
        }
        if (!set(options, (enum option_id)id, optarg))
            return OPTIONS_WRONG;
    }
    if (options->origin[0] == '\0')
        snprintf(options->origin, sizeof options->origin, "https://%s", options->site);
    return check(options, synthetic, optind < count ? arguments[optind] : NULL, count - optind - 1);
}
