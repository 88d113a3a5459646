#include "geo_walk.h"

#include "geo.h"
#include "geo_compile.h"

enum {
    V4_START_DEPTH = 96, /* ::/96, where an IPv6 tree keeps the IPv4 networks */
    V4_DEPTH = 32,
    V6_DEPTH = 128,
};
#define NO_ALIAS UINT64_MAX

/* A child of a node, or the root. */
struct record {
    uint64_t value;
    uint8_t type; /* MMDB_RECORD_TYPE_... */
    MMDB_entry_s entry;
};

static enum sp_error
read_node(struct geo_walk *walk, uint64_t number, struct record children[2])
{
    MMDB_search_node_s node;
    if (++walk->visits > (uint64_t)walk->mmdb->metadata.node_count + V6_DEPTH)
        return SP_MALFORMED; /* a loop, or paths that meet again */
    if (number > UINT32_MAX || MMDB_read_node(walk->mmdb, (uint32_t)number, &node) != MMDB_SUCCESS)
        return SP_MALFORMED;
    children[0] = (struct record){ node.left_record, node.left_record_type, node.left_record_entry };
    children[1] = (struct record){ node.right_record, node.right_record_type, node.right_record_entry };
    return SP_OK;
}

static bool
is_node(const struct geo_walk *walk, const struct record *record)
{
    return record->type == MMDB_RECORD_TYPE_SEARCH_NODE && record->value != walk->alias;
}

/* Follow the left child, the base address, at most steps times. */
static enum sp_error
descend_left(struct geo_walk *walk, struct record *record, unsigned steps)
{
    struct record children[2];
    for (; steps > 0 && is_node(walk, record); steps--) {
        enum sp_error error = read_node(walk, record->value, children);
        if (error != SP_OK)
            return error;
        *record = children[0];
    }
    return SP_OK;
}

static enum sp_error
classify(struct geo_walk *walk, struct record *record, uint16_t *index)
{
    struct geo_memo_slot *slot = geo_memo_slot(&walk->memo, record->entry.offset);
    if (slot == NULL)
        return SP_NO_MEMORY;
    if (!slot->used) {
        struct geo_record fields;
        enum sp_error error = geo_record_read(&record->entry, &fields);
        if (error != SP_OK)
            return error;
        walk->has_country |= fields.country.length > 0;
        walk->has_position |= fields.has_position;
        slot->index = geo_classify(walk->classifier, &fields);
        slot->used = true;
    }
    *index = slot->index;
    return SP_OK;
}

static enum sp_error
append(struct geo_walk *walk, struct record *record, uint64_t start, bool *found)
{
    uint16_t index = MUNICIPALITY_ABROAD;
    if (record->type == MMDB_RECORD_TYPE_DATA) {
        enum sp_error error = classify(walk, record, &index);
        if (error != SP_OK)
            return error;
        *found = true;
    } else if (record->type != MMDB_RECORD_TYPE_EMPTY && record->type != MMDB_RECORD_TYPE_SEARCH_NODE)
        return SP_MALFORMED;
    return geo_run_list_append(walk->list, start, index);
}

/* The networks below record, depth bits into the prefix. Recursion is walk->bits deep at most. */
static enum sp_error
walk_record(struct geo_walk *walk, struct record *record, unsigned depth, uint64_t prefix, bool *found)
{
    enum sp_error error = SP_OK;
    if (is_node(walk, record) && depth < walk->bits) {
        struct record children[2];
        error = read_node(walk, record->value, children);
        if (error == SP_OK)
            error = walk_record(walk, &children[0], depth + 1, prefix << 1, found);
        if (error == SP_OK)
            error = walk_record(walk, &children[1], depth + 1, prefix << 1 | 1, found);
        return error;
    }
    unsigned below = (walk->bits == GEO_V4_BITS ? V4_DEPTH : V6_DEPTH) - depth;
    error = descend_left(walk, record, below);
    if (error == SP_OK && is_node(walk, record))
        error = SP_MALFORMED; /* deeper than addresses are long */
    return error == SP_OK ? append(walk, record, prefix << (walk->bits - depth), found) : error;
}

/* The record at ::/96 of an IPv6 tree, the root of an IPv4 one. */
static enum sp_error
find_v4_start(struct geo_walk *walk, struct record *record)
{
    walk->visits = 0;
    walk->alias = NO_ALIAS;
    *record = (struct record){ .value = 0, .type = MMDB_RECORD_TYPE_SEARCH_NODE };
    return descend_left(walk, record, walk->mmdb->metadata.ip_version == 4 ? 0 : V4_START_DEPTH);
}

enum sp_error
geo_walk_v4(struct geo_walk *walk, struct geo_run_list *list, bool *found)
{
    struct record start;
    *found = false;
    enum sp_error error = find_v4_start(walk, &start);
    walk->visits = 0;
    walk->list = list;
    walk->bits = GEO_V4_BITS;
    return error == SP_OK ? walk_record(walk, &start, 0, 0, found) : error;
}

enum sp_error
geo_walk_v6(struct geo_walk *walk, struct geo_run_list *list, bool *found)
{
    struct record start;
    *found = false;
    enum sp_error error = find_v4_start(walk, &start);
    if (error == SP_OK && start.type == MMDB_RECORD_TYPE_SEARCH_NODE)
        walk->alias = start.value;
    struct record root = { .value = 0, .type = MMDB_RECORD_TYPE_SEARCH_NODE };
    walk->visits = 0;
    walk->list = list;
    walk->bits = GEO_V6_BITS;
    return error == SP_OK ? walk_record(walk, &root, 0, 0, found) : error;
}
