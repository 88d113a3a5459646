/*
 * How long questions to a large archive take, and what they cost those who close periods.
 *
 *     archive_bench make FILE [--days N] [--pages N] [--municipalities N] [--seed N]
 *     archive_bench ask FILE [--rounds N]
 *     archive_bench close FILE [--readers N] [--threads N] [--periods N]
 *
 * make: a seeded archive of two sites, 'long.example' with all the days and 'short.example' with two fifths of them, by
 * way of the real release and archive, noise drawn as a leaf's birth draws it. Every page and municipality has a leaf
 * each day, as listed keys have; words, hosts, tags and answers there are some hundred of. ask: what an overview asks
 * (every table, its period and the one before), and one table as the API answers it, for ranges of several lengths that
 * end on different days; on a connection that has answered before, and once on one that has not ('first'). Wall time,
 * and processor time ('cpu'). close: how long it takes to keep a day, alone and beside that many readers who ask for a
 * year without a pause, through the aggregator's own pool of threads. Prints 'NAME VALUE UNIT' a line.
 */
#include "archive.h"
#include "release.h"
#include "sporlos/known_keys.h"
#include "sporlos/noise.h"
#include "statistics.h"
#include "support/times.h"
#include "workers.h"

#include <event2/event.h>
#include <getopt.h>
#include <math.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROUNDS_MAX = 1000, KEY_MAX = 64, DAY_BASE = 20000, PERIODS_MAX = 400 };

struct options {
    const char *file;
    int days, pages, municipalities, rounds, readers, threads, periods;
    unsigned seed;
};

static void
check(enum sp_error error, const char *what)
{
    if (error == SP_OK)
        return;
    fprintf(stderr, "archive_bench: %s: %s\n", what, sp_error_text(error));
    exit(1);
}

static double
now_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

/* Processor time of this thread: what it costs on a machine that others use, too. */
static double
cpu_ms(void)
{
    return read_ms(CLOCK_THREAD_CPUTIME_ID);
}

static struct archive *
open_archive(const struct options *options, enum archive_access access)
{
    char url[4096];
    const char *why = "";
    struct archive *archive;
    snprintf(url, sizeof url, "sqlite://%s", options->file);
    check(archive_open(url, access, &archive, &why), why);
    return archive;
}

static struct site_config
site_named(const char *name)
{
    struct site_config site = { .name = strdup(name), .mode = MODE_STANDARD, .tables = ~0U };
    snprintf(site.key, sizeof site.key, "%s", name);
    check(zone_init(&site.zone, "Europe/Oslo"), "zone");
    return site;
}

/* ---- make ---- */

static uint64_t random_state;

