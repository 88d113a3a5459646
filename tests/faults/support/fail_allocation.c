/*
 * LD_PRELOAD: the n-th allocation of a program fails. allocation.mjs builds it and drives it through a file of four
 * 64-bit numbers that both map (FAIL_ALLOCATION): 1 while calls are counted, how many were, the first one to fail, how
 * many fail from there on. A program that then dies of a signal, or that a library ends, says where. Passwords are
 * hashed at the least cost there is: the aggregator does it at every start, and a fifth of a second for each would be
 * most of all.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

struct control {
    _Atomic uint64_t counting;
    _Atomic uint64_t calls;
    _Atomic uint64_t fail_at;
    _Atomic uint64_t fail_count;
};

static struct control *control;
static char other_stack[65536]; /* to say where a stack overflowed */

static int
fails(void)
{
    if (control == NULL || !control->counting)
        return 0;
    uint64_t call = ++control->calls;
    if (call < control->fail_at || call >= control->fail_at + control->fail_count)
        return 0;
    errno = ENOMEM;
    return 1;
}

static void
say_where(int number)
{
    void *frames[24];
    control = NULL;
    backtrace_symbols_fd(frames, backtrace(frames, 24), STDERR_FILENO);
    signal(number, SIG_DFL);
    raise(number);
}

/* A library may end a program by itself, too. Ours end with small numbers, and by returning from main. */
void
exit(int status)
{
    void *frames[24];
    void (*end)(int) = (void (*)(int))dlsym(RTLD_NEXT, "exit");
    control = NULL;
    if (status < 0)
        backtrace_symbols_fd(frames, backtrace(frames, 24), STDERR_FILENO);
    end(status);
    __builtin_unreachable();
}

typedef int hash_password(char *out, const char *password, unsigned long long length, unsigned long long cost,
                          size_t memory);

static hash_password *libsodium_hash;

int
crypto_pwhash_str(char *out, const char *password, unsigned long long length, unsigned long long cost, size_t memory)
{
    (void)cost;
    (void)memory;
    return libsodium_hash(out, password, length, 1, 8192);
}

__attribute__((constructor)) static void
begin(void)
{
    libsodium_hash = (hash_password *)dlsym(RTLD_NEXT, "crypto_pwhash_str");
    const char *path = getenv("FAIL_ALLOCATION");
    int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return;
    void *frame;
    backtrace(&frame, 1); /* loads what it needs now */
    sigaltstack(&(stack_t){ .ss_sp = other_stack, .ss_size = sizeof other_stack }, NULL);
    sigaction(SIGSEGV, &(struct sigaction){ .sa_handler = say_where, .sa_flags = SA_ONSTACK }, NULL);
    sigaction(SIGBUS, &(struct sigaction){ .sa_handler = say_where, .sa_flags = SA_ONSTACK }, NULL);
    sigaction(SIGABRT, &(struct sigaction){ .sa_handler = say_where, .sa_flags = SA_ONSTACK }, NULL);
    void *memory = (void *)syscall(SYS_mmap, NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED)
        control = memory;
    close(file);
}

void *
malloc(size_t bytes)
{
    return fails() ? NULL : __libc_malloc(bytes);
}

void *
calloc(size_t count, size_t bytes)
{
    return fails() ? NULL : __libc_calloc(count, bytes);
}

void *
realloc(void *old, size_t bytes)
{
    return fails() ? NULL : __libc_realloc(old, bytes);
}

int
posix_memalign(void **out, size_t alignment, size_t bytes)
{
    void *memory = fails() ? NULL : __libc_memalign(alignment, bytes);
    if (memory == NULL)
        return ENOMEM;
    *out = memory;
    return 0;
}

/* Of libraries and ours (libsodium's guarded pages, the counter table), not of the C library's own. */
void *
mmap(void *at, size_t bytes, int protection, int flags, int file, off_t offset)
{
    if ((flags & MAP_ANONYMOUS) != 0 && fails())
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, at, bytes, protection, flags, file, offset);
}
