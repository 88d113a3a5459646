/* Rows 3, 13 and 14: what one leaf's noise hides, how good it is, and whether it ever comes twice. */
#include "attack.h"

#include "counters.h"
#include "fed_by.h"
#include "noise_below.h"
#include "sporlos/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

enum { RUNS_BYTES = 32 << 20, KEYS_AT_ONCE = 256, NOISE_BLOCK = 32 };

struct table_memory {
    void *memory;
    struct counters *counters;
};

static struct table_memory
fresh_counters(void)
{
    struct table_memory made;
    unsigned char boot[BOOT_BYTES] = { 1 };
    enum counters_opened opened;
    made.memory = calloc(1, RUNS_BYTES);
    if (made.memory == NULL || counters_open(made.memory, RUNS_BYTES, boot, &made.counters, &opened) != SP_OK)
        attack_broken("no counter table");
    return made;
}

static void
views(struct counters *counters, const struct leaf_id *id, enum site_mode mode, int count)
{
    for (int i = 0; i < count; i++) {
        struct witness_source source = { .digest = (uint64_t)i * 0x9e3779b97f4a7c15U };
        const struct feeder feeder = fed_by(&source);
        if (counters_apply(counters, id, 1, mode, true, &feeder) != SP_OK)
            attack_broken("the counter table is full");
    }
}

/* Leaves that everybody else gave n views; the attacker knows that, and the leaf, and asks whether there were more. */
static void
play(struct guess *guess, enum site_mode mode, int n, int more, uint32_t runs)
{
    struct table_memory table = fresh_counters();
    for (uint32_t run = 0; run < runs; run++) {
        const struct leaf_id id = {
            .site = 1, .key = run + 2, .period = 20000, .table = TABLE_PAGE, .kind = PERIOD_DAY
        };
        if (counters_birth(table.counters, &id, mode) != SP_OK)
            attack_broken("the counter table is full");
        views(table.counters, &id, mode, n + (run % 2 != 0 ? more : 0));
    }
    for (uint32_t slot = 0; slot < counters_slots(table.counters); slot++) {
        struct leaf leaf = counters_leaf(table.counters, slot);
        uint32_t run = leaf.id.key - 2;
        if (leaf.id.table == TABLE_PAGE) /* else it is free */
            guess_note(guess, run < runs / 2, run % 2 != 0, leaf.value - n);
    }
    counters_free(table.counters);
    free(table.memory);
}

static double
accuracy(enum site_mode mode, int more, uint32_t runs)
{
    static const int others[] = { 0, 1, 2, 5, 20 };
    static struct guess guess;
    memset(&guess, 0, sizeof guess);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        play(&guess, mode, others[i], more, runs);
    return guess_accuracy(&guess);
}

void
attack_one_view_more(const struct attack_options *options)
{
    static const struct {
        enum site_mode mode;
        double most;
        const char *target;
    } targets[] = {
        { MODE_STANDARD, .62, "<=0.62" },
        { MODE_RESTRICTED, .58, "<=0.58" },
        { MODE_STRICT, .56, "<=0.56" },
    };
    uint32_t runs = options->longer ? 200000 : 40000; /* of each of five n: half to practise, half to be tested */
    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        char name[64];
        double right = accuracy(targets[i].mode, 1, runs);
        snprintf(name, sizeof name, "one_view_more_%s", mode_table[targets[i].mode].name);
        attack_report("3", name, right, targets[i].target, right <= targets[i].most);
        for (int more = 2; more <= 5; more += 3) {
            snprintf(name, sizeof name, "%d_views_more_%s", more, mode_table[targets[i].mode].name);
            attack_figure(name, accuracy(targets[i].mode, more, runs / 2));
        }
    }
}

static void
judge_draws(enum site_mode mode, uint32_t draws)
{
    enum { MOST = 20 };
    double counts[2 * MOST + 1] = { 0 };
    double sum = 0;
    double squares = 0;
    double variance = mode_table[mode].variance;
    int bound = mode_table[mode].bound;
    char name[64];
    char target[32];
    for (uint32_t i = 0; i < draws; i++) {
        int v = noise_draw(mode);
        counts[v + MOST]++;
        sum += v;
        squares += (double)v * v;
    }
    double mean = fabs(sum / draws);
    double off = fabs(squares / draws / variance - 1);
    double chi_square = 0;
    for (int v = -bound; v <= bound; v++) {
        double expected =
            ((double)noise_bits_below(mode, v + 1) - (double)noise_bits_below(mode, v)) / 4294967296.0 * draws;
        chi_square += (counts[v + MOST] - expected) * (counts[v + MOST] - expected) / expected;
    }
    double most = .006 * sqrt(variance / 3);
    snprintf(name, sizeof name, "noise_mean_%s", mode_table[mode].name);
    snprintf(target, sizeof target, "<=%.4f", most);
    attack_report("13", name, mean, target, mean <= most);
    snprintf(name, sizeof name, "noise_variance_off_%s", mode_table[mode].name);
    attack_report("13", name, off, "<=0.01", off <= .01);
    most = 2 * bound + 5 * sqrt(4 * bound); /* of mean 2 D and variance 4 D */
    snprintf(name, sizeof name, "noise_chi_square_%s", mode_table[mode].name);
    snprintf(target, sizeof target, "<=%.1f", most);
    attack_report("13", name, chi_square, target, chi_square <= most);
}