static double
uniform(void)
{
    uint64_t z = random_state += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static void
add(struct release_batch *batch, enum table_id table, const char *key, double mean)
{
    double count = mean + sqrt(mean) * 3.46 * (uniform() - 0.5);
    int64_t value = (count < 0 ? 0 : llround(count)) + noise_from_bits(MODE_STANDARD, (uint32_t)(uniform() * 0x1p32));
    check(release_add(batch, table, span_text(key), value), key);
    if (count >= 3)
        check(release_witness(batch, table, span_text(key)), key);
}

/* Popularity falls as 1/rank. share: of the mean of the first. */
static void
add_keyed(struct release_batch *batch, enum table_id table, int count, double mean)
{
    for (int i = 0; i < count; i++) {
        char key[KEY_MAX];
        if (table == TABLE_PAGE)
            snprintf(key, sizeof key, "/emne/en-side-om-noe-%d", i);
        else /* of 15 counties, as tests/bench/archive.mjs names them */
            snprintf(key, sizeof key, "%04d", (1 + i % 15) * 100 + 1 + i / 15);
        add(batch, table, key, mean / (i + 1));
    }
}

/* Keys that readers or the configuration make up: how many of them, and what they look like. */
static const struct open_list {
    enum table_id table;
    int count;
    const char *head, *tail;
} open_lists[] = {
    { TABLE_SEARCH, 300, "ord nummer ", "" },
    { TABLE_SEARCH_EMPTY, 100, "tomt ord ", "" },
    { TABLE_SECTION, 12, "emne ", "" },
    { TABLE_TAG, 40, "tagg ", "" },
    { TABLE_REFERRER_HOST, 200, "host", ".example" },
    { TABLE_UTM_SOURCE, 20, "kilde ", "" },
    { TABLE_UTM_MEDIUM, 10, "medium ", "" },
    { TABLE_UTM_CAMPAIGN, 40, "kampanje ", "" },
    { TABLE_DOWNLOAD, 100, "/filer/fil-", ".pdf" },
    { TABLE_OUTBOUND, 100, "ut", ".example" },
    { TABLE_MISSING, 100, "/finnes-ikke-", "" },
    { TABLE_EVENT, 20, "hendelse ", "" },
    { TABLE_FEEDBACK, 400, "ja /emne/en-side-om-noe-", "" },
    { TABLE_FEEDBACK, 400, "nei /emne/en-side-om-noe-", "" },
};

static void
add_open(struct release_batch *batch, enum table_id table, double mean)
{
    for (size_t i = 0; i < sizeof open_lists / sizeof open_lists[0]; i++) {
        for (int k = 0; open_lists[i].table == table && k < open_lists[i].count; k++) {
            char key[KEY_MAX];
            snprintf(key, sizeof key, "%s%d%s", open_lists[i].head, k, open_lists[i].tail);
            add(batch, table, key, mean / (k + 1));
        }
    }
}

/* Closed lists; with a page behind each key, where the table is by page. */
static void
add_known(struct release_batch *batch, enum table_id table, const struct options *options, double mean)
{
    enum key_kind kind = table_table[table].key;
    const struct known_keys known = known_keys_of(kind);
    bool by_page = kind == KEY_BUCKET_PAGE || kind == KEY_QUARTER_PAGE;
    for (int i = 0; i < (by_page ? options->pages : 1); i++) {
        for (size_t row = 0; row < known.count; row++) {
            char key[KEY_MAX];
            if (by_page)
                snprintf(key, sizeof key, "%s /emne/en-side-om-noe-%d", known.rows[row].key, i);
            else
                snprintf(key, sizeof key, "%s", known.rows[row].key);
            add(batch, table, key, mean / (i + 1) / (double)(row + 1));
        }
    }
}

static void
add_table(struct release_batch *batch, enum table_id table, const struct options *options, double days)
{
    enum key_kind kind = table_table[table].key;
    if (table == TABLE_PAGE)
        add_keyed(batch, table, options->pages, 900 * days);
    else if (table == TABLE_MUNICIPALITY)
        add_keyed(batch, table, options->municipalities, 400 * days);
    else if (kind == KEY_NONE)
        add(batch, table, "", 5000 * days);
    else if (known_keys_of(kind).count > 0)
        add_known(batch, table, options, 400 * days);
    else
        add_open(batch, table, 100 * days);
}

static unsigned long
keep(struct archive *archive, const struct site_config *site, struct period period, const struct options *options,
     double days)
{
    struct release_batch *batch;
    check(release_batch_new(site, period, &batch), "release_batch_new");
    for (int id = 0; id < TABLE_COUNT; id++) {
        enum table_id table = (enum table_id)id;
        if ((table_periods(table, site->mode) & PERIOD_BIT(period.kind)) == 0)
            continue;
        add_table(batch, table, options, days);
    }
    unsigned long count = release_count(batch);
    check(archive_keep(archive, batch), "archive_keep");
    release_batch_free(batch);
    return count;
}

static unsigned long
make_site(struct archive *archive, const char *name, int days, const struct options *options)
{
    const struct site_config site = site_named(name);
    unsigned long leaves = 0;
    int in_month = 0;
    for (int32_t day = DAY_BASE - days; day < DAY_BASE; day++) {
        leaves += keep(archive, &site, (struct period){ PERIOD_DAY, day }, options, 1);
        in_month++;
        if (civil_month(day + 1) == civil_month(day))
            continue;
        leaves += keep(archive, &site, (struct period){ PERIOD_MONTH, civil_month(day) }, options, in_month);
        in_month = 0;
    }
    return leaves;
}

static void
make(const struct options *options)
{
    struct archive *archive = open_archive(options, ARCHIVE_FILL);
    double start_ms = now_ms();
    random_state = options->seed;
    unsigned long leaves = make_site(archive, "long.example", options->days, options);
    leaves += make_site(archive, "short.example", options->days * 2 / 5, options);
    archive_close(archive);
    printf("leaves %lu leaves\nmade_in %.1f s\n", leaves, (now_ms() - start_ms) / 1e3);
}

/* ---- ask ---- */

static size_t
ask(struct archive *archive, const struct site_config *site, enum table_id table, int32_t from, int32_t to,
    enum statistic_by by)
{
    const struct statistic_query query = { site, table, from, to, by };
    struct statistic *statistic;
    enum sp_error error = statistic_new(archive, &query, &statistic);
    if (error == SP_REFUSED)
        return 0;
    check(error, table_table[table].name);
    size_t rows = statistic_count(statistic);
    statistic_free(statistic);
    return rows;
}

/* Every table of days as one range, then and before; the trend; of both. */
static size_t
ask_overview(struct archive *archive, const struct site_config *site, int32_t from, int32_t to)
{
    size_t rows = 0;
    int32_t length = to - from + 1;
    check(archive_read_begin(archive), "archive_read_begin");
    for (int before = 0; before < 2; before++) {
        int32_t back = before * length;
        for (int table = 0; table < TABLE_COUNT; table++)
            if ((table_periods((enum table_id)table, site->mode) & PERIODS_DAY) != 0)
                rows += ask(archive, site, (enum table_id)table, from - back, to - back, BY_RANGE);
        rows += ask(archive, site, TABLE_VISITS, from - back, to - back, length > 366 ? BY_MONTH : BY_DAY);
    }
    archive_read_end(archive);
    return rows;
}

struct span_of_days {
    const char *name;
    int days; /* 0: the last whole month */
};

static void
days_of(const struct span_of_days *span, int round, int32_t *from, int32_t *to)
{
    *to = DAY_BASE - 1 - round % 7;
    *from = *to - span->days + 1;
    if (span->days > 0)
        return;
    int32_t month = civil_month(DAY_BASE - 1) - round % 3;
    while (month_first_day(month + 1) > DAY_BASE)
        month--;
    *from = month_first_day(month);
    *to = month_first_day(month + 1) - 1;
}

static void
measure(const struct options *options, const struct site_config *site, const struct span_of_days *span, bool overview)
{
    static double times[ROUNDS_MAX];
    static double costs[ROUNDS_MAX];
    const char *kind = overview ? "overview" : "api_page";
    struct archive *archive = open_archive(options, ARCHIVE_READ);
    size_t rows = 0;
    double first_ms = 0;
    for (int round = -1; round < options->rounds; round++) {
        int32_t from;
        int32_t to;
        days_of(span, round + 1, &from, &to);
        double start_ms = now_ms();
        double start_cpu_ms = cpu_ms();
        rows = overview ? ask_overview(archive, site, from, to) : ask(archive, site, TABLE_PAGE, from, to, BY_RANGE);
        if (round < 0) {
            first_ms = cpu_ms() - start_cpu_ms;
            continue;
        }
        times[round] = now_ms() - start_ms;
        costs[round] = cpu_ms() - start_cpu_ms;
    }
    archive_close(archive);
    printf("%s_%s_p50 %.2f ms\n", kind, span->name, percentile(times, options->rounds, 0.5));
    printf("%s_%s_p95 %.2f ms\n", kind, span->name, percentile(times, options->rounds, 0.95));
    printf("%s_%s_cpu_p50 %.2f ms\n", kind, span->name, percentile(costs, options->rounds, 0.5));
    printf("%s_%s_cpu_p95 %.2f ms\n", kind, span->name, percentile(costs, options->rounds, 0.95));
    printf("%s_%s_cpu_first %.2f ms\n", kind, span->name, first_ms);
    printf("%s_%s_rows %zu rows\n", kind, span->name, rows);
}

static void
ask_all(const struct options *options)
{
    static const struct span_of_days spans[] = {
        { .name = "28_days", .days = 28 },      { .name = "1_month" },
        { .name = "1_year", .days = 365 },      { .name = "2_years", .days = 730 },
        { .name = "5_years", .days = 5 * 365 },
    };
    const struct site_config site = site_named("long.example");
    struct archive *archive = open_archive(options, ARCHIVE_READ);
    struct period first;
    struct period last;
    check(archive_span(archive, site.key, PERIOD_DAY, &first, &last), "archive_span");
    archive_close(archive);
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        if (spans[i].days > last.index - first.index + 1)
            continue;
        measure(options, &site, &spans[i], true);
        measure(options, &site, &spans[i], false);
    }
}

