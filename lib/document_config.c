/* Build-time program: writes docs/configuration.md to standard output. */
#include "sporlos/config.h"

int
main(void)
{
    config_document(stdout);
    return fflush(stdout) == 0 ? 0 : 1;
}
