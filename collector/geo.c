#include "geo.h"

#include "geo_compile.h"
#include "sporlos/clock.h"
#include "sporlos/log.h"

#include <stdio.h>
#include <stdlib.h>

enum { SECONDS_A_DAY = 86400, OLD_DAYS = 45 }; /* City databases come monthly: older than this, one was missed */

struct geo {
    struct geo_municipalities municipalities;
    struct geo_runs v4, v6;
    struct geo_statistics statistics;
};

/* What a snapshot is made from, and freed before it is used. */
struct sources {
    struct gazetteer *gazetteer;
    struct geo_polygons *polygons;
    struct geo_names names;
    struct population *populations;
    size_t population_count;
};

static char geo_why[GEO_WHY_MAX];
_Static_assert((int)GEO_WHY_MAX >= (int)GAZETTEER_WHY_MAX, "one buffer for every reader");

static enum sp_error
fail(enum sp_error error, const char *what)
{
    snprintf(geo_why, sizeof geo_why, "%s", what);
    return error;
}

static enum sp_error
read_sources(const struct config *config, struct sources *sources)
{
    enum sp_error error = SP_OK;
    if (config->geo.databases.count > 0 && config->geo.gazetteer == NULL && config->geo.polygons == NULL)
        return fail(SP_CONFIG, "geo.databases needs geo.gazetteer or geo.polygons to find a municipality with");
    if (config->geo.gazetteer != NULL)
        error = gazetteer_read(config->geo.gazetteer, &sources->gazetteer, geo_why);
    if (error == SP_OK && config->geo.polygons != NULL)
        error = geo_polygons_read(config->geo.polygons, &sources->polygons, geo_why, sizeof geo_why);
    if (error == SP_OK && config->geo.population != NULL)
        error = population_read(config->geo.population, &sources->populations, &sources->population_count, geo_why);
    if (error == SP_OK && sources->gazetteer != NULL && geo_names_init(&sources->names, sources->gazetteer) != SP_OK)
        error = fail(SP_NO_MEMORY, sp_error_text(SP_NO_MEMORY));
    return error;
}

static void
free_sources(struct sources *sources)
{
    geo_names_fini(&sources->names);
    gazetteer_free(sources->gazetteer);
    geo_polygons_free(sources->polygons);
    free(sources->populations);
}

static enum sp_error
add_municipalities(struct geo_municipalities *municipalities, const struct sources *sources)
{
    enum sp_error error = geo_municipalities_init(municipalities);
    const struct gazetteer *gazetteer = sources->gazetteer;
    for (size_t i = 0; error == SP_OK && gazetteer != NULL && i < gazetteer->municipality_count; i++)
        error = geo_municipalities_add(municipalities, &gazetteer->municipalities[i].number, 1);
    const struct geo_polygons *polygons = sources->polygons;
    for (size_t i = 0; error == SP_OK && polygons != NULL && i < polygons->area_count; i++)
        error = geo_municipalities_add(municipalities, &polygons->areas[i].number, 1);
    return error == SP_OK ? SP_OK : fail(error, sp_error_text(error));
}

/* The operator's figures if there are any, else the gazetteer's: never both, for they would not be of one kind. */
static void
add_populations(struct geo_municipalities *municipalities, const struct sources *sources)
{
    const struct gazetteer *gazetteer = sources->populations == NULL ? sources->gazetteer : NULL;
    for (size_t i = 0; gazetteer != NULL && i < gazetteer->municipality_count; i++) {
        const struct gazetteer_municipality *row = &gazetteer->municipalities[i];
        municipalities->items[geo_municipalities_index(municipalities, row->number)].population = row->population;
    }
    for (size_t i = 0; i < sources->population_count; i++) {
        uint16_t index = geo_municipalities_index(municipalities, sources->populations[i].number);
        if (index >= MUNICIPALITY_FIRST)
            municipalities->items[index].population = sources->populations[i].population;
    }
}

/* A family without a database is one run of 'unknown'. */
static enum sp_error
init_runs(struct geo_runs *runs, struct geo_run_list *list, unsigned bits)
{
    enum sp_error error = list->count > 0 ? SP_OK : geo_run_list_append(list, 0, MUNICIPALITY_UNKNOWN);
    if (error == SP_OK)
        error = geo_runs_init(runs, list, bits);
    return error == SP_OK ? SP_OK : fail(error, sp_error_text(error));
}