/* ---- close ---- */

struct crowd {
    const struct options *options;
    struct event_base *base;
    struct workers *workers;
    struct site_config site;
    atomic_bool ending;
    atomic_ulong answers;
    atomic_int ready;
};

struct reader {
    struct worker_job job; /* first */
    struct crowd *crowd;
};

static void
read_year(struct worker_job *job, void *own)
{
    struct crowd *crowd = ((struct reader *)job)->crowd;
    ask_overview(own, &crowd->site, DAY_BASE - 365, DAY_BASE - 1);
    atomic_fetch_add(&crowd->answers, 1);
}

static void
ask_again(struct worker_job *job, bool worked)
{
    struct crowd *crowd = ((struct reader *)job)->crowd;
    if (!worked || atomic_load(&crowd->ending) || workers_submit(crowd->workers, job) != SP_OK)
        return;
}

static enum sp_error
open_reader(void *context, void **own, const char **why)
{
    (void)why;
    *own = open_archive(context, ARCHIVE_READ);
    return SP_OK;
}

static void
close_reader(void *own)
{
    archive_close(own);
}

static void
look_for_end(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    struct crowd *crowd = context;
    if (atomic_load(&crowd->ending))
        event_base_loopbreak(crowd->base);
}

/* The loop of an aggregator: its readers all wait for an answer and ask again when they have it. */
static void *
run_crowd(void *context)
{
    struct crowd *crowd = context;
    const struct options *options = crowd->options;
    const struct workers_plan plan = { (unsigned)options->threads, (size_t)options->readers, open_reader, close_reader,
                                       (void *)(uintptr_t)options };
    const char *why;
    crowd->base = event_base_new();
    check(workers_new(crowd->base, &plan, &crowd->workers, &why), why);
    struct reader *readers = calloc((size_t)options->readers + 1, sizeof *readers);
    for (int i = 0; i < options->readers; i++) {
        readers[i] = (struct reader){ { .work = read_year, .done = ask_again }, crowd };
        check(workers_submit(crowd->workers, &readers[i].job), "workers_submit");
    }
    struct event *look = event_new(crowd->base, -1, EV_PERSIST, look_for_end, crowd);
    event_add(look, &(struct timeval){ .tv_usec = 20000 });
    atomic_store(&crowd->ready, 1);
    event_base_dispatch(crowd->base);
    event_free(look);
    workers_free(crowd->workers);
    event_base_free(crowd->base);
    free(readers);
    return NULL;
}

