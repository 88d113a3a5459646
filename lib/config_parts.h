/*
 * What the files config_*.c share. The journey: config_source.c reads files into trees; config_read.c walks a tree by
 * the tables of config_options.c; config_type_*.c reads, prints and frees one type of value each; config_site.c and
 * config_restricted.c check what a single value cannot tell; config_print.c and config_document.c write the tables out.
 */
#ifndef CONFIG_PARTS_H
#define CONFIG_PARTS_H

#include "config_problem.h"
#include "name_index.h"
#include "sporlos/config.h"
#include "yaml_tree.h"

enum {
    LIST_ITEMS_MAX = 10000, /* items of one list in a file */
    AMOUNT_TEXT_MAX = 48,   /* bytes with the terminator: a number and its unit */
};

enum option_type_id {
    TYPE_NUMBER,  /* int64_t */
    TYPE_LENGTH,  /* double, in the option's unit */
    TYPE_DEGREES, /* double */
    TYPE_FLAG,    /* bool */
    TYPE_PATH,    /* char *, as all texts */
    TYPE_REDIS,
    TYPE_ARCHIVE,
    TYPE_WEB_ADDRESS,
    TYPE_PATHS,     /* struct text_list */
    TYPE_LISTEN,    /* struct text_list */
    TYPE_BLOCKS,    /* struct address_block * and its count */
    TYPE_POINTS,    /* struct geo_point * and its count */
    TYPE_MODE,      /* enum site_mode */
    TYPE_ZONE,      /* struct zone */
    TYPE_HOSTS,     /* struct text_list */
    TYPE_PAGES,     /* struct text_list */
    TYPE_FOLDS,     /* struct page_fold * and its count */
    TYPE_TABLES,    /* unsigned */
    TYPE_TAGS,      /* struct text_list */
    TYPE_EVENTS,    /* struct text_list */
    TYPE_SENTENCE,  /* char * */
    TYPE_PARAMETER, /* char * */
    TYPE_SECTIONS,  /* struct text_pair * and its count, as the next two */
    TYPE_ANSWERS,
    TYPE_REFERRERS,
    TYPE_HEADER,  /* char * */
    TYPE_MAIL,    /* char * */
    TYPE_ORIGINS, /* struct text_list */
    TYPE_SITES,
    TYPE_COUNT
};

/* One option: everything that parser, printer and documentation know of it. */
struct option {
    const char *name; /* 'section.key' or 'key' */
    enum option_type_id type;
    const char *unit; /* of a plain number, of low and high, and of the field */
    int64_t low, high;
    const char *initial; /* YAML; NULL: none, and null may be written */
    const char *help;
    bool secret;
    bool restricted;     /* a site's: also in restricted mode. Any other is refused there */
    size_t offset;       /* of the field in its struct */
    size_t count_offset; /* of the number of items, where it is a field of its own */
};

struct option_set {
    const struct option *rows;
    size_t count;
};

extern const struct option_set config_options, site_options, point_options;

struct reading {
    struct problems problems;
    int file; /* being read now; -1: a default */
    struct config *config;
    size_t site_room;           /* sites that config->sites can hold */
    struct place *site_places;  /* where each site is named */
    struct name_index *claimed; /* host -> index into claims */
    struct place *claims;       /* where each host is named */
    size_t claim_count;
};

struct option_type {
    const char *expected; /* 'a whole number' */
    const char *example;  /* as it may be written */
    void (*read)(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base);
    void (*print)(FILE *out, const struct option *option, const void *base); /* the value, on the line of its name */
    void (*release)(const struct option *option, void *base);                /* NULL: nothing is owned */
};

extern const struct option_type option_types[TYPE_COUNT];

static inline void *
option_field(const struct option *option, void *base)
{
    return (char *)base + option->offset;
}

static inline const void *
option_value(const struct option *option, const void *base)
{
    return (const char *)base + option->offset;
}

