/* Declarations: one form, one hash, and what counts as more. */
#include "config_fixture.h"

#include "sporlos/declaration.h"
#include "sporlos/in_force.h"

#include <sodium.h>

static const char yaml[] = "geo: {databases: [\"/data/city.mmdb\"]}\n"
                           "sites:\n"
                           "  open.example: {mode: standard, min_population: 100}\n"
                           "  strict.example: {mode: strict}\n"
                           "  children.example: {mode: restricted, pages: [\"/\"]}\n";

static struct declaration open_site, strict_site, children;

static int
load(void **state)
{
    static struct fixture fixture;
    fixture_init(&fixture);
    fixture_text(&fixture, "sporlos.yaml", yaml);
    if (fixture_load(&fixture, NULL) != SP_OK)
        fail_msg("%s", fixture.errors);
    declaration_of(fixture.config, &fixture.config->sites[0], 0, &open_site);
    declaration_of(fixture.config, &fixture.config->sites[1], 0, &strict_site);
    declaration_of(fixture.config, &fixture.config->sites[2], 0, &children);
    fixture_fini(&fixture);
    *state = NULL;
    return sodium_init() < 0;
}

static void
test_canonical_form(void **state)
{
    (void)state;
    char *json = declaration_write(&children);
    assert_string_equal(
        json,
        "{\"address_bits_ipv4\":24,\"address_bits_ipv6\":48,\"archive_days\":null,\"audience\":\"accounts\","
        "\"declines\":[\"DNT\",\"Sec-GPC\",\"opt-out\"],"
        "\"fields\":{\"entry\":\"flag\",\"site\":\"selects\",\"type\":\"selects\",\"url\":\"listed_page\"},"
        "\"format\":1,\"min_population\":5000,\"mode\":\"restricted\",\"municipalities\":\"database\","
        "\"noise_bound\":12,\"noise_variance\":9,\"redis_days_day\":32,\"redis_days_hour\":8,\"redis_days_month\":92,"
        "\"shown_from\":20,\"shown_least\":8,\"site\":\"children.example\","
        "\"tables\":{\"declined\":[\"day\"],\"dropped\":[\"day\"],\"municipality\":[\"month\"],\"page\":[\"month\"],"
        "\"total\":[\"day\"],\"visits\":[\"day\"]},"
        "\"timezone\":\"Europe/Oslo\",\"user_agent\":\"unread\",\"witness_window\":\"day\",\"witnesses\":4}");
    free(json);
}

static void
test_every_table_that_is_counted_is_declared(void **state)
{
    (void)state;
    for (int table = 0; table < TABLE_COUNT; table++) {
        unsigned periods = table_periods((enum table_id)table, MODE_RESTRICTED);
        const struct declared_table *row = declaration_table(&children, table_table[table].name);
        assert_int_equal(row == NULL ? 0 : row->periods, periods);
    }
}

static void
test_what_was_written_is_read_back(void **state)
{
    (void)state;
    const struct declaration *all[] = { &open_site, &strict_site, &children };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct declaration read;
        char *json = declaration_write(all[i]);
        assert_int_equal(declaration_read(span_text(json), &read), SP_OK);
        char *again = declaration_write(&read);
        assert_string_equal(json, again);
        assert_memory_equal(&read, all[i], sizeof read);
        free(json);
        free(again);
    }
}

static void
test_what_is_no_declaration_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "{}", "[]", "{\"format\":2}", "{\"format\":1}", "{\"format\":1", "\xff" };
    struct declaration read;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_not_equal(declaration_read(span_text(texts[i]), &read), SP_OK);
    char *json = declaration_write(&open_site);
    for (size_t length = 0; length < strlen(json); length++) /* cut short anywhere */
        assert_int_not_equal(declaration_read(span_of(json, length), &read), SP_OK);
    free(json);
}

