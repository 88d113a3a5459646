/* The canonical JSON of a declaration, there and back. YAML 1.2 holds JSON, so the configuration's reader reads it. */
#include "sporlos/declaration.h"

#include "yaml_tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define FORMAT_KEY "format"
enum { FORMAT = 1, MEMBERS_MAX = 64 };

#define X(id, key, sense) [DECLARED_##id] = key,
static const char *const number_keys[DECLARED_NUMBER_COUNT] = { DECLARED_NUMBERS(X) };
#undef X
#define X(id, key, ...) [DECLARED_##id] = key,
static const char *const choice_keys[DECLARED_CHOICE_COUNT] = { DECLARED_CHOICES(X) };
#undef X
static const char *const period_names[PERIOD_KIND_COUNT] = { "hour", "day", "month" };

/* ---- writing ---- */

struct member {
    const char *key;
    char *value; /* owned; NULL: no memory */
};

struct object {
    struct member members[MEMBERS_MAX];
    size_t count;
};

_Static_assert((int)DECLARED_NUMBER_COUNT + (int)DECLARED_CHOICE_COUNT + 8 <= (int)MEMBERS_MAX &&
                   (int)DECLARED_LIST_MAX <= (int)MEMBERS_MAX,
               "raise MEMBERS_MAX");

static void
add(struct object *object, const char *key, char *value)
{
    object->members[object->count++] = (struct member){ key, value };
}

/* Names are ours, printable ASCII; a quote in one would still not break out. */
static char *
text_value(const char *text)
{
    char *value = malloc(2 * strlen(text) + 3);
    char *at = value;
    if (value == NULL)
        return NULL;
    *at++ = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            *at++ = '\\';
        *at++ = *text;
    }
    *at++ = '"';
    *at = '\0';
    return value;
}

static char *
number_value(int64_t number)
{
    char text[24] = "null";
    if (number != DECLARED_NO_END)
        snprintf(text, sizeof text, "%" PRId64, number);
    return strdup(text);
}

static int
by_key(const void *left, const void *right)
{
    return strcmp(((const struct member *)left)->key, ((const struct member *)right)->key);
}

/* '{"a":1,"b":2}', the members sorted and freed. NULL when one of them is missing. */
static char *
close_object(struct object *object)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    bool failed = out == NULL;
    qsort(object->members, object->count, sizeof object->members[0], by_key);
    for (size_t i = 0; i < object->count; i++) {
        failed = failed || object->members[i].value == NULL ||
                 fprintf(out, "%s\"%s\":%s", i == 0 ? "{" : ",", object->members[i].key, object->members[i].value) < 0;
        free(object->members[i].value);
    }
    if (!failed)
        failed = fputs(object->count == 0 ? "{}" : "}", out) < 0;
    if (out != NULL && fclose(out) != 0)
        failed = true;
    if (failed) {
        free(text);
        return NULL;
    }
    return text;
}

static char *
list_value(const char *const *items, size_t count)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL)
        return NULL;
    fputc('[', out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s\"%s\"", i == 0 ? "" : ",", items[i]);
    fputc(']', out);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static char *
periods_value(unsigned periods)
{
    const char *names[PERIOD_KIND_COUNT];
    size_t count = 0;
    for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
        if ((periods & PERIOD_BIT(kind)) != 0)
            names[count++] = period_names[kind];
    return list_value(names, count);
}

static char *
tables_value(const struct declaration *declaration)
{
    struct object tables = { .count = 0 };
    for (size_t i = 0; i < declaration->table_count; i++)
        add(&tables, declaration->tables[i].name, periods_value(declaration->tables[i].periods));
    return close_object(&tables);
}

static char *
fields_value(const struct declaration *declaration)
{
    struct object fields = { .count = 0 };
    for (size_t i = 0; i < declaration->field_count; i++)
        add(&fields, declaration->fields[i].name, text_value(declaration->fields[i].fate));
    return close_object(&fields);
}

static char *
declines_value(const struct declaration *declaration)
{
    const char *names[DECLARED_LIST_MAX];
    for (size_t i = 0; i < declaration->decline_count; i++)
        names[i] = declaration->declines[i];
    return list_value(names, declaration->decline_count);
}

char *
declaration_write(const struct declaration *declaration)
{
    struct object whole = { .count = 0 };
    add(&whole, FORMAT_KEY, number_value(FORMAT));
    add(&whole, "site", text_value(declaration->site));
    add(&whole, "timezone", text_value(declaration->timezone));
    add(&whole, "mode", text_value(declaration->mode));
    for (int i = 0; i < DECLARED_NUMBER_COUNT; i++)
        add(&whole, number_keys[i], number_value(declaration->numbers[i]));
    for (int i = 0; i < DECLARED_CHOICE_COUNT; i++)
        add(&whole, choice_keys[i], text_value(declaration->choices[i]));
    add(&whole, "tables", tables_value(declaration));
    add(&whole, "fields", fields_value(declaration));
    add(&whole, "declines", declines_value(declaration));
    if (declaration->search_parameter[0] != '\0') /* so that declarations without it have the hash that they had */
        add(&whole, "search_parameter", text_value(declaration->search_parameter));
    return close_object(&whole);
}

