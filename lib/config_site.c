#include "config_types.h"

#include "domain.h"

#include <stdlib.h>

static struct place
host_place(const struct reading *reading, const struct yaml_node *map, size_t host)
{
    const struct yaml_node *node = yaml_member(map, "hosts");
    const struct yaml_node *item = node == NULL ? map->key : node->kind == YAML_LIST ? node->first : node;
    for (size_t i = 0; i < host && item->next != NULL; i++)
        item = item->next;
    return yaml_place(item, reading->file);
}

/* Remember whose the host is; report it when it is another site's. */
static void
claim_host(struct reading *reading, size_t site, const char *host, struct place place)
{
    struct span name = span_text(host);
    size_t claim;
    size_t owner;
    if (name_index_find(reading->claimed, name, &claim) == SP_OK) {
        char where[PROBLEM_TEXT_MAX / 2];
        if (name_index_find(reading->config->host_index, name, &owner) == SP_OK)
            problem_add(&reading->problems, place,
                        "hosts: '%s' belongs to site '%s' already (%s); a host can be of one site only, take one out",
                        host, reading->config->sites[owner].key,
                        problem_place(&reading->problems, reading->claims[claim], where, sizeof where));
        return;
    }
    struct place *claims = realloc(reading->claims, (reading->claim_count + 1) * sizeof *claims);
    if (claims == NULL || name_index_put(reading->claimed, name, reading->claim_count) != SP_OK ||
        name_index_put(reading->config->host_index, name, site) != SP_OK)
        reading->problems.no_memory = true;
    if (claims == NULL)
        return;
    reading->claims = claims;
    claims[reading->claim_count++] = place;
}

static void
claim_hosts(struct reading *reading, const struct yaml_node *map, size_t number)
{
    struct site_config *site = &reading->config->sites[number];
    const struct yaml_node *hosts = yaml_member(map, "hosts");
    bool given = hosts != NULL && hosts->kind != YAML_NULL && (hosts->kind != YAML_LIST || hosts->count > 0);
    if (!given) {
        site->hosts.items = calloc(1, sizeof *site->hosts.items);
        char *own = site->hosts.items == NULL ? NULL : config_copy(reading, site->key);
        if (own == NULL) {
            reading->problems.no_memory = true;
            return;
        }
        site->hosts.items[site->hosts.count++] = own;
    }
    for (size_t i = 0; i < site->hosts.count; i++)
        claim_host(reading, number, site->hosts.items[i],
                   given ? host_place(reading, map, i) : yaml_place(map->key, reading->file));
}

/* The site's name in both its forms; false when it has been reported as none, or as somebody else's. */
static bool
name_site(struct reading *reading, const struct yaml_node *key, size_t number)
{
    struct site_config *site = &reading->config->sites[number];
    char quoted[QUOTE_MAX];
    const char *why = "out of memory";
    size_t other;
    if (domain_to_ascii(key->text.length == 0 ? "" : key->text.at, site->key, &why) != SP_OK) {
        problem_add(&reading->problems, yaml_place(key, reading->file),
                    "%s cannot be the name of a site: %s; write a domain such as example.no",
                    problem_quote(key->text, quoted), why);
        return false;
    }
    if (name_index_find(reading->config->site_index, span_text(site->key), &other) == SP_OK) {
        char where[PROBLEM_TEXT_MAX / 2];
        problem_add(&reading->problems, yaml_place(key, reading->file),
                    "site %s is described already (%s); take one of them out", problem_quote(key->text, quoted),
                    problem_place(&reading->problems, reading->site_places[other], where, sizeof where));
        return false;
    }
    return true;
}

static void
read_site(struct reading *reading, const struct yaml_node *map)
{
    size_t number = reading->config->site_count;
    struct site_config *site = &reading->config->sites[number];
    *site = (struct site_config){ .name = NULL };
    if (map->key->kind == YAML_BROKEN || map->kind == YAML_BROKEN || !name_site(reading, map->key, number))
        return;
    site->name = config_copy(reading, map->key->text.at);
    if (site->name == NULL || name_index_put(reading->config->site_index, span_text(site->key), number) != SP_OK) {
        reading->problems.no_memory = true;
        free(site->name);
        return;
    }
    reading->site_places[number] = yaml_place(map->key, reading->file);
    reading->config->site_count++;
    config_read_options(reading, &site_options, map, site);
    config_read_unknown(reading, &site_options, "", map, site->mode == MODE_RESTRICTED);
    claim_hosts(reading, map, number);
    config_check_site(reading, map, site);
}

void
config_read_sites(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    (void)base;
    if (node->kind != YAML_MAP) {
        config_wrong_type(reading, option, node);
        return;
    }
    for (const struct yaml_node *member = node->first; member != NULL; member = member->next)
        if (reading->config->site_count < reading->site_room)
            read_site(reading, member);
}

void
config_release_sites(const struct option *option, void *base)
{
    struct site_config **sites = option_field(option, base);
    size_t *count = option_count(option, base);
    for (size_t i = 0; i < *count; i++) {
        config_release_options(&site_options, &(*sites)[i]);
        name_index_free((*sites)[i].tag_index);
        free((*sites)[i].name);
    }
    free(*sites);
    *sites = NULL;
    *count = 0;
}

static void
print_site(FILE *out, const struct site_config *site)
{
    fputs("  ", out);
    yaml_print_text(out, site->name);
    fputs(":\n", out);
    for (size_t i = 0; i < site_options.count; i++) {
        const struct option *row = &site_options.rows[i];
        if (site->mode == MODE_RESTRICTED && !row->restricted)
            continue;
        fprintf(out, "    %s: ", row->name);
        option_types[row->type].print(out, row, site);
        fputc('\n', out);
    }
}

void
type_sites_print(FILE *out, const struct option *option, const void *base)
{
    const struct site_config *sites = *(struct site_config *const *)option_value(option, base);
    fputc('\n', out);
    for (size_t i = 0; i < option_items(option, base); i++)
        print_site(out, &sites[i]);
}
