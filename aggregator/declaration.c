#include "declaration.h"

#include <inttypes.h>
#include <stdlib.h>

#include "declaration_before.h"
#include "sporlos/log.h"

enum { TRIES = 3, ASK_AGAIN_S = 30, SENTENCE_MAX = DIFFERENCE_TEXT_MAX + 512 };

static _Thread_local char sentence[SENTENCE_MAX];

#define PROMISE "changes are announced 14 days ahead"

const char *
declaration_date(int64_t at_s, const struct zone *zone, char out[PERIOD_TEXT_MAX])
{
    return period_format(period_at(PERIOD_DAY, zone, at_s), out);
}

/* ---- history ---- */

static void
site_fini(struct declared_site *site)
{
    for (size_t i = 0; i < site->count; i++)
        free(site->versions[i].json);
    free(site->versions);
}

static struct declared_version *
add_version(struct declared_site *site)
{
    struct declared_version *versions = realloc(site->versions, (site->count + 1) * sizeof *versions);
    if (versions == NULL)
        return NULL;
    site->versions = versions;
    memset(&versions[site->count], 0, sizeof versions[0]);
    return &versions[site->count++];
}

static enum sp_error
take_version(void *context, const struct archive_declaration *row)
{
    struct declared_version *version = add_version(context);
    if (version == NULL)
        return SP_NO_MEMORY;
    version->number = row->version;
    version->published_s = row->published_s;
    version->in_force_s = row->in_force_s;
    version->withdrawn_s = row->withdrawn_s;
    version->json = strndup(row->json.at, row->json.length);
    if (version->json == NULL)
        return SP_NO_MEMORY;
    declaration_hash(version->json, version->hash);
    if (!span_equal(row->hash, span_text(version->hash)))
        return SP_MALFORMED;
    return declaration_read(row->json, &version->declaration);
}

static void
find_current(struct declared_site *site, int64_t now_s)
{
    site->current = site->ahead = NULL;
    for (size_t i = 0; i < site->count; i++) {
        const struct declared_version *version = &site->versions[i];
        if (version->withdrawn_s != 0)
            continue;
        if (version->in_force_s <= now_s)
            site->current = version;
        else
            site->ahead = version;
    }
}

/* ---- what a configuration makes of it ---- */

static void
withdraw_ahead(struct declared_site *site, int64_t now_s)
{
    for (size_t i = 0; i < site->count; i++) {
        if (&site->versions[i] == site->ahead) {
            site->versions[i].withdrawn_s = now_s;
            site->withdrawn = site->versions[i].number;
        }
    }
}

/* When it may be in force: what was announced already keeps its date. */
static int64_t
date_of(const struct declared_site *site, const struct declaration *wanted, int64_t now_s, const struct zone *zone)
{
    struct difference difference;
    if (site->current == NULL)
        return now_s;
    declaration_compare(&site->current->declaration, wanted, &difference);
    if (difference.verdict != DIFFERENCE_MORE)
        return now_s;
    bool rules = difference.rules;
    if (site->ahead != NULL) {
        declaration_compare(&site->ahead->declaration, wanted, &difference);
        if (difference.verdict != DIFFERENCE_MORE)
            return declaration_in_force_from(site->ahead->in_force_s - DECLARATION_NOTICE_S, rules, zone);
    }
    return declaration_in_force_from(now_s, rules, zone);
}

static enum sp_error
announce(struct declared_site *site, const struct declaration *wanted, char *json, int64_t now_s,
         const struct zone *zone)
{
    int64_t in_force_s = date_of(site, wanted, now_s, zone);
    withdraw_ahead(site, now_s);
    int64_t number = site->count == 0 ? 1 : site->versions[site->count - 1].number + 1;
    struct declared_version *version = add_version(site);
    if (version == NULL) {
        free(json);
        return SP_NO_MEMORY;
    }
    *version = (struct declared_version){ .number = number, .published_s = now_s, .in_force_s = in_force_s };
    version->json = json;
    version->declaration = *wanted;
    declaration_hash(json, version->hash);
    site->is_added = true;
    return SP_OK;
}

