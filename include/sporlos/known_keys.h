/*
 * Closed lists of keys: every key that a table of devices, browsers, systems, referrers, steps or reasons can have.
 * Both programs know them, so that each key has its leaf in every period.
 */
#ifndef SPORLOS_KNOWN_KEYS_H
#define SPORLOS_KNOWN_KEYS_H

#include "sporlos/table.h"

/* Keys are stable and go into leaves; names are for people and are the makers' own. */
#define AGENT_DEVICES(X)                                                                                               \
    X(DEVICE_UNKNOWN, "unknown", "Unknown")                                                                            \
    X(DEVICE_DESKTOP, "desktop", "Desktop")                                                                            \
    X(DEVICE_MOBILE, "mobile", "Mobile")                                                                               \
    X(DEVICE_TABLET, "tablet", "Tablet")

#define AGENT_BROWSERS(X)                                                                                              \
    X(BROWSER_OTHER, "other", "Other")                                                                                 \
    X(BROWSER_CHROME, "chrome", "Chrome")                                                                              \
    X(BROWSER_SAFARI, "safari", "Safari")                                                                              \
    X(BROWSER_EDGE, "edge", "Edge")                                                                                    \
    X(BROWSER_FIREFOX, "firefox", "Firefox")                                                                           \
    X(BROWSER_SAMSUNG, "samsung", "Samsung Internet")                                                                  \
    X(BROWSER_OPERA, "opera", "Opera")                                                                                 \
    X(BROWSER_BRAVE, "brave", "Brave")                                                                                 \
    X(BROWSER_VIVALDI, "vivaldi", "Vivaldi")                                                                           \
    X(BROWSER_DUCKDUCKGO, "duckduckgo", "DuckDuckGo")                                                                  \
    X(BROWSER_GOOGLE_APP, "google-app", "Google app")                                                                  \
    X(BROWSER_FACEBOOK, "facebook", "Facebook")                                                                        \
    X(BROWSER_INSTAGRAM, "instagram", "Instagram")                                                                     \
    X(BROWSER_SNAPCHAT, "snapchat", "Snapchat")                                                                        \
    X(BROWSER_TIKTOK, "tiktok", "TikTok")                                                                              \
    X(BROWSER_LINKEDIN, "linkedin", "LinkedIn")                                                                        \
    X(BROWSER_WEBVIEW, "webview", "Android WebView")                                                                   \
    X(BROWSER_WEBKIT, "webkit", "WebKit")                                                                              \
    X(BROWSER_ANDROID, "android", "Android Browser")                                                                   \
    X(BROWSER_SILK, "silk", "Silk")                                                                                    \
    X(BROWSER_HUAWEI, "huawei", "Huawei Browser")                                                                      \
    X(BROWSER_MIUI, "miui", "Mi Browser")                                                                              \
    X(BROWSER_YANDEX, "yandex", "Yandex")                                                                              \
    X(BROWSER_UC, "uc", "UC Browser")                                                                                  \
    X(BROWSER_WHALE, "whale", "Whale")                                                                                 \
    X(BROWSER_IE, "ie", "Internet Explorer")

#define AGENT_SYSTEMS(X)                                                                                               \
    X(SYSTEM_OTHER, "other", "Other")                                                                                  \
    X(SYSTEM_WINDOWS, "windows", "Windows")                                                                            \
    X(SYSTEM_MACOS, "macos", "macOS")                                                                                  \
    X(SYSTEM_IOS, "ios", "iOS")                                                                                        \
    X(SYSTEM_ANDROID, "android", "Android")                                                                            \
    X(SYSTEM_CHROMEOS, "chromeos", "ChromeOS")                                                                         \
    X(SYSTEM_LINUX, "linux", "Linux")

/* Where a visit came from; collector/referrer.h says which host is what. */
#define REFERRER_CLASSES(X)                                                                                            \
    X(REFERRER_DIRECT, "direct") /* no referrer, one that says nothing, or the site itself */                          \
    X(REFERRER_SEARCH, "search") /* search engines */                                                                  \
    X(REFERRER_AI, "ai")         /* assistants that are language models */                                             \
    X(REFERRER_SOCIAL, "social") /* social networks, messengers, forums */                                             \
    X(REFERRER_MAIL, "mail")     /* webmail */                                                                         \
    X(REFERRER_PUBLIC, "public") /* health services and the public sector */                                           \
    X(REFERRER_SITE, "site")     /* any other website */

/*
 * Why a request for a site was not counted: those verdicts (collector/policy.h) that come to a leaf of the site. The
 * last ones are told by a User-Agent, which restricted modes do not read.
 */
#define DROP_REASONS(X)                                                                                                \
    X(REASON_PREFETCH, "prefetch")                                                                                     \
    X(REASON_MALFORMED, "malformed")                                                                                   \
    X(REASON_FOREIGN_ORIGIN, "foreign_origin")                                                                         \
    X(REASON_RATE, "rate")                                                                                             \
    X(REASON_AI, "ai")                                                                                                 \
    X(REASON_BOT, "bot")

#define X(code, key, name) code,
enum agent_device { AGENT_DEVICES(X) DEVICE_COUNT };
enum agent_browser { AGENT_BROWSERS(X) BROWSER_COUNT };
enum agent_system { AGENT_SYSTEMS(X) SYSTEM_COUNT };
#undef X

#define X(class, key) class,
enum referrer_class { REFERRER_CLASSES(X) REFERRER_CLASS_COUNT };
enum drop_reason { DROP_REASONS(X) DROP_REASON_COUNT };
#undef X

/* A key of a closed list, and its maker's own name for it; the key where it has none. */
struct key_row {
    const char *key, *name;
};

extern const struct key_row agent_devices[DEVICE_COUNT];
extern const struct key_row agent_browsers[BROWSER_COUNT];
extern const struct key_row agent_systems[SYSTEM_COUNT];

struct known_keys {
    const struct key_row *rows;
    size_t count;
};

/*
 * The keys of a kind, or the first halves of a kind whose keys have two (KEY_BUCKET_PAGE). Count 0: a kind whose keys
 * are no closed list. KEY_ANSWER_PAGE has its answers from the configuration.
 */
struct known_keys known_keys_of(enum key_kind kind);
/* The same of what can occur in a mode. */
struct known_keys known_keys_in(enum site_mode mode, enum key_kind kind);

/* Which of them; SP_NOT_FOUND for none. */
SP_MUST_CHECK enum sp_error known_key_find(enum key_kind kind, struct span key, size_t *index);

/* The halves of a key of two, or of one without a separator: then *page is empty. */
void key_halves(struct span key, struct span *head, struct span *page);

#endif
