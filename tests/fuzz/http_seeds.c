/* Writes the requests of tests/support/http_corpus.txt as inputs of fuzz_http: http_seeds CORPUS FOLDER. */
#include "../support/http_corpus.h"

#include <sys/stat.h>

/* The first byte chooses how fuzz_http splits the others. */
static bool
write_seed(const char *folder, const struct corpus_line *line)
{
    char path[4096];
    int needed = snprintf(path, sizeof path, "%s/%u", folder, line->number);
    FILE *file = needed > 0 && (size_t)needed < sizeof path ? fopen(path, "wb") : NULL;
    if (file == NULL)
        return false;
    bool whole =
        fputc((int)(line->number % 64), file) != EOF && fwrite(line->bytes, 1, line->length, file) == line->length;
    return fclose(file) == 0 && whole;
}

int
main(int argc, char **argv)
{
    static struct corpus_line line;
    FILE *corpus = argc == 3 ? fopen(argv[1], "r") : NULL;
    if (corpus == NULL) {
        fprintf(stderr, "usage: http_seeds CORPUS FOLDER\n");
        return EXIT_FAILURE;
    }
    (void)mkdir(argv[2], 0777);
    bool whole = true;
    while (whole && corpus_next(corpus, &line))
        whole = write_seed(argv[2], &line);
    fclose(corpus);
    return whole ? EXIT_SUCCESS : EXIT_FAILURE;
}
