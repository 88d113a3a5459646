#include "feedback_page.h"

#include "feedback_words.h"
#include "opt_out_assets.h"

#include <stdio.h>

#define X(key, nb, nn, en) WORDS_##key,
enum words { FEEDBACK_WORDS(X) WORDS_COUNT };
#undef X

static const char *const words_table[WORDS_COUNT][LANGUAGE_COUNT] = {
#define X(key, nb, nn, en) [WORDS_##key] = { [LANGUAGE_NB] = (nb), [LANGUAGE_NN] = (nn), [LANGUAGE_EN] = (en) },
    FEEDBACK_WORDS(X)
#undef X
};

bool
feedback_wants_page(const struct http_request *request)
{
    static const struct span page = { "text/html", sizeof "text/html" - 1 };
    struct span accept = http_request_header(request, HTTP_ACCEPT);
    return request->method == HTTP_POST && accept.length >= page.length &&
           memmem(accept.at, accept.length, page.at, page.length) != NULL;
}

/* The host of an origin, with its port. */
static struct span
host_of(struct span origin)
{
    const char *start = memmem(origin.at, origin.length, "://", 3);
    size_t skip = start == NULL ? 0 : (size_t)(start - origin.at) + 3;
    return span_of(origin.at + skip, origin.length - skip);
}

static void
write_back(struct span origin, enum language language, struct html *html)
{
    const struct span host = host_of(origin);
    html_raw(html, "<p><a href=\"");
    html_span(html, origin);
    html_raw(html, "/\">");
    html_format(html, words_table[WORDS_BACK][language], 1, &host);
    html_raw(html, "</a></p>\n");
}

void
feedback_page_write(bool arrived, struct span origin, enum language language, struct html *html)
{
    const struct asset *style = &opt_out_assets[OPT_OUT_ASSETS_STYLE_CSS];
    const char *title = words_table[arrived ? WORDS_THANKS : WORDS_FAILED][language];
    html_raw(html, "<!doctype html>\n<html lang=\"");
    html_text(html, language_tag(language));
    html_raw(html, "\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html_text(html, title);
    html_raw(html, "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>"); /* none: browsers ask for one unasked */
    html_literal(html, (const char *)style->identity, style->identity_length);
    html_raw(html, "</style>\n</head>\n<body>\n<main>\n<h1>");
    html_text(html, title);
    html_raw(html, "</h1>\n<p>");
    html_text(html, words_table[arrived ? WORDS_ANONYMOUS : WORDS_RETRY][language]);
    html_raw(html, "</p>\n");
    if (origin.length > 0)
        write_back(origin, language, html);
    html_raw(html, "</main>\n</body>\n</html>\n");
}

/* Nothing may load and nothing may run. */
struct span
feedback_page_headers(void)
{
    static char text[512];
    static int length;
    if (length == 0)
        length = snprintf(
            text, sizeof text,
            "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
            "Content-Security-Policy: default-src 'none'; style-src 'sha384-%s'; img-src data:; form-action 'none'; "
            "frame-ancestors 'none'; base-uri 'none'\r\n"
            "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Robots-Tag: noindex\r\n",
            opt_out_assets[OPT_OUT_ASSETS_STYLE_CSS].sha384);
    return span_of(text, (size_t)length);
}
