#include "mail.h"

#include "sporlos/clock.h"
#include "sporlos/mail_address.h"

#include <sodium.h>

enum {
    LINE_BYTES = 57, /* of a line of base64: 76 characters */
    LINE_TEXT_MAX = 4 * (LINE_BYTES + 2) / 3 + 1,
    WORD_BYTES = 39, /* of an encoded word: 52 characters and 12 around them (RFC 2047, 2) */
    BOUNDARY_MAX = 33,
};

static void
write_text(struct html *out, const char *text)
{
    html_literal(out, text, strlen(text));
}

static void
write_base64(struct html *out, const char *at, size_t length)
{
    char line[LINE_TEXT_MAX + 4];
    sodium_bin2base64(line, sizeof line, (const unsigned char *)at, length, sodium_base64_VARIANT_ORIGINAL);
    write_text(out, line);
}

/* Encoded words end between characters (RFC 2047, 5). */
static size_t
word_length(struct span text)
{
    size_t length = text.length < WORD_BYTES ? text.length : WORD_BYTES;
    if (length == text.length)
        return length;
    size_t end = length;
    while (end > 1 && ((unsigned char)text.at[end] & 0xc0) == 0x80)
        end--;
    return end > WORD_BYTES / 2 ? end : length;
}

static void
write_encoded(struct html *out, struct span text)
{
    const char *before = "";
    while (text.length > 0) {
        size_t length = word_length(text);
        write_text(out, before);
        write_text(out, "=?UTF-8?B?");
        write_base64(out, text.at, length);
        write_text(out, "?=");
        before = "\n ";
        text = span_of(text.at + length, text.length - length);
    }
}

static void
write_part(struct html *out, const char *boundary, const char *type, struct span bytes)
{
    write_text(out, "--");
    write_text(out, boundary);
    write_text(out, "\nContent-Type: ");
    write_text(out, type);
    write_text(out, "; charset=utf-8\nContent-Transfer-Encoding: base64\n\n");
    for (size_t i = 0; i < bytes.length; i += LINE_BYTES) {
        write_base64(out, bytes.at + i, bytes.length - i < LINE_BYTES ? bytes.length - i : LINE_BYTES);
        write_text(out, "\n");
    }
}

static bool
is_id(struct span id)
{
    size_t ats = 0;
    for (size_t i = 0; i < id.length; i++) {
        char c = id.at[i];
        bool is_plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
        if (!is_plain && c != '@')
            return false;
        ats += c == '@';
    }
    return ats == 1 && id.length > 2;
}

static void
write_headers(struct html *out, const struct mail *mail, const char *boundary)
{
    if (mail->from != NULL) {
        write_text(out, "From: ");
        write_encoded(out, SPAN_LITERAL("Sporløs"));
        write_text(out, " <");
        write_text(out, mail->from);
        write_text(out, ">\n");
    }
    write_text(out, "To: ");
    write_text(out, mail->to);
    write_text(out, "\nSubject: ");
    write_encoded(out, mail->subject);
    write_text(out, "\nMessage-ID: <");
    html_literal(out, mail->id.at, mail->id.length);
    write_text(out, ">\nMIME-Version: 1.0\nAuto-Submitted: auto-generated\n"
                    "Content-Type: multipart/alternative;\n boundary=\"");
    write_text(out, boundary);
    write_text(out, "\"\n\n");
}

enum sp_error
mail_write(struct html *out, const struct mail *mail)
{
    unsigned char bytes[(BOUNDARY_MAX - 1) / 2];
    char boundary[BOUNDARY_MAX];
    if (!mail_address_is_valid(span_text(mail->to)) || !is_id(mail->id) ||
        (mail->from != NULL && !mail_address_is_valid(span_text(mail->from))))
        return SP_MALFORMED;
    random_bytes(bytes, sizeof bytes);
    sodium_bin2hex(boundary, sizeof boundary, bytes, sizeof bytes);
    write_headers(out, mail, boundary);
    write_part(out, boundary, "text/plain", mail->text);
    write_part(out, boundary, "text/html", mail->html);
    write_text(out, "--");
    write_text(out, boundary);
    write_text(out, "--\n");
    return out->failed ? SP_NO_MEMORY : SP_OK;
}
