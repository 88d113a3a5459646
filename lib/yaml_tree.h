/*
 * YAML 1.2 as a small tree with positions. The only file that knows libfyaml. What a configuration does not need is
 * refused rather than supported: anchors and aliases (and with them every 'billion laughs'), tags, several documents,
 * keys that are not texts, nesting deeper than YAML_DEPTH_MAX, files larger than YAML_FILE_MAX.
 */
#ifndef YAML_TREE_H
#define YAML_TREE_H

#include "config_problem.h"
#include "sporlos/span.h"

enum {
    YAML_FILE_MAX = 1024 * 1024, /* bytes: ten thousand sites fit */
    YAML_DEPTH_MAX = 12,         /* levels: the deepest option has 5 */
};

enum yaml_kind {
    YAML_NULL, /* nothing, or ~, or null */
    YAML_TEXT, /* any other scalar; text says what is written */
    YAML_LIST,
    YAML_MAP,
    YAML_BROKEN, /* already reported: to be skipped without a word */
};

struct yaml_node {
    enum yaml_kind kind;
    bool quoted;
    int line, column;            /* from 1 */
    struct span text;            /* YAML_TEXT: terminated, holds no NUL */
    const struct yaml_node *key; /* what it is called in its map */
    struct yaml_node *next;      /* the next in its list or map */
    struct yaml_node *first, *last;
    size_t count;
};

struct yaml_chunk;

/* Owns its nodes and their texts. */
struct yaml_tree {
    const struct yaml_node *root; /* NULL: the document is empty, or was not understood */
    struct yaml_chunk *chunks;
};

/* Parse text, reporting to problems under that file. SP_MALFORMED when the tree cannot be used at all. */
SP_MUST_CHECK enum sp_error yaml_tree_parse(struct span text, struct problems *problems, int file,
                                            struct yaml_tree *tree);
void yaml_tree_fini(struct yaml_tree *tree);

/* The member of a map; path may be dotted ('redis.url'). NULL when map is NULL, no map, or has no such member. */
const struct yaml_node *yaml_member(const struct yaml_node *map, const char *path);

static inline struct place
yaml_place(const struct yaml_node *node, int file)
{
    return (struct place){ file, node->line, node->column };
}

#endif
