/*
 * From Mozilla's Public Suffix List, which Debian's package publicsuffix holds, to a C string of the rules of its ICANN
 * part, as A-labels, a line each: suffixes_generate LIST. Syntax: https://publicsuffix.org/list/
 */
#include <idn2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 512, RULES_MIN = 5000 };

/* Its rule as A-labels; false, and the reason told, when it has none. */
static bool
write_rule(const char *rule)
{
    size_t mark = rule[0] == '!' ? 1 : strncmp(rule, "*.", 2) == 0 ? 2 : 0;
    char *ascii = NULL;
    int result = idn2_to_ascii_8z(rule + mark, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (result == IDN2_OK)
        printf("    \"%.*s%s\\n\"\n", (int)mark, rule, ascii);
    else
        fprintf(stderr, "suffixes_generate: %s: %s\n", rule, idn2_strerror(result));
    idn2_free(ascii);
    return result == IDN2_OK;
}

int
main(int argc, char **argv)
{
    char line[LINE_MAX_BYTES];
    bool inside = false, whole = true;
    int rules = 0;
    FILE *list = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (list == NULL) {
        perror("suffixes_generate LIST");
        return 1;
    }
    puts("static const char suffix_rules[] =");
    while (whole && fgets(line, sizeof line, list) != NULL) {
        if (strstr(line, "===BEGIN ICANN DOMAINS===") != NULL || strstr(line, "===END ICANN DOMAINS===") != NULL)
            inside = strstr(line, "===BEGIN") != NULL;
        line[strcspn(line, " \t\r\n")] = '\0';
        if (!inside || line[0] == '\0' || strncmp(line, "//", 2) == 0)
            continue;
        whole = write_rule(line);
        rules++;
    }
    puts("    ;");
    whole = whole && !ferror(list) && !inside && rules >= RULES_MIN;
    fclose(list);
    if (!whole)
        fprintf(stderr, "suffixes_generate: %s is no public suffix list\n", argv[1]);
    return whole ? 0 : 1;
}
