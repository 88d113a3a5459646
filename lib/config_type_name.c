#include "config_types.h"

#include "sporlos/utf8.h"

#include <stdlib.h>

enum { SENTENCE_BYTES_MAX = 200 };

/* What is wrong with a text that people see; NULL if nothing is. Raw control characters were refused with the file. */
static const char *
text_fault(struct span text, size_t bytes_max)
{
    if (text.length == 0 || text.at[0] == ' ' || text.at[text.length - 1] == ' ')
        return "it is empty, or begins or ends with a space; write it without";
    if (text.length > bytes_max)
        return "it is too long; shorten it";
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.at[i] < ' ' || text.at[i] == 0x7F)
            return "it holds a control character; take it out";
    return NULL;
}

static char *
convert_text(struct reading *reading, const struct option *option, const struct yaml_node *item, size_t bytes_max)
{
    char quoted[QUOTE_MAX];
    const char *fault = text_fault(item->text, bytes_max);
    if (fault == NULL)
        return config_copy(reading, item->text.at);
    problem_add(&reading->problems, yaml_place(item, reading->file), "%s: %s: %s", option->name,
                problem_quote(item->text, quoted), fault);
    return NULL;
}

char *
config_convert_sentence(struct reading *reading, const struct option *option, const struct yaml_node *item)
{
    return convert_text(reading, option, item, SENTENCE_BYTES_MAX);
}

char *
config_convert_name(struct reading *reading, const struct option *option, const struct yaml_node *item)
{
    char quoted[QUOTE_MAX];
    char *name = convert_text(reading, option, item, TAG_BYTES_MAX);
    if (name == NULL)
        return NULL;
    utf8_lower(name, strlen(name));
    if (name[0] != '(' && strchr(name, ',') == NULL)
        return name;
    problem_add(&reading->problems, yaml_place(item, reading->file),
                "%s: %s begins with '(' or holds a comma, which have another meaning here; write it otherwise",
                option->name, problem_quote(item->text, quoted));
    free(name);
    return NULL;
}

void
type_tags_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    config_read_texts(reading, option, node, option_field(option, base), config_convert_name);
}

void
type_events_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    config_read_texts(reading, option, node, option_field(option, base), config_convert_name);
}

void
type_sentence_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    if (node->kind == YAML_TEXT)
        *(char **)option_field(option, base) = config_convert_sentence(reading, option, node);
    else
        config_wrong_type(reading, option, node);
}

void
type_parameter_read(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
{
    char quoted[QUOTE_MAX];
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    if (node->kind != YAML_TEXT)
        config_wrong_type(reading, option, node);
    else if (node->text.length > 0 && node->text.length <= TAG_BYTES_MAX &&
             strspn(node->text.at, allowed) == node->text.length)
        *(char **)option_field(option, base) = config_copy(reading, node->text.at);
    else
        problem_add(&reading->problems, yaml_place(node, reading->file),
                    "%s: %s is no name of a parameter; write letters, digits and . _ - alone", option->name,
                    problem_quote(node->text, quoted));
}
