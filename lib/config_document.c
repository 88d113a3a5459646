/* docs/configuration.md, from the tables of options. */
#include "config_parts.h"

static const char introduction[] =
    "# Configuration\n"
    "\n"
    "<!-- Generated from lib/config_options.c by `document_config`; change it there. -->\n"
    "\n"
    "One YAML file for both programs, `/etc/sporlos/sporlos.yaml` unless `--config` names another, and beside it\n"
    "`sites.d/*.yaml`, read in the order of their names. A file in `sites.d` is a map of sites, in the same form as\n"
    "under `sites:`.\n"
    "\n"
    "- `--check-config` reads everything and reports every mistake as `file:line:column: what is wrong; what to do`.\n"
    "  With a mistake neither program starts (exit status 78), and a reload keeps the configuration in force.\n"
    "- `--print-config` writes the configuration in force, defaults included, as YAML that can be read again. "
    "Passwords\n"
    "  are masked.\n"
    "- An amount is a whole number with a unit: memory in `B`, `KiB`, `MiB`, `GiB`; time in `ms`, `s`, `min`, `h`, "
    "`d`;\n"
    "  length in `m`, `km`. A number without a unit counts in the unit that the table names.\n"
    "- Where a list is taken, a single text may stand for a list of one.\n"
    "- A text that begins with one of `* & ! % @ { [` must be in quotes: `\"*:8400\"`.\n"
    "- Anchors, aliases, tags, a second document, tabs as indentation and files above 1 MiB are refused.\n";

static const char sites_introduction[] =
    "\n## Sites\n"
    "\n"
    "`sites` is a map from the name of a site to its options. The name is a domain and may be written as people write\n"
    "it (`ungepårørende.no`); beacons and Redis use its A-label (`xn--ungeprrende-18a2w.no`). Every option has a\n"
    "default, except `pages` of a restricted site.\n";

static const char restricted_introduction[] = "\n### Restricted sites\n"
                                              "\n"
                                              "No option widens a restricted site. One that tries is a mistake like "
                                              "any other, and the message names the promise\n"
                                              "that it would break:\n"
                                              "\n";

static const char example[] = "\n## Example\n"
                              "\n"
                              "See `deploy/config/sporlos.yaml` and `deploy/config/sites.d/`.\n";

/* Help may hold '|', which would end the cell. */
static void
write_cell(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        fprintf(out, *text == '|' ? "\\%c" : "%c", *text);
}

static void
write_value(FILE *out, const struct option *option)
{
    char low[AMOUNT_TEXT_MAX];
    char high[AMOUNT_TEXT_MAX];
    char units[AMOUNT_TEXT_MAX];
    if (option->type != TYPE_NUMBER && option->type != TYPE_LENGTH) {
        write_cell(out, option_types[option->type].expected);
        return;
    }
    fprintf(out, "%s to %s", amount_format(option->low, option->unit, low),
            amount_format(option->high, option->unit, high));
    if (amount_units(option->unit, units) != NULL)
        fprintf(out, "; plain number: %s", option->unit);
    else if (option->unit != NULL)
        fprintf(out, " %s", option->unit);
}

static void
write_row(FILE *out, const struct option *option)
{
    const char *dot = strchr(option->name, '.');
    fprintf(out, "| `%s` | ", dot == NULL ? option->name : dot + 1);
    write_value(out, option);
    fputs(option->initial == NULL ? " | none | " : " | `", out);
    if (option->initial != NULL) {
        write_cell(out, option->initial);
        fputs("` | ", out);
    }
    write_cell(out, option->help);
    fputs(option->secret ? " Masked when printed. |\n" : " |\n", out);
}

static void
write_table_head(FILE *out)
{
    fputs("\n| option | value | default | meaning |\n|---|---|---|---|\n", out);
}

static void
write_sections(FILE *out)
{
    const char *section = "";
    for (size_t i = 0; i < config_options.count; i++) {
        const struct option *row = &config_options.rows[i];
        size_t length = strcspn(row->name, ".");
        if (row->name[length] == '\0')
            continue;
        if (strncmp(section, row->name, length + 1) != 0) {
            fprintf(out, "\n## %.*s\n", (int)length, row->name);
            write_table_head(out);
        }
        section = row->name;
        write_row(out, row);
    }
}

static void
write_set(FILE *out, const struct option_set *set)
{
    write_table_head(out);
    for (size_t i = 0; i < set->count; i++)
        write_row(out, &set->rows[i]);
}

static void
write_modes(FILE *out)
{
    fputs("\n### Tables of each mode\n\n| mode | tables |\n|---|---|\n", out);
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        char tables[PROBLEM_TEXT_MAX];
        fprintf(out, "| %s | %s |\n", mode_table[mode].name,
                config_mode_tables((enum site_mode)mode, tables, sizeof tables));
    }
}

static void
write_restricted(FILE *out)
{
    char tables[PROBLEM_TEXT_MAX];
    fputs(restricted_introduction, out);
    fprintf(out, "- it counts only %s;\n", config_mode_tables(MODE_RESTRICTED, tables, sizeof tables));
    fprintf(out,
            "- `pages` is required, may not be `/*` or `/**`, and every page of `fold` is one of them;\n"
            "- `min_population` is at least %d.\n",
            RESTRICTED_POPULATION_MIN);
}

void
config_document(FILE *out)
{
    fputs(introduction, out);
    write_sections(out);
    fputs("\n### A point of geo.placeholders\n", out);
    write_set(out, &point_options);
    fputs(sites_introduction, out);
    write_set(out, &site_options);
    write_modes(out);
    write_restricted(out);
    fputs(example, out);
}
