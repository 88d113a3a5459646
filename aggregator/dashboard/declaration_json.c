/* The declarations for programs. Every text in it is ours or an A-label: nothing needs an escape. */
#include "declaration_page.h"

#include <stdio.h>
#include <time.h>

static void
write_text(struct html *json, const char *name, const char *value)
{
    html_raw(json, "\"");
    html_literal(json, name, strlen(name));
    html_raw(json, "\":\"");
    html_literal(json, value, strlen(value));
    html_raw(json, "\"");
}

/* RFC 3339, in UTC. */
static void
write_time(struct html *json, const char *name, int64_t at_s)
{
    char text[32] = "";
    struct tm parts;
    time_t at = (time_t)at_s;
    if (gmtime_r(&at, &parts) != NULL)
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    write_text(json, name, text);
}

static void
write_state(struct html *json, const struct declared_site *declared, const struct declared_version *version)
{
    const char *state = version == declared->current ? "in_force"
                        : version == declared->ahead ? "announced"
                        : version->withdrawn_s != 0  ? "withdrawn"
                                                     : "earlier";
    write_text(json, "state", state);
}

static void
write_version(struct html *json, const struct site_config *site, const struct declared_site *declared,
              const struct declared_version *version)
{
    char date[PERIOD_TEXT_MAX];
    html_raw(json, "{\"version\":");
    html_integer(json, version->number);
    html_raw(json, ",");
    write_state(json, declared, version);
    html_raw(json, ",");
    write_time(json, "published", version->published_s);
    html_raw(json, ",");
    write_time(json, "in_force", version->in_force_s);
    html_raw(json, ",");
    write_text(json, "in_force_date", declaration_date(version->in_force_s, &site->zone, date));
    if (version->withdrawn_s != 0) {
        html_raw(json, ",");
        write_time(json, "withdrawn", version->withdrawn_s);
    }
    html_raw(json, ",");
    write_text(json, "hash", version->hash);
    html_raw(json, ",\"declaration\":");
    html_literal(json, version->json, strlen(version->json));
    html_raw(json, "}");
}

void
declaration_json_write(struct html *json, const struct site_config *site, const struct declared_site *declared)
{
    html_raw(json, "{");
    write_text(json, "site", site->key);
    html_raw(json, ",\"more_ahead\":[");
    for (size_t i = 0; declared->ahead != NULL && i < declared->difference.count; i++) {
        html_literal(json, i == 0 ? "\"" : ",\"", i == 0 ? 1 : 2);
        html_literal(json, declared->difference.more[i], strlen(declared->difference.more[i]));
        html_raw(json, "\"");
    }
    html_raw(json, "],\"versions\":[");
    for (size_t i = 0; i < declared->count; i++) {
        if (i > 0)
            html_raw(json, ",");
        write_version(json, site, declared, &declared->versions[i]);
    }
    html_raw(json, "]}");
}

void
declarations_json_write(struct html *json, const struct config *config, const struct declarations *declarations)
{
    html_raw(json, "{\"sites\":[");
    for (size_t i = 0; i < declarations->count; i++) {
        if (i > 0)
            html_raw(json, ",");
        html_raw(json, "{");
        write_text(json, "site", config->sites[i].key);
        html_raw(json, ",");
        write_text(json, "hash", declarations->sites[i].current->hash);
        html_raw(json, ",\"version\":");
        html_integer(json, declarations->sites[i].current->number);
        html_raw(json, "}");
    }
    html_raw(json, "]}");
}
