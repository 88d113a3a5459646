/*
 * Which kind of device, which family of browser and of system a visit comes from: three closed lists, no versions, no
 * models. Read once, for three counts, and forgotten.
 */
#ifndef SPORLOS_COLLECTOR_AGENT_FAMILY_H
#define SPORLOS_COLLECTOR_AGENT_FAMILY_H

#include "sporlos/error.h"
#include "sporlos/span.h"

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

#define X(code, key, name) code,
enum agent_device { AGENT_DEVICES(X) DEVICE_COUNT };
enum agent_browser { AGENT_BROWSERS(X) BROWSER_COUNT };
enum agent_system { AGENT_SYSTEMS(X) SYSTEM_COUNT };
#undef X

struct agent_name {
    const char *key, *name;
};

extern const struct agent_name agent_devices[DEVICE_COUNT];
extern const struct agent_name agent_browsers[BROWSER_COUNT];
extern const struct agent_name agent_systems[SYSTEM_COUNT];

/* What a request says of who sent it; borrowed. What was not sent is empty, or 0. */
struct agent_said {
    struct span agent;       /* User-Agent */
    struct span brands;      /* Sec-CH-UA */
    struct span mobile;      /* Sec-CH-UA-Mobile: ?0 or ?1 */
    struct span platform;    /* Sec-CH-UA-Platform, with its quotation marks */
    unsigned viewport_width; /* CSS pixels */
};

struct agent_families {
    enum agent_device device;
    enum agent_browser browser;
    enum agent_system system;
};

struct agent_tokens;

/* The tables in a form that is fast to look up; 100 KB, owned by the caller. */
SP_MUST_CHECK enum sp_error agent_tokens_new(struct agent_tokens **tokens);
void agent_tokens_free(struct agent_tokens *tokens);

/*
 * Client hints (WICG User-Agent Client Hints) come first, then the ordered table of tokens. An iPad that asks for
 * desktop pages says that it is a Macintosh: it is told by a browser that only iOS has, or by a viewport that is just
 * as wide as an iPad. Televisions, consoles, watches, cars and glasses are DEVICE_UNKNOWN. Allocates nothing; looks at
 * 256 bytes of the User-Agent (the first 160 and the last 96 of a longer one) and of the brands.
 */
struct agent_families agent_classify(const struct agent_tokens *tokens, const struct agent_said *said);

#endif
