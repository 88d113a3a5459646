#include "yaml_tree.h"

#include "utf8_check.h"

#include <libfyaml.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>

enum { CHUNK_BYTES = 16384 };

struct yaml_chunk {
    struct yaml_chunk *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct builder {
    struct yaml_tree *tree;
    struct span text;
    struct problems *problems;
    int file;
    struct yaml_node *open[YAML_DEPTH_MAX];      /* containers that the next node lies in */
    const struct yaml_node *key[YAML_DEPTH_MAX]; /* of the map at that level: the key that waits for its value */
    unsigned depth;
    unsigned documents;
    struct yaml_node *root;
    enum sp_error error; /* parsing stops */
};

static void *
tree_allocate(struct yaml_tree *tree, size_t size)
{
    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    struct yaml_chunk *chunk = tree->chunks;
    if (chunk == NULL || chunk->size - chunk->used < size) {
        size_t room = size > CHUNK_BYTES ? size : CHUNK_BYTES;
        chunk = malloc(sizeof *chunk + room);
        if (chunk == NULL)
            return NULL;
        *chunk = (struct yaml_chunk){ .next = tree->chunks, .size = room };
        tree->chunks = chunk;
    }
    void *at = chunk->bytes + chunk->used;
    chunk->used += size;
    memset(at, 0, size);
    return at;
}

void
yaml_tree_fini(struct yaml_tree *tree)
{
    while (tree->chunks != NULL) {
        struct yaml_chunk *next = tree->chunks->next;
        free(tree->chunks);
        tree->chunks = next;
    }
    tree->root = NULL;
}

static void
builder_stop(struct builder *builder, const struct yaml_node *at, const char *what)
{
    problem_add(builder->problems, yaml_place(at, builder->file), "%s", what);
    builder->error = SP_MALFORMED;
}

/* Give the node its place in the innermost open container. */
static void
builder_place(struct builder *builder, struct yaml_node *node)
{
    if (builder->depth == 0) {
        builder->root = node;
        return;
    }
    struct yaml_node *parent = builder->open[builder->depth - 1];
    const struct yaml_node **key = &builder->key[builder->depth - 1];
    if (parent->kind == YAML_MAP && *key == NULL) {
        if (node->kind == YAML_LIST || node->kind == YAML_MAP)
            builder_stop(builder, node, "a key is a list or a map; write a plain name before the ':'");
        *key = node;
        return;
    }
    node->key = *key;
    *key = NULL;
    if (parent->last == NULL)
        parent->first = node;
    else
        parent->last->next = node;
    parent->last = node;
    parent->count++;
}

/*
 * Where a mark points to. A value that is not written has none. Marks of quoted texts, anchors, tags and aliases lie
 * one beyond the sign that a reader would point to.
 */
static void
mark_position(const struct builder *builder, const struct fy_mark *mark, int *line, int *column)
{
    if (mark == NULL)
        return;
    size_t at = mark->input_pos;
    bool beyond = at > 0 && at <= builder->text.length && strchr("\"'*", builder->text.at[at - 1]) != NULL;
    *line = mark->line + 1;
    *column = mark->column + (beyond ? 0 : 1);
}

static struct yaml_node *
builder_node(struct builder *builder, struct fy_event *event, enum yaml_kind kind)
{
    struct yaml_node *node = tree_allocate(builder->tree, sizeof *node);
    if (node == NULL) {
        builder->error = SP_NO_MEMORY;
        return NULL;
    }
    const struct yaml_node *key = builder->depth == 0 ? NULL : builder->key[builder->depth - 1];
    *node = (struct yaml_node){ .kind = kind,
                                .line = key != NULL ? key->line : 1,
                                .column = key != NULL ? key->column : 1 };
    mark_position(builder, fy_event_start_mark(event), &node->line, &node->column);
    return node;
}

static bool
is_null(struct span text)
{
    return text.length == 0 || span_equal(text, SPAN_LITERAL("~")) || span_equal(text, SPAN_LITERAL("null")) ||
           span_equal(text, SPAN_LITERAL("Null")) || span_equal(text, SPAN_LITERAL("NULL"));
}

static void
take_scalar(struct builder *builder, struct fy_event *event)
{
    size_t length = 0;
    const char *text = fy_token_get_text(event->scalar.value, &length);
    struct yaml_node *node = builder_node(builder, event, YAML_TEXT);
    char *copy = tree_allocate(builder->tree, length + 1);
    if (node == NULL || copy == NULL || text == NULL) {
        builder->error = SP_NO_MEMORY;
        return;
    }
    memcpy(copy, text, length);
    node->text = span_of(copy, length);
    node->quoted = fy_token_scalar_style(event->scalar.value) != FYSS_PLAIN;
    if (!node->quoted && is_null(node->text))
        node->kind = YAML_NULL;
    size_t at;
    if (memchr(copy, '\0', length) != NULL || !utf8_valid(node->text, &at)) {
        problem_add(builder->problems, yaml_place(node, builder->file),
                    "the text holds a NUL or bytes that are not UTF-8; take the escape out");
        node->kind = YAML_BROKEN;
    }
    builder_place(builder, node);
}

static void
take_alias(struct builder *builder, struct fy_event *event)
{
    struct yaml_node *node = builder_node(builder, event, YAML_BROKEN);
    if (node == NULL)
        return;
    problem_add(builder->problems, yaml_place(node, builder->file),
                "aliases are not supported; write the value out, or put a text that begins with '*' in quotes");
    builder_place(builder, node);
}

static void
take_start(struct builder *builder, struct fy_event *event)
{
    struct yaml_node *node = builder_node(builder, event, event->type == FYET_MAPPING_START ? YAML_MAP : YAML_LIST);
    if (node == NULL)
        return;
    builder_place(builder, node);
    if (builder->error != SP_OK)
        return;
    if (builder->depth == YAML_DEPTH_MAX) {
        builder_stop(builder, node, "nested too deep; no option has so many levels");
        return;
    }
    builder->key[builder->depth] = NULL;
    builder->open[builder->depth++] = node;
}

static void
take_document(struct builder *builder, struct fy_event *event)
{
    builder->documents++;
    if (builder->documents < 2)
        return;
    struct yaml_node *node = builder_node(builder, event, YAML_NULL);
    if (node != NULL)
        builder_stop(builder, node, "a second document begins here; take the '---' out or use a file of its own");
}

/* An anchor or a tag changes nothing that is wanted here; saying so beats ignoring it. */
static void
refuse_property(struct builder *builder, struct fy_event *event)
{
    bool anchor = fy_event_get_anchor_token(event) != NULL;
    if (!anchor && fy_event_get_tag_token(event) == NULL)
        return;
    struct place place = { builder->file, 1, 1 };
    mark_position(builder, fy_event_start_mark(event), &place.line, &place.column);
    problem_add(builder->problems, place,
                anchor ? "anchors are not supported; take the '&name' out"
                       : "tags are not supported; take the '!tag' out, or put a text that begins with '!' in quotes");
}

static void
take_event(struct builder *builder, struct fy_event *event)
{
    if (event->type == FYET_SCALAR || event->type == FYET_MAPPING_START || event->type == FYET_SEQUENCE_START)
        refuse_property(builder, event);
    if (event->type == FYET_SCALAR)
        take_scalar(builder, event);
    else if (event->type == FYET_ALIAS)
        take_alias(builder, event);
    else if (event->type == FYET_MAPPING_START || event->type == FYET_SEQUENCE_START)
        take_start(builder, event);
    else if (event->type == FYET_MAPPING_END || event->type == FYET_SEQUENCE_END)
        builder->depth--;
    else if (event->type == FYET_DOCUMENT_START)
        take_document(builder, event);
}

static void
report_syntax(struct builder *builder, struct fy_diag *diag)
{
    void *iterator = NULL;
    struct fy_diag_error *error = fy_diag_errors_iterate(diag, &iterator);
    struct place place = { builder->file, 1, 1 };
    if (error != NULL && error->line > 0)
        place = (struct place){ builder->file, error->line, error->column > 0 ? error->column : 1 };
    char quoted[QUOTE_MAX];
    problem_add(builder->problems, place, "not YAML: %s; correct it, and the rest of the file will be checked",
                error != NULL && error->msg != NULL ? problem_quote(span_text(error->msg), quoted) : "unreadable");
    builder->error = SP_MALFORMED;
}

static void
parse_events(struct builder *builder, struct fy_parser *parser, struct fy_diag *diag)
{
    struct fy_event *event;
    while (builder->error == SP_OK && (event = fy_parser_parse(parser)) != NULL) {
        take_event(builder, event);
        fy_parser_event_free(parser, event);
    }
    if (builder->error == SP_OK && (fy_parser_get_stream_error(parser) || fy_diag_got_error(diag)))
        report_syntax(builder, diag);
}

static int
member_order(const void *left, const void *right)
{
    const struct yaml_node *a = *(const struct yaml_node *const *)left;
    const struct yaml_node *b = *(const struct yaml_node *const *)right;
    size_t shorter = a->key->text.length < b->key->text.length ? a->key->text.length : b->key->text.length;
    int order = shorter == 0 ? 0 : memcmp(a->key->text.at, b->key->text.at, shorter);
    if (order == 0 && a->key->text.length != b->key->text.length)
        order = a->key->text.length < b->key->text.length ? -1 : 1;
    if (order == 0)
        order = a->key->line != b->key->line ? (a->key->line < b->key->line ? -1 : 1)
                                             : (a->key->column > b->key->column) - (a->key->column < b->key->column);
    return order;
}

static void
report_duplicates(struct builder *builder, struct yaml_node **members, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct yaml_node *first = members[i - 1]->key;
        const struct yaml_node *second = members[i]->key;
        if (!span_equal(first->text, second->text))
            continue;
        char quoted[QUOTE_MAX];
        problem_add(builder->problems, yaml_place(second, builder->file),
                    "%s stands here a second time (first at line %d, column %d); keep one of them",
                    problem_quote(second->text, quoted), first->line, first->column);
        members[i]->kind = YAML_BROKEN;
    }
}

