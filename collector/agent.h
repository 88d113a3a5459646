/* What a User-Agent says of itself. Read once, for a verdict, and forgotten. */
#ifndef SPORLOS_COLLECTOR_AGENT_H
#define SPORLOS_COLLECTOR_AGENT_H

#include "sporlos/span.h"

#include <stdbool.h>

/* Does it call itself an automaton, or nothing at all? Words are found anywhere and in any case. */
bool agent_is_automaton(struct span agent);

#endif
