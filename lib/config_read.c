#include "config_parts.h"

#include <stdlib.h>

enum { NAME_MAX_BYTES = 64, LEVEL_NAMES_MAX = 32 };

char *
config_copy(struct reading *reading, const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL)
        reading->problems.no_memory = true;
    return copy;
}

const char *
config_found(const struct yaml_node *node, char out[QUOTE_MAX])
{
    switch (node->kind) {
    case YAML_NULL:
        return "nothing";
    case YAML_LIST:
        return "a list";
    case YAML_MAP:
        return "a map";
    case YAML_TEXT:
        return problem_quote(node->text, out);
    case YAML_BROKEN:
        break;
    }
    return "something else";
}

void
config_wrong_type(struct reading *reading, const struct option *option, const struct yaml_node *node)
{
    char found[QUOTE_MAX];
    if (node->kind == YAML_BROKEN)
        return;
    problem_add(&reading->problems, yaml_place(node, reading->file), "%s: expected %s, found %s; write for example %s",
                option->name, option_types[option->type].expected, config_found(node, found),
                option_types[option->type].example);
}

/* A default is written as YAML too, so that one reader serves both. Plain ones need no parser. */
static void
read_initial(struct reading *reading, const struct option *option, void *base)
{
    if (option->initial == NULL)
        return;
    int file = reading->file;
    reading->file = -1;
    struct yaml_node plain = { .kind = YAML_TEXT, .line = 1, .column = 1, .text = span_text(option->initial) };
    struct yaml_tree tree = { NULL, NULL };
    if (option->initial[0] != '[')
        option_types[option->type].read(reading, option, &plain, base);
    else if (yaml_tree_parse(span_text(option->initial), &reading->problems, -1, &tree) == SP_OK)
        option_types[option->type].read(reading, option, tree.root, base);
    else
        reading->problems.no_memory = true;
    yaml_tree_fini(&tree);
    reading->file = file;
}

static void
read_option(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    bool none = node == NULL || (node->kind == YAML_NULL && option->initial == NULL);
    if (none)
        read_initial(reading, option, base);
    else if (node->kind == YAML_NULL)
        config_wrong_type(reading, option, node);
    else if (node->kind != YAML_BROKEN)
        option_types[option->type].read(reading, option, node, base);
}

void
config_read_options(struct reading *reading, const struct option_set *set, const struct yaml_node *map, void *base)
{
    for (size_t i = 0; i < set->count; i++)
        if (!config_restricted_option(reading, set, &set->rows[i], map, base))
            read_option(reading, &set->rows[i], yaml_member(map, set->rows[i].name), base);
}

void
config_release_options(const struct option_set *set, void *base)
{
    for (size_t i = 0; i < set->count; i++)
        if (option_types[set->rows[i].type].release != NULL)
            option_types[set->rows[i].type].release(&set->rows[i], base);
}

static bool
has_prefix(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* The different names that may follow prefix ('' or 'section.'). */
static size_t
level_names(const struct option_set *set, const char *prefix, char texts[LEVEL_NAMES_MAX][NAME_MAX_BYTES],
            const char *names[LEVEL_NAMES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < set->count && count < LEVEL_NAMES_MAX; i++) {
        if (!has_prefix(set->rows[i].name, prefix))
            continue;
        const char *rest = set->rows[i].name + strlen(prefix);
        snprintf(texts[count], NAME_MAX_BYTES, "%.*s", (int)strcspn(rest, "."), rest);
        if (count > 0 && strcmp(texts[count], texts[count - 1]) == 0)
            continue;
        names[count] = texts[count];
        count++;
    }
    return count;
}

static void
report_unknown(struct reading *reading, const struct option_set *set, const char *prefix, const struct yaml_node *key)
{
    char texts[LEVEL_NAMES_MAX][NAME_MAX_BYTES];
    const char *names[LEVEL_NAMES_MAX] = { NULL };
    size_t count = level_names(set, prefix, texts, names);
    const char *nearest = problem_nearest(key->text, names, count);
    char quoted[QUOTE_MAX];
    problem_quote(key->text, quoted);
    if (nearest != NULL) {
        problem_add(&reading->problems, yaml_place(key, reading->file), "unknown option %s; did you mean '%s'?", quoted,
                    nearest);
        return;
    }
    char known[PROBLEM_TEXT_MAX / 2];
    size_t length = 0;
    for (size_t i = 0; i < count && length < sizeof known; i++)
        length += (size_t)snprintf(known + length, sizeof known - length, "%s%s", i == 0 ? "" : ", ", names[i]);
    problem_add(&reading->problems, yaml_place(key, reading->file),
                "unknown option %s; take it out, the options here are %s", quoted, known);
}

static bool
is_option(const struct option_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->rows[i].name, name) == 0)
            return true;
    return false;
}

