#include "config_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* What keeps an open file from being read as a configuration; NULL if nothing does. */
static const char *
file_fault(int descriptor, off_t *size)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return "cannot be examined";
    *size = status.st_size;
    if (S_ISDIR(status.st_mode))
        return "is a directory; name the file in it";
    if (!S_ISREG(status.st_mode))
        return "is not a regular file; name one";
    if (status.st_size > YAML_FILE_MAX)
        return "is larger than 1 MiB; split it, sites can be moved to sites.d/NAME.yaml";
    return NULL;
}

static const char *
open_fault(int error)
{
    switch (error) {
    case ENOENT:
        return "there is no such file; create it, or name another with --config";
    case EACCES:
        return "may not be read; give the program's user the right to";
    case ELOOP:
        return "is a link to itself; correct it";
    default:
        return "cannot be opened; see that it is a readable file";
    }
}

/* Read at most size + 1 bytes, so that a file that grows meanwhile is noticed. */
static const char *
read_all(int descriptor, size_t size, struct config_source *source, size_t *length)
{
    source->bytes = malloc(size + 2);
    if (source->bytes == NULL)
        return "does not fit in memory";
    *length = 0;
    while (*length <= size) {
        ssize_t got = read(descriptor, source->bytes + *length, size + 1 - *length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return "cannot be read to its end; see that the disk is well";
        if (got == 0)
            break;
        *length += (size_t)got;
    }
    source->bytes[*length <= size ? *length : size] = '\0';
    return *length > size ? "is being written to; try again" : NULL;
}

enum sp_error
config_source_read(struct problems *problems, const char *path, struct config_source *source)
{
    *source = (struct config_source){ .file = problems_file(problems, path) };
    size_t length = 0;
    off_t size = 0;
    if (source->file < 0)
        return SP_NO_MEMORY;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    const char *fault = descriptor < 0 ? open_fault(errno) : file_fault(descriptor, &size);
    if (fault == NULL)
        fault = read_all(descriptor, (size_t)size, source, &length);
    if (descriptor >= 0)
        close(descriptor);
    if (fault != NULL) {
        problem_add(problems, (struct place){ source->file, 0, 0 }, "%s", fault);
        return SP_IO;
    }
    return yaml_tree_parse(span_of(source->bytes, length), problems, source->file, &source->tree);
}

void
config_source_fini(struct config_source *source)
{
    yaml_tree_fini(&source->tree);
    if (source->bytes != NULL)
        explicit_bzero(source->bytes, strlen(source->bytes)); /* may hold a password */
    free(source->bytes);
    source->bytes = NULL;
}

static int
is_site_file(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static int
by_name(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name); /* not alphasort: the locale must not change the order */
}

static void
take_entries(const char *folder, struct dirent **entries, int count, struct text_list *list)
{
    for (int i = 0; i < count; i++) {
        char *path = NULL;
        if (list->items != NULL && asprintf(&path, "%s/%s", folder, entries[i]->d_name) > 0)
            list->items[list->count++] = path;
        free(entries[i]);
    }
    free(entries);
}

enum sp_error
config_source_list(struct problems *problems, const char *path, struct text_list *list)
{
    *list = (struct text_list){ NULL, 0 };
    const char *slash = strrchr(path, '/');
    char *folder = NULL;
    if (asprintf(&folder, "%.*ssites.d", slash == NULL ? 0 : (int)(slash - path + 1), path) < 0)
        return SP_NO_MEMORY;
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_site_file, by_name);
    if (count < 0 && errno != ENOENT) {
        int file = problems_file(problems, folder);
        problem_add(problems, (struct place){ file, 0, 0 }, "%s", open_fault(errno));
    }
    if (count >= 0) {
        list->items = calloc((size_t)count + 1, sizeof *list->items);
        take_entries(folder, entries, count, list);
    }
    free(folder);
    return count >= 0 && list->count != (size_t)count ? SP_NO_MEMORY : SP_OK;
}
