#include "mmdb_writer.h"

#include <arpa/inet.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NODE_MAX = 100000,
    DATA_MAX = 1 << 20,
    NODE_BYTES = 6,      /* two records of 24 bits */
    DATA_SEPARATOR = 16, /* zero bytes between tree and data */
    TYPE_UTF8 = 2,
    TYPE_DOUBLE = 3,
    TYPE_UINT16 = 5,
    TYPE_UINT32 = 6,
    TYPE_MAP = 7,
    TYPE_UINT64 = 9,
    TYPE_ARRAY = 11,
    TYPE_FLOAT = 15,
    TYPE_EXTENDED = 8, /* from here on the type has a byte of its own */
};

enum kind { EMPTY, NODE, DATA };

struct child {
    enum kind kind;
    uint32_t value; /* a node or an offset in data */
};

struct buffer {
    unsigned char bytes[DATA_MAX];
    size_t length;
};

struct mmdb_writer {
    unsigned ip_version;
    uint64_t build_epoch;
    struct child nodes[NODE_MAX][2];
    uint32_t node_count;
    struct buffer data, file;
};

static void
put(struct buffer *buffer, const void *bytes, size_t length)
{
    if (buffer->length + length > DATA_MAX)
        abort();
    memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
}

static void
put_big_endian(struct buffer *buffer, uint64_t value, int bytes)
{
    while (bytes-- > 0)
        put(buffer, &(unsigned char){ (unsigned char)(value >> (bytes * 8)) }, 1);
}

static void
put_control(struct buffer *buffer, unsigned type, int count)
{
    unsigned size = (unsigned)count;
    if (size >= 29 + 256)
        abort();
    unsigned length = size < 29 ? size : 29;
    put_big_endian(buffer, (type < TYPE_EXTENDED ? type << 5 : 0) | length, 1);
    if (type >= TYPE_EXTENDED)
        put_big_endian(buffer, type - 7, 1);
    if (size >= 29)
        put_big_endian(buffer, size - 29, 1);
}

static void
put_text(struct buffer *buffer, const char *text)
{
    put_control(buffer, TYPE_UTF8, (int)strlen(text));
    put(buffer, text, strlen(text));
}

static void
put_number(struct buffer *buffer, unsigned type, uint64_t value, int bytes)
{
    put_control(buffer, type, bytes);
    put_big_endian(buffer, value, bytes);
}

static void
put_real(struct buffer *buffer, bool is_float, double value)
{
    uint64_t wide;
    uint32_t narrow;
    memcpy(&wide, &value, sizeof wide);
    memcpy(&narrow, &(float){ (float)value }, sizeof narrow);
    if (is_float)
        put_number(buffer, TYPE_FLOAT, narrow, 4);
    else
        put_number(buffer, TYPE_DOUBLE, wide, 8);
}

static void
put_flat(struct buffer *buffer, const struct mmdb_city *city)
{
    put_control(buffer, TYPE_MAP, (city->country != NULL) + (city->city != NULL) + 2 * !isnan(city->latitude));
    if (city->country != NULL) {
        put_text(buffer, "country_code");
        put_text(buffer, city->country);
    }
    if (city->city != NULL) {
        put_text(buffer, "city");
        put_text(buffer, city->city);
    }
    if (!isnan(city->latitude)) {
        put_text(buffer, "latitude");
        put_real(buffer, true, city->latitude);
        put_text(buffer, "longitude");
        put_real(buffer, true, city->longitude);
    }
}

static void
put_location(struct buffer *buffer, const struct mmdb_city *city)
{
    put_text(buffer, "location");
    put_control(buffer, TYPE_MAP, 2 * !isnan(city->latitude) + (city->radius_km >= 0));
    if (!isnan(city->latitude)) {
        put_text(buffer, "latitude");
        put_real(buffer, false, city->latitude);
        put_text(buffer, "longitude");
        put_real(buffer, false, city->longitude);
    }
    if (city->radius_km >= 0) {
        put_text(buffer, "accuracy_radius");
        put_number(buffer, TYPE_UINT16, (uint64_t)city->radius_km, 2);
    }
}

static void
put_nested(struct buffer *buffer, const struct mmdb_city *city)
{
    put_control(buffer, TYPE_MAP, 2 + (city->country != NULL) + (city->city != NULL));
    put_text(buffer, "registered_country");
    put_control(buffer, TYPE_MAP, 1);
    put_text(buffer, "iso_code");
    put_text(buffer, "NO");
    if (city->country != NULL) {
        put_text(buffer, "country");
        put_control(buffer, TYPE_MAP, 1);
        put_text(buffer, "iso_code");
        put_text(buffer, city->country);
    }
    if (city->city != NULL) {
        put_text(buffer, "city");
        put_control(buffer, TYPE_MAP, 1);
        put_text(buffer, "names");
        put_control(buffer, TYPE_MAP, 1);
        put_text(buffer, "en");
        put_text(buffer, city->city);
    }
    put_location(buffer, city);
}

struct mmdb_writer *
mmdb_writer_new(unsigned ip_version, uint64_t build_epoch)
{
    struct mmdb_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        abort();
    writer->ip_version = ip_version;
    writer->build_epoch = build_epoch;
    writer->node_count = 1;
    return writer;
}

