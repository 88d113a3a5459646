/*
 * Writes small MaxMind DB files (format 2.0) for tests: records of 24 bits, an IPv4 or an IPv6 tree, values of the
 * kinds that city databases hold. Nothing is shared or compressed.
 */
#ifndef SPORLOS_TESTS_MMDB_WRITER_H
#define SPORLOS_TESTS_MMDB_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mmdb_writer;

/* What a record says. NULL and NAN leave a field out. */
struct mmdb_city {
    const char *country, *city;
    double latitude, longitude;
    int radius_km; /* below 0: none */
    bool flat;     /* the layout of ip-location-db: flat, with floats; else nested, with doubles */
};

/* ip_version is 4 or 6. Owned; aborts without memory, as all of this does. */
struct mmdb_writer *mmdb_writer_new(unsigned ip_version, uint64_t build_epoch);
void mmdb_writer_free(struct mmdb_writer *writer);

/*
 * Give network, "192.0.2.0/24" or "2001:db8::/32", the record. In an IPv6 tree IPv4 networks lie at ::/96. Networks
 * that overlap: the longer one comes later.
 */
void mmdb_writer_add(struct mmdb_writer *writer, const char *network, const struct mmdb_city *city);

/* Let an IPv6 network lead to where the IPv4 networks are, as MaxMind's files do for 2002::/16 and ::ffff:0:0/96. */
void mmdb_writer_alias(struct mmdb_writer *writer, const char *network);

/* Let a network lead back to the root: a corrupt file whose walk would not end. */
void mmdb_writer_loop(struct mmdb_writer *writer, const char *network);

/* The bytes of the file, owned by the caller. */
unsigned char *mmdb_writer_bytes(struct mmdb_writer *writer, size_t *length);

/* Write a file; aborts if it cannot. */
void mmdb_write(const char *path, const unsigned char *bytes, size_t length);

#endif
