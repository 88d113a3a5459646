/* Every kind of mistake, with the place and the words it is reported with. */
#include "config_fixture.h"

struct mistake {
    const char *text;   /* of sporlos.yaml */
    const char *errors; /* all of them; the place without folder and file name */
};

#define SITES "\nsites: {a.no: {}}\n"

static const struct mistake mistakes[] = {
    /* Names */
    { "colector: {}" SITES, "1:1: unknown option 'colector'; did you mean 'collector'?\n" },
    { "collector:\n  flush_intervall: 1 s" SITES,
      "2:3: unknown option 'flush_intervall'; did you mean 'flush_interval'?\n" },
    { "redis: {adress: x}" SITES,
      "1:9: unknown option 'adress'; take it out, the options here are url, connect_timeout, command_timeout\n" },
    { "sites:\n  a.no: {timezon: UTC}\n", "2:10: unknown option 'timezon'; did you mean 'timezone'?\n" },
    { "collector.listen: [\"127.0.0.1:1\"]" SITES, /* dotted names are for the documentation only */
      "1:1: unknown option 'collector.listen'; take it out, the options here are collector, redis, geo, aggregator, "
      "sites\n" },
    { "geo: {max_radius: 5 km}\nredis: {}\ngeo: {max_radius: 6 km}" SITES,
      "3:1: 'geo' stands here a second time (first at line 1, column 1); keep one of them\n" },
    { "geo: {max_radius: 5 km, max_radius: 6 km}" SITES,
      "1:25: 'max_radius' stands here a second time (first at line 1, column 7); keep one of them\n" },

    /* Numbers */
    { "collector: {flush_interval: 50 ms}" SITES,
      "1:29: collector.flush_interval: '50 ms' is too small; give 100 ms to 10 s, in one of ms, s, min, h, d\n" },
    { "collector: {flush_interval: 10001}" SITES,
      "1:29: collector.flush_interval: '10001' is too large; give 100 ms to 10 s, in one of ms, s, min, h, d\n" },
    { "collector: {flush_interval: -5 s}" SITES,
      "1:29: collector.flush_interval: '-5 s' is too small; give 100 ms to 10 s, in one of ms, s, min, h, d\n" },
    { "collector: {counter_memory: 64 MB}" SITES,
      "1:29: collector.counter_memory: '64 MB' has an unknown unit; give 1 MiB to 4 GiB, in one of B, KiB, MiB, "
      "GiB\n" },
    { "collector: {counter_memory: 512 KiB}" SITES,
      "1:29: collector.counter_memory: '512 KiB' is too small; give 1 MiB to 4 GiB, in one of B, KiB, MiB, GiB\n" },
    { "collector: {counter_memory: 5 s}" SITES,
      "1:29: collector.counter_memory: '5 s' has an unknown unit; give 1 MiB to 4 GiB, in one of B, KiB, MiB, GiB\n" },
    { "collector: {counter_memory: 99999999999999999999}" SITES,
      "1:29: collector.counter_memory: '99999999999999999999' is not a whole number that makes sense; give 1 MiB to 4 "
      "GiB, in one of B, KiB, MiB, GiB\n" },
    { "collector: {counter_memory: 9999999999999 GiB}" SITES,
      "1:29: collector.counter_memory: '9999999999999 GiB' is not a whole number that makes sense; give 1 MiB to 4 "
      "GiB, in one of B, KiB, MiB, GiB\n" },
    { "collector: {connection_max: 12 s}" SITES,
      "1:29: collector.connection_max: '12 s' must be a plain whole number, without a unit; give 10 to 1000000 "
      "connections\n" },
    { "geo: {max_radius: 1500 m}" SITES,
      "1:19: geo.max_radius: '1500 m' is a fraction of the unit; give 1 km to 1000 km, in one of m, km\n" },
    { "aggregator: {session: 90 min}" SITES,
      "1:23: aggregator.session: '90 min' is a fraction of the unit; give 1 h to 7 d, in one of ms, s, min, h, d\n" },

    /* Types */
    { "collector: {connection_max: many}" SITES,
      "1:29: collector.connection_max: expected a whole number, found 'many'; write for example 10, or with its unit, "
      "10 s, where it has one\n" },
    { "collector: {connection_max: [1]}" SITES,
      "1:29: collector.connection_max: expected a whole number, found a list; write for example 10, or with its unit, "
      "10 s, where it has one\n" },
    { "collector: {connection_max: }" SITES,
      "1:13: collector.connection_max: expected a whole number, found nothing; write for example 10, or with its unit, "
      "10 s, where it has one\n" },
    { "collector: {listen: {a: b}}" SITES,
      "1:21: collector.listen: expected an address or a list of them, found a map; write for example "
      "[\"127.0.0.1:8400\", \"unix:/run/sporlos/collector.sock\"]\n" },
    { "collector: {listen: [[a]]}" SITES,
      "1:22: collector.listen: expected an address or a list of them, found a list; write for example "
      "[\"127.0.0.1:8400\", \"unix:/run/sporlos/collector.sock\"]\n" },
    { "collector: 5" SITES, "1:12: expected a map of options, found '5'; write 'name: value' lines\n" },
    { "collector: [a]" SITES, "1:12: expected a map of options, found a list; write 'name: value' lines\n" },
    { "sites: [a.no]\n",
      "1:8: sites: expected a map of sites, found a list; write for example 'example.no: {mode: standard}'\n" },
    { "sites: {a.no: standard}\n", "1:15: expected a map of options, found 'standard'; write 'name: value' lines\n" },
    { "- collector\n", "1:1: expected a map of options, found a list; write 'name: value' lines\n" },
    { "hello\n", "1:1: expected a map of options, found 'hello'; write 'name: value' lines\n" },

    /* Addresses */
    { "collector: {listen: []}" SITES,
      "1:21: collector.listen: the list is empty; name one address, or leave the option out\n" },
    { "collector: {listen: localhost}" SITES,
      "1:21: collector.listen: 'localhost' cannot be listened on: it has no port; write 127.0.0.1:8400, [::1]:8400, "
      "*:8400 or unix:/path\n" },
    { "collector: {listen: [\"localhost:80\", \"::1:80\", \"[127.0.0.1]:80\", \"1.2.3.4:0\", \"1.2.3.4:65536\", "
      "\"unix:run/x\"]}" SITES,
      "1:22: collector.listen: 'localhost:80' cannot be listened on: it is no address of this machine's own; write "
      "127.0.0.1:8400, [::1]:8400, *:8400 or unix:/path\n"
      "1:38: collector.listen: '::1:80' cannot be listened on: it is no address of this machine's own; write "
      "127.0.0.1:8400, [::1]:8400, *:8400 or unix:/path\n"
      "1:48: collector.listen: '[127.0.0.1]:80' cannot be listened on: it is no address of this machine's own; write "
      "127.0.0.1:8400, [::1]:8400, *:8400 or unix:/path\n"
      "1:66: collector.listen: '1.2.3.4:0' cannot be listened on: its port is not a number from 1 to 65535\n"
      "1:79: collector.listen: '1.2.3.4:65536' cannot be listened on: its port is not a number from 1 to 65535\n"
      "1:96: collector.listen: 'unix:run/x' cannot be listened on: its socket path is not absolute; write "
      "unix:/run/...\n" },
    { "collector: {listen: [\"*:1\", \"*:1\"]}" SITES,
      "1:29: collector.listen: '*:1' stands twice in the list; take one out\n" },
    { "collector:\n  listen: \"*:1\"\n  ops_listen: \"*:1\"" SITES,
      "3:15: collector.listen and collector.ops_listen both name '*:1'; give them addresses of their own\n" },
    { "collector: {trusted_proxies: [10.0.0.1/8, 10.0.0.0/33, \"::/129\", nginx, 2001:db8::1/64, 1.2.3.4/]}" SITES,
      "1:31: collector.trusted_proxies: '10.0.0.1/8' is no address block: bits are set beyond its length; set them to "
      "zero, or leave the length out to mean this one address\n"
      "1:43: collector.trusted_proxies: '10.0.0.0/33' is no address block: its length is not a number from 0 to 32\n"
      "1:56: collector.trusted_proxies: '::/129' is no address block: its length is not a number from 0 to 128\n"
      "1:66: collector.trusted_proxies: 'nginx' is no address block: it is not an address; write 192.0.2.0/24 or "
      "2001:db8::/32\n"
      "1:73: collector.trusted_proxies: '2001:db8::1/64' is no address block: bits are set beyond its length; set them "
      "to zero, or leave the length out to mean this one address\n"
      "1:89: collector.trusted_proxies: '1.2.3.4/' is no address block: its length is not a number from 0 to 32\n" },
    { "redis: {url: http://x}" SITES,
      "1:14: redis.url: it begins neither with unix:// nor redis://; write unix:///run/sporlos/redis.sock or "
      "redis://127.0.0.1:6379\n" },
    { "redis: {url: unix://run/x}" SITES,
      "1:14: redis.url: after unix:// no absolute path of at most 107 bytes follows; write "
      "unix:///run/sporlos/redis.sock\n" },
    { "redis: {url: redis://h:0}" SITES,
      "1:14: redis.url: host or port is wrong; write redis://127.0.0.1:6379, without a path or a query\n" },
    { "redis: {url: redis://hunter2@h:1}" SITES, /* may be a password: not repeated */
      "1:14: redis.url: what stands before the last '@' is not user:password; percent-encode the characters @ / : % in "
      "them\n" },
    { "redis: {url: redis://u:hun/ter2@h:1}" SITES,
      "1:14: redis.url: user or password holds '/' or ':'; percent-encode it (%2F, %3A)\n" },
    { "redis: redis://u:hunter2@h:1" SITES,
      "1:8: expected a map of options, found '(an address with '@', not shown)'; write 'name: value' lines\n" },
    { "redis://u:hunter2@h:1: x" SITES, "1:1: unknown option '(an address with '@', not shown)'; take it out, the "
                                        "options here are collector, redis, geo, "
                                        "aggregator, sites\n" },
    { "aggregator: {archive: archive.db}" SITES,
      "1:23: aggregator.archive: 'archive.db': it is not sqlite:// and an absolute path; write "
      "sqlite:///var/lib/sporlos/archive.db\n" },
    { "aggregator: {public_url: statistikk.no}" SITES,
      "1:26: aggregator.public_url: 'statistikk.no': it does not begin with https:// or http://; write "
      "https://statistikk.example.no\n" },
    { "aggregator: {public_url: \"https://a.no/?x\", collector_url: \"https://a b\"}" SITES,
      "1:26: aggregator.public_url: 'https://a.no/?x': it holds a character that it may not have; leave out user, "
      "query, fragment, quotes and spaces\n"
      "1:60: aggregator.collector_url: 'https://a b': it holds a character that it may not have; leave out user, "
      "query, "
      "fragment, quotes and spaces\n" },
    { "geo: {gazetteer: g.csv}" SITES,
      "1:18: geo.gazetteer: 'g.csv': the path is not absolute; begin it with '/', so that it means the same wherever "
      "the program is started\n" },
    { "geo: {databases: [\"/a\\nb\"]}" SITES,
      "1:19: geo.databases: '/a\\x0Ab': the path holds a control character; take it out\n" },
    { "geo: {placeholders: [{latitude: 91, longitude: x, radius: 0}, {longitude: 1}, 5]}" SITES,
      "1:33: latitude: 91 is out of bounds; give -90 to 90 degrees\n"
      "1:48: longitude: expected degrees as a decimal number, found 'x'; write for example 59.9463\n"
      "1:59: radius: '0' is too small; give 1 m to 100 km, in one of m, km\n"
      "1:63: geo.placeholders: a point without latitude or longitude; give both\n"
      "1:79: geo.placeholders: expected a list of points, found '5'; write for example [{latitude: 62, longitude: 10, "
      "radius: 50 m}]\n" },

    /* Sites */
    { "sites: {a.no: {mode: restrictd}}\n", "1:22: mode: there is no mode 'restrictd'; did you mean 'restricted'?\n" },
    { "sites: {a.no: {mode: children}}\n",
      "1:22: mode: expected standard, strict or restricted, found 'children'; write for example restricted\n" },
    { "sites: {a.no: {timezone: Europe/Olso}}\n",
      "1:26: timezone: this system knows no time zone 'Europe/Olso'; write an IANA name such as Europe/Oslo, and "
      "install tzdata\n" },
    { "sites: {a.no: {timezone: ../../etc/passwd}}\n",
      "1:26: timezone: this system knows no time zone '../../etc/passwd'; write an IANA name such as Europe/Oslo, and "
      "install tzdata\n" },
    { "sites: {a_b.no: {}, -a.no: {}, a..no: {}, \"https://a.no\": {}, a.no/: {}, \"\": {}}\n",
      "1:9: 'a_b.no' cannot be the name of a site: only letters, digits, hyphens and dots make a host name; write a "
      "domain such as example.no\n"
      "1:21: '-a.no' cannot be the name of a site: a label begins or ends with a hyphen; write a domain such as "
      "example.no\n"
      "1:32: 'a..no' cannot be the name of a site: it has an empty label: a dot first, last or twice; write a domain "
      "such as example.no\n"
      "1:43: 'https://a.no' cannot be the name of a site: it is an address; leave 'https://' out; write a domain such "
      "as example.no\n"
      "1:63: 'a.no/' cannot be the name of a site: it has a path; leave '/' and what follows out; write a domain such "
      "as example.no\n"
      "1:74: '' cannot be the name of a site: it is empty; write a domain such as example.no\n" },
    { "sites:\n  a.no: {hosts: [a.no, \"a.no:80\", \"*.a.no\", A.no]}\n",
      "2:24: hosts: 'a.no:80' is no host name: it has a port; leave ':' and what follows out\n"
      "2:35: hosts: '*.a.no' is no host name: wildcards are not supported; name every host\n"
      "2:45: hosts: 'a.no' stands twice in the list; take one out\n" },
    { "sites:\n  ungepårørende.no: {}\n  xn--ungeprrende-18a2w.no: {}\n",
      "3:3: site 'xn--ungeprrende-18a2w.no' is described already (2:3); take one of them out\n" },
    { "sites:\n  a.no: {hosts: [a.no, www.a.no]}\n  b.no: {hosts: [WWW.a.no]}\n  c.no: {hosts: a.no}\n",
      "3:18: hosts: 'www.a.no' belongs to site 'a.no' already (2:24); a host can be of one site only, take one out\n"
      "4:17: hosts: 'a.no' belongs to site 'a.no' already (2:18); a host can be of one site only, take one out\n" },
    { "sites:\n  a.no: {hosts: b.no}\n  b.no: {}\n",
      "3:3: hosts: 'b.no' belongs to site 'a.no' already (2:17); a host can be of one site only, take one out\n" },
    { "sites: {a.no: {pages: [a, /a?b, /a//b, /../b, /a*, /**/a, /%zz, /%2F, \"/a\\tb\", /a, /a/]}}\n",
      "1:24: pages: 'a' is no path pattern: it does not begin with '/'; write '/', '/a', '/a/*' or '/a/**'\n"
      "1:27: pages: '/a?b' is no path pattern: it has a query or a fragment; leave '?' or '#' and what follows out; "
      "write '/', '/a', '/a/*' or '/a/**'\n"
      "1:33: pages: '/a//b' is no path pattern: it has an empty segment ('//'); write '/', '/a', '/a/*' or '/a/**'\n"
      "1:40: pages: '/../b' is no path pattern: it has a segment '.' or '..'; write '/', '/a', '/a/*' or '/a/**'\n"
      "1:47: pages: '/a*' is no path pattern: '*' stands within a segment; it matches a whole one, as in /a/*; write "
      "'/', '/a', '/a/*' or '/a/**'\n"
      "1:52: pages: '/**/a' is no path pattern: '**' stands before the end; it matches any rest and can only be last; "
      "write '/', '/a', '/a/*' or '/a/**'\n"
      "1:59: pages: '/%zz' is no path pattern: '%' is not followed by two hexadecimal digits; write '/', '/a', '/a/*' "
      "or '/a/**'\n"
      "1:65: pages: '/%2F' is no path pattern: it hides one of / * % ? # behind percent-encoding; write '/', '/a', "
      "'/a/*' or '/a/**'\n"
      "1:71: pages: '/a\\x09b' is no path pattern: it holds a control character; write '/', '/a', '/a/*' or '/a/**'\n"
      "1:84: pages: '/a' stands twice in the list; take one out\n" },
    { "sites: {a.no: {fold: {/a: /b/*, /c/*: /c, /c/*/: /d, /e: [x]}}}\n",
      "1:27: fold: the page on the right has a '*'; name one page that the readers of all of them count for\n"
      "1:50: fold: the pattern on the left stands twice; take one out\n"
      "1:58: fold: expected a map of path patterns to pages, found a list; write for example {\"/alder/*/sorg\": "
      "\"/sorg\"}\n" },
    { "sites: {a.no: {tables: [total, visitor]}}\n",
      "1:32: tables: there is no table 'visitor' in mode standard; the tables are total, hour, visits, page, "
      "municipality, declined, dropped, visitors, search, search_empty, section, tag, referrer, referrer_host, "
      "utm_source, "
      "utm_medium, utm_campaign, device, browser, system, engagement, page_engagement, visit_length, scroll, feedback, "
      "download, outbound, missing and event\n" },
    { "sites: {a.no: {tags: [a, A]}}\n", "1:26: tags: 'a' stands twice in the list; take one out\n" },
    { "sites: {a.no: {tags: ['a,b', '(annet)', ' a', '']}}\n",
      "1:23: tags: 'a,b' begins with '(' or holds a comma, which have another meaning here; write it otherwise\n"
      "1:30: tags: '(annet)' begins with '(' or holds a comma, which have another meaning here; write it otherwise\n"
      "1:41: tags: ' a': it is empty, or begins or ends with a space; write it without\n"
      "1:47: tags: '': it is empty, or begins or ends with a space; write it without\n" },
    { "sites: {a.no: {sections: {sorg: a}}}\n",
      "1:27: sections: 'sorg' is no path pattern: it does not begin with '/'; write '/', '/a', '/a/*' or '/a/**'\n" },
    { "sites: {a.no: {sections: {/a: b, /a/: c}}}\n", "1:39: sections: '/a/' stands twice; take one out\n" },
    { "sites: {a.no: {sections: [/a]}}\n", "1:26: sections: expected a map of path patterns to sections, found a list; "
                                           "write for example {\"/foreldre/**\": foreldre}\n" },
    { "sites: {a.no: {feedback: {Ja: Ja, a b: c, nei: ''}}}\n",
      "1:27: feedback: 'Ja' is no name of an answer; write at most 32 of a-z, 0-9 and '-'\n"
      "1:35: feedback: 'a b' is no name of an answer; write at most 32 of a-z, 0-9 and '-'\n"
      "1:48: feedback: '': it is empty, or begins or ends with a space; write it without\n" },
    { "sites: {a.no: {referrers: {a.no: direct, b.no: press}}}\n",
      "1:34: referrers: there is no class 'direct'; write search, ai, social, mail, public or site\n"
      "1:48: referrers: there is no class 'press'; write search, ai, social, mail, public or site\n" },
    { "sites: {a.no: {search_parameter: 'a b'}}\n",
      "1:34: search_parameter: 'a b' is no name of a parameter; write letters, digits and . _ - alone\n" },
    { "sites: {a.no: {feedback_question: [a]}}\n",
      "1:35: feedback_question: expected a text, found a list; write for example \"Fant du det du lette etter?\"\n" },
    { "collector: {crawlers: crawlers.txt}\nsites: {a.no: {}}\n",
      "1:23: collector.crawlers: 'crawlers.txt': the path is not absolute; begin it with '/', so that it means the "
      "same "
      "wherever the program is started\n" },
    { "sites: {a.no: {tables: []}}\n",
      "1:24: tables: expected a list of tables, found a list; write for example [total, visits]\n" },
    { "sites: {a.no: {min_population: 1000001}}\n",
      "1:32: min_population: '1000001' is too large; give 0 to 1000000 persons\n" },
    { "redis: {}\n", "no site is configured; add one under 'sites:' or in sites.d/NAME.yaml beside this file\n" },
    { "", "no site is configured; add one under 'sites:' or in sites.d/NAME.yaml beside this file\n" },
    { "# nothing\n", "no site is configured; add one under 'sites:' or in sites.d/NAME.yaml beside this file\n" },

    /* YAML */
    { "a: [1, 2\nb: 3\n", "3:1: not YAML; correct it, and the rest of the file will be "
                          "checked\n" },
    { "a: \"x\n", "1:5: not YAML; correct it, and the rest of the file "
                  "will be checked\n" },
    { "collector:\n\tlisten: x\n", "2:1: a tab in the indentation; YAML takes spaces only\n" },
    { "a: \xE5\n", "1:4: not UTF-8; save the file as UTF-8\n" },
    { "å: \xC3\xA5\xED\xA0\x80\n", "1:5: not UTF-8; save the file as UTF-8\n" },
    { "a: \x01\n", "1:4: a control character; take it out\n" },
    { "redis: {url: \"a\\0b\"}" SITES,
      "1:14: the text holds a NUL or bytes that are not UTF-8; take the escape out\n" },
    { "collector: {listen: *:8400}" SITES,
      "1:21: aliases are not supported; write the value out, or put a text that begins with '*' in quotes\n" },
    { "a: &x [b]\nc: [*x, *x]\n",
      "1:1: unknown option 'a'; take it out, the options here are collector, redis, geo, aggregator, sites\n"
      "1:7: anchors are not supported; take the '&name' out\n"
      "2:1: unknown option 'c'; take it out, the options here are collector, redis, geo, aggregator, sites\n"
      "2:5: aliases are not supported; write the value out, or put a text that begins with '*' in quotes\n"
      "2:9: aliases are not supported; write the value out, or put a text that begins with '*' in quotes\n" },
    { "redis: {url: !!str unix:///x}" SITES,
      "1:20: tags are not supported; take the '!tag' out, or put a text that begins with '!' in quotes\n" },
    { "? [a, b]\n: c\n", "1:3: a key is a list or a map; write a plain name before the ':'\n" },
    { "redis: {}\n---\nredis: {}\n",
      "2:1: a second document begins here; take the '---' out or use a file of its own\n" },
    { "a: [[[[[[[[[[[[[[b]]]]]]]]]]]]]]\n", "1:15: nested too deep; no option has so many levels\n" },

    /* All at once, in the order of the file, and quoted harmlessly */
    { "geo: {max_radius: 0}\nredis: {url: x}\ncollector: {listen: y}\nsites: {a.no: {mode: z}}\n",
      "1:19: geo.max_radius: '0' is too small; give 1 km to 1000 km, in one of m, km\n"
      "2:14: redis.url: it begins neither with unix:// nor redis://; write unix:///run/sporlos/redis.sock or "
      "redis://127.0.0.1:6379\n"
      "3:21: collector.listen: 'y' cannot be listened on: it has no port; write 127.0.0.1:8400, [::1]:8400, *:8400 or "
      "unix:/path\n"
      "4:22: mode: expected standard, strict or restricted, found 'z'; write for example restricted\n" },
    { "\"\\e[31mred\\a\": 1" SITES, "1:1: unknown option '\\x1B[31mred\\x07'; take it out, the options here are "
                                    "collector, redis, geo, aggregator, sites\n" },
    { "øøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøø: 1" SITES,
      "1:1: unknown option 'øøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøøø...'; take it out, the options here are "
      "collector, "
      "redis, geo, aggregator, sites\n" },
};