void
mmdb_writer_free(struct mmdb_writer *writer)
{
    free(writer);
}

/* Bits of a network, the first of which is the highest of bytes[0]. */
static unsigned
parse_network(const struct mmdb_writer *writer, const char *network, unsigned char bytes[16])
{
    char text[64];
    snprintf(text, sizeof text, "%s", network);
    char *slash = strchr(text, '/');
    if (slash == NULL)
        abort();
    *slash = '\0';
    unsigned bits = (unsigned)strtoul(slash + 1, NULL, 10);
    memset(bytes, 0, 16);
    if (strchr(text, ':') != NULL) {
        if (inet_pton(AF_INET6, text, bytes) != 1)
            abort();
        return bits;
    }
    bool in_v6 = writer->ip_version == 6;
    if (inet_pton(AF_INET, text, bytes + (in_v6 ? 12 : 0)) != 1)
        abort();
    return bits + (in_v6 ? 96 : 0);
}

static uint32_t
new_node(struct mmdb_writer *writer, struct child both)
{
    if (writer->node_count == NODE_MAX)
        abort();
    writer->nodes[writer->node_count][0] = writer->nodes[writer->node_count][1] = both;
    return writer->node_count++;
}

/* Where the record of a network is kept; nodes on the way are made, and inherit what covered them. */
static struct child *
find_child(struct mmdb_writer *writer, const char *network)
{
    unsigned char bytes[16];
    unsigned bits = parse_network(writer, network, bytes);
    uint32_t node = 0;
    for (unsigned i = 0;; i++) {
        struct child *child = &writer->nodes[node][bytes[i / 8] >> (7 - i % 8) & 1];
        if (i + 1 == bits)
            return child;
        if (child->kind != NODE)
            *child = (struct child){ NODE, new_node(writer, *child) };
        node = child->value;
    }
}

void
mmdb_writer_add(struct mmdb_writer *writer, const char *network, const struct mmdb_city *city)
{
    *find_child(writer, network) = (struct child){ DATA, (uint32_t)writer->data.length };
    if (city->flat)
        put_flat(&writer->data, city);
    else
        put_nested(&writer->data, city);
}

void
mmdb_writer_alias(struct mmdb_writer *writer, const char *network)
{
    struct child *v4 = find_child(writer, "::/96");
    if (v4->kind != NODE)
        *v4 = (struct child){ NODE, new_node(writer, *v4) };
    struct child target = *v4;
    *find_child(writer, network) = target;
}

void
mmdb_writer_loop(struct mmdb_writer *writer, const char *network)
{
    *find_child(writer, network) = (struct child){ NODE, 0 };
}

static uint32_t
record_value(const struct mmdb_writer *writer, struct child child)
{
    if (child.kind == NODE)
        return child.value;
    return child.kind == EMPTY ? writer->node_count : writer->node_count + DATA_SEPARATOR + child.value;
}

static void
put_metadata(struct buffer *buffer, const struct mmdb_writer *writer)
{
    put(buffer, "\xab\xcd\xefMaxMind.com", 14);
    put_control(buffer, TYPE_MAP, 9);
    put_text(buffer, "binary_format_major_version");
    put_number(buffer, TYPE_UINT16, 2, 2);
    put_text(buffer, "binary_format_minor_version");
    put_number(buffer, TYPE_UINT16, 0, 2);
    put_text(buffer, "build_epoch");
    put_number(buffer, TYPE_UINT64, writer->build_epoch, 8);
    put_text(buffer, "database_type");
    put_text(buffer, "Test-City");
    put_text(buffer, "description");
    put_control(buffer, TYPE_MAP, 0);
    put_text(buffer, "ip_version");
    put_number(buffer, TYPE_UINT16, writer->ip_version, 2);
    put_text(buffer, "languages");
    put_control(buffer, TYPE_ARRAY, 0);
    put_text(buffer, "node_count");
    put_number(buffer, TYPE_UINT32, writer->node_count, 4);
    put_text(buffer, "record_size");
    put_number(buffer, TYPE_UINT16, 24, 2);
}

unsigned char *
mmdb_writer_bytes(struct mmdb_writer *writer, size_t *length)
{
    struct buffer *file = &writer->file;
    file->length = 0;
    for (uint32_t i = 0; i < writer->node_count; i++)
        for (int side = 0; side < 2; side++)
            put_big_endian(file, record_value(writer, writer->nodes[i][side]), NODE_BYTES / 2);
    put(file, (const unsigned char[DATA_SEPARATOR]){ 0 }, DATA_SEPARATOR);
    put(file, writer->data.bytes, writer->data.length);
    put_metadata(file, writer);
    unsigned char *bytes = malloc(file->length);
    if (bytes == NULL)
        abort();
    memcpy(bytes, file->bytes, file->length);
    *length = file->length;
    return bytes;
}

void
mmdb_write(const char *path, const unsigned char *bytes, size_t length)
{
    FILE *file = fopen(path, "wbe");
    if (file == NULL || fwrite(bytes, 1, length, file) != length || fclose(file) != 0)
        abort();
}
