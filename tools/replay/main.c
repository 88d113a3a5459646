/* sporlos-replay: a site's past, or an invented one, sent to a collector. */
#include "replay.h"
#include "sporlos/process_guard.h"

#include <signal.h>
#include <sodium.h>
#include <stdlib.h>

enum { EXIT_USAGE = 64 };

int
main(int argc, char **argv)
{
    static struct replay_options options;
    switch (options_read(argc, argv, &options)) {
    case OPTIONS_SAID:
        return EXIT_SUCCESS;
    case OPTIONS_WRONG:
        return EXIT_USAGE;
    case OPTIONS_RUN:
        break;
    }
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    signal(SIGPIPE, SIG_IGN);
    process_guard();
    return replay_run(&options);
}
