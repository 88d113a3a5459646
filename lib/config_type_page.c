#include "config_types.h"

#include "sporlos/page_pattern.h"

#include <stdlib.h>

char *
config_convert_page(struct reading *reading, const struct option *option, const struct yaml_node *item)
{
    char pattern[PAGE_PATTERN_MAX];
    char quoted[QUOTE_MAX];
    const char *why;
    if (page_pattern_normalise(item->text, pattern, &why) == SP_OK)
        return config_copy(reading, pattern);
    problem_add(&reading->problems, yaml_place(item, reading->file),
                "%s: %s is no path pattern: %s; write '/', '/a', '/a/*' or '/a/**'", option->name,
                problem_quote(item->text, quoted), why);
    return NULL;
}

void
type_pages_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    config_read_texts(reading, option, node, option_field(option, base), config_convert_page);
}

static bool
is_folded_already(const struct page_fold *folds, size_t count, const char *pattern)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(folds[i].pattern, pattern) == 0)
            return true;
    return false;
}

/* What is wrong with a fold whose two sides are patterns; NULL if nothing is. */
static const char *
fold_fault(const struct page_fold *folds, size_t count, const struct page_fold *fold)
{
    if (strchr(fold->page, '*') != NULL)
        return "the page on the right has a '*'; name one page that the readers of all of them count for";
    if (is_folded_already(folds, count, fold->pattern))
        return "the pattern on the left stands twice; take one out";
    return NULL;
}

static void
read_fold(struct reading *reading, const struct option *option, const struct yaml_node *item, void *base)
{
    struct page_fold *folds = *(struct page_fold **)option_field(option, base);
    size_t *count = option_count(option, base);
    if (item->kind != YAML_TEXT || item->key->kind == YAML_BROKEN) {
        config_wrong_type(reading, option, item);
        return;
    }
    struct page_fold fold = { config_convert_page(reading, option, item->key),
                              config_convert_page(reading, option, item) };
    const char *fault = fold.pattern == NULL || fold.page == NULL ? "" : fold_fault(folds, *count, &fold);
    if (fault == NULL) {
        folds[(*count)++] = fold;
        return;
    }
    if (fault[0] != '\0')
        problem_add(&reading->problems, yaml_place(item, reading->file), "%s: %s", option->name, fault);
    free(fold.pattern);
    free(fold.page);
}

void
type_folds_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    enum { FOLDS_MAX = 1000 }; /* each view is compared with all of them */
    struct page_fold **folds = option_field(option, base);
    if (node->kind != YAML_MAP) {
        config_wrong_type(reading, option, node);
        return;
    }
    if (node->count > FOLDS_MAX) {
        problem_add(&reading->problems, yaml_place(node, reading->file), "%s: %zu patterns; give at most %d",
                    option->name, node->count, FOLDS_MAX);
        return;
    }
    *folds = calloc(node->count + 1, sizeof **folds);
    if (*folds == NULL)
        reading->problems.no_memory = true;
    for (const struct yaml_node *item = node->first; item != NULL && *folds != NULL; item = item->next)
        read_fold(reading, option, item, base);
}

void
type_folds_print(FILE *out, const struct option *option, const void *base)
{
    const struct page_fold *folds = *(struct page_fold *const *)option_value(option, base);
    fputc('{', out);
    for (size_t i = 0; i < option_items(option, base); i++) {
        fputs(i == 0 ? "" : ", ", out);
        yaml_print_text(out, folds[i].pattern);
        fputs(": ", out);
        yaml_print_text(out, folds[i].page);
    }
    fputc('}', out);
}

void
type_folds_release(const struct option *option, void *base)
{
    struct page_fold **folds = option_field(option, base);
    size_t *count = option_count(option, base);
    for (size_t i = 0; i < *count; i++) {
        free((*folds)[i].pattern);
        free((*folds)[i].page);
    }
    free(*folds);
    *folds = NULL;
    *count = 0;
}
