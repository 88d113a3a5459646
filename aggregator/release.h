/*
 * GATE 2. struct release is the only value that the archive accepts, and release.c is the only maker of it: the closed
 * leaf of one (site, table, period, key), summed over its sources.
 */
#ifndef SPORLOS_AGGREGATOR_RELEASE_H
#define SPORLOS_AGGREGATOR_RELEASE_H

#include "sporlos/config.h"
#include "sporlos/error.h"
#include "sporlos/table.h"

#include <stdbool.h>
#include <stdint.h>

struct release; /* one closed leaf; made in release.c alone */

/* The closed leaves of one period of one site. */
struct release_batch;

SP_MUST_CHECK enum sp_error release_batch_new(const struct site_config *site, struct period period,
                                              struct release_batch **batch);
void release_batch_free(struct release_batch *batch);

/*
 * Add what one source counted for a key. SP_REFUSED when the site's mode does not have the table in that period,
 * or its declaration did not when the period began,
 * SP_MALFORMED when the key is none that the table can have, SP_TOO_LONG, SP_NO_MEMORY. Copies key.
 */
SP_MUST_CHECK enum sp_error release_add(struct release_batch *batch, enum table_id table, struct span key,
                                        int64_t value);
/* Enough distinct networks fed this key. SP_NOT_FOUND when no leaf of the batch has it; errors of release_add. */
SP_MUST_CHECK enum sp_error release_witness(struct release_batch *batch, enum table_id table, struct span key);

/*
 * Give the leaf of that key births of noise until it has so many; a leaf that is not there is born. Who drains does it
 * once, before the batch is kept (fill.h). Errors of release_add.
 */
SP_MUST_CHECK enum sp_error release_top_up(struct release_batch *batch, enum table_id table, struct span key,
                                           unsigned births);
/* The same for every leaf of the batch. */
SP_MUST_CHECK enum sp_error release_top_up_all(struct release_batch *batch, unsigned births);

/* Put the leaves in the order of their tables and keys, which does not tell who came first. */
void release_batch_sort(struct release_batch *batch);

const struct site_config *release_batch_site(const struct release_batch *batch);
struct period release_batch_period(const struct release_batch *batch);
/* The mode that the period was counted in, or a narrower one. */
enum site_mode release_batch_mode(const struct release_batch *batch);
size_t release_count(const struct release_batch *batch);
const struct release *release_at(const struct release_batch *batch, size_t index);

enum table_id release_table(const struct release *release);
struct span release_key(const struct release *release);
int64_t release_value(const struct release *release);
unsigned release_sources(const struct release *release); /* how many births of noise the value holds, >= 1 */
bool release_witnessed(const struct release *release);

#endif
