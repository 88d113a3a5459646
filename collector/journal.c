#include "journal.h"

#include "sporlos/log.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

struct journal {
    int file; /* -1: memory of this process */
    void *memory;
    size_t bytes;
};

static char why_text[768];

static enum sp_error
refuse(const char **why, const char *path, const char *what)
{
    snprintf(why_text, sizeof why_text, "collector.journal %s: %s", path, what);
    *why = why_text;
    return SP_REFUSED;
}

static enum sp_error
check_folder(const char *folder, const char **why)
{
    struct statfs system;
    if (statfs(folder, &system) != 0)
        return refuse(why, folder,
                      errno == ENOENT ? "there is no such folder; make it, owned by the user that runs the collector"
                                      : strerror(errno));
    if (system.f_type != TMPFS_MAGIC && system.f_type != RAMFS_MAGIC)
        return refuse(why, folder,
                      "this is not on tmpfs: counters must never reach a disk; take a folder below /run or /dev/shm");
    return SP_OK;
}

/* Why the file could not be opened, and what to do. */
static const char *
advice(int error)
{
    switch (error) {
    case EACCES:
        return "no permission; the folder must belong to the user that runs the collector";
    case ELOOP:
        return "it is a symbolic link, which could lead to a disk; delete it, and name the folder itself";
    case EISDIR:
    case ENXIO:
    case EINVAL:
        return "it is no plain file; delete it, or give the collector a folder of its own";
    case ENOTDIR:
        return "what is named as the folder is a file; name the folder that it lies in";
    default:
        return strerror(error);
    }
}

/* It may be one that somebody copied or touched: from now on nobody else reads it. */
static enum sp_error
take_over(struct journal *journal, const char *path, const char **why)
{
    struct stat status;
    if (fstat(journal->file, &status) != 0)
        return refuse(why, path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return refuse(why, path, advice(EISDIR));
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0 && fchmod(journal->file, S_IRUSR | S_IWUSR) != 0)
        return refuse(why, path, "others may read it, and it is not ours to forbid that; delete it");
    return SP_OK;
}

static enum sp_error
open_file(struct journal *journal, const char *path, const char **why)
{
    journal->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (journal->file < 0)
        return refuse(why, path, advice(errno));
    if (flock(journal->file, LOCK_EX | LOCK_NB) != 0)
        return refuse(why, path, "another collector has it; give each its own folder");
    return take_over(journal, path, why);
}

/* Every page is reserved now, so that a full tmpfs is an error here and not a SIGBUS later. */
static enum sp_error
reserve(struct journal *journal, const char *path, size_t bytes, const char **why)
{
    struct stat status;
    if (fstat(journal->file, &status) != 0)
        return refuse(why, path, strerror(errno));
    journal->bytes = status.st_size >= COUNTERS_BYTES_MIN ? (size_t)status.st_size : bytes;
    if (journal->bytes != bytes)
        LOG(LOG_WARNING, "journal_keeps_its_size", { "bytes", (int64_t)journal->bytes });
    int error = posix_fallocate(journal->file, 0, (off_t)journal->bytes);
    if (error == 0)
        return SP_OK;
    if (status.st_size < COUNTERS_BYTES_MIN && ftruncate(journal->file, 0) != 0)
        LOG_BARE(LOG_WARNING, "journal_not_truncated");
    return refuse(why, path,
                  error == ENOSPC
                      ? "the tmpfs has no room for it; make the tmpfs larger or collector.counter_memory smaller"
                      : strerror(error));
}

static enum sp_error
map(struct journal *journal, const char **why)
{
    int flags = journal->file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
    journal->memory = mmap(NULL, journal->bytes, PROT_READ | PROT_WRITE, flags, journal->file, 0);
    if (journal->memory == MAP_FAILED) {
        journal->memory = NULL;
        *why = "collector.counter_memory: this much memory cannot be had";
        return SP_NO_MEMORY;
    }
    madvise(journal->memory, journal->bytes, MADV_DONTDUMP);
    return SP_OK;
}

/* The kernel's name for this boot: counters of another boot are not ours to go on with. */
static void
read_boot(unsigned char boot[BOOT_BYTES])
{
    char text[64] = "";
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
    memset(boot, 0, BOOT_BYTES);
    if (file == NULL)
        return;
    if (fgets(text, sizeof text, file) != NULL)
        sodium_hex2bin(boot, BOOT_BYTES, text, strlen(text), "-\n", NULL, NULL);
    fclose(file);
}

static enum sp_error
open_counters(struct journal *journal, struct counters **counters)
{
    unsigned char boot[BOOT_BYTES];
    enum counters_opened opened = COUNTERS_FRESH;
    read_boot(boot);
    enum sp_error error = counters_open(journal->memory, journal->bytes, boot, counters, &opened);
    if (error == SP_MALFORMED) {
        LOG_BARE(LOG_WARNING, "journal_begun_anew");
        memset(journal->memory, 0, journal->bytes);
        error = counters_open(journal->memory, journal->bytes, boot, counters, &opened);
    }
    if (error == SP_OK && opened == COUNTERS_ADOPTED)
        LOG(LOG_INFO, "journal_adopted", { "leaves", counters_statistics(*counters).leaves });
    return error;
}

enum sp_error
journal_open(const char *folder, size_t bytes, struct journal **out, struct counters **counters, const char **why)
{
    char path[512];
    *out = NULL;
    *counters = NULL;
    *why = "out of memory";
    struct journal *journal = calloc(1, sizeof *journal);
    if (journal == NULL)
        return SP_NO_MEMORY;
    journal->file = -1;
    journal->bytes = bytes;
    enum sp_error error = SP_OK;
    if (folder != NULL) {
        snprintf(path, sizeof path, "%s/counters", folder);
        error = check_folder(folder, why);
        if (error == SP_OK)
            error = open_file(journal, path, why);
        if (error == SP_OK)
            error = reserve(journal, path, bytes, why);
    }
    if (error == SP_OK)
        error = map(journal, why);
    if (error == SP_OK)
        error = open_counters(journal, counters);
    if (error != SP_OK) {
        journal_close(journal);
        return error;
    }
    *out = journal;
    return SP_OK;
}

void
journal_close(struct journal *journal)
{
    if (journal == NULL)
        return;
    if (journal->memory != NULL)
        munmap(journal->memory, journal->bytes);
    if (journal->file >= 0)
        close(journal->file);
    free(journal);
}

bool
journal_lasts(const struct journal *journal)
{
    return journal->file >= 0;
}
