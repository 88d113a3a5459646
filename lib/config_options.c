/* THE tables of options. docs/configuration.md is made from them. */
#include "config_parts.h"

#define FIELD(member) .offset = offsetof(struct config, member)
#define COUNT(member) .count_offset = offsetof(struct config, member)
#define SITE_FIELD(member) .offset = offsetof(struct site_config, member)
#define SITE_COUNT(member) .count_offset = offsetof(struct site_config, member)
#define POINT_FIELD(member) .offset = offsetof(struct geo_point, member)

#define MIB INT64_C(1048576)

/* clang-format off */
static const struct option config_rows[] = {
    { .name = "collector.listen", .type = TYPE_LISTEN, .initial = "[\"127.0.0.1:8400\"]",
      .help = "Where beacons are taken in. Keep it on the loopback or a socket and let the web server in front speak to it.",
      FIELD(collector.listen) },
    { .name = "collector.listen_proxy", .type = TYPE_LISTEN,
      .help = "Where beacons are taken in from proxies that pass bytes through and begin every connection with a PROXY header "
              "(version 1 or 2). Only `trusted_proxies` and unix sockets may connect; any other beginning closes the connection.",
      FIELD(collector.listen_proxy) },
    { .name = "collector.ops_listen", .type = TYPE_LISTEN, .initial = "[\"127.0.0.1:9400\"]",
      .help = "Where `/healthz`, `/readyz` and `/metrics` answer. Not for the public.",
      FIELD(collector.ops_listen) },
    { .name = "collector.trusted_proxies", .type = TYPE_BLOCKS,
      .help = "The address blocks of your own proxies. Only they are believed when they say on whose behalf they call; "
              "without any, the peer of the connection is the visitor.",
      FIELD(collector.trusted_proxies), COUNT(collector.trusted_proxy_count) },
    { .name = "collector.journal", .type = TYPE_PATH,
      .help = "Folder on tmpfs where the counter table lives on when the process ends, one for each collector. Without "
              "one, what was not flushed is lost when the process is killed.",
      FIELD(collector.journal) },
    { .name = "collector.counter_memory", .type = TYPE_NUMBER, .unit = "B", .low = MIB, .high = 4096 * MIB,
      .initial = "64 MiB",
      .help = "Memory of the counter table, reserved at the start; about 70 bytes a leaf, a quarter is for texts. A site has "
              "some 120 leaves before anybody comes, a restricted one a dozen. A journal keeps the size that it was made with.",
      FIELD(collector.counter_bytes) },
    { .name = "collector.flush_interval", .type = TYPE_NUMBER, .unit = "ms", .low = 100, .high = 10000, .initial = "1 s",
      .help = "How often changed counters are sent to Redis.",
      FIELD(collector.flush_interval_ms) },
    { .name = "collector.connection_max", .type = TYPE_NUMBER, .unit = "connections", .low = 10, .high = 1000000,
      .initial = "10000",
      .help = "Connections that may be open at a time; beyond it, accepting pauses. The process needs as many open files.",
      FIELD(collector.connection_max) },
    { .name = "collector.drain", .type = TYPE_NUMBER, .unit = "ms", .low = 0, .high = 60000, .initial = "1 s",
      .help = "At SIGTERM: how long a connection without a request is kept open for one that is on its way; each answer "
              "then ends its connection. At SIGUSR2: how long requests under way may take before they are cut off.",
      FIELD(collector.drain_ms) },
    { .name = "collector.network_connections", .type = TYPE_NUMBER, .unit = "connections", .low = 0, .high = 1000000,
      .initial = "1000",
      .help = "Connections that one network (an IPv4 /24, an IPv6 /48) may have open at a time; one more is closed at once. "
              "Trusted proxies and unix sockets have no such limit, nor has anyone at 0.",
      FIELD(collector.network_connections) },
    { .name = "collector.network_rate", .type = TYPE_NUMBER, .unit = "beacons/s", .low = 0, .high = 1000000, .initial = "50",
      .help = "Beacons a second that one network may send in the long run; more are answered 429 and counted as dropped. "
              "Behind a trusted proxy it is the network of the visitor. An IPv6 /32 may send 32 times as much. 0: no limit.",
      FIELD(collector.network_rate) },
    { .name = "collector.network_burst", .type = TYPE_NUMBER, .unit = "beacons", .low = 1, .high = 1000000, .initial = "500",
      .help = "Beacons that a network which was quiet may send at once, before `network_rate` holds.",
      FIELD(collector.network_burst) },
    { .name = "collector.site_rate", .type = TYPE_NUMBER, .unit = "beacons/s", .low = 0, .high = 1000000, .initial = "0",
      .help = "Beacons a second that are counted for one site in the long run; more are answered 429 and counted as dropped. "
              "0, no limit, counts a site's best day in full; set it where many sites share a collector.",
      FIELD(collector.site_rate) },
    { .name = "collector.site_burst", .type = TYPE_NUMBER, .unit = "beacons", .low = 1, .high = 1000000, .initial = "5000",
      .help = "Beacons that are counted at once for a site that was quiet, before `site_rate` holds.",
      FIELD(collector.site_burst) },

    { .name = "collector.crawlers", .type = TYPE_PATH,
      .help = "A file of names of automata beyond those that the built-in rules find (`crawlers.txt`, which "
              "`deploy/data/fetch` makes). Read at the start and at SIGHUP; a reload that cannot read it changes nothing.",
      FIELD(collector.crawlers) },
    { .name = "collector.redis_login", .type = TYPE_PATH,
      .help = "A file with one line, `user:password`: who the collector is in Redis, instead of the login of `redis.url`. "
              "Its owner is the collector's user, and others may not read it.",
      FIELD(collector.redis_login) },

    { .name = "redis.url", .type = TYPE_REDIS, .initial = "unix:///run/sporlos/redis.sock", .secret = true,
      .help = "Where Redis is: `unix:///path` or `redis://host:port`, with `user:password@` before the path or the host "
              "where Redis asks for it.",
      FIELD(redis.url) },
    { .name = "redis.connect_timeout", .type = TYPE_NUMBER, .unit = "ms", .low = 100, .high = 60000, .initial = "1 s",
      .help = "How long connecting may take.",
      FIELD(redis.connect_timeout_ms) },
    { .name = "redis.command_timeout", .type = TYPE_NUMBER, .unit = "ms", .low = 100, .high = 60000, .initial = "2 s",
      .help = "How long an answer may take; then the connection is given up and a new one made.",
      FIELD(redis.command_timeout_ms) },

    { .name = "geo.databases", .type = TYPE_PATHS,
      .help = "City databases in MMDB format, for IPv4 and IPv6 together or apart. None: every visit is 'unknown'.",
      FIELD(geo.databases) },
    { .name = "geo.gazetteer", .type = TYPE_PATH,
      .help = "CSV of places with their municipality, used where there are no polygons.",
      FIELD(geo.gazetteer) },
    { .name = "geo.polygons", .type = TYPE_PATH,
      .help = "GeoJSON of the municipalities' boundaries; more exact than the gazetteer.",
      FIELD(geo.polygons) },
    { .name = "geo.population", .type = TYPE_PATH,
      .help = "CSV `number,population` of the municipalities, for min_population. None: the gazetteer's own figures, "
              "which err on the low and therefore safe side.",
      FIELD(geo.population) },
    { .name = "geo.max_radius", .type = TYPE_NUMBER, .unit = "km", .low = 1, .high = 1000, .initial = "50 km",
      .help = "A record whose own accuracy radius is larger counts as 'unknown'.",
      FIELD(geo.max_radius_km) },
    { .name = "geo.placeholders", .type = TYPE_POINTS,
      .initial = "[{latitude: 59.9463, longitude: 10.7541, radius: 50 m},"
                 " {latitude: 62, longitude: 10, radius: 50 m},"
                 " {latitude: 59.9122, longitude: 10.7313, radius: 50 m, only_without_radius: true},"
                 " {latitude: 59.8990, longitude: 10.6290, radius: 1 km, only_without_radius: true}]",
      .help = "Points by which a database says 'somewhere in Norway'; records there count as 'unknown'.",
      FIELD(geo.placeholders), COUNT(geo.placeholder_count) },

    { .name = "aggregator.listen", .type = TYPE_LISTEN, .initial = "[\"127.0.0.1:8401\"]",
      .help = "Where dashboard and API answer.",
      FIELD(aggregator.listen) },
    { .name = "aggregator.ops_listen", .type = TYPE_LISTEN, .initial = "[\"127.0.0.1:9401\"]",
      .help = "Where `/healthz`, `/readyz` and `/metrics` answer. Not for the public.",
      FIELD(aggregator.ops_listen) },
    { .name = "aggregator.archive", .type = TYPE_ARCHIVE, .initial = "sqlite:///var/lib/sporlos/archive.db",
      .help = "Where closed leaves are kept: `sqlite:///path`.",
      FIELD(aggregator.archive) },
    { .name = "aggregator.redis_login", .type = TYPE_PATH,
      .help = "The same for the aggregator: a file with `user:password`.",
      FIELD(aggregator.redis_login) },
    { .name = "aggregator.public_url", .type = TYPE_WEB_ADDRESS,
      .help = "Where browsers reach the dashboard. With https the session cookie is Secure and has the `__Host-` prefix.",
      FIELD(aggregator.public_url) },
    { .name = "aggregator.collector_url", .type = TYPE_WEB_ADDRESS,
      .help = "Where browsers reach the collector, for the tracking snippet that the dashboard shows.",
      FIELD(aggregator.collector_url) },
    { .name = "aggregator.drain_interval", .type = TYPE_NUMBER, .unit = "ms", .low = 100, .high = 60000,
      .initial = "10 s",
      .help = "How often periods that have ended are looked for, to be closed.",
      FIELD(aggregator.drain_interval_ms) },
    { .name = "aggregator.session", .type = TYPE_NUMBER, .unit = "h", .low = 1, .high = 168, .initial = "12 h",
      .help = "How long a login lasts.",
      FIELD(aggregator.session_hours) },
    { .name = "aggregator.trusted_proxies", .type = TYPE_BLOCKS,
      .help = "The address blocks of the proxies in front of the dashboard. Only they, and whoever may write to its unix "
              "socket, are believed when X-Forwarded-For says where somebody logs in from (cut to its network, for the "
              "limits on log-in attempts), and in `trusted_user_header`.",
      FIELD(aggregator.trusted_proxies), COUNT(aggregator.trusted_proxy_count) },
    { .name = "aggregator.trusted_user_header", .type = TYPE_HEADER,
      .help = "The header in which a trusted proxy names the user it has logged in (OpenID Connect, SAML). The proxy must "
              "take the header out of what browsers send. The user must exist; the password is not asked for. None: "
              "nobody comes in that way.",
      FIELD(aggregator.trusted_user_header) },
    { .name = "aggregator.sendmail", .type = TYPE_PATH,
      .help = "The program that e-mail reports are handed to, called as `sendmail -t -i`; usually `/usr/sbin/sendmail`. None: "
              "no reports are sent.",
      FIELD(aggregator.sendmail) },
    { .name = "aggregator.mail_from", .type = TYPE_MAIL,
      .help = "The sender of e-mail reports. None: what the program makes of it.",
      FIELD(aggregator.mail_from) },
    { .name = "aggregator.access_log", .type = TYPE_NUMBER, .unit = "d", .low = 1, .high = 1825, .initial = "365 d",
      .help = "How long the archive remembers who was let in where, and when. Without addresses.",
      FIELD(aggregator.access_log_days) },
    { .name = "aggregator.drain", .type = TYPE_NUMBER, .unit = "ms", .low = 0, .high = 60000, .initial = "1 s",
      .help = "As `collector.drain`.",
      FIELD(aggregator.drain_ms) },

    { .name = "aggregator.api_rate", .type = TYPE_NUMBER, .unit = "requests/s", .low = 0, .high = 100000, .initial = "20",
      .help = "Requests a second to the API that one token, or one network without a token, may make in the long run; more are "
              "answered 429. 0: no limit.",
      FIELD(aggregator.api_rate) },
    { .name = "aggregator.api_burst", .type = TYPE_NUMBER, .unit = "requests", .low = 1, .high = 100000, .initial = "200",
      .help = "Requests to the API at once, before `api_rate` holds.",
      FIELD(aggregator.api_burst) },
    { .name = "sites", .type = TYPE_SITES,
      .help = "The sites that are counted, by name; see below.",
      FIELD(sites), COUNT(site_count) },
};

