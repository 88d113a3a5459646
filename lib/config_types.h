/* Readers, printers and releasers of each type of value; config_type.c ties them to enum option_type_id. */
#ifndef CONFIG_TYPES_H
#define CONFIG_TYPES_H

#include "config_parts.h"

#define TYPE_READ(name)                                                                                                \
    void name(struct reading *reading, const struct option *option, const struct yaml_node *node, void *base)
#define TYPE_PRINT(name) void name(FILE *out, const struct option *option, const void *base)
#define TYPE_RELEASE(name) void name(const struct option *option, void *base)

/* config_type_number.c */
TYPE_READ(type_number_read);
TYPE_PRINT(type_number_print);
TYPE_READ(type_length_read);
TYPE_PRINT(type_length_print);
TYPE_READ(type_degrees_read);
TYPE_PRINT(type_degrees_print);
TYPE_READ(type_flag_read);
TYPE_PRINT(type_flag_print);

/* config_type_address.c */
TYPE_READ(type_listen_read);
TYPE_READ(type_blocks_read);
TYPE_PRINT(type_blocks_print);
TYPE_RELEASE(type_blocks_release);

/* config_type_text.c */
TYPE_READ(type_path_read);
TYPE_READ(type_redis_read);
TYPE_PRINT(type_redis_print);
TYPE_READ(type_archive_read);
TYPE_READ(type_web_address_read);
TYPE_READ(type_paths_read);
TYPE_PRINT(type_text_print);
TYPE_RELEASE(type_text_release);
TYPE_PRINT(type_texts_print);
TYPE_RELEASE(type_texts_release);

/* config_type_points.c */
TYPE_READ(type_points_read);
TYPE_PRINT(type_points_print);
TYPE_RELEASE(type_points_release);

/* config_type_site.c */
TYPE_READ(type_mode_read);
TYPE_PRINT(type_mode_print);
TYPE_READ(type_zone_read);
TYPE_PRINT(type_zone_print);
TYPE_READ(type_hosts_read);
TYPE_READ(type_tables_read);
TYPE_PRINT(type_tables_print);

/* config_type_page.c */
TYPE_READ(type_pages_read);
TYPE_READ(type_folds_read);
TYPE_PRINT(type_folds_print);
TYPE_RELEASE(type_folds_release);

/* config_type_name.c */
TYPE_READ(type_tags_read);
TYPE_READ(type_events_read);
TYPE_READ(type_sentence_read);
TYPE_READ(type_parameter_read);

/* config_type_pair.c */
TYPE_READ(type_sections_read);
TYPE_READ(type_answers_read);
TYPE_READ(type_referrers_read);
TYPE_PRINT(type_pairs_print);
TYPE_RELEASE(type_pairs_release);

/* A copy of a path pattern in its normal form; NULL when it has been reported as none. */
char *config_convert_page(struct reading *reading, const struct option *option, const struct yaml_node *item);
char *config_convert_host(struct reading *reading, const struct option *option, const struct yaml_node *item);
/* A name as it becomes a key: lower case, without control characters, at most TAG_BYTES_MAX bytes. */
char *config_convert_name(struct reading *reading, const struct option *option, const struct yaml_node *item);
char *config_convert_sentence(struct reading *reading, const struct option *option, const struct yaml_node *item);

/* config_site.c */
TYPE_PRINT(type_sites_print);

#endif
