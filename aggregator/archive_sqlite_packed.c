#include "archive_sqlite_packed.h"

#include <sqlite3.h>

#include "packed.h"

static void
on_row(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    struct packed_writer *writer = sqlite3_aggregate_context(context, sizeof *writer);
    if (writer == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    const struct packed_leaf leaf = {
        .key = sqlite3_value_int64(values[0]),
        .value = sqlite3_value_int64(values[1]),
        .sources = (unsigned)sqlite3_value_int(values[2]),
        .witnessed = sqlite3_value_int(values[3]) != 0,
    };
    enum sp_error error = packed_add(writer, &leaf);
    if (error == SP_NO_MEMORY)
        sqlite3_result_error_nomem(context);
    else if (error != SP_OK)
        sqlite3_result_error(context, "leaves cannot be packed", -1);
}

static void
on_end(sqlite3_context *context)
{
    struct packed_writer *writer = sqlite3_aggregate_context(context, 0);
    if (writer == NULL)
        return;
    sqlite3_result_blob64(context, writer->bytes, writer->length, SQLITE_TRANSIENT);
    packed_writer_fini(writer);
}

enum sp_error
archive_sqlite_packed_register(sqlite3 *db)
{
    int rc = sqlite3_create_function(db, "pack_leaves", 4, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
                                     NULL, on_row, on_end);
    return rc == SQLITE_OK ? SP_OK : SP_NO_MEMORY;
}