/* A site that is new here may have promised something elsewhere: that is its first version then. */
static enum sp_error
inherit(struct declared_site *site, const struct site_config *configured, struct archive *archive,
        struct redis_link *redis, const struct declaration *wanted, int64_t now_s)
{
    struct declaration before;
    enum sp_error error = declaration_before(configured, archive, redis, now_s, wanted, &before);
    site->is_unsure = error == SP_UNAVAILABLE;
    if (error != SP_OK)
        return error == SP_NOT_FOUND || site->is_unsure ? SP_OK : error;
    char *json = declaration_write(&before);
    if (json == NULL)
        return SP_NO_MEMORY;
    site->is_inherited = true;
    error = announce(site, &before, json, now_s, &configured->zone);
    site->is_added = false;
    return error;
}

static enum sp_error
decide(struct declared_site *site, const struct declaration *wanted, int64_t now_s, const struct zone *zone)
{
    char *json = declaration_write(wanted);
    if (json == NULL)
        return SP_NO_MEMORY;
    enum sp_error error = SP_OK;
    find_current(site, now_s);
    bool as_current = site->current != NULL && strcmp(site->current->json, json) == 0;
    bool as_ahead = site->ahead != NULL && strcmp(site->ahead->json, json) == 0;
    if (as_current)
        withdraw_ahead(site, now_s);
    if (as_current || as_ahead)
        free(json);
    else
        error = announce(site, wanted, json, now_s, zone);
    find_current(site, now_s);
    if (site->ahead != NULL)
        declaration_compare(&site->current->declaration, &site->ahead->declaration, &site->difference);
    return error;
}

/* ---- what is in force ---- */

/* Was that counted? Municipalities that are looked up are another thing than such that are all unknown. */
static bool
counts(const struct declaration *declaration, int table, int kind, const struct declaration *wanted)
{
    const struct declared_table *row = declaration_table(declaration, table_table[table].name);
    bool looks_up = strcmp(wanted->choices[DECLARED_MUNICIPALITIES], "none") != 0;
    if (table_table[table].key == KEY_MUNICIPALITY && looks_up &&
        strcmp(declaration->choices[DECLARED_MUNICIPALITIES], "none") == 0)
        return false;
    return row != NULL && (row->periods & PERIOD_BIT(kind)) != 0;
}

/* A stretch of time in which something was counted without a gap. */
struct run {
    int64_t from_s, until_s; /* from 0: since ever; until IN_FORCE_NEVER: still */
};

/*
 * The last run of a table and period, and the one before it. What the version ahead no longer counts is counted until
 * then; what it counts anew is a run that begins then.
 */
static void
find_runs(const struct declared_site *site, int table, int kind, const struct declaration *wanted, struct run *last,
          struct run *before)
{
    *last = *before = (struct run){ IN_FORCE_NEVER, 0 };
    bool was_counted = false;
    for (size_t i = 0; i < site->count; i++) {
        const struct declared_version *version = &site->versions[i];
        if (version->withdrawn_s != 0)
            continue;
        bool is_counted = counts(&version->declaration, table, kind, wanted);
        if (is_counted && !was_counted) {
            *before = *last;
            *last = (struct run){ version->number == 1 ? 0 : version->in_force_s, IN_FORCE_NEVER };
        } else if (was_counted && !is_counted && version != site->ahead) {
            last->until_s = version->in_force_s;
        }
        was_counted = is_counted;
    }
}

static bool
find_mode(const char *name, enum site_mode *mode)
{
    for (int i = 0; i < MODE_COUNT; i++) {
        if (strcmp(mode_table[i].name, name) == 0) {
            *mode = (enum site_mode)i;
            return true;
        }
    }
    return false;
}

static void
work_out_table(struct declared_site *site, int table, int kind, const struct declaration *wanted)
{
    struct run last;
    struct run before;
    find_runs(site, table, kind, wanted, &last, &before);
    bool is_over = last.until_s != IN_FORCE_NEVER;
    site->in_force.from[table][kind] = is_over ? IN_FORCE_NEVER : last.from_s;
    site->earlier_from[table][kind] = is_over ? last.from_s : before.from_s;
    site->earlier_until[table][kind] = is_over ? last.until_s : before.until_s;
}

static void
work_out_query(struct declared_site *site, const char *wanted)
{
    struct in_force *in_force = &site->in_force;
    in_force->query_from_s = IN_FORCE_NEVER;
    if (wanted[0] == '\0')
        return;
    snprintf(in_force->query, sizeof in_force->query, "%s", wanted);
    if (strcmp(site->current->declaration.search_parameter, wanted) == 0)
        in_force->query_from_s = 0;
    else if (site->ahead != NULL && strcmp(site->ahead->declaration.search_parameter, wanted) == 0)
        in_force->query_from_s = site->ahead->in_force_s;
}

