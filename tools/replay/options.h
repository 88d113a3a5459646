/* The command line of sporlos-replay. */
#ifndef SPORLOS_REPLAY_OPTIONS_H
#define SPORLOS_REPLAY_OPTIONS_H

#include "pace.h"
#include "sporlos/config.h"
#include "synthetic.h"

enum { OWN_HOSTS_MAX = 16, CONNECTIONS_MAX = 1024, URL_HOST_MAX = 280 };

struct replay_options {
    const char *log; /* path, or '-'; NULL: synthetic */
    struct synthetic_options synthetic;
    struct pace pace;
    unsigned connections;
    bool print; /* write the beacons, send none */
    char site[SITE_NAME_MAX];
    char origin[SITE_NAME_MAX + 8];
    char own_names[OWN_HOSTS_MAX][SITE_NAME_MAX];
    char *own_items[OWN_HOSTS_MAX]; /* into own_names */
    struct text_list own;           /* the site's hosts: of own_items */
    char host[URL_HOST_MAX];        /* of the collector, for Host */
    char path[URL_HOST_MAX];        /* '/b' */
    char node[URL_HOST_MAX];        /* its name or address without port; or the path of a socket */
    char port[8];                   /* '' for a socket */
};

enum options_verdict { OPTIONS_RUN, OPTIONS_SAID, OPTIONS_WRONG };

/*
 * OPTIONS_SAID: help or version was asked for and is on standard output. OPTIONS_WRONG: what is wrong is on standard
 * error. *options holds pointers into itself and arguments.
 */
enum options_verdict options_read(int count, char **arguments, struct replay_options *options);

#endif
