/* Runs a fuzz target over the files of a folder, where libFuzzer is not: in the coverage build. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv); /* not every target has one */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

static int
replay(const char *folder, const char *name)
{
    enum { INPUT_MAX = 1 << 20 };
    static uint8_t input[INPUT_MAX];
    char path[4096];
    int needed = snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = needed > 0 && (size_t)needed < sizeof path ? fopen(path, "rb") : NULL;
    if (file == NULL)
        return -1;
    size_t length = fread(input, 1, sizeof input, file);
    int bad = ferror(file);
    fclose(file);
    if (bad == 0)
        (void)LLVMFuzzerTestOneInput(input, length);
    return bad == 0 ? 0 : -1;
}

int
main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (folder == NULL) {
        fprintf(stderr, "usage: replay FOLDER\n");
        return EXIT_FAILURE;
    }
    if (LLVMFuzzerInitialize != NULL)
        (void)LLVMFuzzerInitialize(&argc, &argv);
    int inputs = 0, unread = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        inputs++;
        unread += replay(argv[1], entry->d_name) != 0;
    }
    closedir(folder);
    printf("%d inputs, %d unread\n", inputs, unread);
    return inputs > 0 && unread == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