/* mode comes first: how the others are read depends on it. */
static const struct option site_rows[] = {
    { .name = "mode", .restricted = true, .type = TYPE_MODE, .initial = "standard",
      .help = "`standard`; `strict`: the same numbers with more noise and higher thresholds; `restricted`: for children "
              "and other vulnerable readers, a closed list of numbers that no option widens.",
      SITE_FIELD(mode) },
    { .name = "hosts", .restricted = true, .type = TYPE_HOSTS,
      .help = "The host names that the site's pages are served from. Beacons from any other are refused. None: the site's "
              "own name. A host belongs to one site only.",
      SITE_FIELD(hosts) },
    { .name = "timezone", .restricted = true, .type = TYPE_ZONE, .initial = "Europe/Oslo",
      .help = "In which days and months begin and end; a name of the IANA time zone database.",
      SITE_FIELD(zone) },
    { .name = "pages", .restricted = true, .type = TYPE_PAGES,
      .help = "Path patterns: `/a`, `/a/*` (any one segment), `/a/**` (any rest). Standard and strict: pages that are "
              "counted under their own name at once, without waiting for enough readers. Restricted: required, the only "
              "pages that have a name; any other is counted as '(annet)', and so is one that a '*' would let in but that "
              "could point at a person (five or more digits, an '@', an IP address): list such a page in full.",
      SITE_FIELD(pages) },
    { .name = "fold", .restricted = true, .type = TYPE_FOLDS,
      .help = "Which pages are counted under another name: pattern to page. In a restricted site the page must be one of "
              "`pages`.",
      SITE_FIELD(folds), SITE_COUNT(fold_count) },
    { .name = "min_population", .restricted = true, .type = TYPE_NUMBER, .unit = "persons", .low = 0, .high = 1000000, .initial = "0",
      .help = "Municipalities with fewer inhabitants are merged within their county before they are counted. In a "
              "restricted site 5000 unless more is given; it cannot be lowered.",
      SITE_FIELD(min_population) },
    { .name = "tables", .restricted = true, .type = TYPE_TABLES,
      .help = "Which numbers are counted, of those that the mode has. None: all of them. `declined` and `dropped` are "
              "always counted.",
      SITE_FIELD(tables) },
    { .name = "visitors", .restricted = true, .type = TYPE_FLAG, .initial = "true",
      .help = "Whether the number of visitors is estimated, from truncated network and User-Agent, which are told apart for "
              "one day in memory alone (docs/privacy.md). `false`: visits, which are counted anyway, are the nearest to it. "
              "A restricted site never has it.",
      SITE_FIELD(visitors) },
    { .name = "visitor_max", .restricted = true, .type = TYPE_NUMBER, .unit = "visitors", .low = 1000, .high = 1048576, .initial = "1048576",
      .help = "Visitors that a collector tells apart on one day, about 16 bytes of locked memory each. A day that comes near it is "
              "shown as 'at least'.",
      SITE_FIELD(visitor_max) },
    { .name = "sections", .type = TYPE_SECTIONS,
      .help = "Sections of the site: path pattern to name. A view counts for the first pattern that its path matches, in "
              "the order of the file. Keys are in lower case; the dashboard shows the name as written. None: the table `section` is not counted.",
      SITE_FIELD(sections), SITE_COUNT(section_count) },
    { .name = "tags", .type = TYPE_TAGS,
      .help = "The tags that count, of those that pages say they have; kept in lower case, and found in any. None: the "
              "table `tag` is not counted.",
      SITE_FIELD(tags) },
    { .name = "feedback", .type = TYPE_ANSWERS,
      .help = "What readers may answer to the site's question: a name of a-z, 0-9 and '-', which is counted, to the words on "
              "the button. There is no free text. None: nothing is asked, and the table `feedback` is not counted.",
      SITE_FIELD(answers), SITE_COUNT(answer_count) },
    { .name = "feedback_question", .type = TYPE_SENTENCE,
      .help = "What is asked. None: 'Fant du det du lette etter?' in the page's language.",
      SITE_FIELD(question) },
    { .name = "search_parameter", .type = TYPE_PARAMETER,
      .help = "The parameter of the site's own search page, as `q` in `/sok?q=sorg`. The tracker is told by the snippet, and "
              "a view sent with its whole URL counts as a search, too, when it has it.",
      SITE_FIELD(search_parameter) },
    { .name = "referrers", .type = TYPE_REFERRERS,
      .help = "Classes of referring hosts other than the built-in ones: host, which counts for what is below it, to "
              "`search`, `ai`, `social`, `mail`, `public` or `site`.",
      SITE_FIELD(referrers), SITE_COUNT(referrer_count) },
    { .name = "events", .type = TYPE_EVENTS,
      .help = "Events that are counted under their own name at once, without waiting for enough readers; in lower case.",
      SITE_FIELD(events) },
    { .name = "embed", .type = TYPE_ORIGINS,
      .help = "Origins whose pages may show the site's statistics in a frame, from `/embed/SITE`. This makes them public: the "
              "frame asks nobody to log in. None: there is no such page.",
      SITE_FIELD(embed) },
    { .name = "popular", .type = TYPE_FLAG, .initial = "false",
      .help = "Whether `/popular?site=SITE` tells anybody which pages are read most. False: it asks for a token with the scope "
              "`read:popular`.",
      SITE_FIELD(popular) },
    { .name = "popular_tags", .type = TYPE_SECTIONS,
      .help = "Which pages `/popular?tag=TAG` lists: path pattern to tag. It is the site's own structure: pages and tags are not "
              "counted together.",
      SITE_FIELD(popular_tags), SITE_COUNT(popular_tag_count) },
};

static const struct option point_rows[] = {
    { .name = "latitude", .type = TYPE_DEGREES, .low = -90, .high = 90, .help = "Degrees north.", POINT_FIELD(latitude) },
    { .name = "longitude", .type = TYPE_DEGREES, .low = -180, .high = 180, .help = "Degrees east.",
      POINT_FIELD(longitude) },
    { .name = "radius", .type = TYPE_LENGTH, .unit = "m", .low = 1, .high = 100000, .initial = "50 m",
      .help = "Records this near to the point are meant.", POINT_FIELD(radius_m) },
    { .name = "only_without_radius", .type = TYPE_FLAG, .initial = "false",
      .help = "Only records that have no accuracy radius are meant.", POINT_FIELD(only_without_radius) },
};
/* clang-format on */

const struct option_set config_options = { config_rows, sizeof config_rows / sizeof config_rows[0] };
const struct option_set site_options = { site_rows, sizeof site_rows / sizeof site_rows[0] };
const struct option_set point_options = { point_rows, sizeof point_rows / sizeof point_rows[0] };