/* False when the mode that is in force is one that this program does not know. */
static bool
work_out(struct declared_site *site, const struct declaration *wanted)
{
    struct in_force *in_force = &site->in_force;
    const struct declaration *now = &site->current->declaration;
    *in_force = (struct in_force){ .version = site->current->number,
                                   .published_s = site->current->published_s,
                                   .next_from_s = IN_FORCE_NEVER };
    if (!find_mode(now->mode, &in_force->mode))
        return false;
    in_force->min_population = now->numbers[DECLARED_MIN_POPULATION];
    in_force->next_mode = in_force->mode;
    in_force->next_min_population = in_force->min_population;
    if (site->ahead != NULL && site->difference.rules) {
        in_force->next_from_s = site->ahead->in_force_s;
        in_force->next_min_population = site->ahead->declaration.numbers[DECLARED_MIN_POPULATION];
        if (!find_mode(site->ahead->declaration.mode, &in_force->next_mode))
            return false;
    }
    for (int table = 0; table < TABLE_COUNT; table++)
        for (int kind = 0; kind < PERIOD_KIND_COUNT; kind++)
            work_out_table(site, table, kind, wanted);
    work_out_query(site, wanted->search_parameter);
    return true;
}

/* What shows numbers to everybody waits until it is declared that everybody sees them. */
static bool
is_for_accounts(const struct declared_site *site)
{
    return strcmp(site->current->declaration.choices[DECLARED_AUDIENCE], "accounts") == 0;
}

/* Does the program, held to what is in force, keep to it? */
static enum sp_error
check_promise(const struct config *config, const struct site_config *configured, const struct declared_site *site,
              bool mode_is_known, int64_t now_s, const char **why)
{
    struct site_config held = *configured;
    struct difference difference = { .count = 1 };
    char items[DIFFERENCE_TEXT_MAX];
    char date[PERIOD_TEXT_MAX];
    snprintf(difference.more[0], sizeof difference.more[0], "another mode than '%s', which is unknown here,",
             site->current->declaration.mode);
    if (mode_is_known) {
        struct declaration done;
        in_force_lay_over(&site->in_force, now_s, &held);
        if (is_for_accounts(site)) {
            held.popular = false;
            held.embed.count = 0; /* of the copy: the items stay the configuration's */
        }
        if (!in_force_reads(&site->in_force, now_s, held.search_parameter))
            held.search_parameter = NULL;
        declaration_of(config, &held, now_s, &done);
        declaration_compare(&site->current->declaration, &done, &difference);
        if (difference.verdict != DIFFERENCE_MORE || !difference.rules)
            return SP_OK;
    }
    int64_t from_s = declaration_in_force_from(now_s, true, &configured->zone);
    snprintf(sentence, sizeof sentence,
             "site %s: %s is more than version %" PRId64
             " of its declaration allows, and this program cannot hold it back (promise: " PROMISE
             "; the earliest date would be %s); go on with the program that declared it, or choose a mode that "
             "promises no less",
             configured->name, difference_text(&difference, items), site->current->number,
             declaration_date(from_s, &configured->zone, date));
    *why = sentence;
    return SP_REFUSED;
}

static enum sp_error
make_site(const struct config *config, const struct site_config *configured, struct archive *archive,
          struct redis_link *redis, int64_t now_s, struct declared_site *site, const char **why)
{
    struct declaration wanted;
    declaration_of(config, configured, now_s, &wanted);
    enum sp_error error = archive == NULL ? SP_OK : archive_declarations(archive, configured->key, take_version, site);
    if (error == SP_OK && site->count == 0)
        error = inherit(site, configured, archive, redis, &wanted, now_s);
    if (error == SP_OK)
        error = decide(site, &wanted, now_s, &configured->zone);
    if (error != SP_OK) {
        snprintf(sentence, sizeof sentence, "site %s: its declarations in the archive cannot be read: %s",
                 configured->name, sp_error_text(error));
        *why = sentence;
        return error;
    }
    return check_promise(config, configured, site, work_out(site, &wanted), now_s, why);
}

