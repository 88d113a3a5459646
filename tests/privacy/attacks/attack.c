#include "attack.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

void
attack_report(const char *row, const char *name, double measured, const char *target, bool pass)
{
    printf("attack %s %s measured %.6g target %s %s\n", row, name, measured, target, pass ? "pass" : "FAIL");
    fflush(stdout);
}

void
attack_figure(const char *name, double measured)
{
    printf("figure %s %.6g\n", name, measured);
    fflush(stdout);
}

void
attack_broken(const char *what)
{
    fprintf(stderr, "attack: %s\n", what);
    exit(EXIT_FAILURE);
}

void
guess_note(struct guess *guess, bool practice, bool happened, int64_t number)
{
    int half = GUESS_SPAN / 2;
    int at = GUESS_NONE;
    if (number != INT64_MIN)
        at = number < -half ? 0 : number > half ? GUESS_SPAN - 1 : (int)number + half;
    guess->seen[!practice][happened][at]++;
}

static double
share(const uint64_t seen[GUESS_SPAN + 1], int at)
{
    uint64_t all = 0;
    for (int i = 0; i <= GUESS_SPAN; i++)
        all += seen[i];
    return all == 0 ? 0 : (double)seen[at] / (double)all;
}

double
guess_accuracy(const struct guess *guess)
{
    double right = 0;
    for (int at = 0; at <= GUESS_SPAN; at++) {
        bool says = share(guess->seen[0][true], at) > share(guess->seen[0][false], at);
        right += share(guess->seen[1][says], at) / 2;
    }
    return right;
}

static const struct {
    const char *name;
    attack_row *run;
} rows[] = {
    { "3", attack_one_view_more }, { "3b", attack_one_visit_everywhere },
    { "4", attack_differencing },  { "5", attack_complement },
    { "7", attack_persistent },    { "8", attack_linkage },
    { "11", attack_twins },        { "12", attack_order },
    { "13", attack_noise },        { "14", attack_fork_and_restart },
};

static bool
is_named(int argc, char **argv, const char *name)
{
    bool any = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return true;
        any = any || argv[i][0] != '-';
    }
    return !any;
}

int
main(int argc, char **argv)
{
    struct attack_options options = { .own = argv[0] };
    if (sodium_init() < 0)
        attack_broken("no random source");
    if (argc == 3 && strcmp(argv[1], "--draws") == 0)
        return attack_write_draws(strtoul(argv[2], NULL, 10));
    for (int i = 1; i < argc; i++)
        options.longer = options.longer || strcmp(argv[i], "--long") == 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (is_named(argc, argv, rows[i].name))
            rows[i].run(&options);
    return EXIT_SUCCESS;
}
