#include "agent_family.h"

#include "aho_corasick.h"

#include <sodium.h>
#include <stdlib.h>

enum { HEAD_BYTES = 160, TAIL_BYTES = 96, LOOKED_AT_BYTES = HEAD_BYTES + TAIL_BYTES };

/*
 * In any case; the first of each kind that is there counts. Order: what imitates comes before what it imitates, for
 * nearly every browser also says that it is Chrome, Safari and Mozilla.
 */
#define BROWSER_TOKENS(X)                                                                                              \
    X(" crios/", BROWSER_CHROME)                                                                                       \
    X(" edg/", BROWSER_EDGE)                                                                                           \
    X(" edga/", BROWSER_EDGE)                                                                                          \
    X(" edgios/", BROWSER_EDGE)                                                                                        \
    X(" edge/", BROWSER_EDGE)                                                                                          \
    X("opera", BROWSER_OPERA)                                                                                          \
    X(" opr/", BROWSER_OPERA)                                                                                          \
    X(" opx/", BROWSER_OPERA)                                                                                          \
    X(" opios/", BROWSER_OPERA)                                                                                        \
    X("msie ", BROWSER_IE)                                                                                             \
    X("trident/", BROWSER_IE)                                                                                          \
    X(" silk/", BROWSER_SILK)                                                                                          \
    X(" vivaldi/", BROWSER_VIVALDI)                                                                                    \
    X(" brave/", BROWSER_BRAVE)                                                                                        \
    X(" whale/", BROWSER_WHALE)                                                                                        \
    X(" duckduckgo/", BROWSER_DUCKDUCKGO)                                                                              \
    X(" ddg/", BROWSER_DUCKDUCKGO)                                                                                     \
    X("ucbrowser/", BROWSER_UC)                                                                                        \
    X(" yabrowser/", BROWSER_YANDEX)                                                                                   \
    X(" focus/", BROWSER_FIREFOX)                                                                                      \
    X(" klar/", BROWSER_FIREFOX)                                                                                       \
    X(" opt/", BROWSER_OPERA)                                                                                          \
    X("miuibrowser/", BROWSER_MIUI)                                                                                    \
    X(" fxios/", BROWSER_FIREFOX)                                                                                      \
    X("huaweibrowser/", BROWSER_HUAWEI)                                                                                \
    X("samsungbrowser/", BROWSER_SAMSUNG)                                                                              \
    X("[linkedinapp]", BROWSER_LINKEDIN)                                                                               \
    X("[fban/", BROWSER_FACEBOOK)                                                                                      \
    X("[fb_iab/", BROWSER_FACEBOOK)                                                                                    \
    X(";fbav/", BROWSER_FACEBOOK)                                                                                      \
    X("instagram ", BROWSER_INSTAGRAM)                                                                                 \
    X("snapchat/", BROWSER_SNAPCHAT)                                                                                   \
    X("musical_ly", BROWSER_TIKTOK)                                                                                    \
    X("; wv)", BROWSER_WEBVIEW)                                                                                        \
    X(" gsa/", BROWSER_GOOGLE_APP)                                                                                     \
    X(" version/", BROWSER_SAFARI) /* or BROWSER_ANDROID */                                                            \
    X("chrome/", BROWSER_CHROME)                                                                                       \
    X("chromium/", BROWSER_CHROME)                                                                                     \
    X("safari/", BROWSER_SAFARI)                                                                                       \
    X("applewebkit/", BROWSER_WEBKIT)                                                                                  \
    X("firefox/", BROWSER_FIREFOX)

#define SYSTEM_TOKENS(X)                                                                                               \
    X("windows", SYSTEM_WINDOWS)                                                                                       \
    X("iphone", SYSTEM_IOS)                                                                                            \
    X("ipad", SYSTEM_IOS)                                                                                              \
    X("ipod", SYSTEM_IOS)                                                                                              \
    X("tizen", SYSTEM_OTHER)                                                                                           \
    X("web0s", SYSTEM_OTHER)                                                                                           \
    X("kaios", SYSTEM_OTHER)                                                                                           \
    X("harmony", SYSTEM_OTHER)                                                                                         \
    X("; cros ", SYSTEM_CHROMEOS)                                                                                      \
    X("android", SYSTEM_ANDROID)                                                                                       \
    X("macintosh", SYSTEM_MACOS)                                                                                       \
    X("linux", SYSTEM_LINUX)                                                                                           \
    X("x11;", SYSTEM_LINUX)