/* Days far in the future of a site of its own, so that the archive can be used again. */
static void
close_days(const struct options *options, int32_t first, const char *name)
{
    static double times[PERIODS_MAX];
    static double costs[PERIODS_MAX];
    char key[64];
    snprintf(key, sizeof key, "closing-%ld-%d.example", (long)getpid(), (int)first);
    const struct site_config site = site_named(key);
    struct archive *archive = open_archive(options, ARCHIVE_WRITE);
    for (int i = 0; i < options->periods; i++) {
        double start_ms = now_ms();
        double start_cpu_ms = cpu_ms();
        keep(archive, &site, (struct period){ PERIOD_DAY, first + i }, options, 1);
        times[i] = now_ms() - start_ms;
        costs[i] = cpu_ms() - start_cpu_ms;
    }
    archive_close(archive);
    printf("close_%s_p50 %.2f ms\n", name, percentile(times, options->periods, 0.5));
    printf("close_%s_cpu_p50 %.2f ms\n", name, percentile(costs, options->periods, 0.5));
    printf("close_%s_p95 %.2f ms\n", name, percentile(times, options->periods, 0.95));
}

/* Of what has not been written back: readers who overlap without end could make it grow without end. */
static double
write_ahead_mb(const struct options *options)
{
    char path[4096];
    struct stat file;
    snprintf(path, sizeof path, "%s-wal", options->file);
    return stat(path, &file) == 0 ? (double)file.st_size / 1e6 : 0;
}

