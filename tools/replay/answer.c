#include "answer.h"

#include <strings.h>

enum { STATUS_LINE_MIN = 12, BODY_DIGITS_MAX = 9 };

/* The value of a line 'Name: value' without blanks around it; false when it has another name. */
static bool
value_of(struct span line, const char *name, struct span *value)
{
    size_t length = strlen(name);
    if (line.length <= length || line.at[length] != ':' || strncasecmp(line.at, name, length) != 0)
        return false;
    *value = span_of(line.at + length + 1, line.length - length - 1);
    while (value->length > 0 && (value->at[0] == ' ' || value->at[0] == '\t'))
        *value = span_of(value->at + 1, value->length - 1);
    while (value->length > 0 && (value->at[value->length - 1] == ' ' || value->at[value->length - 1] == '\t'))
        value->length--;
    return true;
}

static enum sp_error
read_length(struct span text, size_t *number)
{
    *number = 0;
    if (text.length == 0 || text.length > BODY_DIGITS_MAX)
        return SP_MALFORMED;
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] < '0' || text.at[i] > '9')
            return SP_MALFORMED;
        *number = *number * 10 + (size_t)(text.at[i] - '0');
    }
    return SP_OK;
}

static enum sp_error
read_line(struct span line, struct answer *answer)
{
    struct span value;
    if (value_of(line, "Transfer-Encoding", &value))
        return SP_MALFORMED; /* the collector sends none */
    if (value_of(line, "Content-Length", &value))
        return read_length(value, &answer->body_length);
    if (value_of(line, "Connection", &value) && value.length == 5 && strncasecmp(value.at, "close", 5) == 0)
        answer->closes = true;
    return SP_OK;
}

static enum sp_error
read_status(struct span line, int *status)
{
    size_t number;
    if (line.length < STATUS_LINE_MIN || memcmp(line.at, "HTTP/1.", 7) != 0 || line.at[8] != ' ' ||
        read_length(span_of(line.at + 9, 3), &number) != SP_OK || number < 100 || number > 599)
        return SP_MALFORMED;
    *status = (int)number;
    return SP_OK;
}

enum sp_error
answer_read(struct span head, struct answer *answer)
{
    enum sp_error error = SP_OK;
    bool first = true;
    *answer = (struct answer){ .status = 0 };
    while (error == SP_OK && head.length > 0) {
        const char *end = memchr(head.at, '\n', head.length);
        if (end == NULL || end == head.at || end[-1] != '\r')
            return SP_MALFORMED;
        struct span line = span_of(head.at, (size_t)(end - head.at) - 1);
        head = span_of(end + 1, head.length - line.length - 2);
        error = first ? read_status(line, &answer->status) : read_line(line, answer);
        first = false;
    }
    if (answer->status == 204 || answer->status == 304 || answer->status < 200)
        answer->body_length = 0; /* RFC 9112, 6.3 */
    return first ? SP_MALFORMED : error;
}