static void
test_hash_is_sha256(void **state)
{
    (void)state;
    char hash[DECLARATION_HASH_TEXT];
    declaration_hash("abc", hash); /* FIPS 180-2, B.1 */
    assert_string_equal(hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* ---- comparison ---- */

static struct difference
compare(const struct declaration *before, const struct declaration *after)
{
    struct difference difference;
    declaration_compare(before, after, &difference);
    return difference;
}

static void
assert_more(const struct declaration *before, const struct declaration *after, const char *what, bool rules)
{
    char text[DIFFERENCE_TEXT_MAX];
    struct difference difference = compare(before, after);
    assert_int_equal(difference.verdict, DIFFERENCE_MORE);
    assert_string_equal(difference_text(&difference, text), what);
    assert_int_equal(difference.rules, rules);
    assert_int_equal(compare(after, before).verdict, DIFFERENCE_LESS); /* the other way round it is less */
}

static void
test_the_same_is_the_same(void **state)
{
    (void)state;
    assert_int_equal(compare(&open_site, &open_site).verdict, DIFFERENCE_SAME);
}

static void
test_tables_and_periods(void **state)
{
    (void)state;
    struct declaration less = open_site;
    struct declared_table *page = (struct declared_table *)declaration_table(&less, "page");
    page->periods = PERIODS_MONTH;
    assert_more(&less, &open_site, "page (day)", false);
    less = open_site;
    for (size_t i = 0; i < less.table_count; i++)
        if (strcmp(less.tables[i].name, "hour") == 0)
            less.tables[i] = less.tables[--less.table_count];
    assert_more(&less, &open_site, "hour", false);
    struct declaration newer = open_site; /* a program that knows another table */
    newer.tables[newer.table_count++] = (struct declared_table){ "zodiac", PERIODS_DAY };
    assert_more(&open_site, &newer, "zodiac", false);
}

static void
test_reading_the_query_is_more(void **state)
{
    (void)state;
    struct declaration reads = open_site;
    struct declaration reads_other = open_site;
    strcpy(reads.search_parameter, "q");
    strcpy(reads_other.search_parameter, "sok");
    assert_more(&open_site, &reads, "search_parameter none -> q", true);
    assert_int_equal(compare(&reads, &reads_other).verdict, DIFFERENCE_MORE);
    char *json = declaration_write(&reads);
    struct declaration read;
    assert_non_null(strstr(json, ",\"search_parameter\":\"q\","));
    assert_int_equal(declaration_read(span_text(json), &read), SP_OK);
    assert_memory_equal(&read, &reads, sizeof read);
    free(json);
    json = declaration_write(&open_site); /* where nothing is read, the bytes are what they were before there was any */
    assert_null(strstr(json, "search_parameter"));
    free(json);
}

static void
test_each_number(void **state)
{
    (void)state;
#define X(id, key, sense) { DECLARED_##id, key, sense },
    static const struct {
        enum declared_number number;
        const char *key;
        enum declared_sense sense;
    } numbers[] = { DECLARED_NUMBERS(X) };
#undef X
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct declaration before = children;
        struct declaration after = children;
        char what[96];
        bool grows = numbers[i].sense == DECLARED_MORE_IF_LARGER;
        before.numbers[numbers[i].number] = grows ? 10 : 11;
        after.numbers[numbers[i].number] = grows ? 11 : 10;
        snprintf(what, sizeof what, "%s %d -> %d", numbers[i].key, grows ? 10 : 11, grows ? 11 : 10);
        assert_more(&before, &after, what, true);
    }
    struct declaration before = children;
    before.numbers[DECLARED_ARCHIVE_DAYS] = 365;
    assert_more(&before, &children, "archive_days 365 -> no end", true);
}

/* From one value of a choice to the next wider one. rules: whether all leaves are then counted otherwise. */
static void
check_choice(enum declared_choice choice, const char *key, const char *narrow, const char *wide, bool rules)
{
    struct declaration before = open_site;
    struct declaration after = open_site;
    char text[100];
    snprintf(before.choices[choice], DECLARED_NAME_MAX, "%s", narrow);
    snprintf(after.choices[choice], DECLARED_NAME_MAX, "%s", wide);
    snprintf(text, sizeof text, "%s %s -> %s", key, narrow, wide);
    assert_more(&before, &after, text, rules);
    assert_int_equal(compare(&after, &before).verdict, DIFFERENCE_LESS);
    snprintf(after.choices[choice], DECLARED_NAME_MAX, "whatever");
    assert_int_equal(compare(&before, &after).verdict, DIFFERENCE_MORE);
}

static void
test_each_choice(void **state)
{
    (void)state;
#define X(id, key, ...)                                                                                                \
    {                                                                                                                  \
        static const char *const values[] = { __VA_ARGS__ };                                                           \
        for (size_t i = 0; i + 1 < sizeof values / sizeof values[0]; i++)                                              \
            check_choice(DECLARED_##id, key, values[i], values[i + 1],                                                 \
                         DECLARED_##id != DECLARED_MUNICIPALITIES && strcmp(values[i], "bots") != 0);                  \
    }
    DECLARED_CHOICES(X)
#undef X
}

/* Read for numbers only where one of them is counted. */
static void
test_what_the_user_agent_is_read_for(void **state)
{
    (void)state;
    static const struct {
        unsigned tables;
        enum site_mode mode;
        const char *use;
    } rows[] = {
        { ~0U, MODE_STANDARD, "tables" },
        { ~0U, MODE_RESTRICTED, "unread" },
        { 1U << TABLE_TOTAL | 1U << TABLE_REFERRER, MODE_STRICT, "bots" },
        { 1U << TABLE_VISITORS, MODE_STANDARD, "tables" },
        { 1U << TABLE_SYSTEM, MODE_STRICT, "tables" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct config config = { .site_count = 1 };
        struct site_config site = { .key = "a.no", .mode = rows[i].mode, .zone = { "UTC" }, .tables = rows[i].tables };
        struct declaration made;
        declaration_of(&config, &site, 0, &made);
        assert_string_equal(made.choices[DECLARED_USER_AGENT], rows[i].use);
    }
}

static void
test_fields_and_refusals(void **state)
{
    (void)state;
    struct declaration newer = children;
    newer.fields[newer.field_count++] = (struct declared_field){ "screen", "selects" };
    assert_more(&children, &newer, "field screen", false);
    newer = children;
    for (size_t i = 0; i < newer.field_count; i++)
        if (strcmp(newer.fields[i].name, "url") == 0)
            snprintf(newer.fields[i].fate, DECLARED_NAME_MAX, "page");
    assert_more(&children, &newer, "field url: listed_page -> page", true);
    newer = children;
    newer.decline_count--;
    assert_more(&children, &newer, "opt-out no longer declines", true);
}

static void
test_modes(void **state)
{
    (void)state;
    struct declaration other = strict_site;
    memcpy(other.site, open_site.site, sizeof other.site);
    other.numbers[DECLARED_MIN_POPULATION] = 100;
    assert_int_equal(compare(&open_site, &other).verdict, DIFFERENCE_LESS);
    struct difference wider = compare(&children, &open_site);
    assert_int_equal(wider.verdict, DIFFERENCE_MORE);
    assert_true(wider.rules);
    assert_true(mode_widens(MODE_RESTRICTED, MODE_STANDARD) && mode_widens(MODE_STRICT, MODE_STANDARD));
    assert_false(mode_widens(MODE_STANDARD, MODE_RESTRICTED) || mode_widens(MODE_STANDARD, MODE_STRICT));
    for (int mode = 0; mode < MODE_COUNT; mode++)
        assert_false(mode_widens((enum site_mode)mode, (enum site_mode)mode));
}

static void
test_long_lists_do_not_overflow(void **state)
{
    (void)state;
    struct declaration newer = open_site;
    char text[DIFFERENCE_TEXT_MAX];
    for (; newer.table_count < DECLARED_LIST_MAX; newer.table_count++) {
        newer.tables[newer.table_count].periods = PERIODS_DAY;
        memset(newer.tables[newer.table_count].name, 'a' + (int)(newer.table_count % 26), DECLARED_NAME_MAX - 1);
    }
    struct difference difference = compare(&open_site, &newer);
    assert_int_equal(difference.count, DIFFERENCE_COUNT_MAX);
    assert_true(strlen(difference_text(&difference, text)) < DIFFERENCE_TEXT_MAX);
}

/* ---- dates ---- */

static int64_t
midnight(const struct zone *zone, int year, int month, int day)
{
    return period_start((struct period){ PERIOD_DAY, civil_day(year, month, day) }, zone);
}

static void
test_never_before_fourteen_days_have_passed(void **state)
{
    (void)state;
    struct zone oslo;
    assert_int_equal(zone_init(&oslo, "Europe/Oslo"), SP_OK);
    int64_t published = midnight(&oslo, 2026, 11, 20);
    assert_int_equal(declaration_in_force_from(published, false, &oslo), midnight(&oslo, 2026, 12, 4));
    assert_int_equal(declaration_in_force_from(published + 1, false, &oslo), midnight(&oslo, 2026, 12, 5));
    assert_int_equal(declaration_in_force_from(published, true, &oslo), midnight(&oslo, 2027, 1, 1));
    int64_t spring = midnight(&oslo, 2027, 3, 20); /* the hour that is skipped does not shorten the fourteen days */
    for (int64_t at = spring; at < spring + 20 * 86400; at += 1801) {
        int64_t from = declaration_in_force_from(at, false, &oslo);
        assert_true(from >= at + DECLARATION_NOTICE_S && from < at + DECLARATION_NOTICE_S + 25 * 3600);
        assert_int_equal(from, period_start(period_at(PERIOD_DAY, &oslo, from), &oslo));
    }
}

/* ---- what is in force ---- */

static struct in_force
read_back(const struct in_force *value)
{
    struct in_force_field fields[IN_FORCE_FIELDS_MAX];
    struct in_force_reader reader;
    in_force_begin(&reader);
    size_t count = in_force_write(value, fields);
    assert_true(count <= IN_FORCE_FIELDS_MAX);
    for (size_t i = 0; i < count; i++)
        in_force_read(&reader, span_text(fields[i].name), span_text(fields[i].value));
    in_force_read(&reader, SPAN_LITERAL("zodiac.day"), SPAN_LITERAL("0")); /* of a newer program */
    assert_int_equal(in_force_end(&reader), SP_OK);
    return reader.value;
}

static void
test_in_force_is_read_as_written(void **state)
{
    (void)state;
    struct in_force value = { .version = 7, .mode = MODE_RESTRICTED, .min_population = 5000 };
    value.next_from_s = IN_FORCE_NEVER;
    value.from[TABLE_HOUR][PERIOD_HOUR] = IN_FORCE_NEVER;
    value.from[TABLE_PAGE][PERIOD_DAY] = 1795000000;
    struct in_force read = read_back(&value);
    assert_int_equal(read.from[TABLE_HOUR][PERIOD_HOUR], IN_FORCE_NEVER);
    assert_int_equal(read.from[TABLE_PAGE][PERIOD_DAY], 1795000000);
    assert_int_equal(read.from[TABLE_TOTAL][PERIOD_DAY], 0);
    assert_int_equal(in_force_mode(&read, INT64_MAX - 1), MODE_RESTRICTED);
    value.next_mode = MODE_STANDARD;
    value.next_min_population = 7;
    value.next_from_s = 1800000000;
    read = read_back(&value);
    assert_int_equal(in_force_mode(&read, 1799999999), MODE_RESTRICTED);
    assert_int_equal(in_force_mode(&read, 1800000000), MODE_STANDARD);
}

static void
test_in_force_that_is_not_whole_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
    } bad[] = { { "mode", "open" },      { "version", "-1" },         { "version", "7x" },
                { "total.day", "soon" }, { "next_mode", "standard" }, { "min_population", "" } };
    struct in_force value = { .version = 7, .next_from_s = IN_FORCE_NEVER };
    struct in_force_field fields[IN_FORCE_FIELDS_MAX];
    size_t count = in_force_write(&value, fields);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct in_force_reader reader;
        in_force_begin(&reader);
        for (size_t j = 0; j < count; j++)
            in_force_read(&reader, span_text(fields[j].name), span_text(fields[j].value));
        assert_int_equal(in_force_end(&reader), SP_OK);
        in_force_read(&reader, span_text(bad[i].name), span_text(bad[i].value));
        assert_int_not_equal(in_force_end(&reader), SP_OK);
    }
    struct in_force_reader empty;
    in_force_begin(&empty);
    assert_int_not_equal(in_force_end(&empty), SP_OK);
}