static void
check_duplicates(struct builder *builder, struct yaml_node *node)
{
    for (struct yaml_node *child = node->first; child != NULL; child = child->next)
        check_duplicates(builder, child); /* bounded by YAML_DEPTH_MAX */
    if (node->kind != YAML_MAP || node->count < 2)
        return;
    struct yaml_node **members = malloc(node->count * sizeof(struct yaml_node *));
    if (members == NULL) {
        builder->error = SP_NO_MEMORY;
        return;
    }
    size_t count = 0;
    for (struct yaml_node *child = node->first; child != NULL; child = child->next)
        members[count++] = child;
    qsort(members, count, sizeof(struct yaml_node *), member_order);
    report_duplicates(builder, members, count);
    free(members);
}

/* What libfyaml would pass on, or say in its own words: bytes that are not UTF-8, control characters, tabs. */
static bool
check_bytes(struct span text, struct problems *problems, int file)
{
    size_t at;
    const char *what = NULL;
    if (!utf8_valid(text, &at))
        what = "not UTF-8; save the file as UTF-8";
    else if (!text_without_controls(text, &at))
        what = "a control character; take it out";
    else if (tab_in_indentation(text, &at))
        what = "a tab in the indentation; YAML takes spaces only";
    if (what == NULL)
        return true;
    struct place place = { file, 0, 0 };
    text_position(text, at, &place.line, &place.column);
    problem_add(problems, place, "%s", what);
    return false;
}