/* What only iOS has makes a Macintosh an iPad; on an iPhone that word is there before it. */
#define DEVICE_TOKENS(X)                                                                                               \
    X("smart-tv", DEVICE_UNKNOWN)                                                                                      \
    X("smarttv", DEVICE_UNKNOWN)                                                                                       \
    X("smart tv", DEVICE_UNKNOWN)                                                                                      \
    X("android tv", DEVICE_UNKNOWN)                                                                                    \
    X("googletv", DEVICE_UNKNOWN)                                                                                      \
    X("crkey", DEVICE_UNKNOWN)                                                                                         \
    X("hbbtv", DEVICE_UNKNOWN)                                                                                         \
    X("bravia", DEVICE_UNKNOWN)                                                                                        \
    X("; aft", DEVICE_UNKNOWN) /* Fire TV */                                                                           \
    X("web0s", DEVICE_UNKNOWN)                                                                                         \
    X("playstation", DEVICE_UNKNOWN)                                                                                   \
    X("xbox", DEVICE_UNKNOWN)                                                                                          \
    X("nintendo", DEVICE_UNKNOWN)                                                                                      \
    X("; quest", DEVICE_UNKNOWN)                                                                                       \
    X("tesla", DEVICE_UNKNOWN)                                                                                         \
    X("ipad", DEVICE_TABLET)                                                                                           \
    X("iphone", DEVICE_MOBILE)                                                                                         \
    X("ipod", DEVICE_MOBILE)                                                                                           \
    X("; sm-t", DEVICE_TABLET) /* Galaxy Tab */                                                                        \
    X("; sm-x", DEVICE_TABLET)                                                                                         \
    X("; sm-p", DEVICE_TABLET)                                                                                         \
    X("nexus 7", DEVICE_TABLET)                                                                                        \
    X("nexus 9", DEVICE_TABLET)                                                                                        \
    X("nexus 10", DEVICE_TABLET)                                                                                       \
    X("; tablet", DEVICE_TABLET)                                                                                       \
    X("kindle", DEVICE_TABLET)                                                                                         \
    X(" crios/", DEVICE_TABLET)                                                                                        \
    X(" fxios/", DEVICE_TABLET)                                                                                        \
    X(" edgios/", DEVICE_TABLET)                                                                                       \
    X("mobile", DEVICE_MOBILE)                                                                                         \
    X("phone", DEVICE_MOBILE)                                                                                          \
    X("opera mini", DEVICE_MOBILE)

/* Of Sec-CH-UA: what browsers are made of comes last, and yields to what the User-Agent says. */
#define BRAND_TOKENS(X)                                                                                                \
    X("\"microsoft edge\"", BROWSER_EDGE)                                                                              \
    X("\"microsoft edge webview2\"", BROWSER_EDGE)                                                                     \
    X("\"opera\"", BROWSER_OPERA)                                                                                      \
    X("\"opera gx\"", BROWSER_OPERA)                                                                                   \
    X("\"opera mobile\"", BROWSER_OPERA)                                                                               \
    X("\"samsung internet\"", BROWSER_SAMSUNG)                                                                         \
    X("\"brave\"", BROWSER_BRAVE)                                                                                      \
    X("\"vivaldi\"", BROWSER_VIVALDI)                                                                                  \
    X("\"yabrowser\"", BROWSER_YANDEX)                                                                                 \
    X("\"yowser\"", BROWSER_YANDEX)                                                                                    \
    X("\"duckduckgo\"", BROWSER_DUCKDUCKGO)                                                                            \
    X("\"whale\"", BROWSER_WHALE)                                                                                      \
    X("\"huaweibrowser\"", BROWSER_HUAWEI)                                                                             \
    X("\"miuibrowser\"", BROWSER_MIUI)                                                                                 \
    X("\"amazon silk\"", BROWSER_SILK)                                                                                 \
    X("\"google chrome\"", BROWSER_CHROME)                                                                             \
    X("\"android webview\"", BROWSER_WEBVIEW)                                                                          \
    X("\"chromium\"", BROWSER_CHROME)

