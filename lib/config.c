#include "sporlos/config.h"

#include "config_parts.h"
#include "sporlos/utf8.h"

#include <stdlib.h>

struct sources {
    struct config_source *items; /* the first is the main file */
    size_t count;
};

static enum sp_error
sources_read(struct sources *sources, struct problems *problems, const char *path)
{
    struct text_list site_files;
    sources->items = calloc(1, sizeof *sources->items);
    if (sources->items == NULL)
        return SP_NO_MEMORY;
    sources->count = 1;
    enum sp_error error = config_source_read(problems, path, &sources->items[0]);
    if (error == SP_IO || error == SP_NO_MEMORY)
        return error;
    error = config_source_list(problems, path, &site_files);
    struct config_source *items = realloc(sources->items, (site_files.count + 1) * sizeof *items);
    if (items != NULL)
        sources->items = items;
    for (size_t i = 0; i < site_files.count && items != NULL && error != SP_NO_MEMORY; i++)
        error = config_source_read(problems, site_files.items[i], &items[sources->count++]);
    text_list_release(&site_files);
    return items == NULL || error == SP_NO_MEMORY ? SP_NO_MEMORY : SP_OK;
}

static void
sources_fini(struct sources *sources)
{
    for (size_t i = 0; i < sources->count; i++)
        config_source_fini(&sources->items[i]);
    free(sources->items);
}

static size_t
count_sites(const struct sources *sources)
{
    const struct yaml_node *inner = yaml_member(sources->items[0].tree.root, "sites");
    size_t count = inner == NULL ? 0 : inner->count;
    for (size_t i = 1; i < sources->count; i++)
        count += sources->items[i].tree.root == NULL ? 0 : sources->items[i].tree.root->count;
    return count;
}

static enum sp_error
make_room(struct reading *reading, const struct sources *sources)
{
    struct config *config = reading->config;
    size_t room = count_sites(sources);
    if (room > SITE_COUNT_MAX) {
        problem_add(&reading->problems, (struct place){ sources->items[0].file, 0, 0 },
                    "%zu sites; give at most %d to one installation", room, SITE_COUNT_MAX);
        room = 0;
    }
    config->sites = calloc(room + 1, sizeof *config->sites);
    reading->site_places = calloc(room + 1, sizeof *reading->site_places);
    reading->site_room = room;
    if (config->sites == NULL || reading->site_places == NULL || name_index_new(&config->site_index) != SP_OK ||
        name_index_new(&config->host_index) != SP_OK || name_index_new(&reading->claimed) != SP_OK)
        return SP_NO_MEMORY;
    return SP_OK;
}

static void
read_trees(struct reading *reading, const struct sources *sources)
{
    const struct option *sites = &config_options.rows[config_options.count - 1];
    for (size_t i = 0; i < sources->count; i++) {
        const struct yaml_node *root = sources->items[i].tree.root;
        reading->file = sources->items[i].file;
        if (i == 0)
            config_read_options(reading, &config_options, root, reading->config);
        if (i == 0 && root != NULL)
            config_read_unknown(reading, &config_options, "", root, false);
        if (i > 0 && root != NULL && root->kind != YAML_NULL && root->kind != YAML_BROKEN)
            config_read_sites(reading, sites, root, reading->config);
    }
}

/* The two lists of one process cannot share an address. */
static void
check_listen(struct reading *reading, const struct yaml_node *root)
{
    const struct config *config = reading->config;
    const struct yaml_node *node = yaml_member(root, "collector.ops_listen");
    if (node == NULL)
        node = yaml_member(root, "collector.listen");
    for (size_t i = 0; i < config->collector.listen.count && node != NULL; i++)
        for (size_t j = 0; j < config->collector.ops_listen.count; j++)
            if (strcmp(config->collector.listen.items[i], config->collector.ops_listen.items[j]) == 0)
                problem_add(
                    &reading->problems, yaml_place(node, reading->file),
                    "collector.listen and collector.ops_listen both name '%s'; give them addresses of their own",
                    config->collector.listen.items[i]);
}