static void
test_laying_over_only_narrows(void **state)
{
    (void)state;
    struct in_force value = { .mode = MODE_RESTRICTED, .min_population = 5000, .next_mode = MODE_STANDARD };
    struct site_config site = { .mode = MODE_STANDARD, .tables = ~0U };
    value.next_from_s = 1000;
    value.from[TABLE_HOUR][PERIOD_HOUR] = value.from[TABLE_HOUR][PERIOD_DAY] = value.from[TABLE_HOUR][PERIOD_MONTH] =
        1000;
    struct site_config before = site;
    in_force_lay_over(&value, 999, &before);
    assert_int_equal(before.mode, MODE_RESTRICTED);
    assert_int_equal(before.min_population, 5000);
    assert_int_equal(before.tables & 1U << TABLE_HOUR, 0);
    struct site_config after = site;
    in_force_lay_over(&value, 1000, &after);
    assert_int_equal(after.mode, MODE_STANDARD);
    assert_int_equal(after.min_population, 0);
    assert_int_not_equal(after.tables & 1U << TABLE_HOUR, 0);
    site.min_population = 9000; /* coarser than declared: less is in force at once */
    in_force_lay_over(&value, 999, &site);
    assert_int_equal(site.min_population, 9000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canonical_form),
        cmocka_unit_test(test_every_table_that_is_counted_is_declared),
        cmocka_unit_test(test_what_was_written_is_read_back),
        cmocka_unit_test(test_what_is_no_declaration_is_refused),
        cmocka_unit_test(test_hash_is_sha256),
        cmocka_unit_test(test_the_same_is_the_same),
        cmocka_unit_test(test_tables_and_periods),
        cmocka_unit_test(test_each_number),
        cmocka_unit_test(test_each_choice),
        cmocka_unit_test(test_what_the_user_agent_is_read_for),
        cmocka_unit_test(test_fields_and_refusals),
        cmocka_unit_test(test_modes),
        cmocka_unit_test(test_long_lists_do_not_overflow),
        cmocka_unit_test(test_never_before_fourteen_days_have_passed),
        cmocka_unit_test(test_in_force_is_read_as_written),
        cmocka_unit_test(test_reading_the_query_is_more),
        cmocka_unit_test(test_in_force_that_is_not_whole_is_refused),
        cmocka_unit_test(test_laying_over_only_narrows),
    };
    return cmocka_run_group_tests(tests, load, NULL);
}
