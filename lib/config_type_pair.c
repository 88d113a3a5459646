#include "config_types.h"

#include "sporlos/known_keys.h"

#include <stdlib.h>

enum { PAIRS_MAX = 1000 }; /* a beacon is compared with all of them */

struct pair_rule {
    config_convert *left, *right;
    bool is_folded; /* right is not kept as it is written */
};

static bool
is_there(const struct text_pair *pairs, size_t count, const char *left)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(pairs[i].left, left) == 0)
            return true;
    return false;
}

static void
free_pair(struct text_pair *pair)
{
    free(pair->left);
    free(pair->right);
    free(pair->shown);
}

static void
read_pair(struct reading *reading, const struct option *option, const struct yaml_node *item, void *base,
          const struct pair_rule *rule)
{
    struct text_pair *pairs = *(struct text_pair **)option_field(option, base);
    size_t *count = option_count(option, base);
    char quoted[QUOTE_MAX];
    if (item->kind != YAML_TEXT || item->key->kind == YAML_BROKEN) {
        config_wrong_type(reading, option, item);
        return;
    }
    struct text_pair pair = { rule->left(reading, option, item->key), rule->right(reading, option, item), NULL };
    bool whole = pair.left != NULL && pair.right != NULL;
    if (whole && rule->is_folded)
        pair.shown = config_copy(reading, item->text.at);
    if (whole && !is_there(pairs, *count, pair.left)) {
        pairs[(*count)++] = pair;
        return;
    }
    if (whole)
        problem_add(&reading->problems, yaml_place(item, reading->file), "%s: %s stands twice; take one out",
                    option->name, problem_quote(item->key->text, quoted));
    free_pair(&pair);
}

static void
read_pairs(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base,
           const struct pair_rule *rule)
{
    struct text_pair **pairs = option_field(option, base);
    if (node->kind != YAML_MAP) {
        config_wrong_type(reading, option, node);
        return;
    }
    if (node->count > PAIRS_MAX) {
        problem_add(&reading->problems, yaml_place(node, reading->file), "%s: %zu lines; give at most %d", option->name,
                    node->count, PAIRS_MAX);
        return;
    }
    *pairs = calloc(node->count + 1, sizeof **pairs);
    if (*pairs == NULL)
        reading->problems.no_memory = true;
    for (const struct yaml_node *item = node->first; item != NULL && *pairs != NULL; item = item->next)
        read_pair(reading, option, item, base, rule);
}

/* An answer's name stands before a space in a key, and in a form's value. */
static char *
convert_answer(struct reading *reading, const struct option *option, const struct yaml_node *item)
{
    char quoted[QUOTE_MAX];
    size_t length = item->text.length;
    if (length > 0 && length <= ANSWER_BYTES_MAX &&
        strspn(item->text.at, "abcdefghijklmnopqrstuvwxyz0123456789-") == length)
        return config_copy(reading, item->text.at);
    problem_add(&reading->problems, yaml_place(item, reading->file),
                "%s: %s is no name of an answer; write at most %d of a-z, 0-9 and '-'", option->name,
                problem_quote(item->text, quoted), ANSWER_BYTES_MAX);
    return NULL;
}

static char *
convert_class(struct reading *reading, const struct option *option, const struct yaml_node *item)
{
    char quoted[QUOTE_MAX];
    size_t class;
    if (known_key_find(KEY_REFERRER, item->text, &class) == SP_OK && class != REFERRER_DIRECT)
        return config_copy(reading, item->text.at);
    problem_add(&reading->problems, yaml_place(item, reading->file),
                "%s: there is no class %s; write search, ai, social, mail, public or site", option->name,
                problem_quote(item->text, quoted));
    return NULL;
}

void
type_sections_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    static const struct pair_rule rule = { config_convert_page, config_convert_name, true };
    read_pairs(reading, option, node, base, &rule);
}

void
type_answers_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    static const struct pair_rule rule = { convert_answer, config_convert_sentence, false };
    read_pairs(reading, option, node, base, &rule);
}

void
type_referrers_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    static const struct pair_rule rule = { config_convert_host, convert_class, false };
    read_pairs(reading, option, node, base, &rule);
}

void
type_pairs_print(FILE *out, const struct option *option, const void *base)
{
    const struct text_pair *pairs = *(struct text_pair *const *)option_value(option, base);
    fputc('{', out);
    for (size_t i = 0; i < option_items(option, base); i++) {
        fputs(i == 0 ? "" : ", ", out);
        yaml_print_text(out, pairs[i].left);
        fputs(": ", out);
        yaml_print_text(out, text_pair_shown(&pairs[i]));
    }
    fputc('}', out);
}

void
type_pairs_release(const struct option *option, void *base)
{
    struct text_pair **pairs = option_field(option, base);
    size_t *count = option_count(option, base);
    for (size_t i = 0; i < *count; i++)
        free_pair(&(*pairs)[i]);
    free(*pairs);
    *pairs = NULL;
    *count = 0;
}