/* ---- reading ---- */

struct reading {
    const struct yaml_node *root;
    bool malformed;
};

static void
copy_text(struct reading *reading, const struct yaml_node *node, char *out, size_t size)
{
    if (node == NULL || node->kind != YAML_TEXT || node->text.length >= size) {
        reading->malformed = true;
        return;
    }
    memcpy(out, node->text.at, node->text.length);
    out[node->text.length] = '\0';
}

static int64_t
read_number(struct reading *reading, const char *key)
{
    const struct yaml_node *node = yaml_member(reading->root, key);
    char *end;
    if (node != NULL && node->kind == YAML_NULL)
        return DECLARED_NO_END;
    if (node == NULL || node->kind != YAML_TEXT || node->quoted || node->text.length == 0) {
        reading->malformed = true;
        return 0;
    }
    int64_t number = strtoll(node->text.at, &end, 10);
    reading->malformed |= *end != '\0' || number < 0;
    return number;
}

static unsigned
read_periods(struct reading *reading, const struct yaml_node *list)
{
    unsigned periods = 0;
    if (list->kind != YAML_LIST)
        reading->malformed = true;
    for (const struct yaml_node *item = list->kind == YAML_LIST ? list->first : NULL; item != NULL; item = item->next)
        for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
            if (item->kind == YAML_TEXT && span_equal(item->text, span_text(period_names[kind])))
                periods |= PERIOD_BIT(kind);
    return periods;
}

/* The first item of a map or list of at most DECLARED_LIST_MAX; NULL for an empty one. */
static const struct yaml_node *
items_of(struct reading *reading, const char *key, enum yaml_kind kind)
{
    const struct yaml_node *node = yaml_member(reading->root, key);
    if (node == NULL || node->kind != kind || node->count > DECLARED_LIST_MAX) {
        reading->malformed = true;
        return NULL;
    }
    return node->first;
}

static void
read_lists(struct reading *reading, struct declaration *declaration)
{
    const struct yaml_node *item = items_of(reading, "tables", YAML_MAP);
    for (; item != NULL; item = item->next) {
        struct declared_table *table = &declaration->tables[declaration->table_count++];
        copy_text(reading, item->key, table->name, sizeof table->name);
        table->periods = read_periods(reading, item);
    }
    for (item = items_of(reading, "fields", YAML_MAP); item != NULL; item = item->next) {
        struct declared_field *field = &declaration->fields[declaration->field_count++];
        copy_text(reading, item->key, field->name, sizeof field->name);
        copy_text(reading, item, field->fate, sizeof field->fate);
    }
    for (item = items_of(reading, "declines", YAML_LIST); item != NULL; item = item->next)
        copy_text(reading, item, declaration->declines[declaration->decline_count++], DECLARED_NAME_MAX);
}

static void
read_all(struct reading *reading, struct declaration *declaration)
{
    const struct yaml_node *root = reading->root;
    if (root == NULL || root->kind != YAML_MAP || read_number(reading, FORMAT_KEY) != FORMAT) {
        reading->malformed = true;
        return;
    }
    copy_text(reading, yaml_member(root, "site"), declaration->site, sizeof declaration->site);
    copy_text(reading, yaml_member(root, "timezone"), declaration->timezone, sizeof declaration->timezone);
    copy_text(reading, yaml_member(root, "mode"), declaration->mode, sizeof declaration->mode);
    for (int i = 0; i < DECLARED_NUMBER_COUNT; i++)
        declaration->numbers[i] = read_number(reading, number_keys[i]);
    for (int i = 0; i < DECLARED_CHOICE_COUNT; i++)
        copy_text(reading, yaml_member(root, choice_keys[i]), declaration->choices[i], DECLARED_NAME_MAX);
    read_lists(reading, declaration);
    const struct yaml_node *parameter = yaml_member(root, "search_parameter");
    if (parameter != NULL)
        copy_text(reading, parameter, declaration->search_parameter, sizeof declaration->search_parameter);
}

enum sp_error
declaration_read(struct span json, struct declaration *declaration)
{
    struct problems problems = { 0 };
    struct yaml_tree tree = { NULL, NULL };
    memset(declaration, 0, sizeof *declaration);
    int file = problems_file(&problems, "declaration");
    enum sp_error error = file < 0 ? SP_NO_MEMORY : yaml_tree_parse(json, &problems, file, &tree);
    if (error == SP_OK) {
        struct reading reading = { .root = tree.root, .malformed = problems.count > 0 };
        read_all(&reading, declaration);
        error = problems.no_memory ? SP_NO_MEMORY : reading.malformed ? SP_MALFORMED : SP_OK;
    }
    yaml_tree_fini(&tree);
    problems_fini(&problems);
    return error;
}