struct token {
    const char *text;
    unsigned char family;
};

#define X(text, family) { text, family },
static const struct token browser_tokens[] = { BROWSER_TOKENS(X) };
static const struct token system_tokens[] = { SYSTEM_TOKENS(X) };
static const struct token device_tokens[] = { DEVICE_TOKENS(X) };
static const struct token brand_tokens[] = { BRAND_TOKENS(X) };
#undef X

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/*
 * A mask has a bit for each run of tokens of one family, so that its lowest bit of a kind is the first in order: one
 * automaton has room for all three kinds.
 */
struct kind {
    unsigned char first, count; /* bits */
    unsigned char family[64];   /* of each bit */
};

struct agent_tokens {
    struct words *agent; /* browsers, systems, devices */
    struct words *brands;
    struct kind browsers, systems, devices, brand_browsers;
};

struct word_list {
    struct word words[128];
    size_t count;
    unsigned bits;
};

static void
add(struct word_list *list, struct kind *kind, const struct token *tokens, size_t count)
{
    kind->first = (unsigned char)list->bits;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || tokens[i].family != tokens[i - 1].family)
            kind->family[kind->count++] = tokens[i].family;
        uint64_t bit = UINT64_C(1) << (kind->first + kind->count - 1);
        list->words[list->count++] = (struct word){ .text = span_text(tokens[i].text), .mask = bit };
    }
    list->bits += kind->count;
}

_Static_assert(COUNT(browser_tokens) + COUNT(system_tokens) + COUNT(device_tokens) <= 128, "struct word_list");

enum sp_error
agent_tokens_new(struct agent_tokens **tokens)
{
    struct word_list agent = { .count = 0 }, brands = { .count = 0 };
    struct agent_tokens *t = *tokens = calloc(1, sizeof *t);
    if (t == NULL)
        return SP_NO_MEMORY;
    add(&agent, &t->browsers, browser_tokens, COUNT(browser_tokens));
    add(&agent, &t->systems, system_tokens, COUNT(system_tokens));
    add(&agent, &t->devices, device_tokens, COUNT(device_tokens));
    add(&brands, &t->brand_browsers, brand_tokens, COUNT(brand_tokens));
    enum sp_error error = agent.bits > 64 ? SP_FULL : words_new(agent.words, agent.count, true, &t->agent);
    if (error == SP_OK)
        error = words_new(brands.words, brands.count, true, &t->brands);
    if (error != SP_OK) {
        agent_tokens_free(t);
        *tokens = NULL;
    }
    return error;
}

void
agent_tokens_free(struct agent_tokens *tokens)
{
    if (tokens == NULL)
        return;
    words_free(tokens->agent);
    words_free(tokens->brands);
    free(tokens);
}

static unsigned char
first_of(const struct kind *kind, uint64_t found, unsigned char none)
{
    uint64_t mask = found >> kind->first & (UINT64_MAX >> (64 - kind->count));
    return mask == 0 ? none : kind->family[__builtin_ctzll(mask)];
}

/* The quoted platforms that browsers send (User-Agent Client Hints, 3.7). SYSTEM_COUNT for any other. */
static enum agent_system
system_of_platform(struct span platform)
{
    static const struct token platforms[] = {
        { "\"Windows\"", SYSTEM_WINDOWS },   { "\"Android\"", SYSTEM_ANDROID },      { "\"macOS\"", SYSTEM_MACOS },
        { "\"Linux\"", SYSTEM_LINUX },       { "\"Chrome OS\"", SYSTEM_CHROMEOS },   { "\"iOS\"", SYSTEM_IOS },
        { "\"ChromeOS\"", SYSTEM_CHROMEOS }, { "\"Chromium OS\"", SYSTEM_CHROMEOS },
    };
    for (size_t i = 0; platform.length > 0 && i < COUNT(platforms); i++) {
        if (span_equal(platform, span_text(platforms[i].text)))
            return (enum agent_system)platforms[i].family;
    }
    return SYSTEM_COUNT;
}