void
attack_noise(const struct attack_options *options)
{
    for (int mode = 0; mode < MODE_COUNT; mode++)
        judge_draws((enum site_mode)mode, options->longer ? 10000000 : 2000000);
}

/* Keys, and noise of which 32 make one number. */
static void
draw(uint64_t *out, size_t keys, size_t noises)
{
    for (size_t i = 0; i < keys; i += KEYS_AT_ONCE)
        random_bytes(&out[i], (keys - i < KEYS_AT_ONCE ? keys - i : KEYS_AT_ONCE) * sizeof out[0]);
    for (size_t i = 0; i < noises; i++) {
        signed char block[NOISE_BLOCK];
        for (int j = 0; j < NOISE_BLOCK; j++)
            block[j] = (signed char)noise_draw(MODE_STRICT);
        crypto_generichash((unsigned char *)&out[keys + i], sizeof out[0], (unsigned char *)block, sizeof block, NULL,
                           0);
    }
}

int
attack_write_draws(size_t count)
{
    uint64_t *drawn = calloc(count, sizeof *drawn);
    if (drawn == NULL)
        return EXIT_FAILURE;
    draw(drawn, count / 2, count - count / 2);
    return fwrite(drawn, sizeof *drawn, count, stdout) == count && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static void
read_all(FILE *in, uint64_t *out, size_t count)
{
    if (in == NULL || fread(out, sizeof *out, count, in) != count)
        attack_broken("a process that should have drawn did not");
}

static void
draw_in_fork(uint64_t *out, size_t keys, size_t noises)
{
    int ends[2];
    if (pipe(ends) != 0)
        attack_broken("no pipe");
    pid_t child = fork();
    if (child == 0) {
        FILE *to = fdopen(ends[1], "w");
        uint64_t *drawn = calloc(keys + noises, sizeof *drawn);
        if (to == NULL || drawn == NULL)
            _exit(EXIT_FAILURE);
        draw(drawn, keys, noises);
        fwrite(drawn, sizeof *drawn, keys + noises, to);
        _exit(fclose(to) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    close(ends[1]);
    FILE *from = fdopen(ends[0], "r");
    read_all(from, out, keys + noises);
    fclose(from);
    waitpid(child, NULL, 0);
}

static void
draw_after_start(uint64_t *out, size_t count, const char *program)
{
    char command[4200];
    snprintf(command, sizeof command, "'%s' --draws %zu", program, count);
    FILE *from = popen(command, "r");
    read_all(from, out, count);
    if (pclose(from) != 0)
        attack_broken("the program that was started anew failed");
}

/* The parent before and after it forks, its children, and the same program started again. */
void
attack_fork_and_restart(const struct attack_options *options)
{
    enum { PARTS = 5 };
    size_t keys = options->longer ? 1900000 : 190000; /* of each part */
    size_t noises = options->longer ? 100000 : 1000;
    size_t each = keys + noises;
    uint64_t *drawn = calloc(PARTS * each, sizeof *drawn);
    if (drawn == NULL)
        attack_broken("out of memory");
    draw(drawn, keys, noises);
    draw_in_fork(drawn + each, keys, noises);
    draw_in_fork(drawn + 2 * each, keys, noises);
    draw(drawn + 3 * each, keys, noises);
    draw_after_start(drawn + 4 * each, each, options->own);
    qsort(drawn, PARTS * each, sizeof *drawn, by_number);
    size_t repeated = 0;
    for (size_t i = 1; i < PARTS * each; i++)
        repeated += drawn[i] == drawn[i - 1];
    attack_figure("fork_restart_draws_compared", (double)(PARTS * (keys + noises * NOISE_BLOCK)));
    attack_report("14", "fork_restart_repeats", (double)repeated, "0", repeated == 0);
    free(drawn);
}