static bool
is_section(const struct option_set *set, const char *prefix)
{
    for (size_t i = 0; i < set->count; i++)
        if (has_prefix(set->rows[i].name, prefix))
            return true;
    return false;
}

/* The name of a member in full, 'section.key'. A key that has a dot itself is none: 'collector.listen: x'. */
static void
full_name(const char *prefix, const struct yaml_node *key, char out[2 * NAME_MAX_BYTES])
{
    bool dotted = key->text.length == 0 || memchr(key->text.at, '.', key->text.length) != NULL;
    snprintf(out, 2 * NAME_MAX_BYTES, "%s%.*s", dotted ? "" : prefix, NAME_MAX_BYTES / 2, dotted ? "." : key->text.at);
}

static void
check_member(struct reading *reading, const struct option_set *set, const char *prefix, const struct yaml_node *member,
             bool restricted)
{
    char name[2 * NAME_MAX_BYTES];
    full_name(prefix, member->key, name);
    if (member->key->kind == YAML_BROKEN || is_option(set, name))
        return;
    if (restricted && config_restricted_key(reading, member->key))
        return;
    size_t length = strlen(name);
    snprintf(name + length, sizeof name - length, ".");
    if (is_section(set, name))
        config_read_unknown(reading, set, name, member, restricted);
    else
        report_unknown(reading, set, prefix, member->key);
}

void
config_read_unknown(struct reading *reading, const struct option_set *set, const char *prefix,
                    const struct yaml_node *map, bool restricted)
{
    if (map->kind == YAML_NULL || map->kind == YAML_BROKEN)
        return;
    if (map->kind != YAML_MAP) {
        char found[QUOTE_MAX];
        problem_add(&reading->problems, yaml_place(map, reading->file),
                    "expected a map of options, found %s; write 'name: value' lines", config_found(map, found));
        return;
    }
    for (const struct yaml_node *member = map->first; member != NULL; member = member->next)
        check_member(reading, set, prefix, member, restricted);
}

void
text_list_release(struct text_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct text_list){ NULL, 0 };
}

static void
read_text_item(struct reading *reading, const struct option *option, const struct yaml_node *item,
               struct text_list *list, struct name_index *seen, config_convert *convert)
{
    if (item->kind != YAML_TEXT) {
        config_wrong_type(reading, option, item);
        return;
    }
    char *text = convert(reading, option, item);
    if (text == NULL)
        return;
    enum sp_error error = name_index_put(seen, span_text(text), 0);
    if (error == SP_OK) {
        list->items[list->count++] = text;
        return;
    }
    char quoted[QUOTE_MAX];
    if (error == SP_FULL)
        problem_add(&reading->problems, yaml_place(item, reading->file),
                    "%s: %s stands twice in the list; take one out", option->name,
                    problem_quote(span_text(text), quoted));
    else
        reading->problems.no_memory = true;
    free(text);
}

void
config_read_texts(struct reading *reading, const struct option *option, const struct yaml_node *node,
                  struct text_list *list, config_convert *convert)
{
    size_t room = node->kind == YAML_LIST ? node->count : 1;
    if (node->kind != YAML_LIST && node->kind != YAML_TEXT) {
        config_wrong_type(reading, option, node);
        return;
    }
    if (room > LIST_ITEMS_MAX) {
        problem_add(&reading->problems, yaml_place(node, reading->file), "%s: %zu items; give at most %d", option->name,
                    room, LIST_ITEMS_MAX);
        return;
    }
    struct name_index *seen = NULL;
    list->items = calloc(room + 1, sizeof *list->items);
    if (list->items == NULL || name_index_new(&seen) != SP_OK) {
        reading->problems.no_memory = true;
        return;
    }
    if (node->kind == YAML_TEXT)
        read_text_item(reading, option, node, list, seen, convert);
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next)
        read_text_item(reading, option, item, list, seen, convert);
    name_index_free(seen);
}
