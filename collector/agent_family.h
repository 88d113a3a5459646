/*
 * Which kind of device, which family of browser and of system a visit comes from: three closed lists (known_keys.h), no
 * versions, no models. Read once, for three counts, and forgotten.
 */
#ifndef SPORLOS_COLLECTOR_AGENT_FAMILY_H
#define SPORLOS_COLLECTOR_AGENT_FAMILY_H

#include "sporlos/error.h"
#include "sporlos/known_keys.h"
#include "sporlos/span.h"

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