static void
check_whole(struct reading *reading, const struct sources *sources)
{
    reading->file = sources->items[0].file;
    check_listen(reading, sources->items[0].tree.root);
    if (reading->problems.count == 0 && reading->config->site_count == 0)
        problem_add(&reading->problems, (struct place){ reading->file, 0, 0 },
                    "no site is configured; add one under 'sites:' or in sites.d/NAME.yaml beside this file");
}

static enum sp_error
read_all(struct reading *reading, struct sources *sources, const char *path)
{
    enum sp_error error = sources_read(sources, &reading->problems, path);
    if (error == SP_OK)
        error = make_room(reading, sources);
    if (error != SP_OK)
        return error;
    read_trees(reading, sources);
    check_whole(reading, sources);
    return SP_OK;
}

static enum sp_error
load(const char *path, FILE *errors, struct config **config)
{
    struct reading reading = { .config = calloc(1, sizeof(struct config)) };
    struct sources sources = { NULL, 0 };
    *config = NULL;
    if (reading.config == NULL)
        return SP_NO_MEMORY;
    enum sp_error error = read_all(&reading, &sources, path);
    if (problems_write(&reading.problems, errors) > 0 && error == SP_OK)
        error = SP_CONFIG;
    if (reading.problems.no_memory)
        error = SP_NO_MEMORY;
    sources_fini(&sources);
    problems_fini(&reading.problems);
    name_index_free(reading.claimed);
    free(reading.claims);
    free(reading.site_places);
    if (error == SP_OK)
        *config = reading.config;
    else
        config_free(reading.config);
    return error;
}

enum sp_error
config_load(const char *path, FILE *errors, struct config **config)
{
    enum sp_error error = load(path, errors, config);
    if (error == SP_NO_MEMORY && errors != NULL)
        fprintf(errors, "%s: out of memory while it was read\n", path);
    return error;
}

void
config_free(struct config *config)
{
    if (config == NULL)
        return;
    name_index_free(config->site_index);
    name_index_free(config->host_index);
    config_release_options(&config_options, config);
    free(config);
}

static bool
has_host(const struct site_config *site, struct span host)
{
    for (size_t i = 0; i < site->hosts.count; i++)
        if (span_equal(span_text(site->hosts.items[i]), host))
            return true;
    return false;
}

/* A configuration that a test made by hand has no index. */
static const struct site_config *
search(const struct config *config, struct span name, bool by_host)
{
    for (size_t i = 0; i < config->site_count; i++)
        if (by_host ? has_host(&config->sites[i], name) : span_equal(span_text(config->sites[i].key), name))
            return &config->sites[i];
    return NULL;
}

static const struct site_config *
find(const struct config *config, struct span name, bool by_host)
{
    const struct name_index *index = by_host ? config->host_index : config->site_index;
    char lower[SITE_NAME_MAX];
    size_t number;
    if (name.length == 0 || name.length >= sizeof lower)
        return NULL;
    for (size_t i = 0; i < name.length; i++)
        lower[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? (char)(name.at[i] | 0x20) : name.at[i];
    name.at = lower;
    if (index == NULL)
        return search(config, name, by_host);
    return name_index_find(index, name, &number) == SP_OK ? &config->sites[number] : NULL;
}

bool
config_tag(const struct site_config *site, struct span tag, size_t *number)
{
    char lower[TAG_BYTES_MAX];
    if (site->tag_index == NULL || tag.length == 0 || tag.length > sizeof lower)
        return false;
    memcpy(lower, tag.at, tag.length);
    utf8_lower(lower, tag.length);
    return name_index_find(site->tag_index, span_of(lower, tag.length), number) == SP_OK;
}

const struct site_config *
config_site(const struct config *config, struct span name)
{
    return find(config, name, false);
}

const struct site_config *
config_site_for_host(const struct config *config, struct span host)
{
    return find(config, host, true);
}
