#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sporlos/asset.h"

static const unsigned char identity[] = "0123456789";
static const unsigned char gzip[] = "01234";
static const unsigned char brotli[] = "012";

static const struct asset assets[] = {
    { "s.js", "text/javascript", identity, 10, gzip, 5, brotli, 3, "", "" },
    { "plain.txt", "text/plain", identity, 10, NULL, 0, NULL, 0, "", "" },
    { "odd.css", "text/css", identity, 10, brotli, 3, gzip, 5, "", "" },
};

static void
test_body_is_the_smallest_form_accepted(void **state)
{
    static const struct {
        int asset;
        const char *accept, *encoding;
        size_t length;
    } rows[] = {
        { 0, NULL, NULL, 10 },
        { 0, "", NULL, 10 },
        { 0, "*", NULL, 10 },
        { 0, "identity", NULL, 10 },
        { 0, "gzip", "gzip", 5 },
        { 0, "GZip", "gzip", 5 },
        { 0, "br", "br", 3 },
        { 0, "gzip, deflate, br, zstd", "br", 3 },
        { 0, "gzip;q=1.0, br;q=0", "gzip", 5 },
        { 0, "gzip; q=0.000 ,br ; Q=0.0", NULL, 10 },
        { 0, "gzip;q=0.001", "gzip", 5 },
        { 0, ",,;,gzip,", "gzip", 5 },
        { 0, "xgzip, brotli, g", NULL, 10 },
        { 0, ";q=0", NULL, 10 },
        { 0, "gzip;q=", "gzip", 5 },
        { 1, "gzip, br", NULL, 10 },
        { 2, "gzip, br", "gzip", 3 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct asset_body body = asset_body(&assets[rows[i].asset], span_text(rows[i].accept));
        assert_int_equal(body.bytes.length, rows[i].length);
        if (rows[i].encoding == NULL)
            assert_null(body.encoding);
        else
            assert_string_equal(body.encoding, rows[i].encoding);
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_body_is_the_smallest_form_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
