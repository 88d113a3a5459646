/*
 * The gazetteer: counties, municipalities and places of Norway. The collector places networks with it, the dashboard
 * takes names and map points from it. deploy/data/gazetteer.mjs writes the file; an operator may edit or replace it.
 *
 * UTF-8 text, one row a line, no quotes, so no name holds a comma or a double quote:
 *
 *     # comment, and empty lines
 *     fylke,<2 digits>,<name>
 *     kommune,<4 digits>,<name>,<latitude>,<longitude>,<population>
 *     place,<4 digits>,<name>,<latitude>,<longitude>,<population>
 *
 * A county (fylke) is the first two digits of its kommuner's numbers. Degrees are decimal, WGS 84. The point of a
 * kommune is its most populous place; both coordinates of a kommune are empty when none is known, a place always has
 * them. An empty population is unknown. Rows come in any order; no number appears twice among the kommuner or fylker,
 * and the number of a place is that of a kommune row.
 */
#ifndef SPORLOS_GAZETTEER_H
#define SPORLOS_GAZETTEER_H

#include "sporlos/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GAZETTEER_WHY_MAX = 512, /* bytes of a reason, terminator included */
    POPULATION_UNKNOWN = -1,
};

/* Names are owned by the gazetteer. */
struct gazetteer_county {
    uint16_t number; /* 1..99 */
    const char *name;
};

struct gazetteer_municipality {
    uint16_t number; /* 1..9999, written with four digits */
    bool has_point;
    const char *name;
    double latitude, longitude; /* degrees; 0 without a point */
    int64_t population;         /* persons, a lower bound; POPULATION_UNKNOWN */
};

struct gazetteer_place {
    uint16_t number; /* of its municipality */
    const char *name;
    double latitude, longitude; /* degrees */
    int64_t population;         /* persons; POPULATION_UNKNOWN */
};

struct gazetteer {
    struct gazetteer_county *counties; /* by number */
    size_t county_count;
    struct gazetteer_municipality *municipalities; /* by number */
    size_t municipality_count;
    struct gazetteer_place *places; /* in the order of the file */
    size_t place_count;
    char *text; /* holds the names */
};

/*
 * Read the file at path. On success *gazetteer is a new one, returned owned, with at least one municipality. On failure
 * SP_IO, SP_MALFORMED or SP_NO_MEMORY and why says 'file:line: what is wrong'.
 */
SP_MUST_CHECK enum sp_error gazetteer_read(const char *path, struct gazetteer **gazetteer, char why[GAZETTEER_WHY_MAX]);
void gazetteer_free(struct gazetteer *gazetteer);

/* The municipality or county of that number; NULL if there is none. Borrowed from the gazetteer. */
const struct gazetteer_municipality *gazetteer_municipality(const struct gazetteer *gazetteer, uint16_t number);
const struct gazetteer_county *gazetteer_county(const struct gazetteer *gazetteer, uint16_t number);

/* A row of an operator's own figures. */
struct population {
    uint16_t number;    /* of a municipality */
    int64_t population; /* persons */
};

/*
 * Read official figures: lines '<4 digits>,<population>' under an optional header line that starts with a letter,
 * comments as above. *rows is a new array by number, returned owned (free()). Errors as for gazetteer_read().
 */
SP_MUST_CHECK enum sp_error population_read(const char *path, struct population **rows, size_t *count,
                                            char why[GAZETTEER_WHY_MAX]);

#endif