/* Take 'sporlos.yaml:' out wherever it stands, so that the rows above are short. */
static void
strip(char *text)
{
    static const char name[] = "sporlos.yaml:";
    for (char *at; (at = strstr(text, name)) != NULL;) {
        size_t skip = sizeof name - 1 + (at[sizeof name - 1] == ' ');
        memmove(at, at + skip, strlen(at + skip) + 1);
    }
}

static void
test_every_mistake_is_told_where_it_stands(void **state)
{
    (void)state;
    struct fixture fixture;
    bool failed = false;
    fixture_init(&fixture);
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        fixture_text(&fixture, "sporlos.yaml", mistakes[i].text);
        enum sp_error error = fixture_load(&fixture, NULL);
        fixture_shorten(&fixture);
        strip(fixture.errors);
        fixture_forget_words(fixture.errors);
        if (error == SP_CONFIG && strcmp(fixture.errors, mistakes[i].errors) == 0)
            continue;
        failed = true;
        fprintf(stderr, "--- row %zu, error %d\n%s\n--- expected\n%s--- found\n%s", i, (int)error, mistakes[i].text,
                mistakes[i].errors, fixture.errors);
    }
    fixture_fini(&fixture);
    assert_false(failed);
}

static void
test_a_thousand_mistakes_are_written_and_the_rest_counted(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_init(&fixture);
    char *text = calloc(1, 20000);
    size_t length = 0;
    for (int i = 0; i < 1200; i++)
        length += (size_t)sprintf(text + length, "q%d: 1\n", i);
    fixture_text(&fixture, "sporlos.yaml", text);
    assert_int_equal(fixture_load(&fixture, NULL), SP_CONFIG);
    assert_non_null(strstr(fixture.errors, ":1000:1: unknown option 'q999'"));
    assert_null(strstr(fixture.errors, "'q1000'"));
    assert_non_null(strstr(fixture.errors, "\nand 200 more\n"));
    free(text);
    fixture_fini(&fixture);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_mistake_is_told_where_it_stands),
        cmocka_unit_test(test_a_thousand_mistakes_are_written_and_the_rest_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