static inline size_t *
option_count(const struct option *option, void *base)
{
    return (size_t *)(void *)((char *)base + option->count_offset);
}

static inline size_t
option_items(const struct option *option, const void *base)
{
    return *(const size_t *)(const void *)((const char *)base + option->count_offset);
}

/* config_read.c */

/* Fill the struct at base (all zero) from a map, with defaults for what it does not say. map may be NULL. */
void config_read_options(struct reading *reading, const struct option_set *set, const struct yaml_node *map,
                         void *base);
/* Report every member of map that is not in the set. restricted: name the promise where one would be broken. */
void config_read_unknown(struct reading *reading, const struct option_set *set, const char *prefix,
                         const struct yaml_node *map, bool restricted);
void config_release_options(const struct option_set *set, void *base);
/* 'name: expected this, found that; for example ...' */
void config_wrong_type(struct reading *reading, const struct option *option, const struct yaml_node *node);
/* What kind of thing a node is, in words. Returns out. */
const char *config_found(const struct yaml_node *node, char out[QUOTE_MAX]);
/* A copy; NULL and problems.no_memory without memory. */
char *config_copy(struct reading *reading, const char *text);

/*
 * Read a text or a list of texts into list. convert returns the owned form of an item, or NULL when it has reported
 * what is wrong with it.
 */
typedef char *config_convert(struct reading *reading, const struct option *option, const struct yaml_node *item);
void config_read_texts(struct reading *reading, const struct option *option, const struct yaml_node *node,
                       struct text_list *list, config_convert *convert);
void text_list_release(struct text_list *list);

/* config_units.c */

/* Read '64 MiB', '5 s' or '12' into whole units; NULL, or a static sentence that says what is wrong. */
const char *amount_parse(struct span text, const char *unit, int64_t *value);
/* '64 MiB', '12 h', '10000' (a unit that is only a word is left out). Returns out. */
const char *amount_format(int64_t value, const char *unit, char out[AMOUNT_TEXT_MAX]);
/* 'B, KiB, MiB, GiB' for the units that may be written instead of this one; NULL: none. Returns out. */
const char *amount_units(const char *unit, char out[AMOUNT_TEXT_MAX]);

/* config_site.c */

/* Read a map of sites. */
void config_read_sites(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base);
void config_release_sites(const struct option *option, void *base);

/* config_restricted.c: what keeps a restricted site from being widened, and any site from contradicting itself */

/* 'total, visits, ...': the tables of a mode. Returns out. */
const char *config_mode_tables(enum site_mode mode, char *out, size_t size);
/* Bits of all the tables of a mode, and of those that no option takes out. */
unsigned config_tables_of(enum site_mode mode);
unsigned config_tables_kept(enum site_mode mode);
/* Is it an option that a restricted site cannot have? If so, it is not read, and reported when map has it. */
bool config_restricted_option(struct reading *reading, const struct option_set *set, const struct option *option,
                              const struct yaml_node *map, const void *base);
/* Whether asking for that key would break a promise; if so it is reported. */
bool config_restricted_key(struct reading *reading, const struct yaml_node *key);
void config_check_site(struct reading *reading, const struct yaml_node *map, struct site_config *site);

/* config_print.c */
void yaml_print_text(FILE *out, const char *text);
void yaml_print_texts(FILE *out, const struct text_list *list);

/* config_source.c */

struct config_source {
    int file; /* index in the problems; -1: none */
    char *bytes;
    struct yaml_tree tree;
};

/* Read and parse one file. SP_IO when there is no such file or it cannot be read; everything is reported. */
SP_MUST_CHECK enum sp_error config_source_read(struct problems *problems, const char *path,
                                               struct config_source *source);
void config_source_fini(struct config_source *source);

/* The paths of sites.d/<any>.yaml beside path, sorted by name, owned. No such folder: an empty list. */
SP_MUST_CHECK enum sp_error config_source_list(struct problems *problems, const char *path, struct text_list *list);

#endif
