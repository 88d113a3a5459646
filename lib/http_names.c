#include "http_names.h"

#include "sporlos/http_parse.h"

#define X(id, name) [1 + id] = { name ":", (UINT32_C(1) << sizeof(name)) - 1, sizeof(name) - 1, id, 0 },
const struct http_name http_known_names[1 + HTTP_HEADER_ID_COUNT] = { [0] = { "", UINT32_MAX, 0, 0, 0 },
                                                                      HTTP_HEADERS(X) };
#undef X

#define X(id, name) _Static_assert(sizeof(name) - 1 >= 3 && sizeof(name) <= HTTP_NAME_BYTES, name);
HTTP_HEADERS(X)
#undef X

/* Two names on one place do not compile. The '*' is what the end of the line before becomes: '\n' | 0x20. */
const uint8_t http_known_places[256] = {
    [HTTP_NAME_PLACE(4, 'h', 'o', 's', 't')] = 1 + HTTP_HOST,
    [HTTP_NAME_PLACE(10, 't', 'i', 'o', 'n')] = 1 + HTTP_CONNECTION,
    [HTTP_NAME_PLACE(14, 'n', 'g', 't', 'h')] = 1 + HTTP_CONTENT_LENGTH,
    [HTTP_NAME_PLACE(17, 'd', 'i', 'n', 'g')] = 1 + HTTP_TRANSFER_ENCODING,
    [HTTP_NAME_PLACE(12, 't', 'y', 'p', 'e')] = 1 + HTTP_CONTENT_TYPE,
    [HTTP_NAME_PLACE(6, 'p', 'e', 'c', 't')] = 1 + HTTP_EXPECT,
    [HTTP_NAME_PLACE(6, 'i', 'g', 'i', 'n')] = 1 + HTTP_ORIGIN,
    [HTTP_NAME_PLACE(7, 'e', 'r', 'e', 'r')] = 1 + HTTP_REFERER,
    [HTTP_NAME_PLACE(10, 'g', 'e', 'n', 't')] = 1 + HTTP_USER_AGENT,
    [HTTP_NAME_PLACE(7, '-', 'g', 'p', 'c')] = 1 + HTTP_SEC_GPC,
    [HTTP_NAME_PLACE(3, '*', 'd', 'n', 't')] = 1 + HTTP_DNT,
    [HTTP_NAME_PLACE(11, 'p', 'o', 's', 'e')] = 1 + HTTP_SEC_PURPOSE,
    [HTTP_NAME_PLACE(7, 'p', 'o', 's', 'e')] = 1 + HTTP_PURPOSE,
    [HTTP_NAME_PLACE(5, '-', 'm', 'o', 'z')] = 1 + HTTP_X_MOZ,
    [HTTP_NAME_PLACE(14, 's', 'i', 't', 'e')] = 1 + HTTP_SEC_FETCH_SITE,
    [HTTP_NAME_PLACE(14, 'm', 'o', 'd', 'e')] = 1 + HTTP_SEC_FETCH_MODE,
    [HTTP_NAME_PLACE(14, 'd', 'e', 's', 't')] = 1 + HTTP_SEC_FETCH_DEST,
    [HTTP_NAME_PLACE(15, '-', 'f', 'o', 'r')] = 1 + HTTP_X_FORWARDED_FOR,
    [HTTP_NAME_PLACE(13, 't', 'i', 'o', 'n')] = 1 + HTTP_AUTHORIZATION,
    [HTTP_NAME_PLACE(6, 'o', 'k', 'i', 'e')] = 1 + HTTP_COOKIE,
    [HTTP_NAME_PLACE(15, 'u', 'a', 'g', 'e')] = 1 + HTTP_ACCEPT_LANGUAGE,
    [HTTP_NAME_PLACE(15, 'd', 'i', 'n', 'g')] = 1 + HTTP_ACCEPT_ENCODING,
    [HTTP_NAME_PLACE(6, 'c', 'e', 'p', 't')] = 1 + HTTP_ACCEPT,
    [HTTP_NAME_PLACE(9, 'h', '-', 'u', 'a')] = 1 + HTTP_SEC_CH_UA,
    [HTTP_NAME_PLACE(16, 'b', 'i', 'l', 'e')] = 1 + HTTP_SEC_CH_UA_MOBILE,
    [HTTP_NAME_PLACE(18, 'f', 'o', 'r', 'm')] = 1 + HTTP_SEC_CH_UA_PLATFORM,
};
