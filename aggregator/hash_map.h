/* uthash as we use it: when it has no memory it leaves an element out, instead of ending the process. */
#ifndef SPORLOS_AGGREGATOR_HASH_MAP_H
#define SPORLOS_AGGREGATOR_HASH_MAP_H

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/* Whether the HASH_ADD just made has taken the element in. */
#define HASH_HAS(element) ((element)->hh.tbl != NULL)

#endif