enum sp_error
yaml_tree_parse(struct span text, struct problems *problems, int file, struct yaml_tree *tree)
{
    *tree = (struct yaml_tree){ NULL, NULL };
    if (!check_bytes(text, problems, file))
        return SP_MALFORMED;
    struct builder builder = { .tree = tree, .text = text, .problems = problems, .file = file };
    struct fy_diag *diag = fy_diag_create(NULL);
    if (diag == NULL)
        return SP_NO_MEMORY;
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg options = { .flags =
                                        FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE,
                                    .diag = diag };
    struct fy_parser *parser = fy_parser_create(&options);
    if (parser == NULL || fy_parser_set_string(parser, text.length == 0 ? "" : text.at, text.length) != 0)
        builder.error = SP_NO_MEMORY;
    else
        parse_events(&builder, parser, diag);
    if (builder.error == SP_OK && builder.root != NULL)
        check_duplicates(&builder, builder.root);
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    if (builder.error == SP_OK)
        tree->root = builder.root;
    return builder.error;
}

static const struct yaml_node *
member(const struct yaml_node *map, struct span name)
{
    if (map == NULL || map->kind != YAML_MAP)
        return NULL;
    for (const struct yaml_node *child = map->first; child != NULL; child = child->next)
        if (span_equal(child->key->text, name))
            return child;
    return NULL;
}

const struct yaml_node *
yaml_member(const struct yaml_node *map, const char *path)
{
    for (const char *dot; (dot = strchr(path, '.')) != NULL; path = dot + 1)
        map = member(map, span_of(path, (size_t)(dot - path)));
    return member(map, span_text(path));
}
