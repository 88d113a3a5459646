/* Every leaf of a counter table released, kept and asked for, without the way through Redis: for many sites at once. */
#ifndef SPORLOS_TESTS_STATISTICS_OF_H
#define SPORLOS_TESTS_STATISTICS_OF_H

#include <stdint.h>

struct collector_fixture;

struct statistics_of {
    uint64_t shown; /* rows of page and municipality with a value */
    uint64_t large; /* leaves of these at or above their threshold: only the witness rule hides them */
};

/* Of the sites barn0.example, barn1.example, ... */
struct statistics_of statistics_of_month(struct collector_fixture *fixture, int sites, int year, int month);

#endif
