/*
 * Keys that go on having a leaf. A page or file that a '*' of the configuration named has its leaf in every later
 * period, also when nobody asks for it and the collectors have forgotten it, as a restart or a reload makes them: else
 * a difference of exactly 0 would say that nobody came. The archive's last period before tells which there are.
 */
#ifndef SPORLOS_AGGREGATOR_CARRIED_H
#define SPORLOS_AGGREGATOR_CARRIED_H

#include "archive.h"

enum {
    CARRIED_MAX = 10000,        /* keys of one table; of more, those that come first in the order of bytes */
    CARRIED_LOOK_BACK_MAX = 92, /* periods, until one is there: none is closed while no collector runs */
};

struct carried_key {
    enum table_id table;
    size_t length;
    char *text; /* owned, not terminated */
};

struct carried {
    size_t count, room;
    struct carried_key *keys; /* owned */
};

/*
 * The keys of pages and files of the site's last closed period of that kind before period that a line of its pages
 * names, and that its mode may name. SP_NO_MEMORY, SP_IO; *carried is to be freed in any case.
 */
SP_MUST_CHECK enum sp_error carried_read(struct archive *archive, const struct site_config *site, struct period period,
                                         struct carried *carried);
void carried_fini(struct carried *carried);

#endif
