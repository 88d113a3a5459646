#include "config_parts.h"

void
yaml_print_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7F)
            fprintf(out, "\\x%02X", c);
        else if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

void
yaml_print_texts(FILE *out, const struct text_list *list)
{
    fputc('[', out);
    for (size_t i = 0; i < list->count; i++) {
        fputs(i == 0 ? "" : ", ", out);
        yaml_print_text(out, list->items[i]);
    }
    fputc(']', out);
}

void
config_print(const struct config *config, FILE *out)
{
    const char *section = "";
    size_t section_length = 0;
    for (size_t i = 0; i < config_options.count; i++) {
        const struct option *row = &config_options.rows[i];
        const char *dot = strchr(row->name, '.');
        size_t length = dot == NULL ? 0 : (size_t)(dot - row->name);
        if (length > 0 && (length != section_length || memcmp(section, row->name, length) != 0))
            fprintf(out, "%.*s:\n", (int)length, row->name);
        section = row->name;
        section_length = length;
        fprintf(out, "%s%s: ", dot == NULL ? "" : "  ", dot == NULL ? row->name : dot + 1);
        option_types[row->type].print(out, row, config);
        fputc('\n', out);
    }
}
