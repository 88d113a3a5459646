/* The declarations for programs. */
#include "declaration_page.h"

#include <time.h>

static void
write_text(struct json *json, const char *name, const char *value)
{
    json_name(json, name);
    json_text(json, span_text(value));
}

/* RFC 3339, in UTC. */
static void
write_time(struct json *json, const char *name, int64_t at_s)
{
    char text[32] = "";
    struct tm parts;
    time_t at = (time_t)at_s;
    if (gmtime_r(&at, &parts) != NULL)
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    write_text(json, name, text);
}

static void
write_state(struct json *json, const struct declared_site *declared, const struct declared_version *version)
{
    const char *state = version == declared->current ? "in_force"
                        : version == declared->ahead ? "announced"
                        : version->withdrawn_s != 0  ? "withdrawn"
                                                     : "earlier";
    write_text(json, "state", state);
}

static void
write_version(struct json *json, const struct site_config *site, const struct declared_site *declared,
              const struct declared_version *version)
{
    char date[PERIOD_TEXT_MAX];
    json_object(json);
    json_name(json, "version");
    json_integer(json, version->number);
    write_state(json, declared, version);
    write_time(json, "published", version->published_s);
    write_time(json, "in_force", version->in_force_s);
    write_text(json, "in_force_date", declaration_date(version->in_force_s, &site->zone, date));
    if (version->withdrawn_s != 0) {
        write_time(json, "withdrawn", version->withdrawn_s);
    }
    write_text(json, "hash", version->hash);
    json_name(json, "declaration");
    json_literal(json, version->json);
    json_object_end(json);
}

void
declaration_json_write(struct json *json, const struct site_config *site, const struct declared_site *declared)
{
    json_object(json);
    write_text(json, "site", site->key);
    json_name(json, "more_ahead");
    json_array(json);
    for (size_t i = 0; declared->ahead != NULL && i < declared->difference.count; i++)
        json_text(json, span_text(declared->difference.more[i]));
    json_array_end(json);
    json_name(json, "versions");
    json_array(json);
    for (size_t i = 0; i < declared->count; i++)
        write_version(json, site, declared, &declared->versions[i]);
    json_array_end(json);
    json_object_end(json);
}

void
declarations_json_write(struct json *json, const struct config *config, const struct declarations *declarations)
{
    json_object(json);
    json_name(json, "sites");
    json_array(json);
    for (size_t i = 0; i < declarations->count; i++) {
        json_object(json);
        write_text(json, "site", config->sites[i].key);
        write_text(json, "hash", declarations->sites[i].current->hash);
        json_name(json, "version");
        json_integer(json, declarations->sites[i].current->number);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}
