/* A folder of its own with a configuration in it, and what config_load says of it. */
#ifndef CONFIG_FIXTURE_H
#define CONFIG_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sporlos/config.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    char folder[64];
    char path[96];
    char *errors; /* what config_load wrote */
    struct config *config;
    enum sp_error error;
};

static inline void
fixture_write(const struct fixture *fixture, const char *name, const void *bytes, size_t length)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, length, out), length);
    assert_int_equal(fclose(out), 0);
}

static inline void
fixture_text(const struct fixture *fixture, const char *name, const char *text)
{
    fixture_write(fixture, name, text, strlen(text));
}

static inline void
fixture_init(struct fixture *fixture)
{
    *fixture = (struct fixture){ .folder = "/tmp/sporlos-config-XXXXXX" };
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->path, sizeof fixture->path, "%s/sporlos.yaml", fixture->folder);
    char sites[96];
    snprintf(sites, sizeof sites, "%s/sites.d", fixture->folder);
    assert_int_equal(mkdir(sites, 0700), 0);
}

static inline void
fixture_forget(struct fixture *fixture)
{
    config_free(fixture->config);
    free(fixture->errors);
    fixture->config = NULL;
    fixture->errors = NULL;
}

/* Load path, or the fixture's own file. */
static inline enum sp_error
fixture_load(struct fixture *fixture, const char *path)
{
    size_t length;
    fixture_forget(fixture);
    FILE *errors = open_memstream(&fixture->errors, &length);
    assert_non_null(errors);
    fixture->error = config_load(path != NULL ? path : fixture->path, errors, &fixture->config);
    assert_int_equal(fclose(errors), 0);
    assert_true((fixture->config != NULL) == (fixture->error == SP_OK));
    assert_true((length == 0) == (fixture->error == SP_OK));
    return fixture->error;
}

static inline void
fixture_fini(struct fixture *fixture)
{
    char command[128];
    fixture_forget(fixture);
    snprintf(command, sizeof command, "rm -r %s", fixture->folder);
    assert_int_equal(system(command), 0);
}

/* config_print as a text, owned by the caller. */
static inline char *
fixture_printed(const struct config *config)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    config_print(config, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* The errors with the folder's name taken out, so that a test can say 'sporlos.yaml:1:1: ...'. */
static inline void
fixture_shorten(struct fixture *fixture)
{
    size_t length = strlen(fixture->folder) + 1;
    for (char *at; (at = strstr(fixture->errors, fixture->folder)) != NULL;)
        memmove(at, at + length, strlen(at + length) + 1);
}

/* Take out libfyaml's own words, which differ between its versions: 'not YAML: ...; correct it'. */
static inline void
fixture_forget_words(char *text)
{
    static const char head[] = "not YAML";
    for (char *at = text; (at = strstr(at, head)) != NULL;) {
        char *end = strstr(at, "; correct it");
        assert_non_null(end);
        at += sizeof head - 1;
        memmove(at, end, strlen(end) + 1);
    }
}

#endif