enum sp_error
declarations_new(const struct config *config, struct archive *archive, struct redis_link *redis, int64_t now_s,
                 struct declarations **out, const char **why)
{
    *out = NULL;
    *why = "out of memory";
    struct declarations *declarations = calloc(1, sizeof *declarations);
    if (declarations == NULL)
        return SP_NO_MEMORY;
    declarations->next_s = IN_FORCE_NEVER;
    declarations->sites = calloc(config->site_count + 1, sizeof declarations->sites[0]);
    enum sp_error error = declarations->sites == NULL ? SP_NO_MEMORY : SP_OK;
    for (; error == SP_OK && declarations->count < config->site_count; declarations->count++) {
        struct declared_site *site = &declarations->sites[declarations->count];
        error = make_site(config, &config->sites[declarations->count], archive, redis, now_s, site, why);
        if (error == SP_OK && site->ahead != NULL && site->ahead->in_force_s < declarations->next_s)
            declarations->next_s = site->ahead->in_force_s;
        if (error == SP_OK && site->is_unsure && now_s + ASK_AGAIN_S < declarations->next_s)
            declarations->next_s = now_s + ASK_AGAIN_S;
    }
    if (error != SP_OK) {
        declarations_free(declarations);
        return error;
    }
    *out = declarations;
    return SP_OK;
}

void
declarations_free(struct declarations *declarations)
{
    if (declarations == NULL)
        return;
    for (size_t i = 0; declarations->sites != NULL && i < declarations->count; i++)
        site_fini(&declarations->sites[i]);
    free(declarations->sites);
    free(declarations);
}

/* ---- taking over ---- */

static struct archive_declaration
row_of(const struct declared_version *version)
{
    return (struct archive_declaration){
        .version = version->number,
        .published_s = version->published_s,
        .in_force_s = version->in_force_s,
        .hash = span_text(version->hash),
        .json = span_text(version->json),
    };
}

/* What is inherited first: a process that ends in between leaves the narrower promise. */
static enum sp_error
keep_site(const struct declared_site *site, const struct site_config *configured, struct archive *archive,
          int64_t now_s)
{
    const struct archive_declaration first = row_of(&site->versions[0]);
    const struct archive_declaration last = row_of(&site->versions[site->count - 1]);
    enum sp_error error = SP_OK;
    if (site->is_unsure)
        return SP_OK;
    if (site->is_inherited)
        error = archive_declare(archive, configured->key, 0, now_s, &first);
    if (error == SP_OK && (site->is_added || site->withdrawn != 0))
        error = archive_declare(archive, configured->key, site->withdrawn, now_s, site->is_added ? &last : NULL);
    if (error == SP_OK)
        error = archive_keep_hosts(archive, configured->key, &configured->hosts);
    return error;
}

enum sp_error
declarations_keep(const struct declarations *declarations, const struct config *config, struct archive *archive,
                  int64_t now_s)
{
    enum sp_error error = SP_OK;
    for (size_t i = 0; error == SP_OK && i < declarations->count; i++) {
        const struct declared_site *site = &declarations->sites[i];
        error = keep_site(site, &config->sites[i], archive, now_s);
        if (error == SP_OK && site->withdrawn != 0)
            LOG(LOG_INFO, "declaration_withdrawn", { "site", (int64_t)i }, { "version", site->withdrawn });
        if (error == SP_OK && site->is_unsure)
            LOG(LOG_WARNING, "declaration_unsure", { "site", (int64_t)i });
        else if (error == SP_OK && site->is_added)
            LOG(LOG_INFO, "declaration_published", { "site", (int64_t)i },
                { "version", site->versions[site->count - 1].number },
                { "in_force", site->versions[site->count - 1].in_force_s });
    }
    return error;
}

/* Leaves stay under the rules they were born under: since when are the rules no narrower than now's? */
static void
note_modes(const struct declared_site *site, struct site_in_force *in_force)
{
    enum site_mode before = MODE_COUNT;
    enum site_mode mode;
    for (size_t i = 0; i < site->count; i++) {
        const struct declared_version *version = &site->versions[i];
        if (version->withdrawn_s != 0 || version == site->ahead || !find_mode(version->declaration.mode, &mode))
            continue;
        if (before != MODE_COUNT && mode != before) {
            bool widens = mode_widens(before, mode);
            bool narrower = in_force->mode_since_s == 0 || mode_widens(before, in_force->mode_before);
            if (widens && narrower)
                in_force->mode_before = before;
            in_force->mode_since_s = widens ? version->in_force_s : 0;
        }
        before = mode;
    }
}

