/* Who is let through to which route. */
#ifndef SPORLOS_AGGREGATOR_GATE_H
#define SPORLOS_AGGREGATOR_GATE_H

struct route;
struct visit;

/* Answer the visit by the route, or say why not. */
void gate_pass(struct visit *visit, const struct route *route);

/* Answer a request for no route of ours, in the frame that its reader knows. */
void gate_miss(struct visit *visit);

#endif
