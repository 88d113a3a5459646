/* Who is let through to which route. */
#ifndef SPORLOS_AGGREGATOR_GATE_H
#define SPORLOS_AGGREGATOR_GATE_H

struct route;
struct visit;

/* Answer the visit by the route, or say why not. */
void gate_pass(struct visit *visit, const struct route *route);

#endif