static void
hold_back_public(const struct declared_site *declared, struct site_config *site)
{
    if (!is_for_accounts(declared))
        return;
    site->popular = false;
    while (site->embed.count > 0)
        free(site->embed.items[--site->embed.count]);
}

void
declarations_lay_over(const struct declarations *declarations, int64_t now_s, struct config *config)
{
    for (size_t i = 0; i < declarations->count; i++) {
        struct site_config *site = &config->sites[i];
        in_force_lay_over(&declarations->sites[i].in_force, now_s, site);
        memcpy(site->in_force.earlier_from, declarations->sites[i].earlier_from, sizeof site->in_force.earlier_from);
        memcpy(site->in_force.earlier_until, declarations->sites[i].earlier_until, sizeof site->in_force.earlier_until);
        note_modes(&declarations->sites[i], &site->in_force);
        site->in_force.published = declarations->sites[i].is_unsure ? NULL : &declarations->sites[i].in_force;
        site->in_force.declared = declarations->sites[i].current->json;
        hold_back_public(&declarations->sites[i], site);
        if (!in_force_reads(&declarations->sites[i].in_force, now_s, site->search_parameter)) {
            free(site->search_parameter);
            site->search_parameter = NULL;
        }
    }
}

static enum sp_error
make_and_keep(struct config *config, struct archive *archive, struct redis_link *redis, int64_t now_s,
              struct declarations **out, const char **why)
{
    enum sp_error error = SP_OK;
    for (int i = 0; i < TRIES; i++) {
        error = declarations_new(config, archive, redis, now_s, out, why);
        if (error != SP_OK)
            break;
        error = declarations_keep(*out, config, archive, now_s);
        if (error == SP_OK) {
            declarations_lay_over(*out, now_s, config);
            break;
        }
        *why = "the declarations could not be kept in the archive";
        declarations_free(*out);
        *out = NULL;
        if (error != SP_REFUSED)
            break;
    }
    return error;
}

enum sp_error
declarations_take_over(struct config *config, int64_t now_s, struct declarations **out, const char **why)
{
    struct archive *archive;
    struct redis_link *redis;
    *out = NULL;
    enum sp_error error = archive_open(config->aggregator.archive, ARCHIVE_WRITE, &archive, why);
    if (error != SP_OK)
        return error;
    error = declarations_redis(config, &redis, why);
    if (error == SP_OK)
        error = make_and_keep(config, archive, redis, now_s, out, why);
    redis_link_free(redis);
    archive_close(archive);
    return error;
}

/* ---- in words ---- */

static void
print_site(const struct declared_site *site, const struct site_config *config, FILE *out)
{
    char date[PERIOD_TEXT_MAX];
    char items[DIFFERENCE_TEXT_MAX];
    if (site->is_inherited)
        fprintf(out, "site %s: new to this archive, declared before: that is version 1\n", config->name);
    if (site->ahead != NULL)
        fprintf(out, "site %s: collects more than version %" PRId64 " (%s): in force from %s\n", config->name,
                site->current->number, difference_text(&site->difference, items),
                declaration_date(site->ahead->in_force_s, &config->zone, date));
    else if (site->is_unsure)
        fprintf(
            out,
            "site %s: first declaration, unless Redis, which does not answer, knows an earlier one: in force when it "
            "has answered\n",
            config->name);
    else if (site->is_added && site->count == 1)
        fprintf(out, "site %s: first declaration: in force at once\n", config->name);
    else if (site->is_added)
        fprintf(out, "site %s: collects no more than before: version %" PRId64 ", in force at once\n", config->name,
                site->current->number);
    else if (site->withdrawn != 0)
        fprintf(out, "site %s: as version %" PRId64 " declares: version %" PRId64 ", announced, is withdrawn\n",
                config->name, site->current->number, site->withdrawn);
}

void
declarations_print(const struct declarations *declarations, const struct config *config, FILE *out)
{
    for (size_t i = 0; i < declarations->count; i++)
        print_site(&declarations->sites[i], &config->sites[i], out);
}
