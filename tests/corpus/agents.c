/*
 * What the collector says of User-Agents, one a line on standard input:
 *
 *     agents [NAMES]          a line each: reason, device, browser and system, with tabs between
 *     agents --time [NAMES]   instead, of each line: nanoseconds a call of bots and of families, the least of several
 * rounds agents --turn [NAMES]   the same of all lines in turn, so that none finds the caches as it left them: one line
 * rounds
 *
 * NAMES: a file of names (collector/bots.h); without it the built-in rules are alone. A line may go on, after tabs,
 * with Sec-CH-UA, Sec-CH-UA-Mobile, Sec-CH-UA-Platform and the viewport's width.
 */
#include "agent_family.h"
#include "bots.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 7, CALLS = 200, TURNS = 20, FIELDS = 5, LINES_MAX = 20000 };

struct tools {
    struct bots *bots;
    struct agent_tokens *tokens;
};

static void
split(char *line, struct agent_said *said)
{
    struct span fields[FIELDS] = { 0 };
    size_t count = 0;
    line[strcspn(line, "\n")] = '\0';
    for (char *tab; line != NULL && count < FIELDS; line = tab) {
        tab = strchr(line, '\t');
        if (tab != NULL)
            *tab++ = '\0';
        fields[count++] = span_text(line);
    }
    *said = (struct agent_said){ fields[0], fields[1], fields[2], fields[3], 0 };
    if (fields[4].length > 0)
        said->viewport_width = (unsigned)strtoul(fields[4].at, NULL, 10);
}

static int64_t
now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Apart, so that callgrind can tell them: --toggle-collect=call_bots. */
__attribute__((noinline)) static unsigned
call_bots(const struct tools *tools, const struct agent_said *said)
{
    return bots_classify(tools->bots, said->agent);
}

__attribute__((noinline)) static unsigned
call_families(const struct tools *tools, const struct agent_said *said)
{
    return agent_classify(tools->tokens, said).browser;
}

static double
time_of(unsigned (*call)(const struct tools *, const struct agent_said *), const struct tools *tools,
        const struct agent_said *said)
{
    double least = 0;
    volatile unsigned kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t start = now_ns();
        for (int i = 0; i < CALLS; i++)
            kept += call(tools, said);
        double each = (double)(now_ns() - start) / CALLS;
        least = round == 0 || each < least ? each : least;
    }
    (void)kept;
    return least;
}

/* Nanoseconds a call over all lines, the least of several rounds. */
static double
turn_of(unsigned (*call)(const struct tools *, const struct agent_said *), const struct tools *tools,
        const struct agent_said *lines, size_t count)
{
    double least = 0;
    volatile unsigned kept = 0;
    for (int round = 0; round < TURNS; round++) {
        int64_t start = now_ns();
        for (size_t i = 0; i < count; i++)
            kept += call(tools, &lines[i]);
        double each = (double)(now_ns() - start) / (double)count;
        least = round == 0 || each < least ? each : least;
    }
    (void)kept;
    return least;
}

static int
turn(const struct tools *tools)
{
    static struct agent_said lines[LINES_MAX];
    size_t count = 0, room = 0;
    for (char *line = NULL; count < LINES_MAX && getline(&line, &room, stdin) > 0; line = NULL, room = 0)
        split(line, &lines[count++]); /* kept until the end */
    if (count == 0)
        return 1;
    printf("%.0f\t%.0f\n", turn_of(call_bots, tools, lines, count), turn_of(call_families, tools, lines, count));
    return 0;
}

static void
say(const struct tools *tools, const struct agent_said *said, bool timed)
{
    if (timed) {
        printf("%.0f\t%.0f\n", time_of(call_bots, tools, said), time_of(call_families, tools, said));
        return;
    }
    struct agent_families families = agent_classify(tools->tokens, said);
    printf("%s\t%s\t%s\t%s\n", bot_reason_names[bots_classify(tools->bots, said->agent)],
           agent_devices[families.device].key, agent_browsers[families.browser].key,
           agent_systems[families.system].key);
}

int
main(int argc, char **argv)
{
    static char line[1 << 17];
    char why[BOTS_WHY_MAX];
    bool timed = argc > 1 && strcmp(argv[1], "--time") == 0, turned = argc > 1 && strcmp(argv[1], "--turn") == 0;
    int first = 1 + (timed || turned), status = 0;
    struct tools tools = { 0 };
    struct agent_said said;
    if (bots_new(argc > first ? argv[first] : NULL, why, &tools.bots) != SP_OK ||
        agent_tokens_new(&tools.tokens) != SP_OK) {
        fprintf(stderr, "agents: %s\n", why);
        return 1;
    }
    if (turned)
        status = turn(&tools);
    while (fgets(line, sizeof line, stdin) != NULL) {
        split(line, &said);
        say(&tools, &said, timed);
    }
    bots_free(tools.bots);
    agent_tokens_free(tools.tokens);
    return status;
}
