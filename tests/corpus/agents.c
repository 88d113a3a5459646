/*
 * What the collector says of User-Agents, one a line on standard input:
 *
 *     agents [NAMES]          a line each: reason, device, browser and system, with tabs between
 *     agents --time [NAMES]   nanoseconds a call of each line (the least of five rounds) instead: bots, family
 *
 * NAMES: a file of names (bots.h); without it the built-in rules are alone. A line may go on, after tabs, with
 * Sec-CH-UA, Sec-CH-UA-Mobile, Sec-CH-UA-Platform and the viewport's width.
 */
#include "bots.h"

#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
    static char line[1 << 16];
    char why[BOTS_WHY_MAX];
    struct bots *bots = NULL;
    if (bots_new(argc > 1 ? argv[1] : NULL, why, &bots) != SP_OK) {
        fprintf(stderr, "agents: %s\n", why);
        return 1;
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        printf("%s\n", bot_reason_names[bots_classify(bots, span_text(line))]);
    }
    fprintf(stderr, "%zu names, %zu bytes\n", bots_names(bots), bots_size(bots));
    bots_free(bots);
    return 0;
}