static struct span
shortened(struct span text, char shorter[LOOKED_AT_BYTES])
{
    if (text.length <= LOOKED_AT_BYTES)
        return text;
    memcpy(shorter, text.at, HEAD_BYTES);
    memcpy(shorter + HEAD_BYTES, text.at + text.length - TAIL_BYTES, TAIL_BYTES);
    return span_of(shorter, LOOKED_AT_BYTES);
}

/* Families that only say what a browser is made of: many are, and some say more elsewhere. */
static bool
is_general(enum agent_browser browser)
{
    return browser == BROWSER_CHROME || browser == BROWSER_WEBVIEW;
}

static enum agent_browser
browser_of(enum agent_browser browser, enum agent_system system, enum agent_browser brand)
{
    if (browser == BROWSER_SAFARI && system == SYSTEM_ANDROID)
        browser = BROWSER_ANDROID;
    if (brand == BROWSER_OTHER)
        return browser;
    bool says_more = browser != BROWSER_OTHER && browser != BROWSER_SAFARI && browser != BROWSER_ANDROID;
    return is_general(brand) && says_more && !is_general(browser) ? browser : brand;
}

/* Widths of iPads from 2010 to 2025, upright and lying. A window on a Mac is seldom just as wide. */
static bool
is_wide_as_ipad(unsigned width)
{
    static const unsigned short widths[] = { 744,  768,  810,  820,  834,  1024, 1032, 1080,
                                             1112, 1133, 1180, 1194, 1210, 1366, 1376 };
    for (size_t i = 0; i < COUNT(widths); i++) {
        if (widths[i] == width)
            return true;
    }
    return false;
}

static bool
is_disguised_ipad(const struct agent_said *said, const struct agent_families *families)
{
    return families->browser == BROWSER_SAFARI && said->platform.length == 0 && is_wide_as_ipad(said->viewport_width);
}

/* When nothing says more. On Android telephones say Mobile. */
static const enum agent_device device_of_system[SYSTEM_COUNT] = {
    [SYSTEM_OTHER] = DEVICE_UNKNOWN, [SYSTEM_WINDOWS] = DEVICE_DESKTOP, [SYSTEM_MACOS] = DEVICE_DESKTOP,
    [SYSTEM_IOS] = DEVICE_UNKNOWN,   [SYSTEM_ANDROID] = DEVICE_TABLET,  [SYSTEM_CHROMEOS] = DEVICE_DESKTOP,
    [SYSTEM_LINUX] = DEVICE_DESKTOP,
};

static enum agent_device
device_of(const struct agent_said *said, const struct agent_families *families, enum agent_device device)
{
    if (device == DEVICE_UNKNOWN || device == DEVICE_TABLET)
        return device;
    if (span_equal(said->mobile, SPAN_LITERAL("?1")))
        return DEVICE_MOBILE;
    if (families->system == SYSTEM_ANDROID && said->mobile.length > 0)
        return DEVICE_TABLET;
    if (device != DEVICE_COUNT)
        return device;
    if (families->system == SYSTEM_MACOS && is_disguised_ipad(said, families))
        return DEVICE_TABLET;
    return device_of_system[families->system];
}

struct agent_families
agent_classify(const struct agent_tokens *tokens, const struct agent_said *said)
{
    char shorter[LOOKED_AT_BYTES];
    enum agent_browser brand = BROWSER_OTHER;
    struct agent_families families;
    uint64_t found = words_find(tokens->agent, shortened(said->agent, shorter));
    if (said->brands.length > 0)
        brand = first_of(&tokens->brand_browsers, words_find(tokens->brands, shortened(said->brands, shorter)),
                         BROWSER_OTHER);
    families.system = system_of_platform(said->platform);
    if (families.system == SYSTEM_COUNT)
        families.system = first_of(&tokens->systems, found, SYSTEM_OTHER);
    families.browser = browser_of(first_of(&tokens->browsers, found, BROWSER_OTHER), families.system, brand);
    families.device = device_of(said, &families, first_of(&tokens->devices, found, DEVICE_COUNT));
    if (families.device == DEVICE_TABLET && families.system == SYSTEM_MACOS)
        families.system = SYSTEM_IOS;
    if (said->agent.length > LOOKED_AT_BYTES || said->brands.length > LOOKED_AT_BYTES)
        sodium_memzero(shorter, sizeof shorter);
    return families;
}
