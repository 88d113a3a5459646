/*
 * The header lines that nearly every request has, in one pass over each. http_parse.c includes this once for steps of
 * sixteen bytes (SSE2: every x86-64) and once for thirty-two (AVX2: nearly every one, asked for while running), having
 * defined
 *
 *     USUAL_HEADERS   the function's name            BYTES           that many bytes
 *     USUAL_TARGET    what it is compiled for        LOAD(at)        from memory, wherever they lie
 *     STEP            how many bytes                 UNUSUAL(bytes)  a bit for each that is no plain text, as
 *     EQUAL(a, b)     a bit for each pair                            http_scan_unusual
 *     CASELESS(bytes) letters in lower case          COLONS          that many ':'
 */

/*
 * What nearly every line is: a known name, shorter than a step, that has not come before, a colon, a space, and a value
 * without a byte that needs a second look. Takes lines as long as they are that; returns the first that is not, with
 * nothing done. Nothing at or behind limit is read. Never inlined: what a line needs has to stay in registers.
 */
static __attribute__((noinline)) USUAL_TARGET const char *
USUAL_HEADERS(const char *at, const char *limit, struct http_request *request)
{
    const char *const wide = limit - STEP + 1; /* a step from before it ends at limit or before */
    struct http_header *header = request->header + request->header_count;
    struct http_header *const end = request->header + HTTP_HEADER_MAX;
    unsigned count = request->header_count;
    for (; at < wide && header < end; header++) {
        BYTES bytes = LOAD(at);
        unsigned stops = UNUSUAL(bytes);
        unsigned colons = EQUAL(bytes, COLONS);
        if (colons == 0)
            break;
        size_t length = (unsigned)__builtin_ctz(colons);
        const struct http_name *name = http_name_guess(at, length);
        uint8_t *known = request->known + name->id;
        unsigned same = EQUAL(CASELESS(bytes), LOAD(name->text));
        if (((~same | stops) & name->mask) != 0 || *known != 0)
            break; /* the colon is compared too, so the length is that of the name */
        const char *next = at;
        while (stops == 0 && (next += STEP) < wide)
            stops = UNUSUAL(LOAD(next));
        const char *stop = next + (stops == 0 ? 0 : (unsigned)__builtin_ctz(stops));
        const char *value = at + length + 2;
        if (stop >= wide || memcmp(stop, "\r\n", 2) != 0 || value[-1] != ' ' || (unsigned char)*value <= ' ' ||
            stop[-1] == ' ')
            break;
        *known = (uint8_t)++count;
        *header = (struct http_header){ { at, length }, { value, (size_t)(stop - value) } };
        if (known == &request->known[HTTP_CONNECTION] && says_close(header->value))
            request->keep_alive = false;
        at = stop + 2;
    }
    request->header_count = count;
    return at;
}

#undef USUAL_HEADERS
#undef USUAL_TARGET
#undef BYTES
#undef STEP
#undef LOAD
#undef UNUSUAL
#undef EQUAL
#undef CASELESS
#undef COLONS