static void
close_beside(const struct options *options)
{
    struct crowd crowd = { .options = options, .site = site_named("long.example") };
    pthread_t thread;
    random_state = options->seed;
    close_days(options, DAY_BASE + 1000, "alone");
    if (pthread_create(&thread, NULL, run_crowd, &crowd) != 0)
        check(SP_UNAVAILABLE, "thread");
    while (atomic_load(&crowd.ready) == 0)
        usleep(1000);
    double start_ms = now_ms();
    close_days(options, DAY_BASE + 2000, "beside_readers");
    double elapsed_ms = now_ms() - start_ms;
    unsigned long answers = atomic_load(&crowd.answers);
    double wal_mb = write_ahead_mb(options);
    atomic_store(&crowd.ending, true);
    pthread_join(thread, NULL);
    printf("readers_answered %.1f answers/s\n", (double)answers / elapsed_ms * 1e3);
    printf("write_ahead_beside_readers %.1f MB\n", wal_mb);
}

/* ---- the whole ---- */

static bool
parse(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {
        { "days", 1, NULL, 'd' },    { "pages", 1, NULL, 'p' },   { "municipalities", 1, NULL, 'm' },
        { "seed", 1, NULL, 's' },    { "rounds", 1, NULL, 'r' },  { "readers", 1, NULL, 'R' },
        { "threads", 1, NULL, 't' }, { "periods", 1, NULL, 'P' }, { NULL, 0, NULL, 0 },
    };
    int letter;
    while ((letter = getopt_long(argc, argv, "", known, NULL)) != -1) {
        int *const numbers['z' + 1] = {
            ['d'] = &options->days,        ['p'] = &options->pages,   ['m'] = &options->municipalities,
            ['s'] = (int *)&options->seed, ['r'] = &options->rounds,  ['R'] = &options->readers,
            ['t'] = &options->threads,     ['P'] = &options->periods,
        };
        if (letter == '?' || letter > 'z' || numbers[letter] == NULL)
            return false;
        *numbers[letter] = atoi(optarg);
    }
    options->file = argc - optind == 2 ? argv[optind + 1] : NULL;
    return options->file != NULL && options->rounds > 0 && options->rounds <= ROUNDS_MAX && options->periods > 0 &&
           options->periods <= PERIODS_MAX;
}

int
main(int argc, char **argv)
{
    struct options options = { .days = 100,
                               .pages = 200,
                               .municipalities = 50,
                               .seed = 1,
                               .rounds = 20,
                               .readers = 50,
                               .threads = 2,
                               .periods = 20 };
    static const struct {
        const char *name;
        void (*run)(const struct options *options);
    } orders[] = { { "make", make }, { "ask", ask_all }, { "close", close_beside } };
    if (sodium_init() < 0 || !parse(argc, argv, &options)) {
        fputs("archive_bench make|ask|close FILE: see the top of tests/bench/archive_bench.c\n", stderr);
        return 64;
    }
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        if (strcmp(argv[optind], orders[i].name) != 0)
            continue;
        orders[i].run(&options);
        return 0;
    }
    return 64;
}
