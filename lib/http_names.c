#include "http_names.h"

#include "sporlos/http_parse.h"

/* 1 + id, so that 0 is a place where nobody lives: no byte is zero when its case is taken away. */
#define X(id, name) [1 + id] = { sizeof(name) - 1, (uint16_t)((1UL << sizeof(name)) - 1), name ":" },
const struct http_name http_known_names[1 + HTTP_HEADER_ID_COUNT] = { [0] = { 0, 0xffff, "" }, HTTP_HEADERS(X) };
#undef X

#define X(id, name) _Static_assert(sizeof(name) - 1 >= 3 && sizeof(name) <= HTTP_NAME_BYTES, name);
HTTP_HEADERS(X)
#undef X

/* Two names on one place do not compile. */
const uint8_t http_known_places[256] = {
    [HTTP_NAME_PLACE(4, 'h', 'o')] = 1 + HTTP_HOST,
    [HTTP_NAME_PLACE(10, 'c', 'i')] = 1 + HTTP_CONNECTION,
    [HTTP_NAME_PLACE(14, 'c', 'g')] = 1 + HTTP_CONTENT_LENGTH,
    [HTTP_NAME_PLACE(17, 't', 'i')] = 1 + HTTP_TRANSFER_ENCODING,
    [HTTP_NAME_PLACE(12, 'c', 'y')] = 1 + HTTP_CONTENT_TYPE,
    [HTTP_NAME_PLACE(6, 'e', 'e')] = 1 + HTTP_EXPECT,
    [HTTP_NAME_PLACE(6, 'o', 'g')] = 1 + HTTP_ORIGIN,
    [HTTP_NAME_PLACE(7, 'r', 'r')] = 1 + HTTP_REFERER,
    [HTTP_NAME_PLACE(10, 'u', 'e')] = 1 + HTTP_USER_AGENT,
    [HTTP_NAME_PLACE(7, 's', 'g')] = 1 + HTTP_SEC_GPC,
    [HTTP_NAME_PLACE(3, 'd', 'd')] = 1 + HTTP_DNT,
    [HTTP_NAME_PLACE(11, 's', 'o')] = 1 + HTTP_SEC_PURPOSE,
    [HTTP_NAME_PLACE(7, 'p', 'o')] = 1 + HTTP_PURPOSE,
    [HTTP_NAME_PLACE(5, 'x', 'm')] = 1 + HTTP_X_MOZ,
    [HTTP_NAME_PLACE(14, 's', 'i')] = 1 + HTTP_SEC_FETCH_SITE,
    [HTTP_NAME_PLACE(14, 's', 'o')] = 1 + HTTP_SEC_FETCH_MODE,
    [HTTP_NAME_PLACE(14, 's', 'e')] = 1 + HTTP_SEC_FETCH_DEST,
    [HTTP_NAME_PLACE(15, 'x', 'f')] = 1 + HTTP_X_FORWARDED_FOR,
    [HTTP_NAME_PLACE(13, 'a', 'i')] = 1 + HTTP_AUTHORIZATION,
    [HTTP_NAME_PLACE(6, 'c', 'k')] = 1 + HTTP_COOKIE,
    [HTTP_NAME_PLACE(15, 'a', 'a')] = 1 + HTTP_ACCEPT_LANGUAGE,
    [HTTP_NAME_PLACE(15, 'a', 'i')] = 1 + HTTP_ACCEPT_ENCODING,
    [HTTP_NAME_PLACE(6, 'a', 'e')] = 1 + HTTP_ACCEPT,
    [HTTP_NAME_PLACE(9, 's', '-')] = 1 + HTTP_SEC_CH_UA,
    [HTTP_NAME_PLACE(16, 's', 'i')] = 1 + HTTP_SEC_CH_UA_MOBILE,
    [HTTP_NAME_PLACE(18, 's', 'o')] = 1 + HTTP_SEC_CH_UA_PLATFORM,
};
