/*
 * How far the number of visitors is from the number of readers, as build/bin/visitors_bias simulates it
 * (tests/privacy/visitors_bias.c): readers a day, and by how many percent the number differs. The API, the dashboard
 * and docs/privacy.md say these; tests/privacy/visitors.test.mjs holds them against the program.
 */
#ifndef SPORLOS_AGGREGATOR_VISITOR_BIAS_H
#define SPORLOS_AGGREGATOR_VISITOR_BIAS_H

/*  readers, percent */
#define VISITOR_BIAS(X)                                                                                                \
    X(30, +11)                                                                                                         \
    X(100, +8)                                                                                                         \
    X(300, +7)                                                                                                         \
    X(1000, +1)                                                                                                        \
    X(3000, -8)                                                                                                        \
    X(10000, -18)                                                                                                      \
    X(30000, -27)                                                                                                      \
    X(100000, -37)

enum {
#define X(readers, percent) VISITOR_BIAS_##readers = (percent),
    VISITOR_BIAS(X)
#undef X
};

#endif