static double
unknown_share(const struct geo_runs *v4)
{
    uint64_t unknown = 0, norwegian = 0;
    for (uint32_t run = 0; run < v4->count; run++) {
        uint64_t end = run + 1 < v4->count ? geo_runs_start(v4, run + 1) : UINT64_C(1) << GEO_V4_BITS;
        uint64_t networks = end - geo_runs_start(v4, run);
        norwegian += v4->value[run] == MUNICIPALITY_ABROAD ? 0 : networks;
        unknown += v4->value[run] == MUNICIPALITY_UNKNOWN ? networks : 0;
    }
    return norwegian == 0 ? 0 : (double)unknown / (double)norwegian;
}

static void
measure(struct geo *geo, int64_t build_epoch)
{
    geo->statistics = (struct geo_statistics){
        .runs_v4 = geo->v4.count,
        .runs_v6 = geo->v6.count,
        .bytes = geo_runs_bytes(&geo->v4) + geo_runs_bytes(&geo->v6),
        .build_epoch = build_epoch,
        .unknown_share = unknown_share(&geo->v4),
    };
    int64_t days = (clock_wall_s() - build_epoch) / SECONDS_A_DAY;
    if (build_epoch != 0 && days > OLD_DAYS)
        LOG(LOG_WARNING, "geo_database_old", { "days", days });
}

static enum sp_error
compile(struct geo *geo, const struct config *config, const struct sources *sources)
{
    struct geo_classifier classifier = { .config = config,
                                         .municipalities = &geo->municipalities,
                                         .polygons = sources->polygons,
                                         .names = sources->gazetteer == NULL ? NULL : &sources->names };
    struct geo_compiled compiled;
    enum sp_error error = geo_compile(&classifier, &compiled, geo_why);
    if (error != SP_OK)
        return error;
    error = init_runs(&geo->v4, &compiled.v4, GEO_V4_BITS);
    if (error == SP_OK)
        error = init_runs(&geo->v6, &compiled.v6, GEO_V6_BITS);
    if (error == SP_OK)
        measure(geo, compiled.build_epoch);
    geo_compiled_fini(&compiled);
    return error;
}

enum sp_error
geo_new(const struct config *config, struct geo **geo, const char **why)
{
    *geo = NULL;
    *why = geo_why;
    geo_why[0] = '\0';
    struct geo *made = calloc(1, sizeof *made);
    if (made == NULL)
        return fail(SP_NO_MEMORY, sp_error_text(SP_NO_MEMORY));
    struct sources sources = { 0 };
    enum sp_error error = read_sources(config, &sources);
    if (error == SP_OK)
        error = add_municipalities(&made->municipalities, &sources);
    if (error == SP_OK) {
        add_populations(&made->municipalities, &sources);
        error = compile(made, config, &sources);
    }
    free_sources(&sources);
    if (error == SP_OK)
        *geo = made;
    else
        geo_free(made);
    return error;
}

void
geo_free(struct geo *geo)
{
    if (geo == NULL)
        return;
    geo_municipalities_fini(&geo->municipalities);
    geo_runs_fini(&geo->v4);
    geo_runs_fini(&geo->v6);
    free(geo);
}

uint16_t
geo_lookup(const struct geo *geo, const struct network *network)
{
    switch ((enum network_family)network->family) {
    case NETWORK_V4:
        return geo_runs_find(&geo->v4, network->prefix);
    case NETWORK_V6:
        return geo_runs_find(&geo->v6, network->prefix);
    case NETWORK_NONE:
        break;
    }
    return MUNICIPALITY_UNKNOWN;
}

uint16_t
geo_count(const struct geo *geo)
{
    return geo->municipalities.count;
}

const char *
geo_key(const struct geo *geo, uint16_t index, int64_t min_population)
{
    if (index >= geo->municipalities.count)
        index = MUNICIPALITY_UNKNOWN;
    const struct geo_municipality *municipality = &geo->municipalities.items[index];
    bool merged = min_population > 0 && municipality->population < min_population;
    return merged ? municipality->county_key : municipality->key;
}

struct geo_statistics
geo_statistics(const struct geo *geo)
{
    return geo->statistics;
}
