/* A child that may lock no memory, as a user under a small RLIMIT_MEMLOCK: root may lock what it wants. */
#ifndef SPORLOS_TESTS_NO_LOCKS_H
#define SPORLOS_TESTS_NO_LOCKS_H

#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NO_LOCKS_USER = 65534 };

/* AddressSanitizer answers mlock() itself, always with success: nothing can be refused there. */
#ifdef __SANITIZE_ADDRESS__
enum { LOCKS_ARE_REAL = 0 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { LOCKS_ARE_REAL = 0 };
#else
enum { LOCKS_ARE_REAL = 1 };
#endif
#else
enum { LOCKS_ARE_REAL = 1 };
#endif

#define NEED_LOCKS()                                                                                                   \
    do {                                                                                                               \
        if (!LOCKS_ARE_REAL) {                                                                                         \
            print_message("skipped: AddressSanitizer locks nothing\n");                                                \
            skip();                                                                                                    \
        }                                                                                                              \
    } while (0)

/* What body returns in such a child; 99 when there is none. */
static inline int
run_without_locks(int (*body)(void))
{
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit none = { 0, 0 };
        bool dropped = setrlimit(RLIMIT_MEMLOCK, &none) == 0 && (geteuid() != 0 || setuid(NO_LOCKS_USER) == 0);
        _exit(dropped ? body() : 99);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
        return 99;
    return WEXITSTATUS(status);
}

#endif
